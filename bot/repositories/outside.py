"""What ties Voc to the outside: outward acts, sources, tokens, deliveries."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Protocol

from bot.domain.effect import Effect, EffectState


class Effects(Protocol):
    """The ledger of outward acts."""

    def want(self, kind: str, target: str, key: str, wanted: str, now: datetime) -> Effect:
        """Ask for the act with that content hash, and return its row.

        An unknown act becomes PENDING, and so does a DONE one of another hash. A PARKED one of another hash
        becomes UNCERTAIN, to be looked up first. Others keep their state and take the new hash.
        """
        ...

    def find(self, kind: str, target: str, key: str) -> Effect | None:
        """Return the row."""
        ...

    def of(self, kind: str, target: str) -> list[Effect]:
        """Return all rows of a kind for a target, by id."""
        ...

    def claim(self, effect_id: int, *, until: datetime, now: datetime) -> Effect | None:
        """Take the act for ourselves until then, if it is due. Atomic.

        Due: PENDING or UNCERTAIN with next_at reached, or CLAIMED with its lease over. Returns the row as it
        was before the claim, or None when another holds it or it is not due. Raises Stopping when this
        process is about to end.
        """
        ...

    def settle(
        self,
        effect_id: int,
        state: EffectState,
        now: datetime,
        *,
        result: str | None = None,
        done: str | None = None,
        next_at: datetime | None = None,
        note: str = "",
        held_until: datetime | None = None,
    ) -> bool:
        """Close the claim. A DONE whose `done` differs from `wanted` by now becomes PENDING again.

        held_until: the end of the caller's claim; where another took the act over since, nothing changes and
        False is returned.
        """
        ...

    def extend(self, effect_id: int, held_until: datetime, until: datetime) -> bool:
        """Let the caller's claim, which ends at held_until, end later; False where it was taken over."""
        ...

    def reopen(self, target: str, now: datetime) -> None:
        """Let the target's PARKED acts be looked up and tried again: what they needed is there again."""
        ...

    def release(self, effect_id: int, now: datetime) -> None:
        """Give a claim back untouched: nothing was sent. An act that was uncertain before is so again."""
        ...

    def postpone(self, effect_ids: Sequence[int], next_at: datetime) -> None:
        """Let PENDING rows wait until then; others stay as they are."""
        ...

    def due(self, now: datetime, kinds: Sequence[str] = (), *, limit: int = 200) -> list[Effect]:
        """Return rows that may be claimed now, oldest next_at first."""
        ...

    def done_between(self, kind: str, target: str, start: datetime, end: datetime) -> int:
        """Return how many acts of a kind for a target were first done in [start, end)."""
        ...

    def counts(self) -> Mapping[tuple[str, EffectState], int]:
        """Return the number of rows by kind and state."""
        ...


@dataclass(frozen=True, slots=True, kw_only=True)
class SourceHealth:
    """How a source (or tracker) is doing.

    failures: in a row since the last success; told_at: when its owner was told.
    """

    name: str
    cursor: str = ""
    last_success_at: datetime | None = None
    last_change_at: datetime | None = None
    failures: int = 0
    error: str = ""
    told_at: datetime | None = None
    next_at: datetime | None = None


class Sources(Protocol):
    """Cursors and the health of what is read."""

    def get(self, name: str) -> SourceHealth:
        """Return its row, a fresh one if there is none."""
        ...

    def save_cursor(
        self, name: str, cursor: str, now: datetime, *, last_change_at: datetime | None = None
    ) -> None:
        """Store the cursor that closes the page saved in this same transaction."""
        ...

    def succeeded(self, name: str, now: datetime) -> None:
        """A whole run went through."""
        ...

    def failed(self, name: str, error: str, now: datetime) -> None:
        """A run ended with an error (its class and doing, never customer data)."""
        ...

    def told(self, name: str, now: datetime | None) -> None:
        """The owner channel was told of the failure, or (None) of the recovery."""
        ...

    def schedule(self, name: str, next_at: datetime) -> None:
        """Set when it is due next."""
        ...

    def all(self) -> list[SourceHealth]:
        """Return all rows by name."""
        ...

    def set_aside(self, name: str, external_id: str, why: str, now: datetime) -> None:
        """Keep the id of an item that could not be read."""
        ...

    def readable_again(self, name: str, external_id: str) -> None:
        """Forget that an item could not be read."""
        ...

    def count_set_aside(self, name: str | None = None) -> int:
        """Return how many items could not be read."""
        ...


class Credentials(Protocol):
    """Rotating tokens, encrypted."""

    def get(self, integration: str, account: str) -> bytes | None:
        """Return the sealed value."""
        ...

    def put(self, integration: str, account: str, sealed: bytes, now: datetime) -> None:
        """Replace the sealed value."""
        ...


@dataclass(frozen=True, slots=True)
class KeptEvent:
    """An event that Slack was told to have arrived. body: what it says, without anybody's words."""

    id: str
    body: Mapping[str, Any]
    at: datetime


class Deliveries(Protocol):
    """Events and interactions that were seen."""

    def is_new(self, source: str, delivery_id: str, now: datetime) -> bool:
        """Remember the delivery and return True, or return False if it was seen before."""
        ...

    def keep(self, kept: KeptEvent) -> bool:
        """Keep the event until it is handled; return False for one that is kept, or handled, already."""
        ...

    def finish(self, delivery_id: str, now: datetime, *, was_handled: bool) -> None:
        """Keep the event no longer. was_handled: so that it is not to be handled again."""
        ...

    def is_open(self, delivery_id: str) -> bool:
        """Return whether the event was not handled yet."""
        ...

    def unfinished(self, before: datetime, *, limit: int) -> list[KeptEvent]:
        """Return events that were kept before then, the oldest first."""
        ...

    def forget_before(self, moment: datetime) -> None:
        """Drop old rows."""
        ...


class Vectors(Protocol):
    """Embeddings by text hash, so that a restart does not make them anew."""

    def get_many(self, keys: Sequence[str]) -> Mapping[str, bytes]:
        """Return the vectors that are stored (float32 rows as bytes)."""
        ...

    def put_many(self, rows: Mapping[str, bytes]) -> None:
        """Store vectors; known keys stay as they are."""
        ...

    def which(self, keys: Sequence[str]) -> frozenset[str]:
        """Return those of the keys whose vectors are stored."""
        ...

    def drop_others(self, embedder: str, *, limit: int) -> int:
        """Drop up to that many vectors of other embedders; return how many."""
        ...
