"""OAuth 2.0 for any vendor: the authorisation code flow, and a token pair that rotates."""

from __future__ import annotations

import base64
import hashlib
import secrets
import threading
import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any
from urllib.parse import parse_qs, urlencode

from bot.errors import AccessError, AnswerError, RequestError, TransientError, UncertainError
from bot.ports import Clock
from integrations.credentials import CredentialStore
from integrations.http import VendorHttp

RENEW_BEFORE_S = 300
# Another process may have spent the refresh token and not yet saved what it got for it.
LOOKS, LOOK_EVERY_S = 6, 0.5
FORM = {"Content-Type": "application/x-www-form-urlencoded"}
# It asks for a refresh token and is no right to be had.
OFFLINE = "offline_access"

Headers = Mapping[str, str]


@dataclass(frozen=True, slots=True)
class OAuthClient:
    """Our client as registered at the vendor; redirect_uri as registered there."""

    client_id: str
    client_secret: str = field(repr=False)
    redirect_uri: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class AuthServer:
    """One vendor's authorisation server.

    page: where a person allows the access; base_url, path: where codes and refresh tokens are exchanged.
    page_asks, exchange_sends: what goes there besides. separator: between scopes on the page.
    is_form: whether the exchange takes a form instead of JSON. remedy: what helps when access is gone.
    """

    vendor: str
    page: str
    base_url: str
    path: str
    scopes: tuple[str, ...]
    remedy: str
    separator: str = " "
    page_asks: Mapping[str, str] = field(default_factory=dict)
    exchange_sends: Mapping[str, Any] = field(default_factory=dict)
    has_pkce: bool = True
    is_form: bool = False


@dataclass(frozen=True, slots=True)
class Challenge:
    """What one authorisation is known by. state: comes back with the code; verifier: proves the code ours."""

    state: str
    verifier: str

    @classmethod
    def make(cls) -> Challenge:
        """Return a fresh one."""
        return cls(secrets.token_urlsafe(24), secrets.token_urlsafe(48))


def authorization_url(server: AuthServer, client: OAuthClient, challenge: Challenge) -> str:
    """Return the page on which a person allows the access."""
    asked = {
        "response_type": "code",
        "client_id": client.client_id,
        "redirect_uri": client.redirect_uri,
        "scope": server.separator.join(server.scopes),
        "state": challenge.state,
        **server.page_asks,
    }
    if server.has_pkce:
        digest = hashlib.sha256(challenge.verifier.encode()).digest()
        asked["code_challenge"] = base64.urlsafe_b64encode(digest).rstrip(b"=").decode()
        asked["code_challenge_method"] = "S256"
    return f"{server.page}?{urlencode(asked)}"


def received_code(server: AuthServer, answer: str, challenge: Challenge) -> str:
    """Return the code from the address that the vendor sent the browser back to, or from its query alone.

    Raises RequestError when the access was declined, or the answer belongs to another authorisation.
    """
    query = {key: values[0] for key, values in parse_qs(answer.strip().rpartition("?")[2]).items()}
    if "error" in query:
        raise RequestError(f"{server.vendor.title()} answered {query['error']}: nothing was connected")
    if not secrets.compare_digest(query.get("state", "").encode(), challenge.state.encode()):
        raise RequestError("This answer does not belong to the page that was opened: please start again")
    if not query.get("code"):
        raise RequestError("There is no code in this answer: paste the whole address")
    return query["code"]


