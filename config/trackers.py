"""The sections of the trackers: where tickets are read and annotated."""

from __future__ import annotations

from typing import Annotated, Literal

from pydantic import JsonValue, SecretStr

from config.fields import E_MAIL, Section, secret, setting
from config.values import ProjectKeys, TeamKeys, Url


class FigureFields(Section):
    """Jira's fields that show a ticket's figures, by name or id (`customfield_10042`); none: not shown."""

    feature = "showing figures in Jira's fields"
    people: str = setting("", "number field: people who asked", "Voices")
    companies: str = setting("", "number field: companies", "Companies asking")
    revenue: str = setting("", "number field: what these pay a year", "Revenue asking")
    last_heard: str = setting("", "date field: when it was last heard of", "Last heard")


class Jira(Section):
    """A tracker. It signs in with an e-mail address and API token, a personal access token (Data Center), or
    OAuth (a client, then `connect`). `connect` also stores a token that no setting holds.
    """

    feature = "reading and annotating Jira's tickets"
    url: Url | None = setting(
        None,
        "address of your site (with a scoped token `https://api.atlassian.com/ex/jira/` and the cloud id)",
        "https://acme.atlassian.net",
    )
    site_url: Url | None = setting(
        None, "where people open tickets, when `url` is the gateway's", "https://acme.atlassian.net"
    )
    deployment: Literal["cloud", "server"] | None = setting(
        None, "`cloud`, or `server` for Data Center; none: Jira is asked", "server"
    )
    email: Annotated[str, E_MAIL] | None = setting(None, "whose API token it is", "voc@acme.example")
    api_token: SecretStr | None = secret("API token, made under Security on id.atlassian.com", "ATATT3xF…")
    personal_token: SecretStr | None = secret(
        "personal access token of Data Center, made under Profile", "NDc4NDkyNDg3…"
    )
    client_id: str | None = setting(None, "client id of the OAuth 2.0 app", "kWFSKxbqEHGXmF1…")
    client_secret: SecretStr | None = secret("its secret", "ATOAhihA9MN3…")
    callback_port: int = setting(
        8766, "port on this machine to which `connect` has the browser sent back", ge=1024, le=65535
    )
    auth_url: Url = setting("https://auth.atlassian.com", "where OAuth is allowed and tokens are made")
    api_url: Url = setting("https://api.atlassian.com", "the gateway to all sites, used with OAuth")
    projects: ProjectKeys = setting(
        (), "keys of the projects to read, with those that routes name", "FLD, OFC"
    )
    issue_type: str = setting("Task", "type of the tickets that Voc creates", "Story", min_length=1)
    create_fields: dict[str, JsonValue] = setting(
        {}, "more fields of the tickets that Voc creates", feature="creating tickets"
    )
    figures: FigureFields = FigureFields()
    webhook_secret: SecretStr | None = secret(
        "secret of the webhook that Jira's admin made", "3b7f0a1c…", feature="taking Jira's webhooks"
    )


class Linear(Section):
    """A tracker. It signs in with an API key, or by OAuth (a client, then `connect`). `connect` also stores a
    key that no setting holds.
    """

    feature = "reading and annotating Linear's tickets"
    url: Url = setting("https://api.linear.app/graphql", "address of Linear's API")
    site: Url | None = setting(None, "address of your workspace", "https://linear.app/acme")
    api_key: SecretStr | None = secret("API key, made under Settings, Security & access", "lin_api_8d2K…")
    client_id: str | None = setting(None, "client id of the OAuth application", "b1946ac92492d2347c6235b4")
    client_secret: SecretStr | None = secret("its secret", "lin_secret…")
    callback_port: int = setting(
        8767, "port on this machine to which `connect` has the browser sent back", ge=1024, le=65535
    )
    auth_url: Url = setting("https://linear.app", "where OAuth is allowed")
    teams: TeamKeys = setting((), "keys of the teams to read", "ENG, APP")
    webhook_secret: SecretStr | None = secret(
        "signing secret of the webhook", "lin_wh_4f8a…", feature="taking Linear's webhooks"
    )
