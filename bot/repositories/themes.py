"""Themes, and the places of the pieces that match nothing."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Protocol

from bot.domain.annotation import Reach
from bot.domain.theme import Seat, Theme, ThemeState


@dataclass(frozen=True, slots=True)
class Place:
    """Where a piece that matches nothing stands. seat: None for one not looked at; theme_id: None in none."""

    feedback_id: int
    theme_id: int | None
    seat: Seat | None


@dataclass(frozen=True, slots=True)
class Voices:
    """How many speak for a theme. weekly: pieces in each of the weeks that were asked for."""

    theme_id: int
    pieces: int
    people: int
    weekly: tuple[int, ...]


class Themes(Protocol):
    """Themes and their members.

    A piece matches nothing while it is not set aside, has no ticket, and no proposal that is more likely
    right than wrong. What matches something counts in no theme, even before `leave_matched` takes it out.
    """

    def add(
        self,
        *,
        name: str,
        terms: Sequence[str],
        first_heard: datetime,
        last_heard: datetime,
        now: datetime,
        central: Sequence[int] = (),
        is_settled: bool = False,
        came_from: int | None = None,
    ) -> Theme:
        """Store a living theme."""
        ...

    def get(self, theme_id: int) -> Theme:
        """Return the theme. Raises KeyError."""
        ...

    def all(self, states: Collection[ThemeState]) -> list[Theme]:
        """Return those in the states, by id."""
        ...

    def change(self, theme_id: int, **facts: Any) -> Theme:
        """Store new facts of the theme, by the names of Theme's fields; return it as it is then."""
        ...

    def decide(
        self,
        theme_id: int,
        what: str,
        *,
        by: str,
        now: datetime,
        state: ThemeState,
        other: int | None = None,
        **facts: Any,
    ) -> Theme:
        """Store a person's decision on the theme: its state and facts, and a row that keeps who and when.

        other: the theme that it is about as well.
        """
        ...

    def decisions(self) -> int:
        """Return how many decisions of people there are: another number, another state of things."""
        ...

    def place(self, places: Mapping[int, int | None], seat: Seat) -> None:
        """Set each piece's theme, None for none."""
        ...

    def leave(self, feedback_ids: Sequence[int]) -> None:
        """Forget the pieces' places."""
        ...

    def leave_matched(self) -> list[int]:
        """Forget the places of pieces that match something by now; return the themes that lost members."""
        ...

    def unmatched(self, since: datetime, *, limit: int) -> list[Place]:
        """Return the newest pieces that match nothing, said since then, by when they were said."""
        ...

    def of(self, feedback_ids: Sequence[int]) -> list[Place]:
        """Return the places of those of the pieces that match nothing, in the order of the ids."""
        ...

    def members(self, theme_ids: Sequence[int]) -> Mapping[int, list[int]]:
        """Return each theme's pieces that match nothing, by id."""
        ...

    def voices(self, theme_ids: Sequence[int], weeks: Sequence[tuple[datetime, datetime]]) -> list[Voices]:
        """Return how many pieces and people speak for each theme, and how many pieces in each [start, end).

        A theme of nobody is left out.
        """
        ...

    def reach(self, theme_ids: Sequence[int]) -> Mapping[int, Reach]:
        """Return who speaks for each theme, and what their companies pay; a theme of nobody is left out."""
        ...
