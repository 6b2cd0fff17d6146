"""The authorisation code flow: the page that hands out codes, and the exchange for token pairs."""

from __future__ import annotations

import base64
import hashlib
import secrets
from dataclasses import dataclass
from typing import Any
from urllib.parse import urlencode

from flask import Blueprint, Response, jsonify, redirect, request
from werkzeug.wrappers import Response as AnyResponse

from integrations.sandbox.zendesk.access import Access, Refused, Token
from integrations.sandbox.zendesk.world import World

CODE_LIVES_S = 120
DEFAULT_EXPIRES_S, DEFAULT_REFRESH_EXPIRES_S = 1_800, 2_592_000


@dataclass(frozen=True, slots=True)
class Client:
    """A confidential OAuth client as registered in the Admin Center. user_id: who presses "Allow"."""

    identifier: str
    secret: str
    redirect_uris: tuple[str, ...]
    user_id: int = 1


@dataclass(frozen=True, slots=True)
class _Grant:
    client: Client
    redirect_uri: str
    scope: str
    challenge: str
    expires_s: int


@dataclass(frozen=True, slots=True)
class _Refresh:
    client: Client
    scope: str
    access_token: str
    expires_s: int


class OAuth:
    """Clients, codes and refresh tokens of the account."""

    def __init__(self, world: World, access: Access) -> None:
        self._world, self._access = world, access
        self.clients: dict[str, Client] = {}
        self._grants: dict[str, _Grant] = {}
        self._refreshes: dict[str, _Refresh] = {}

    def routes(self) -> Blueprint:
        """Return the routes below /oauth."""
        routes = Blueprint("oauth", __name__, url_prefix="/oauth")
        routes.add_url_rule("/authorizations/new", view_func=self._authorise)
        routes.add_url_rule("/tokens", view_func=self._exchange, methods=["POST"])
        return routes

    def _authorise(self) -> AnyResponse:
        asked = request.args
        client = self.clients.get(asked.get("client_id", ""))
        if client is None or asked.get("redirect_uri") not in client.redirect_uris:
            raise Refused(
                400, {"error": "invalid_request", "error_description": "Unknown client or redirect_uri"}
            )
        if asked.get("response_type") != "code" or not asked.get("scope"):
            raise Refused(
                400, {"error": "invalid_request", "error_description": "response_type and scope are required"}
            )
        if asked.get("code_challenge") and asked.get("code_challenge_method") != "S256":
            raise Refused(
                400, {"error": "invalid_request", "error_description": "code_challenge_method must be S256"}
            )
        code = secrets.token_urlsafe(16)
        self._grants[code] = _Grant(
            client,
            asked["redirect_uri"],
            asked["scope"],
            asked.get("code_challenge", ""),
            self._now() + CODE_LIVES_S,
        )
        state = {"state": asked["state"]} if "state" in asked else {}
        return redirect(f"{asked['redirect_uri']}?{urlencode({'code': code, **state})}")

    def _exchange(self) -> tuple[Response, int]:
        asked = request.get_json(silent=True)
        if not isinstance(asked, dict):
            raise Refused(400, {"error": "invalid_request", "error_description": "The body must be JSON"})
        client = self.clients.get(asked.get("client_id", ""))
        if client is None or asked.get("client_secret") != client.secret:
            raise Refused(
                401, {"error": "invalid_client", "error_description": "Client authentication failed."}
            )
        if asked.get("grant_type") == "authorization_code":
            scope = self._spend_code(client, asked)
        elif asked.get("grant_type") == "refresh_token":
            scope = self._spend_refresh_token(client, asked)
        else:
            raise Refused(
                400, {"error": "unsupported_grant_type", "error_description": "Unsupported grant_type"}
            )
        return jsonify(self._issue(client, asked, scope)), 201

    def _spend_code(self, client: Client, asked: dict[str, Any]) -> str:
        grant = self._grants.pop(asked.get("code", ""), None)
        is_good = grant and grant.client == client and grant.redirect_uri == asked.get("redirect_uri")
        if not is_good or grant is None or grant.expires_s < self._now():
            raise Refused(
                400, {"error": "invalid_grant", "error_description": "The code is invalid or expired."}
            )
        if grant.challenge and _s256(asked.get("code_verifier", "")) != grant.challenge:
            raise Refused(
                400, {"error": "invalid_grant", "error_description": "The code_verifier does not match."}
            )
        return grant.scope

    def _spend_refresh_token(self, client: Client, asked: dict[str, Any]) -> str:
        refresh = self._refreshes.pop(asked.get("refresh_token", ""), None)
        if refresh is None or refresh.client != client or refresh.expires_s < self._now():
            raise Refused(
                400,
                {"error": "invalid_grant", "error_description": "The refresh token is invalid or expired."},
            )
        del self._access.tokens[refresh.access_token]
        return refresh.scope

    def _issue(self, client: Client, asked: dict[str, Any], granted: str) -> dict[str, Any]:
        expires_in = asked.get("expires_in", DEFAULT_EXPIRES_S)
        refresh_in = asked.get("refresh_token_expires_in", DEFAULT_REFRESH_EXPIRES_S)
        if not 300 < expires_in < 172_800 or not 604_800 < refresh_in < 7_776_000:
            raise Refused(
                400, {"error": "invalid_request", "error_description": "expires_in is out of range"}
            )
        scope = asked.get("scope", granted)
        if not set(scope.split()) <= set(granted.split()):
            raise Refused(
                400, {"error": "invalid_scope", "error_description": "The requested scope is invalid."}
            )
        access_token, refresh_token = secrets.token_hex(20), secrets.token_hex(32)
        self._access.tokens[access_token] = Token(client.user_id, scope.split(), self._now() + expires_in)
        self._refreshes[refresh_token] = _Refresh(client, scope, access_token, self._now() + refresh_in)
        return {
            "access_token": access_token,
            "refresh_token": refresh_token,
            "token_type": "bearer",
            "scope": scope,
            "expires_in": expires_in,
            "refresh_token_expires_in": refresh_in,
        }

    def _now(self) -> int:
        return self._world.now_s()


def _s256(verifier: str) -> str:
    return base64.urlsafe_b64encode(hashlib.sha256(verifier.encode()).digest()).rstrip(b"=").decode()
