"""Who may ask what: tokens, roles, scopes and rate limits, with the vendor's refusals."""

from __future__ import annotations

import base64
import binascii
from dataclasses import dataclass, field
from typing import Any

from flask import Request

from integrations.sandbox.limits import Limit, Limiter
from integrations.sandbox.zendesk.world import World

ADMIN_TOKEN = "stand-in-zendesk-admin"  # noqa: S105 - the stand-in's own

INCREMENTAL = Limit(
    "incremental exports",
    10,
    60,
    "developer.zendesk.com, Incremental Exports, Rate limits: 10 requests per minute",
)
ACCOUNT = Limit(
    "account", 400, 60, "developer.zendesk.com, Rate limits: 400 a minute on Growth and Professional"
)


class Refused(Exception):
    """An answer other than 2xx, in the vendor's shape."""

    def __init__(self, status: int, body: Any, headers: dict[str, str] | None = None) -> None:
        super().__init__(status)
        self.status, self.body, self.headers = status, body, headers or {}


@dataclass(slots=True)
class Token:
    """An OAuth access token. expires_s: Unix time, None for never."""

    user_id: int
    scopes: list[str] = field(default_factory=lambda: ["read"])
    expires_s: int | None = None


class Access:
    """The account's tokens, and the check that each request passes."""

    def __init__(self, world: World, limiter: Limiter) -> None:
        self._world, self._limiter = world, limiter
        self.tokens = {ADMIN_TOKEN: Token(user_id=1)}
        self.api_tokens: set[tuple[str, str]] = set()

    def check(self, request: Request, resource: str, *, admin: bool = False) -> dict[str, Any]:
        """Return the user who asks; raise Refused as the vendor would. resource: as scopes name it."""
        user, scopes = self._identify(request)
        if not {"read", f"{resource}:read"} & set(scopes):
            raise Refused(
                403,
                {"error": "Forbidden", "description": "You are missing the following required scopes: read"},
            )
        allowed = ("admin",) if admin else ("admin", "agent")
        if user["role"] not in allowed and resource != "me":
            message = (
                "You do not have access to this page. Please contact the account owner for further help."
            )
            raise Refused(403, {"error": {"title": "Forbidden", "message": message}})
        self._count(ACCOUNT, "API")
        if "/incremental/" in request.path:
            self._count(INCREMENTAL, "incremental export API")
        return user

    def _count(self, limit: Limit, what: str) -> None:
        if refusal := self._limiter.take(limit):
            description = f"Number of allowed {what} requests per minute exceeded"
            wait = {
                "Retry-After": str(refusal.retry_after_s),
                "X-Rate-Limit": str(limit.calls),
                "X-Rate-Limit-Remaining": "0",
            }
            raise Refused(429, {"error": "APIRateLimitExceeded", "description": description}, wait)

    def _identify(self, request: Request) -> tuple[dict[str, Any], list[str]]:
        scheme, _, value = request.headers.get("Authorization", "").partition(" ")
        if scheme == "Bearer":
            token = self.tokens.get(value)
            if token is None or (token.expires_s is not None and token.expires_s <= self._world.now_s()):
                description = (
                    "The access token provided is expired, revoked, malformed or invalid for other reasons."
                )
                raise Refused(401, {"error": "invalid_token", "error_description": description})
            return self._world.users[token.user_id], token.scopes
        if scheme == "Basic":
            email, _, api_token = _decoded(value).partition("/token:")
            user = next((u for u in self._world.users.values() if u["email"] == email), None)
            if user and (email, api_token) in self.api_tokens:
                return user, ["read", "write"]
        raise Refused(401, {"error": "Couldn't authenticate you"})


def _decoded(value: str) -> str:
    try:
        return base64.b64decode(value, validate=True).decode()
    except (binascii.Error, UnicodeDecodeError):
        return ""
