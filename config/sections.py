"""The sections of the settings: what each holds, its form, its default, an example, and what needs it."""

from __future__ import annotations

from typing import Annotated, Literal

from pydantic import SecretStr

from config.fields import E_MAIL, Section, secret, setting
from config.values import (
    AnyName,
    AnyOwner,
    Channel,
    Channels,
    Cron,
    Currency,
    Domains,
    Keys,
    QuietHours,
    Reaction,
    Texts,
    Url,
    Workspaces,
    Zone,
    prefixed,
)
from config.values import DatabaseUrl as DatabaseUrlForm

EMBEDDING = "comparing meanings with a model of your own"


class Slack(Section):
    """The chat."""

    feature = "posting to Slack and answering there"
    bot_token: Annotated[SecretStr, prefixed("xoxb-", "the bot token")] | None = secret(
        "Bot User OAuth Token", "xoxb-…"
    )
    app_token: Annotated[SecretStr, prefixed("xapp-", "an app-level token")] | None = secret(
        "app-level token with `connections:write`: Socket Mode, no public address needed", "xapp-…"
    )
    signing_secret: SecretStr | None = secret(
        "signing secret (32 hexadecimal digits under Basic Information): requests over HTTP", "8f742231…"
    )
    client_id: str | None = setting(
        None, "client id (Basic Information): for several workspaces, installed by OAuth", "2141029472.6912"
    )
    client_secret: SecretStr | None = secret("its secret", "e1b9e11d…")
    workspaces: Workspaces = setting(
        (), "ids of the workspaces that may install it; channels without one are the first’s", "T012AB3CD"
    )
    editors: Texts = setting(
        (),
        "who may decide, create tickets and schedule: user groups by id or handle, or ids of users; none: "
        "every full member",
        "@product, S012AB3CD",
    )
    admins: Texts = setting(
        (), "who may set up projects and switches, in the same form; none: every editor", "U012AB3CD"
    )
    unfurl_domains: Domains = setting(
        (),
        "domains whose links Voc shows more about, beside those of trackers and sources",
        "support.acme.example",
    )
    api_url: Url = setting("https://slack.com/api", "address of Slack's Web API")


class Zendesk(Section):
    """A source. It signs in by OAuth (a client, then `connect`), an access token, or e-mail and API token."""

    feature = "reading Zendesk"
    url: Url | None = setting(None, "address of your Zendesk", "https://acme.zendesk.com")
    client_id: str | None = setting(None, "identifier of the OAuth client", "voc")
    client_secret: SecretStr | None = secret(
        "secret of the OAuth client, shown once when it is made", "b1946ac9…"
    )
    callback_port: int = setting(
        8765, "port on this machine to which `connect` has the browser sent back", ge=1024, le=65535
    )
    access_token: SecretStr | None = secret(
        "OAuth access token made elsewhere, which does not expire", "gErypPlm…"
    )
    email: Annotated[str, E_MAIL] | None = setting(
        None, "whose API token it is (an admin's)", "admin@acme.example"
    )
    api_token: SecretStr | None = secret(
        "API token of 40 characters (Zendesk makes no new ones)", "6wiIBWbG…"
    )


class Intercom(Section):
    """A source."""

    feature = "reading Intercom"
    access_token: SecretStr | None = secret("access token, on your app's Authentication page", "dG9rOjBj…")
    url: Url = setting(
        "https://api.intercom.io", "address of the API in your region", "https://api.eu.intercom.io"
    )


class Database(Section):
    """Where everything is kept."""

    feature = "storing feedback"
    url: DatabaseUrlForm = secret(
        "SQLite file or PostgreSQL; `DATABASE_URL` is read as well",
        "postgresql://voc:…@localhost/voc",
        SecretStr("sqlite:///voc.db"),
    )


class Engine(Section):
    """Running the work."""

    feature = "running the work"
    workers: int = setting(4, "tasks at a time", ge=1, le=64)
    lease_s: int = setting(
        120, "seconds after which another worker takes over a dead one's task", ge=10, le=3600
    )
    claim_s: int = setting(
        300, "seconds for which an outward act that was begun is left to its worker", ge=1, le=3600
    )
    tick_s: int = setting(60, "seconds between two looks for what is due", ge=1, le=3600)
    sync_every_s: int = setting(300, "seconds between two reads of a source", ge=10, le=86400)


