"""What signs a request."""

from __future__ import annotations

import base64
from collections.abc import Mapping
from typing import Any, Protocol

from bot.errors import AccessError


class Credentials(Protocol):
    """What signs a request: tokens that stay, or a pair that is renewed."""

    def headers(self) -> Mapping[str, str]:
        """Return the headers that sign a request now."""
        ...

    def renew(self, refused: Mapping[str, str]) -> bool:
        """Return whether other headers than the refused ones are there to be tried."""
        ...


class StaticCredentials:
    """A token that an existing installation has: it never changes."""

    def __init__(self, authorization: str) -> None:
        self._headers = {"Authorization": authorization}

    @classmethod
    def bearer(cls, token: str) -> StaticCredentials:
        """Return credentials of an OAuth access token or a personal access token."""
        return cls(f"Bearer {token}")

    @classmethod
    def basic(cls, user: str, password: str) -> StaticCredentials:
        """Return credentials of a user's name with a password or API token."""
        return cls("Basic " + base64.b64encode(f"{user}:{password}".encode()).decode())

    @classmethod
    def raw(cls, key: str) -> StaticCredentials:
        """Return credentials of a key that goes into the header as it is."""
        return cls(key)

    def headers(self) -> Mapping[str, str]:
        """Return the header."""
        return self._headers

    def renew(self, refused: Mapping[str, str]) -> bool:
        """Return False."""
        return False


class CredentialStore(Protocol):
    """Where an account's tokens live: one JSON-able record, replaced whole in one transaction."""

    def get(self) -> Mapping[str, Any] | None:
        """Return the newest record, None before the first connection."""
        ...

    def replace(self, record: Mapping[str, Any]) -> None:
        """Store the record in place of the old one; return once it is committed."""
        ...


class StoredCredentials:
    """A token that was pasted and stored, read for each request: a new one is taken up at once.

    remedy: what an operator does where there is none.
    """

    def __init__(self, vendor: str, store: CredentialStore, remedy: str) -> None:
        self._vendor, self._store, self._remedy = vendor, store, remedy

    @staticmethod
    def record(credentials: Credentials) -> Mapping[str, str]:
        """Return what is stored of credentials that never change."""
        return dict(credentials.headers())

    def headers(self) -> Mapping[str, str]:
        """Return the header. Raises AccessError where nothing is stored."""
        record = self._store.get() or {}
        if "Authorization" not in record:
            raise AccessError(self._vendor, "signing in", "not connected", remedy=self._remedy)
        return {"Authorization": record["Authorization"]}

    def renew(self, refused: Mapping[str, str]) -> bool:
        """Return whether another token was stored since."""
        return dict(self.headers()) != dict(refused)
