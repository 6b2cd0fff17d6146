"""Numbers over many pieces, on SQL."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping, Sequence
from datetime import datetime, timedelta
from decimal import Decimal
from typing import Any

from sqlalchemy import ColumnElement, Connection, FromClause, Numeric, Select, case, distinct, func, select
from sqlalchemy import cast as sql_cast

from bot.domain.annotation import Reach, revenue_of
from bot.domain.customer import Revenue
from bot.domain.match import Match, MatchState
from bot.domain.search import Heard, Named, Record
from bot.domain.ticket import TicketStage
from bot.repositories.insights import Period
from bot.storage.mapping import match_of
from bot.storage.sql import InOrder, chunks
from bot.storage.tables import company, conversation, feedback, match, person, ticket

_PAIRED = match.join(feedback, feedback.c.id == match.c.feedback_id)
_ATTACHED = _PAIRED.join(conversation, conversation.c.id == feedback.c.conversation_id).join(
    person, person.c.id == conversation.c.person_id
)
_IS_ATTACHED = (match.c.state == MatchState.ATTACHED) & feedback.c.excluded.is_(None)
# By when it was said first: right where a period holds a small part of all pieces.
_ATTACHED_LATELY = InOrder(
    InOrder(
        InOrder(feedback, match, feedback.c.id == match.c.feedback_id),
        conversation,
        conversation.c.id == feedback.c.conversation_id,
    ),
    person,
    person.c.id == conversation.c.person_id,
)
LATELY = timedelta(days=92)
_SAID = feedback.join(conversation, conversation.c.id == feedback.c.conversation_id).join(
    person, person.c.id == conversation.c.person_id
)
_NEWEST_FIRST = (feedback.c.said_at.desc(), feedback.c.id.desc())
_WAITS = (match.c.state == MatchState.SUGGESTED) & feedback.c.excluded.is_(None)


class SqlInsights:
    """Insights on SQL."""

    def __init__(self, connection: Connection) -> None:
        self._connection = connection

    def heard(self, period: Period) -> list[Heard]:
        """Return how much each ticket was heard of in [start, end), by ticket."""
        people, companies = func.count(distinct(person.c.id)), func.count(distinct(person.c.company_id))
        query = select(match.c.ticket_id, func.count(), people, companies).select_from(_attached(period))
        rows = self._connection.execute(
            query.where(_IS_ATTACHED, *_within(period)).group_by(match.c.ticket_id)
        )
        return [Heard(ticket_id=t, pieces=n, people=p, companies=c) for t, n, p, c in rows]

    def revenue(self, period: Period, currency: str) -> Mapping[int, Decimal]:
        """Return what the companies that spoke for each ticket pay a year in the currency."""
        spoke = (
            select(match.c.ticket_id, person.c.company_id)
            .select_from(_attached(period))
            .where(_IS_ATTACHED, *_within(period))
            .distinct()
            .subquery()
        )
        amount = func.sum(sql_cast(company.c.revenue_amount, Numeric(20, 2)))
        query = select(spoke.c.ticket_id, amount).join(company, company.c.id == spoke.c.company_id)
        rows = self._connection.execute(
            query.where(company.c.revenue_currency == currency).group_by(spoke.c.ticket_id)
        )
        return {ticket_id: Decimal(total) for ticket_id, total in rows if total}

    def main_currency(self) -> str:
        """Return the currency that most companies pay in, "" where no revenue is known."""
        many = func.count().label("many")
        query = select(company.c.revenue_currency).where(company.c.revenue_currency.is_not(None))
        grouped = query.group_by(company.c.revenue_currency).order_by(many.desc(), company.c.revenue_currency)
        return self._connection.scalars(grouped.limit(1)).first() or ""

    def reach(self, ticket_ids: Sequence[int], period: Period | None = None) -> Mapping[int, Reach]:
        """Return who spoke for each of the tickets, in [start, end) or ever."""
        within = _within(period) if period else []
        people: dict[int, int] = {}
        paying: dict[int, list[tuple[int, Revenue | None]]] = defaultdict(list)
        for ids in chunks(ticket_ids):
            its = (_IS_ATTACHED, match.c.ticket_id.in_(ids), *within)
            counted = select(match.c.ticket_id, func.count(distinct(person.c.id))).select_from(_ATTACHED)
            for row in self._connection.execute(counted.where(*its).group_by(match.c.ticket_id)):
                people[row.ticket_id] = row[1]
            for row in self._connection.execute(_paying().where(*its).distinct()):
                paying[row.ticket_id].append((row.id, _revenue(row)))
        return {t: Reach(n, len(paying[t]), revenue_of(paying[t])) for t, n in people.items()}

    def speakers(self, ticket_ids: Sequence[int], period: Period) -> Mapping[int, Mapping[str, int]]:
        """Return how many pieces each company said on each of the tickets, by name; "" for no company."""
        found: dict[int, dict[str, int]] = defaultdict(dict)
        source = _ATTACHED.outerjoin(company, company.c.id == person.c.company_id)
        query = select(match.c.ticket_id, company.c.name, func.count()).select_from(source)
        for ids in chunks(ticket_ids):
            its = query.where(_IS_ATTACHED, match.c.ticket_id.in_(ids), *_within(period))
            grouped = its.group_by(match.c.ticket_id, company.c.id, company.c.name)
            for ticket_id, name, pieces in self._connection.execute(grouped):
                found[ticket_id][name or ""] = found[ticket_id].get(name or "", 0) + pieces
        return found

    def newcomers(self, ticket_id: int, since: datetime) -> Reach:
        """Return who spoke for the ticket since then and never before."""
        its = (_IS_ATTACHED, match.c.ticket_id == ticket_id)
        is_new = func.min(feedback.c.said_at) > since
        new = select(person.c.id).select_from(_ATTACHED).where(*its).group_by(person.c.id).having(is_new)
        people = self._connection.execute(select(func.count()).select_from(new.subquery())).scalar_one()
        query = _paying().where(*its).group_by(match.c.ticket_id, *_OF_COMPANY).having(is_new)
        found = [(row.id, _revenue(row)) for row in self._connection.execute(query)]
        return Reach(people, len(found), revenue_of(found))

    def weekly(self, ticket_id: int, periods: Sequence[Period]) -> list[int]:
        """Return how many pieces said in each [start, end) are attached to the ticket."""
        said = feedback.c.said_at
        counts = [func.count(case(((said >= start) & (said < end), 1))) for start, end in periods]
        query = select(*counts).select_from(_PAIRED)
        return list(self._connection.execute(query.where(_IS_ATTACHED, match.c.ticket_id == ticket_id)).one())

    def told(self, ticket_id: int) -> tuple[int, datetime, datetime] | None:
        """Return how many pieces tell of the ticket, and when first and last; None where none does."""
        said = feedback.c.said_at
        query = select(func.count(), func.min(said), func.max(said)).select_from(_PAIRED)
        its = query.where(_IS_ATTACHED, match.c.ticket_id == ticket_id)
        pieces, first, last = self._connection.execute(its).one()
        return (pieces, first, last) if pieces else None

    def of_ticket(self, ticket_id: int, *, limit: int, offset: int = 0) -> list[int]:
        """Return the pieces attached to the ticket, newest first."""
        query = select(feedback.c.id).select_from(_PAIRED)
        its = query.where(_IS_ATTACHED, match.c.ticket_id == ticket_id).order_by(*_NEWEST_FIRST)
        return list(self._connection.scalars(its.limit(limit).offset(offset)))

    def of_customer(self, customer: Named, *, limit: int, offset: int = 0) -> list[int]:
        """Return what the person, or anybody of the company, said, newest first."""
        query = select(feedback.c.id).select_from(_SAID).where(_is(customer), feedback.c.excluded.is_(None))
        return list(self._connection.scalars(query.order_by(*_NEWEST_FIRST).limit(limit).offset(offset)))

    def record(self, customer: Named) -> Record:
        """Return all that the customer said, in numbers."""
        is_done = (match.c.id.is_not(None)) & (ticket.c.stage == TicketStage.DONE)
        query = select(
            func.count(),
            func.count(distinct(conversation.c.id)),
            func.count(distinct(person.c.id)),
            func.count(match.c.id),
            func.count(case((is_done, 1))),
            func.min(feedback.c.said_at),
            func.max(feedback.c.said_at),
        ).select_from(
            _SAID.outerjoin(
                match, (match.c.feedback_id == feedback.c.id) & (match.c.state == MatchState.ATTACHED)
            ).outerjoin(ticket, ticket.c.id == match.c.ticket_id)
        )
        found = query.where(_is(customer), feedback.c.excluded.is_(None))
        pieces, conversations, people, attached, done, first, last = self._connection.execute(found).one()
        return Record(
            pieces=pieces,
            conversations=conversations,
            people=people,
            attached=attached,
            done=done,
            first=first,
            last=last,
        )

    def standing(self, feedback_ids: Sequence[int]) -> Mapping[int, Match]:
        """Return each piece's attached pair, else its proposed one; pieces without either are left out."""
        found: dict[int, Match] = {}
        living = (MatchState.SUGGESTED.value, MatchState.ATTACHED.value)
        for ids in chunks(feedback_ids):
            query = select(match).where(match.c.feedback_id.in_(ids), match.c.state.in_(living))
            is_attached = case((match.c.state == MatchState.ATTACHED, 1), else_=0)
            for row in self._connection.execute(query.order_by(is_attached, match.c.score, match.c.id)):
                found[row.feedback_id] = match_of(row)
        return found

    def proposed(self, *, limit: int, offset: int = 0) -> list[int]:
        """Return the pieces that wait for a yes or no, those of the newest words first."""
        query = select(feedback.c.id).select_from(_PAIRED).where(_WAITS).distinct()
        ordered = query.add_columns(feedback.c.said_at).order_by(*_NEWEST_FIRST)
        return [row.id for row in self._connection.execute(ordered.limit(limit).offset(offset))]

    def count_proposed(self) -> int:
        """Return how many wait."""
        query = select(func.count(distinct(feedback.c.id))).select_from(_PAIRED)
        return self._connection.execute(query.where(_WAITS)).scalar_one()


_OF_COMPANY = (company.c.id, company.c.revenue_amount, company.c.revenue_currency)


def _attached(period: Period) -> FromClause:
    """Return attached pieces with who said them, in the order that suits the period."""
    return _ATTACHED_LATELY if period[1] - period[0] <= LATELY else _ATTACHED


def _paying() -> Select[Any]:
    """Return each ticket with the companies that spoke for it."""
    employed = _ATTACHED.join(company, company.c.id == person.c.company_id)
    return select(match.c.ticket_id, *_OF_COMPANY).select_from(employed)


def _revenue(row: Any) -> Revenue | None:
    return None if row.revenue_amount is None else Revenue(row.revenue_amount, row.revenue_currency)


def _within(period: Period) -> list[ColumnElement[bool]]:
    return [feedback.c.said_at >= period[0], feedback.c.said_at < period[1]]


def _is(customer: Named) -> ColumnElement[bool]:
    return person.c.id == customer.id if customer.kind == "person" else person.c.company_id == customer.id