class Matching(Section):
    """Deciding which ticket a piece of feedback is about."""

    feature = "matching feedback to tickets"
    embedder: str = setting(
        "minilm",
        "what compares meanings: `minilm`, `wordllama`, `onnx`, `fastembed` or `openai`",
        "onnx",
        min_length=1,
    )
    model: str | None = setting(
        None, "its model, for `fastembed` and `openai`", "text-embedding-3-small", feature=EMBEDDING
    )
    model_dir: str | None = setting(
        None,
        "folder of its model's files, for `onnx` and `fastembed`",
        "/srv/voc/e5-small",
        feature=EMBEDDING,
    )
    languages: Texts = setting(
        ("en",), "languages that this model understands (ISO 639), in all others Voc only proposes", "en, de"
    )
    download: bool = setting(False, "whether `fastembed` may download its model", feature=EMBEDDING)
    url: Url | None = setting(
        None,
        "address of the endpoint of `openai`, or of one that answers like it: texts go there, redacted",
        "https://api.openai.com/v1",
        feature=EMBEDDING,
    )
    api_key: SecretStr | None = secret("key of that endpoint", "sk-…", feature=EMBEDDING)
    dimensions: int | None = setting(
        None, "length of the vectors to ask that endpoint for; none: its own", 256, ge=8, le=8192
    )
    max_bytes: int = setting(
        8000, "of one text, what goes to that endpoint at most; a token has a byte or more", 2000, ge=100
    )
    attach_at: float = setting(0.9, "least score for attaching without a person", ge=0, le=1)
    suggest_at: float = setting(0.3, "least score for a proposal", ge=0, le=1)
    precision: float = setting(
        0.95, "share of automatic links that must be right before Voc attaches by itself", gt=0.5, lt=1
    )
    audit_share: float = setting(0.1, "share of automatic links that people are asked about", ge=0, le=1)
    audit_a_week: int = setting(5, "least number of them a week", ge=0, le=1000)
    audit_seed: str = setting("voc", "any words: others draw another sample")
    closed_days: int = setting(180, "days for which a closed ticket still counts", ge=0, le=36500)


class Review(Section):
    """Proposals to people."""

    feature = "proposing matches"
    cards_a_day: int = setting(
        20, "most sampled links put to a channel a day, in the digest's time zone", ge=0, le=1000
    )
    messages_a_day: int = setting(
        3,
        "how often a day, in that zone, the message that says what waits may come anew to a channel",
        ge=0,
        le=24,
    )
    quiet_hours: QuietHours = setting(
        "", "when nothing of that comes, in the digest's time zone; none: never quiet", "18:00-8:00"
    )


class Digest(Section):
    """What a new subscription starts with."""

    feature = "posting the digest"
    cron: Cron = setting("0 9 * * mon", "when: minute, hour, day of month, month, day of week")
    zone: Zone = setting("UTC", "the time zone of that hour and of the week", "Europe/Berlin")


class Web(Section):
    """The HTTP server."""

    feature = "serving HTTP"
    host: str = setting(
        "127.0.0.1", "address to listen on; every one where `PORT` is given", "192.0.2.1", min_length=1
    )
    port: int = setting(8080, "port; `PORT` is read as well", ge=1, le=65535)
    public_url: Url | None = setting(
        None, "address under which Slack and people's browsers reach it", "https://voc.acme.example"
    )


class Log(Section):
    """Logging, to standard error."""

    feature = "logging"
    level: Literal["DEBUG", "INFO", "WARNING", "ERROR"] = setting(
        "INFO", "least level shown: DEBUG, INFO, WARNING or ERROR"
    )
    format: Literal["console", "json"] = setting(
        "console", "`console` for people, `json` for one object a line"
    )


class Exclude(Section):
    """Whom and what to set aside: counted and shown, matched to nothing."""

    feature = "setting aside your own people and tests"
    staff_domains: Domains = setting((), "your own mail domains, subdomains included", "acme.example")
    test_accounts: Texts = setting((), "e-mail addresses or external ids", "qa@customer.example")
    tags: Texts = setting((), "tags of conversations", "spam, internal")


class RouteSettings(Section):
    """Where feedback belongs; the first that takes a conversation has it. What is left out takes any."""

    feature = "routing feedback"
    source: AnyName = setting("", "source", "zendesk")
    inbox: str = setting("", "inbox (Intercom) or brand (Zendesk)", "Mobile app")
    tag: str = setting("", "tag of the conversation", "billing")
    projects: Keys = setting((), "projects (or teams) whose tickets it can be about; none: all", "FLD")
    owner_channel: AnyOwner = setting(
        "", "channel, or person by id, for proposals and warnings", "#voc-field"
    )
    digest_channels: Channels = setting((), "channels that get the weekly digest", "#product")


class ChannelSettings(Section):
    """A Slack channel that brings feedback: by reactions, which anybody of yours may put, or by itself."""

    feature = "taking feedback from Slack"
    channel: Channel = setting("", "the channel", "#ext-acme", validate_default=True)
    capture: Reaction = setting("", "reaction that takes a message as feedback", "memo")
    not_feedback: Reaction = setting("", "reaction that sets it aside", "no_entry_sign")
    me_too: Reaction = setting("", "reaction by which others say the same", "raised_hands")
    feedback: bool = setting(False, "whether each top-level message is feedback")
    customers: Literal["outside", "everyone"] = setting(
        "outside",
        "whose messages: `outside`, people of other organisations and guests; `everyone`, also your own",
    )
    company: str = setting("", "the customer whose channel it is", "Acme Freight")


class Fields(Section):
    """One source's custom fields, by the names that the tool gives them."""

    feature = "showing plan, segment and revenue"
    plan: str = setting("", "the customer's plan", "organization_fields.plan")
    segment: str = setting("", "the customer's segment", "organization_fields.segment")
    role: str = setting("", "the person's job title", "user_fields.job_title")
    revenue: str = setting("", "what the customer pays", "organization_fields.mrr")
    currency: Currency = setting("USD", "ISO 4217 code of that amount", "EUR")
    currency_field: str = setting(
        "", "the field with that code, where customers pay in several", "organization_fields.currency"
    )
    period: Literal["month", "year"] = setting("month", "what it is paid for: `month` or `year`")
