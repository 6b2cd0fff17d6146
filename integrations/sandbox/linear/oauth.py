"""Linear's OAuth 2.0: the page and the exchange.

Source: linear.app/developers/oauth-2-0-authentication: scopes with commas between, PKCE, a form at the
exchange, tokens of 24 hours, and 30 minutes in which a spent refresh token is taken again.
"""

from __future__ import annotations

from collections.abc import Mapping

from flask import Response, jsonify, request
from werkzeug.wrappers import Response as AnyResponse

from integrations.sandbox.clock import SandboxClock
from integrations.sandbox.grants import Client, Given, Grants, Lives, Refused, View, answered

LIVES = Lives(code=600, access=86_399, refresh=365 * 86_400, grace=1_800)
SCOPES = frozenset(
    """read write issues:create comments:create timeSchedule:write admin customer:read customer:write
    initiative:read initiative:write app:assignable app:mentionable""".split()
)
FORM = "application/x-www-form-urlencoded"


class OAuth:
    """The authorisation server. grants: clients and tokens."""

    def __init__(self, clock: SandboxClock, given: Given) -> None:
        self.grants = Grants(clock, LIVES, given)

    def routes(self) -> list[tuple[str, str, View]]:
        """Return method, rule and view of linear.app's endpoint, and of api.linear.app's one."""
        return [
            ("GET", "/oauth/authorize", answered(self._authorize)),
            ("POST", "/oauth/token", answered(self._exchange)),
        ]

    def _authorize(self) -> AnyResponse:
        asked = request.args
        client = self.grants.clients.get(asked.get("client_id", ""))
        if client is None or asked.get("redirect_uri") not in client.redirect_uris:
            raise Refused(400, "invalid_request", "Invalid redirect_uri or client_id")
        if asked.get("response_type") != "code" or asked.get("actor", "user") not in ("user", "app"):
            raise Refused(400, "invalid_request", "response_type must be code, actor user or app")
        if asked.get("code_challenge") and asked.get("code_challenge_method") != "S256":
            raise Refused(400, "invalid_request", "code_challenge_method must be S256")
        scopes = tuple(asked.get("scope", "").split(","))
        is_admins = asked.get("actor") == "app" and "admin" in scopes
        if not set(scopes) <= SCOPES or is_admins:
            raise Refused(400, "invalid_scope", "Invalid scope")
        challenge, state = asked.get("code_challenge", ""), asked.get("state")
        return self.grants.allow(client, asked["redirect_uri"], scopes, challenge, state)

    def _exchange(self) -> Response:
        if request.mimetype != FORM:
            raise Refused(400, "invalid_request", f"Content-Type must be {FORM}")
        asked = request.form
        client = self.grants.clients.get(asked.get("client_id", ""))
        if client is None or asked.get("client_secret") != client.secret:
            raise Refused(401, "invalid_client", "Client authentication failed")
        pair = self.grants.issue(client, self._spent(client, asked))
        return jsonify(
            access_token=pair.access_token,
            token_type="Bearer",  # noqa: S106 - no password
            expires_in=LIVES.access,
            scope=" ".join(pair.scopes),
            refresh_token=pair.refresh_token,
        )

    def _spent(self, client: Client, asked: Mapping[str, str]) -> tuple[str, ...]:
        kind = asked.get("grant_type")
        try:
            if kind == "authorization_code":
                verifier = asked.get("code_verifier", "")
                return self.grants.spend_code(client, asked["code"], asked["redirect_uri"], verifier)
            if kind == "refresh_token":
                return self.grants.spend_refresh(client, asked["refresh_token"])
        except KeyError:
            raise Refused(400, "invalid_grant", "The grant is invalid, spent or expired") from None
        raise Refused(400, "unsupported_grant_type", "Unsupported grant_type")
