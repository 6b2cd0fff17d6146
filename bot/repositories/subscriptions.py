"""Which channel hears what, when; and the digests that were built for it."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Protocol

from bot.domain.digest import DigestSnapshot, Subscription
from bot.domain.period import Period
from bot.domain.scope import EVERYTHING, Scope
from bot.repositories.hearing import Said


@dataclass(frozen=True, slots=True)
class StoredDigest:
    """One revision of a digest. id: by which its lists are found."""

    id: int
    snapshot: DigestSnapshot


@dataclass(frozen=True, slots=True)
class Preview:
    """A digest that was looked at before it was told, with the pieces behind one of its numbers."""

    snapshot: DigestSnapshot
    said: Sequence[Said]


class Previews(Protocol):
    """Digests that were looked at before they were told."""

    def save(self, snapshot: DigestSnapshot, lists: Mapping[str, str]) -> int:
        """Store it, and return by which number it is found. lists: what is behind its numbers, packed."""
        ...

    def get(self, preview_id: int, name: str) -> Preview | None:
        """Return the digest with what is behind the number of that name; None where it is kept no more."""
        ...

    def drop(self, before: datetime) -> None:
        """Forget those that were built before the moment."""
        ...


class Subscriptions(Protocol):
    """Subscriptions, their digests in every revision, and the lists behind their numbers."""

    def put(
        self,
        channel: str,
        name: str,
        *,
        cron: str,
        zone: str,
        next_at: datetime | None,
        scope: Scope = EVERYTHING,
    ) -> Subscription:
        """Insert, or replace these facts by (channel, name): the others stay as they are."""
        ...

    def change(self, subscription_id: int, **facts: Any) -> Subscription:
        """Store new facts, by the names of Subscription's fields; return it as it is then."""
        ...

    def find(self, channel: str, name: str) -> Subscription | None:
        """Return the subscription."""
        ...

    def get(self, subscription_id: int) -> Subscription:
        """Return the subscription. Raises KeyError."""
        ...

    def all(self) -> list[Subscription]:
        """Return all, by channel and name."""
        ...

    def due(self, now: datetime) -> list[Subscription]:
        """Return those whose next_at has come and that are not paused."""
        ...

    def set_next(self, subscription_id: int, next_at: datetime, *, was: datetime) -> None:
        """Set when it is due next, where that still `was` so."""
        ...

    def save_snapshot(self, snapshot: DigestSnapshot, lists: Mapping[str, str]) -> int:
        """Store a built digest, by its subscription, period and revision, and return its id.

        lists: what is behind its numbers, packed, by name. Raises AlreadyExists for a revision that is there.
        """
        ...

    def snapshot(
        self, subscription_id: int, period: Period, revision: int | None = None
    ) -> DigestSnapshot | None:
        """Return the newest (or that) revision for the period, equal to what was stored, or None."""
        ...

    def revisions(self, subscription_id: int, period: Period) -> list[StoredDigest]:
        """Return every revision for the period, the first one first."""
        ...

    def stored(self, digest_id: int) -> StoredDigest | None:
        """Return a revision by its id."""
        ...

    def rewrite(self, digest_id: int, snapshot: DigestSnapshot) -> None:
        """Overwrite what is stored: words that their source withdrew are in no revision."""
        ...

    def listed(self, digest_id: int, name: str) -> list[Said]:
        """Return what is behind a number of the digest; nothing where there is no such list."""
        ...

    def newest(self, subscription_id: int, limit: int) -> list[StoredDigest]:
        """Return the newest revision of the newest periods, latest first."""
        ...

    def counting(self, feedback_id: int) -> list[int]:
        """Return the ids of the first revisions of the digests that may have counted the piece.

        They are of the time when it was said, and were built when it was here.
        """
        ...

    def quoted(self, channel: str, since: datetime, until: datetime) -> frozenset[int]:
        """Return ids of pieces that the channel's digests quoted, of periods begun in [since, until)."""
        ...

    def remember_quotes(
        self, subscription_id: int, period_start: datetime, feedback_ids: Sequence[int]
    ) -> None:
        """Note which pieces a digest quoted."""
        ...