class OAuthTokens:
    """The credentials of a connected account: a valid access token at all times, refreshed as needed.

    Threads of one process refresh once, under a lock; a process that loses the race takes what was stored.
    A refresh whose answer was lost, or not stored, is repeated with the same refresh token, which vendors
    take again for some minutes.
    learn: told the headers that sign requests once connected; returns what is kept beside the pair.
    """

    def __init__(
        self,
        server: AuthServer,
        client: OAuthClient,
        store: CredentialStore,
        clock: Clock,
        *,
        sleep: Callable[[float], None] = time.sleep,
        learn: Callable[[Headers], Mapping[str, str]] = lambda headers: {},
    ) -> None:
        sent = FORM if server.is_form else {}
        self._http = VendorHttp(
            server.vendor, server.base_url, lambda: sent, sleep=sleep, remedy=server.remedy
        )
        self._server, self._client, self._store, self._clock = server, client, store, clock
        self._sleep, self._learn = sleep, learn
        self._lock = threading.Lock()

    def connect(self, code: str, challenge: Challenge) -> None:
        """Spend the code and store the token pair. Raises AccessError for a bad or stale code."""
        asked = {
            "grant_type": "authorization_code",
            "code": code,
            "redirect_uri": self._client.redirect_uri,
        }
        if self._server.has_pkce:
            asked["code_verifier"] = challenge.verifier
        try:
            pair = self._exchange(asked, "exchanging the code")
        except AnswerError as exc:
            raise self._lost(exc.doing, exc.detail) from exc
        self._store.replace({**pair, **self._learn(_header(pair))})

    def headers(self) -> Headers:
        """Return the header with a token good for some minutes. Raises AccessError without a connection."""
        pair = self._stored()
        if self._is_ending(pair):
            pair = self._refreshed(pair)
        return _header(pair)

    def renew(self, refused: Headers) -> bool:
        """Refresh after a 401, unless that has happened since; return True."""
        pair = self._stored()
        if _header(pair) == dict(refused):
            self._refreshed(pair)
        return True

    def _refreshed(self, old: Mapping[str, Any]) -> Mapping[str, Any]:
        with self._lock:
            pair = self._stored()
            if pair["access_token"] != old["access_token"]:
                return pair
            asked = {"grant_type": "refresh_token", "refresh_token": pair.get("refresh_token") or ""}
            try:
                new = {**pair, **self._exchange(asked, "refreshing the token")}
            except (AnswerError, AccessError) as exc:
                return self._stored_by_another(old, exc)
            except UncertainError as exc:
                raise TransientError(self._server.vendor, exc.doing, exc.detail) from exc
            self._store.replace(new)
            return new

    def _stored_by_another(self, old: Mapping[str, Any], cause: Exception) -> Mapping[str, Any]:
        for _ in range(LOOKS):
            pair = self._stored()
            if pair["access_token"] != old["access_token"]:
                return pair
            self._sleep(LOOK_EVERY_S)
        raise self._lost("refreshing the token", "refused") from cause

    def _exchange(self, asked: Mapping[str, str], doing: str) -> dict[str, Any]:
        client = {"client_id": self._client.client_id, "client_secret": self._client.client_secret}
        body = {**asked, **client, **self._server.exchange_sends}
        answer = self._http.call("POST", self._server.path, doing, **self._as_sent(body)).json()
        if not isinstance(answer, dict) or not isinstance(answer.get("access_token"), str):
            raise AnswerError(self._server.vendor, doing, "no access token")
        if missing := self._not_granted(answer.get("scope")):
            raise self._lost(doing, f"not granted: the scope {', '.join(missing)}")
        lives_s = answer.get("expires_in")
        return {
            "access_token": answer["access_token"],
            "refresh_token": answer.get("refresh_token"),
            "expires_s": self._clock.now().timestamp() + lives_s if lives_s else None,
        }

    def _as_sent(self, body: Mapping[str, Any]) -> dict[str, Any]:
        return {"data": urlencode(body).encode()} if self._server.is_form else {"json": body}

    def _not_granted(self, scope: object) -> list[str]:
        """Return which scopes are missing. scope: as answered: a list, or text with spaces or commas."""
        if not scope:
            return []
        granted = scope if isinstance(scope, list) else str(scope).replace(",", " ").split()
        return [wanted for wanted in self._server.scopes if wanted not in (*granted, OFFLINE)]

    def _stored(self) -> Mapping[str, Any]:
        pair = self._store.get()
        if pair is None or "access_token" not in pair:
            raise self._lost("signing in", "not connected")
        return pair

    def _lost(self, doing: str, detail: str) -> AccessError:
        return AccessError(self._server.vendor, doing, detail, remedy=self._server.remedy)

    def _is_ending(self, pair: Mapping[str, Any]) -> bool:
        expires_s = pair.get("expires_s")
        return expires_s is not None and expires_s - RENEW_BEFORE_S <= self._clock.now().timestamp()


def _header(pair: Mapping[str, Any]) -> dict[str, str]:
    return {"Authorization": f"Bearer {pair['access_token']}"}
