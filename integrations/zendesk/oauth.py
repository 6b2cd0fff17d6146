"""Zendesk's OAuth: the authorisation code flow with PKCE, and a token pair that rotates."""

from __future__ import annotations

import base64
import hashlib
import secrets
import threading
import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any, Protocol
from urllib.parse import parse_qs, urlencode

from bot.errors import AccessError, AnswerError, RequestError, TransientError, UncertainError
from bot.ports import Clock
from integrations.http import VendorHttp
from integrations.zendesk.client import REMEDY, VENDOR

SCOPE = "read"
# Zendesk allows less than 2 days, and less than 90 days from refresh to refresh.
ACCESS_LIVES_S, REFRESH_LIVES_S = 24 * 3600, 89 * 24 * 3600
RENEW_BEFORE_S = 300
# Another process may have spent the refresh token and not yet saved what it got for it.
LOOKS, LOOK_EVERY_S = 6, 0.5


class CredentialStore(Protocol):
    """Where the token pair lives: one JSON-able record, replaced whole in one transaction."""

    def get(self) -> Mapping[str, Any] | None:
        """Return the newest record, None before the first connection."""
        ...

    def replace(self, pair: Mapping[str, Any]) -> None:
        """Store the record in place of the old one; return once it is committed."""
        ...


@dataclass(frozen=True, slots=True)
class OAuthClient:
    """The OAuth client as registered in the Admin Center; redirect_uri as registered there."""

    client_id: str
    client_secret: str
    redirect_uri: str = ""


@dataclass(frozen=True, slots=True)
class Challenge:
    """What one authorisation is known by. state: comes back with the code; verifier: proves the code ours."""

    state: str
    verifier: str

    @classmethod
    def make(cls) -> Challenge:
        """Return a fresh one."""
        return cls(secrets.token_urlsafe(24), secrets.token_urlsafe(48))


def authorization_url(base_url: str, client: OAuthClient, challenge: Challenge) -> str:
    """Return the page on which an admin allows us to read."""
    digest = hashlib.sha256(challenge.verifier.encode()).digest()
    asked = {
        "response_type": "code",
        "client_id": client.client_id,
        "redirect_uri": client.redirect_uri,
        "scope": SCOPE,
        "state": challenge.state,
        "code_challenge": base64.urlsafe_b64encode(digest).rstrip(b"=").decode(),
        "code_challenge_method": "S256",
    }
    return f"{base_url.rstrip('/')}/oauth/authorizations/new?{urlencode(asked)}"


def received_code(answer: str, challenge: Challenge) -> str:
    """Return the code from the address that Zendesk sent the browser back to, or from its query alone.

    Raises RequestError when the admin declined, or the answer belongs to another authorisation.
    """
    query = {key: values[0] for key, values in parse_qs(answer.strip().rpartition("?")[2]).items()}
    if "error" in query:
        raise RequestError(f"Zendesk answered {query['error']}: nothing was connected")
    if not secrets.compare_digest(query.get("state", "").encode(), challenge.state.encode()):
        raise RequestError("This answer does not belong to the page that was opened: please start again")
    if not query.get("code"):
        raise RequestError("There is no code in this answer: paste the whole address")
    return query["code"]


class ZendeskTokens:
    """The credentials of a connected account: a valid access token at all times, refreshed as needed.

    Threads of one process refresh once, under a lock; a process that loses the race takes what was stored.
    """

    def __init__(
        self,
        base_url: str,
        client: OAuthClient,
        store: CredentialStore,
        clock: Clock,
        *,
        sleep: Callable[[float], None] = time.sleep,
    ) -> None:
        self._http = VendorHttp(VENDOR, base_url, dict, sleep=sleep, remedy=REMEDY)
        self._client, self._store, self._clock, self._sleep = client, store, clock, sleep
        self._lock = threading.Lock()

    def connect(self, code: str, challenge: Challenge) -> None:
        """Spend the code and store the token pair. Raises AccessError for a bad or stale code."""
        asked = {
            "grant_type": "authorization_code",
            "code": code,
            "redirect_uri": self._client.redirect_uri,
            "code_verifier": challenge.verifier,
        }
        try:
            pair = self._exchange(asked, "exchanging the code")
        except AnswerError as exc:
            raise AccessError(VENDOR, exc.doing, exc.detail, remedy=REMEDY) from exc
        self._store.replace(pair)

    def headers(self) -> Mapping[str, str]:
        """Return the header with a token good for some minutes. Raises AccessError without a connection."""
        pair = self._stored()
        if self._is_ending(pair):
            pair = self._refreshed(pair)
        return _header(pair)

    def renew(self, refused: Mapping[str, str]) -> bool:
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
            asked = {"grant_type": "refresh_token", "refresh_token": pair.get("refresh_token")}
            try:
                new = self._exchange(asked, "refreshing the token")
            except (AnswerError, AccessError) as exc:
                return self._stored_by_another(old, exc)
            except UncertainError as exc:
                raise TransientError(VENDOR, exc.doing, exc.detail) from exc
            self._store.replace(new)
            return new

    def _stored_by_another(self, old: Mapping[str, Any], cause: Exception) -> Mapping[str, Any]:
        for _ in range(LOOKS):
            pair = self._stored()
            if pair["access_token"] != old["access_token"]:
                return pair
            self._sleep(LOOK_EVERY_S)
        raise AccessError(VENDOR, "refreshing the token", "refused", remedy=REMEDY) from cause

    def _exchange(self, asked: Mapping[str, Any], doing: str) -> dict[str, Any]:
        body = {
            **asked,
            "client_id": self._client.client_id,
            "client_secret": self._client.client_secret,
            "scope": SCOPE,
            "expires_in": ACCESS_LIVES_S,
            "refresh_token_expires_in": REFRESH_LIVES_S,
        }
        answer = self._http.call("POST", "/oauth/tokens", doing, json=body).json()
        if not isinstance(answer.get("access_token"), str):
            raise AnswerError(VENDOR, doing, "no access token")
        if SCOPE not in answer.get("scope", SCOPE).split():
            raise AccessError(VENDOR, doing, f"the scope {SCOPE} was not granted", remedy=REMEDY)
        lives_s = answer.get("expires_in")
        return {
            "access_token": answer["access_token"],
            "refresh_token": answer.get("refresh_token"),
            "expires_s": self._clock.now().timestamp() + lives_s if lives_s else None,
        }

    def _stored(self) -> Mapping[str, Any]:
        pair = self._store.get()
        if pair is None:
            raise AccessError(VENDOR, "signing in", "not connected", remedy=REMEDY)
        return pair

    def _is_ending(self, pair: Mapping[str, Any]) -> bool:
        expires_s = pair.get("expires_s")
        return expires_s is not None and expires_s - RENEW_BEFORE_S <= self._clock.now().timestamp()


def _header(pair: Mapping[str, Any]) -> dict[str, str]:
    return {"Authorization": f"Bearer {pair['access_token']}"}
