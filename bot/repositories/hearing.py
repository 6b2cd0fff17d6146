"""What was heard, counted where it is stored: a digest reads the words of few pieces only."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import NamedTuple, Protocol

from bot.domain.customer import Revenue
from bot.domain.period import Period
from bot.domain.scope import Listening
from bot.domain.week import Week

SPREAD = 2_654_435_761  # Knuth's: times it, modulo 2 to the 32, ids that follow one another end up far apart


class Stretch(NamedTuple):
    """Any time from its start until its end, e.g. some weeks that follow one another."""

    start: datetime
    end: datetime


Span = Week | Period | Stretch


class Said(NamedTuple):
    """A piece as far as counting needs it. company_id, ticket_id: 0 for none."""

    feedback_id: int
    conversation_id: int
    person_id: int
    company_id: int
    ticket_id: int = 0


@dataclass(frozen=True, slots=True)
class Heard:
    """How often something was heard in each of some weeks, oldest first, and by how many people in all."""

    people: int
    weekly: tuple[int, ...]

    @property
    def pieces(self) -> int:
        """In all the weeks."""
        return sum(self.weekly)


class Hearing(Protocol):
    """Counts of pieces within a scope. Unless told otherwise, none that are set aside."""

    def said(
        self, within: Listening, period: Period, *, aside: bool = False, theme_id: int | None = None
    ) -> list[Said]:
        """Return the period's pieces, oldest first. aside: those that are set aside instead.

        theme_id: those of the theme that match nothing.
        """
        ...

    def late(self, within: Listening, period: Period, since: datetime) -> list[Said]:
        """Return the period's pieces that came in after the moment."""
        ...

    def undone(self, within: Listening, period: Period) -> list[Said]:
        """Return pieces, each with the ticket, whose automatic link a person undid in the period."""
        ...

    def untold(self, within: Listening, period: Period) -> list[Said]:
        """Return pieces on tickets that were done in the period, whose customers nobody has written since."""
        ...

    def is_any_before(self, within: Listening, moment: datetime) -> bool:
        """Return whether anything was said before the moment."""
        ...

    def companies(self, company_ids: Collection[int]) -> Mapping[int, tuple[str, Revenue | None]]:
        """Return each company's name and what it pays a year."""
        ...

    def values(self, kind: str) -> list[str]:
        """Return what a scope of that kind can name, sorted. kind: a field of Scope."""
        ...
