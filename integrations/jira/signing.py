"""The kinds of credentials that Jira takes, told apart by how and where they are sent."""

from __future__ import annotations

from dataclasses import dataclass

GATEWAY = "https://api.atlassian.com/ex/jira/"


@dataclass(frozen=True, slots=True)
class Kind:
    """One kind. name: as people call it; remedy: what to do where Jira refuses it."""

    name: str
    remedy: str


API_TOKEN = Kind(
    "an API token",
    "Make a new API token at id.atlassian.com (they last a year at most) and set it, with its e-mail "
    f"address. One with scopes works only below {GATEWAY}<cloud id>: set the address to that. The site tells "
    "its cloud id at /_edge/tenant_info.",
)
SCOPED_TOKEN = Kind(
    "an API token with scopes",
    "Make a new API token with the scopes read:jira-work and write:jira-work at id.atlassian.com and set it, "
    "with its e-mail address. One without scopes works only at the site itself: set the address to that.",
)
OAUTH = Kind(
    "OAuth",
    "Connect again, with the scopes read:jira-work and write:jira-work: python -m bot connect jira",
)
PERSONAL_TOKEN = Kind(
    "a personal access token",
    "Make a new personal access token in your Jira profile and set it. Jira Cloud has none: set an API token "
    f"with its e-mail address there; what OAuth gives works only below {GATEWAY}<cloud id>.",
)


def kind_of(base_url: str, authorization: str) -> Kind:
    """Return the kind of credentials that these are, sent to that address."""
    is_bearer, at_gateway = authorization.startswith("Bearer "), is_gateway(base_url)
    if is_bearer:
        return OAUTH if at_gateway else PERSONAL_TOKEN
    return SCOPED_TOKEN if at_gateway else API_TOKEN


def is_gateway(base_url: str) -> bool:
    """Return whether the address is that of Atlassian's gateway, whatever its host."""
    return "/ex/jira/" in base_url
