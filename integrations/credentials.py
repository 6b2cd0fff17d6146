"""What signs a request."""

from __future__ import annotations

import base64
from collections.abc import Mapping
from typing import Protocol


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
