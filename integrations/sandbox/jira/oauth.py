"""Atlassian's OAuth 2.0 (3LO): the page, the exchange, and the sites that a token reaches.

Sources: developer.atlassian.com/cloud/jira/platform/oauth-2-3lo-apps; and for the ten minutes in which a
spent refresh token is taken again, community.developer.atlassian.com/t/50348.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any

from flask import Response, jsonify, request
from werkzeug.wrappers import Response as AnyResponse

from integrations.sandbox.clock import SandboxClock
from integrations.sandbox.grants import Client, Given, Grants, Lives, Refused, View, answered

CLOUD_ID = "11111111-2222-4333-8444-555555555555"
LIVES = Lives(code=300, access=3_600, refresh=90 * 86_400, grace=600)
SCOPES = frozenset(
    """read:jira-work write:jira-work read:jira-user manage:jira-project manage:jira-configuration
    manage:jira-webhook read:me offline_access""".split()
)


@dataclass(frozen=True, slots=True)
class CloudSite:
    """A site to which the person who allows the access belongs."""

    cloud_id: str
    url: str
    name: str = "acme"


class OAuth:
    """The authorisation server. sites: what a token reaches; grants: clients and tokens."""

    def __init__(self, clock: SandboxClock, given: Given, sites: Callable[[], Sequence[CloudSite]]) -> None:
        self.grants = Grants(clock, LIVES, given)
        self._sites = sites

    def routes(self) -> list[tuple[str, str, View]]:
        """Return method, rule and view of auth.atlassian.com's endpoints, and of api.atlassian.com's one."""
        return [
            ("GET", "/authorize", answered(self._authorize)),
            ("POST", "/oauth/token", answered(self._exchange)),
            ("GET", "/oauth/token/accessible-resources", answered(self._resources)),
        ]

    def _authorize(self) -> AnyResponse:
        asked = request.args
        client = self.grants.clients.get(asked.get("client_id", ""))
        if client is None or asked.get("redirect_uri") not in client.redirect_uris:
            raise Refused(400, "invalid_request", "unknown client_id or redirect_uri")
        fixed = {"audience": "api.atlassian.com", "response_type": "code", "prompt": "consent"}
        if wrong := [key for key, value in fixed.items() if asked.get(key) != value]:
            raise Refused(400, "invalid_request", f"missing or wrong: {', '.join(wrong)}")
        scopes = tuple(asked.get("scope", "").split(" "))
        if not set(scopes) <= SCOPES:
            raise Refused(400, "invalid_scope", "the app has no such scope")
        return self.grants.allow(client, asked["redirect_uri"], scopes, "", asked.get("state"))

    def _exchange(self) -> Response:
        asked = request.get_json(silent=True)
        if not isinstance(asked, dict):
            raise Refused(400, "invalid_request", "the body must be JSON")
        client = self.grants.clients.get(str(asked.get("client_id")))
        if client is None or asked.get("client_secret") != client.secret:
            raise Refused(401, "access_denied", "Unauthorized")
        scopes = self._spent(client, asked)
        pair = self.grants.issue(client, scopes, lasts="offline_access" in scopes)
        refresh = {"refresh_token": pair.refresh_token} if pair.refresh_token else {}
        return jsonify(
            access_token=pair.access_token,
            scope=" ".join(scopes),
            expires_in=LIVES.access,
            token_type="Bearer",  # noqa: S106 - no password
            **refresh,
        )

    def _spent(self, client: Client, asked: dict[str, Any]) -> tuple[str, ...]:
        kind = asked.get("grant_type")
        try:
            if kind == "authorization_code":
                return self.grants.spend_code(client, asked["code"], asked["redirect_uri"], "")
            if kind == "refresh_token":
                return self.grants.spend_refresh(client, asked["refresh_token"])
        except KeyError:
            what = "authorization code" if kind == "authorization_code" else "refresh token"
            raise Refused(403, "invalid_grant", f"Unknown or invalid {what}.") from None
        raise Refused(400, "unsupported_grant_type", "no such grant_type")

    def _resources(self) -> Response:
        try:
            scopes = self.grants.scopes_of(request.headers.get("Authorization", ""))
        except KeyError:
            raise Refused(401, "unauthorized", "Unauthorized") from None
        granted = [scope for scope in scopes if scope != "offline_access"]
        avatar = "https://site-admin-avatars-cdn.prod.public.atl-paas.net/avatars/240/flag.png"
        return jsonify(
            [
                {"id": s.cloud_id, "url": s.url, "name": s.name, "scopes": granted, "avatarUrl": avatar}
                for s in self._sites()
            ]
        )
