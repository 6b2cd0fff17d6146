"""Numbers over many pieces, on SQL."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime

from sqlalchemy import ColumnElement, Connection, case, distinct, func, literal, select

from bot.domain.annotation import Reach
from bot.domain.match import Match, MatchState
from bot.domain.search import Named, Record
from bot.domain.standing import Ranking
from bot.domain.ticket import TicketStage
from bot.repositories.insights import Loudest, Period
from bot.storage.ids import any_of
from bot.storage.loudest import loudest, speakers, within
from bot.storage.mapping import match_of
from bot.storage.matches import LIVING
from bot.storage.reaching import employers, reach
from bot.storage.tables import company, match, spoken, ticket

_NEWEST_FIRST = (spoken.c.said_at.desc(), spoken.c.feedback_id.desc())


class SqlInsights:
    """Insights on SQL."""

    def __init__(self, connection: Connection) -> None:
        self._connection = connection

    def loudest(self, period: Period, rankings: Sequence[Ranking], most: int, currency: str) -> Loudest:
        """Return how many tickets were heard of in [start, end), the first of each ranking; see the port."""
        return loudest(self._connection, period, rankings, most, currency)

    def main_currency(self) -> str:
        """Return the currency that most companies pay in, "" where no revenue is known."""
        many = func.count().label("many")
        query = select(company.c.revenue_currency).where(company.c.revenue_currency.is_not(None))
        grouped = query.group_by(company.c.revenue_currency).order_by(many.desc(), company.c.revenue_currency)
        return self._connection.scalars(grouped.limit(1)).first() or ""

    def reach(self, ticket_ids: Sequence[int], period: Period | None = None) -> Mapping[int, Reach]:
        """Return who spoke for each of the tickets, in [start, end) or ever."""
        return reach(self._connection, ticket_ids, *(within(period) if period else ()))

    def speakers(self, ticket_ids: Sequence[int], period: Period) -> Mapping[int, Mapping[str, int]]:
        """Return how many pieces the two heaviest companies said of each ticket, by name; see the port."""
        return speakers(self._connection, ticket_ids, period)

    def newcomers(self, ticket_id: int, since: datetime) -> Reach:
        """Return who spoke for the ticket since then and never before."""
        is_its, is_new = spoken.c.ticket_id == ticket_id, func.min(spoken.c.said_at) > since
        new = select(spoken.c.person_id).where(is_its).group_by(spoken.c.person_id).having(is_new)
        people = self._connection.execute(select(func.count()).select_from(new.subquery())).scalar_one()
        pairs = (
            select(literal(ticket_id).label("ticket_id"), spoken.c.company_id)
            .where(is_its, spoken.c.company_id.is_not(None))
            .group_by(spoken.c.company_id)
            .having(is_new)
        )
        return Reach(people, *employers(self._connection, pairs).get(ticket_id, (0, ())))

    def weekly(self, ticket_id: int, periods: Sequence[Period]) -> list[int]:
        """Return how many pieces said in each [start, end) are attached to the ticket."""
        said = spoken.c.said_at
        counts = [func.count(case(((said >= start) & (said < end), 1))) for start, end in periods]
        within = (said >= min(start for start, _ in periods), said < max(end for _, end in periods))
        query = select(*counts).where(spoken.c.ticket_id == ticket_id, *within)
        return list(self._connection.execute(query).one())

    def told(self, ticket_id: int) -> tuple[int, datetime, datetime] | None:
        """Return how many pieces tell of the ticket, and when first and last; None where none does."""
        said = spoken.c.said_at
        query = select(func.count(), func.min(said), func.max(said)).where(spoken.c.ticket_id == ticket_id)
        pieces, first, last = self._connection.execute(query).one()
        return (pieces, first, last) if pieces else None

    def of_ticket(self, ticket_id: int, *, limit: int, offset: int = 0) -> list[int]:
        """Return the pieces attached to the ticket, newest first."""
        query = select(spoken.c.feedback_id).where(spoken.c.ticket_id == ticket_id).order_by(*_NEWEST_FIRST)
        return list(self._connection.scalars(query.limit(limit).offset(offset)))

    def of_customer(self, customer: Named, *, limit: int, offset: int = 0) -> list[int]:
        """Return what the person, or anybody of the company, said, newest first."""
        query = select(spoken.c.feedback_id).where(_is(customer)).order_by(*_NEWEST_FIRST)
        return list(self._connection.scalars(query.limit(limit).offset(offset)))

    def record(self, customer: Named) -> Record:
        """Return all that the customer said, in numbers."""
        query = select(
            func.count().label("pieces"),
            func.count(distinct(spoken.c.conversation_id)).label("conversations"),
            func.count(distinct(spoken.c.person_id)).label("people"),
            func.count(spoken.c.ticket_id).label("attached"),
            func.count(case((ticket.c.stage == TicketStage.DONE, 1))).label("done"),
            func.min(spoken.c.said_at).label("first"),
            func.max(spoken.c.said_at).label("last"),
        ).select_from(spoken.outerjoin(ticket, ticket.c.id == spoken.c.ticket_id))
        return Record(**self._connection.execute(query.where(_is(customer))).one()._mapping)

    def standing(self, feedback_ids: Sequence[int]) -> Mapping[int, Match]:
        """Return each piece's attached pair, else its proposed one; pieces without either are left out."""
        found: dict[int, Match] = {}
        # Of a piece there are few pairs, of a state many: SQLite would begin with the latter.
        query = select(match).where(any_of(match.c.feedback_id, feedback_ids))
        is_attached = case((match.c.state == MatchState.ATTACHED, 1), else_=0)
        for row in self._connection.execute(query.order_by(is_attached, match.c.score, match.c.id)):
            if row.state in LIVING:
                found[row.feedback_id] = match_of(row)
        return found

    def proposed(self, *, limit: int, offset: int = 0) -> list[int]:
        """Return the pieces that wait for a yes or no, those of the newest words first."""
        query = select(spoken.c.feedback_id).where(spoken.c.waits).order_by(*_NEWEST_FIRST)
        return list(self._connection.scalars(query.limit(limit).offset(offset)))

    def count_proposed(self) -> int:
        """Return how many wait."""
        query = select(func.count()).select_from(spoken).where(spoken.c.waits)
        return self._connection.execute(query).scalar_one()


def _is(customer: Named) -> ColumnElement[bool]:
    by = spoken.c.person_id if customer.kind == "person" else spoken.c.company_id
    return by == customer.id
