"""Numbers over many pieces, added up where they are stored."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import NamedTuple, Protocol

from bot.domain.annotation import Reach
from bot.domain.match import Match
from bot.domain.search import Named, Record
from bot.domain.standing import Ranking

Period = tuple[datetime, datetime]


class Loudest(NamedTuple):
    """How many tickets were heard of, and the first of each ranking, by id."""

    tickets: int
    places: Mapping[Ranking, Sequence[int]]


class Insights(Protocol):
    """Who said how much about what. Pieces that are set aside never count."""

    def loudest(self, period: Period, rankings: Sequence[Ranking], most: int, currency: str) -> Loudest:
        """Return how many tickets were heard of in [start, end), and the first of each ranking.

        Loudest first, those with any of it only; of equals the one of more people, then of more pieces.
        currency: that revenue is ranked in.
        """
        ...

    def main_currency(self) -> str:
        """Return the currency that most companies pay in, "" where no revenue is known."""
        ...

    def reach(self, ticket_ids: Sequence[int], period: Period | None = None) -> Mapping[int, Reach]:
        """Return who spoke for each of the tickets, in [start, end) or ever."""
        ...

    def speakers(self, ticket_ids: Sequence[int], period: Period) -> Mapping[int, Mapping[str, int]]:
        """Return how many pieces the two companies that said most said on each of the tickets, by name.

        "" stands for all others; a ticket that no company spoke of is left out.
        """
        ...

    def newcomers(self, ticket_id: int, since: datetime) -> Reach:
        """Return who spoke for the ticket since then and never before."""
        ...

    def weekly(self, ticket_id: int, periods: Sequence[Period]) -> list[int]:
        """Return how many pieces said in each [start, end) are attached to the ticket."""
        ...

    def told(self, ticket_id: int) -> tuple[int, datetime, datetime] | None:
        """Return how many pieces tell of the ticket, and when first and last; None where none does."""
        ...

    def of_ticket(self, ticket_id: int, *, limit: int, offset: int = 0) -> list[int]:
        """Return the pieces attached to the ticket, newest first."""
        ...

    def of_customer(self, customer: Named, *, limit: int, offset: int = 0) -> list[int]:
        """Return what the person, or anybody of the company, said, newest first."""
        ...

    def record(self, customer: Named) -> Record:
        """Return all that the customer said, in numbers."""
        ...

    def standing(self, feedback_ids: Sequence[int]) -> Mapping[int, Match]:
        """Return each piece's attached pair, else its proposed one; pieces without either are left out."""
        ...

    def proposed(self, *, limit: int, offset: int = 0) -> list[int]:
        """Return the pieces that wait for a yes or no, those of the newest words first."""
        ...

    def count_proposed(self) -> int:
        """Return how many wait."""
        ...
