"""What a digest is told from: counted, ranked and packed where it is stored, however much there is."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Protocol

from bot.domain.annotation import Reach
from bot.domain.digest import Counts
from bot.domain.period import Period
from bot.domain.scope import Listening
from bot.domain.voice import Voice
from bot.repositories.hearing import Heard, Said, Span


@dataclass(frozen=True, slots=True)
class Packed:
    """All that is behind a number. rows: as a digest's list is stored, oldest first."""

    counts: Counts
    rows: str


@dataclass(frozen=True, slots=True)
class Group:
    """People of one kind. people: how many spoke; voices: some of theirs, spread evenly, always the same."""

    name: str
    people: int
    voices: Sequence[Voice]


class Telling(Protocol):
    """A period's pieces within a scope. Unless told otherwise, none that are set aside."""

    def heard(self, within: Listening, period: Period, *, aside: bool = False) -> Packed:
        """Return the period's pieces. aside: those that are set aside instead."""
        ...

    def counts(self, within: Listening, periods: Sequence[Period]) -> list[Counts]:
        """Return what each period brought."""
        ...

    def conversations(self, within: Listening, weeks: Sequence[Span]) -> list[int]:
        """Return how many conversations each week brought."""
        ...

    def trends(
        self, ticket_ids: Sequence[int], weeks: Sequence[Span], arrived_by: datetime | None = None
    ) -> Mapping[int, tuple[int, ...]]:
        """Return how many of each ticket's pieces were said in each week, whatever the scope."""
        ...

    def loudest(self, within: Listening, period: Period, most: int) -> Mapping[int, list[Said]]:
        """Return what was said on the loudest tickets: those of most people, then companies, then pieces."""
        ...

    def busiest(
        self, within: Listening, period: Period, most: int, *, but: Collection[int] = ()
    ) -> Mapping[int, list[Said]]:
        """Return what the people said who spoke of most tickets, then most often. but: whom to leave out."""
        ...

    def past(
        self, person_id: int, until: datetime, arrived_by: datetime | None = None
    ) -> tuple[int, datetime | None]:
        """Return how many pieces the person said before the moment, whatever the scope, and when first."""
        ...

    def reach(
        self, ticket_ids: Sequence[int], until: datetime, arrived_by: datetime | None = None
    ) -> Mapping[int, Reach]:
        """Return who spoke of each of the tickets before the moment, whatever the scope."""
        ...

    def themes(self, within: Listening, weeks: Sequence[Span]) -> Mapping[int, Heard]:
        """Return how often each theme was heard in the weeks, in pieces that match nothing."""
        ...

    def sample(
        self,
        within: Listening,
        period: Period,
        most: int,
        *,
        theme_id: int | None = None,
        is_loose: bool = False,
        is_after_done: bool = False,
    ) -> list[Voice]:
        """Return some of the period's voices, spread evenly and the same ones each time.

        theme_id: of the theme, and loose; is_loose: those that match nothing, as a theme's do;
        is_after_done: on a ticket that was done before.
        """
        ...

    def least(self, within: Listening, period: Period, kind: str, most: int) -> Group | None:
        """Return the group heard least, None where all are heard alike.

        kind: segment, plan, language or source. most: how many of its voices to read.
        """
        ...
