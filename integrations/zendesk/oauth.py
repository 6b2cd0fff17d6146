"""Zendesk's authorisation server."""

from __future__ import annotations

from integrations.oauth import AuthServer
from integrations.zendesk.client import REMEDY, VENDOR

SCOPE = "read"
# Zendesk allows less than 2 days, and less than 90 days from refresh to refresh.
ACCESS_LIVES_S, REFRESH_LIVES_S = 24 * 3600, 89 * 24 * 3600


def auth_server(base_url: str) -> AuthServer:
    """Return the account's own; Zendesk wants scope and lifetimes named at each exchange."""
    base_url = base_url.rstrip("/")
    lifetimes = {"expires_in": ACCESS_LIVES_S, "refresh_token_expires_in": REFRESH_LIVES_S}
    return AuthServer(
        vendor=VENDOR,
        page=f"{base_url}/oauth/authorizations/new",
        base_url=base_url,
        path="/oauth/tokens",
        scopes=(SCOPE,),
        exchange_sends={"scope": SCOPE, **lifetimes},
        remedy=REMEDY,
    )
