"""What waits for people, and what admins set in the chat."""

from __future__ import annotations

from collections.abc import Callable, Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Protocol


@dataclass(frozen=True, slots=True)
class Origin:
    """Where pieces come from, which tells whose they are."""

    source: str
    inbox: str
    tags: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Waiting:
    """How many proposals from one origin wait. latest: when the newest of them was made."""

    origin: Origin
    pieces: int
    latest: datetime


class Proposals(Protocol):
    """Pieces with a proposal that nobody has answered; none that was set aside."""

    def waiting(self) -> Sequence[Waiting]:
        """Return how many wait, by origin, and since when the newest."""
        ...

    def counts(self) -> Mapping[Origin, int]:
        """Return how many wait, by origin."""
        ...

    def surest(
        self, limit: int, is_ours: Callable[[Origin], bool], *, but: Collection[int] = ()
    ) -> list[int]:
        """Return pieces of our origins, the surest proposal first, of equal ones the newest words."""
        ...

    def decided_by(self, person: str, since: datetime) -> list[int]:
        """Return the tickets that the person chose since then, the latest choice first, each once."""
        ...

    def voices_since(self, ticket_ids: Sequence[int], since: datetime) -> Mapping[int, int]:
        """Return how many pieces said since then are attached to each; tickets without any are left out."""
        ...


class Preferences(Protocol):
    """What admins set in the chat, by name; it goes before the settings."""

    def get(self, name: str) -> str | None:
        """Return what is set, None where the settings stand."""
        ...

    def put(self, name: str, value: str | None, *, by: str, now: datetime) -> None:
        """Set it, or with None let the settings stand again."""
        ...
