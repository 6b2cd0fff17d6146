"""Whose a ticket is, without the address: a mark that a colleague's e-mail address can be compared by."""

from __future__ import annotations

import hashlib
import hmac
from collections.abc import Sequence

from bot.storage.types import storable

PURPOSE = b"assignee"  # the keys seal tokens too: what they do here must tell nothing about them


class Marks:
    """Marks under the settings' keys, the newest first: who has the database alone cannot try addresses.

    Without a key a mark is a plain hash, which anybody can make of a list of addresses.
    """

    def __init__(self, keys: Sequence[str] = ()) -> None:
        self._keys = [hmac.digest(key.encode(), PURPOSE, "sha256") for key in keys]

    def of(self, email: str | None) -> str | None:
        """Return what is stored: "" for an address that the tracker hides, None for nobody."""
        return None if email is None else next(iter(self.all_of(email)), "")

    def all_of(self, email: str) -> list[str]:
        """Return every mark that the address may be stored as: a ticket keeps its own until it is saved."""
        folded = storable(email).strip().casefold().encode()
        if not folded:
            return []
        keyed = [hmac.digest(key, folded, "sha256") for key in self._keys]
        return [mark.hex()[:32] for mark in (*keyed, hashlib.sha256(folded).digest())]
