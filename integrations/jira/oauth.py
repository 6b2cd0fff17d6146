"""Atlassian's authorisation server, and which of the sites that it gives access to is ours."""

from __future__ import annotations

from collections.abc import Mapping

from bot.errors import AccessError, AnswerError
from integrations.http import VendorHttp
from integrations.jira.client import VENDOR
from integrations.oauth import AuthServer

# read:jira-user for the account's own name, which `check` tells.
SCOPES = ("read:jira-work", "write:jira-work", "read:jira-user", "offline_access")
REMEDY = "Connect again with an account that may see the projects: python -m bot connect jira"
SITES = "asking for the sites"


def auth_server(auth_url: str) -> AuthServer:
    """Return Atlassian's, the same for all sites. Its code flow has no PKCE."""
    auth_url = auth_url.rstrip("/")
    return AuthServer(
        vendor=VENDOR,
        page=f"{auth_url}/authorize",
        base_url=auth_url,
        path="/oauth/token",
        scopes=SCOPES,
        page_asks={"audience": "api.atlassian.com", "prompt": "consent"},
        has_pkce=False,
        remedy=REMEDY,
    )


def gateway_url(api_url: str, cloud_id: str) -> str:
    """Return where the site's API is reached with an OAuth token."""
    return f"{api_url.rstrip('/')}/ex/jira/{cloud_id}"


def cloud_id_of(api_url: str, site_url: str, headers: Mapping[str, str]) -> str:
    """Return the id of the site with that address.

    Raises AccessError, naming the sites that there are, when the access is to others alone.
    """
    answer = VendorHttp(VENDOR, api_url, lambda: headers, remedy=REMEDY).get(
        "/oauth/token/accessible-resources", SITES
    )
    try:
        sites = {str(site["url"]).rstrip("/").lower(): str(site["id"]) for site in answer}
    except (TypeError, KeyError) as exc:
        raise AnswerError(VENDOR, SITES, type(exc).__name__) from exc
    if cloud_id := sites.get(site_url.rstrip("/").lower()):
        return cloud_id
    known = ", ".join(sorted(sites)) or "no site"
    remedy = f"Start again and allow the access to {site_url}, or set VOC_JIRA__URL to that site"
    raise AccessError(VENDOR, SITES, f"the access is to {known}", remedy=remedy)
