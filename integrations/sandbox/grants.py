"""What authorisation servers have in common: clients, codes that are good once, pairs that rotate."""

from __future__ import annotations

import base64
import hashlib
import secrets
from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, datetime
from functools import wraps
from urllib.parse import urlencode

from flask import jsonify, make_response, redirect
from flask.typing import ResponseReturnValue
from werkzeug.wrappers import Response

from integrations.sandbox.clock import SandboxClock


class Refused(Exception):
    """An answer that is no success. code: the vendor's word for it."""

    def __init__(self, status: int, code: str, description: str) -> None:
        super().__init__(code)
        self.status = status
        self.body = {"error": code, "error_description": description}


View = Callable[[], ResponseReturnValue]
# A new access token, its scopes, and until when it is good.
Given = Callable[[str, tuple[str, ...], datetime], None]


def answered(view: View) -> View:
    """Return the view with its refusals as answers."""

    @wraps(view)
    def answer() -> ResponseReturnValue:
        try:
            return view()
        except Refused as refused:
            return make_response(jsonify(refused.body), refused.status)

    return answer


@dataclass(frozen=True, slots=True)
class Client:
    """A confidential client as registered at the vendor."""

    client_id: str
    secret: str
    redirect_uris: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Pair:
    """What an exchange gives; refresh_token: "" where none was asked for."""

    access_token: str
    refresh_token: str
    scopes: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class _Grant:
    client: Client
    scopes: tuple[str, ...]
    until_s: float
    redirect_uri: str = ""
    challenge: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Lives:
    """For how many seconds each is good. grace: for which a spent refresh token is taken once more."""

    code: int
    access: int
    refresh: int
    grace: int


class Grants:
    """Clients, codes and tokens of one vendor. Raises KeyError for what is unknown, spent or over.

    given: told each access token, so that the vendor's other endpoints know it.
    """

    def __init__(self, clock: SandboxClock, lives: Lives, given: Given) -> None:
        self._clock, self._lives, self._given = clock, lives, given
        self.clients: dict[str, Client] = {}
        self._codes: dict[str, _Grant] = {}
        self._accesses: dict[str, _Grant] = {}
        self._refreshes: dict[str, _Grant] = {}

    def add(self, client_id: str, secret: str, *redirect_uris: str) -> None:
        """Register a client."""
        self.clients[client_id] = Client(client_id, secret, redirect_uris)

    def allow(
        self, client: Client, redirect_uri: str, scopes: tuple[str, ...], challenge: str, state: str | None
    ) -> Response:
        """Send the browser back with a code, as after "Allow"; the state comes back as it came."""
        code = secrets.token_urlsafe(16)
        until_s = self._now() + self._lives.code
        self._codes[code] = _Grant(client, scopes, until_s, redirect_uri, challenge)
        asked = {"code": code} if state is None else {"code": code, "state": state}
        return redirect(f"{redirect_uri}?{urlencode(asked)}")

    def spend_code(self, client: Client, code: str, redirect_uri: str, verifier: str) -> tuple[str, ...]:
        """Return the scopes that were allowed."""
        grant = self._codes.pop(code)
        is_proven = not grant.challenge or grant.challenge == s256(verifier)
        if grant.client != client or grant.redirect_uri != redirect_uri or not is_proven:
            raise KeyError(code)
        return self._live(grant)

    def spend_refresh(self, client: Client, token: str) -> tuple[str, ...]:
        """Return the scopes; the token is good for the grace from now on."""
        grant = self._refreshes[token]
        if grant.client != client:
            raise KeyError(token)
        scopes = self._live(grant)
        until_s = min(grant.until_s, self._now() + self._lives.grace)
        self._refreshes[token] = _Grant(client, scopes, until_s)
        return scopes

    def issue(self, client: Client, scopes: tuple[str, ...], *, lasts: bool = True) -> Pair:
        """Return a new pair. lasts: with a refresh token."""
        pair = Pair(secrets.token_urlsafe(24), secrets.token_urlsafe(32) if lasts else "", scopes)
        until_s = self._now() + self._lives.access
        self._accesses[pair.access_token] = _Grant(client, scopes, until_s)
        self._given(pair.access_token, scopes, datetime.fromtimestamp(until_s, UTC))
        if lasts:
            self._refreshes[pair.refresh_token] = _Grant(client, scopes, self._now() + self._lives.refresh)
        return pair

    def scopes_of(self, authorization: str) -> tuple[str, ...]:
        """Return what a request with this Authorization header may do."""
        scheme, _, token = authorization.partition(" ")
        if scheme != "Bearer":
            raise KeyError(scheme)
        return self._live(self._accesses[token])

    def revoke(self) -> None:
        """Take all tokens back, as an admin does who removes the app."""
        self._accesses.clear()
        self._refreshes.clear()

    def _live(self, grant: _Grant) -> tuple[str, ...]:
        if grant.until_s < self._now():
            raise KeyError("over")
        return grant.scopes

    def _now(self) -> float:
        return self._clock.now().timestamp()


def s256(verifier: str) -> str:
    """Return the challenge of a verifier."""
    return base64.urlsafe_b64encode(hashlib.sha256(verifier.encode()).digest()).rstrip(b"=").decode()
