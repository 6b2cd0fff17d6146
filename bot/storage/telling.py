"""What a digest is told from, on SQL: each question is one look at the period's pieces."""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable, Iterator, Mapping, Sequence
from datetime import datetime
from typing import Any

from sqlalchemy import (
    BigInteger,
    ColumnElement,
    Connection,
    FromClause,
    Text,
    and_,
    case,
    func,
    literal,
    select,
    union_all,
)
from sqlalchemy import cast as sql_cast

from bot.domain.annotation import NOBODY, Reach
from bot.domain.digest import Counts
from bot.domain.period import Period
from bot.domain.scope import Listening
from bot.domain.ticket import TicketStage
from bot.domain.voice import Voice
from bot.repositories.hearing import SPREAD, Heard, Said, Span, Stretch
from bot.repositories.telling import Group, Packed
from bot.storage.ids import any_of
from bot.storage.reaching import reach
from bot.storage.scopes import GROUPS, WITH_TICKETS, is_within, spoken_within
from bot.storage.tables import conversation, feedback, match, person, spoken, theme_member, ticket
from bot.storage.themes import IS_LOOSE, MATCHES_NOTHING
from bot.storage.voices import voices_of

_SPOKEN = select(
    spoken.c.feedback_id.label("id"),
    spoken.c.conversation_id,
    spoken.c.person_id,
    spoken.c.company_id,
    spoken.c.ticket_id,
    spoken.c.said_at,
    spoken.c.arrived_at,
)
_JOINED = select(
    feedback.c.id,
    feedback.c.conversation_id,
    conversation.c.person_id,
    person.c.company_id,
    match.c.ticket_id,
    feedback.c.said_at,
    feedback.c.arrived_at,
).select_from(WITH_TICKETS)


class SqlTelling:
    """Telling on SQL."""

    def __init__(self, connection: Connection) -> None:
        self._connection = connection
        self._dialect = connection.dialect.name

    def heard(self, within: Listening, period: Period, *, aside: bool = False) -> Packed:
        """Return the period's pieces, packed in the database: thousands need not become objects here."""
        told = self._told(within, aside=aside)
        row = select(told).where(_during(told, period)).order_by(told.c.said_at, told.c.id).subquery()
        packed, *counts = self._connection.execute(select(self._packed(row), *_numbers(row))).one()
        return Packed(Counts(*counts), packed or "[]")

    def counts(self, within: Listening, periods: Sequence[Period]) -> list[Counts]:
        """Return what each period brought."""
        told = self._told(within)
        return [Counts(*row) for row in self._each(told, periods, *_numbers(told))]

    def conversations(self, within: Listening, weeks: Sequence[Span]) -> list[int]:
        """Return how many conversations each week brought."""
        told = self._told(within)
        return [number for (number,) in self._each(told, weeks, _numbers(told)[0])]

    def loudest(self, within: Listening, period: Period, most: int) -> Mapping[int, list[Said]]:
        """Return the loudest tickets with their pieces; on a tie the lower number."""
        told = self._told(within)
        loudness = (func.count(told.c.person_id.distinct()), func.count(told.c.company_id.distinct()))
        query = select(told.c.ticket_id).where(_during(told, period), told.c.ticket_id.is_not(None))
        ordered = query.group_by(told.c.ticket_id).order_by(
            *(number.desc() for number in (*loudness, func.count())), told.c.ticket_id
        )
        ids = list(self._connection.scalars(ordered.limit(most)))
        said = self._said(told, period, any_of(told.c.ticket_id, ids)) if ids else []
        return _grouped(ids, said, lambda one: one.ticket_id)

    def busiest(
        self, within: Listening, period: Period, most: int, *, but: Collection[int] = ()
    ) -> Mapping[int, list[Said]]:
        """Return the busiest people with their pieces; on a tie the lower number."""
        told = self._told(within)
        most_first = (func.count(told.c.ticket_id.distinct()).desc(), func.count().desc(), told.c.person_id)
        query = select(told.c.person_id).where(_during(told, period), told.c.person_id.not_in(sorted(but)))
        ordered = query.group_by(told.c.person_id).order_by(*most_first)
        ids = list(self._connection.scalars(ordered.limit(most)))
        said = self._said(told, period, any_of(told.c.person_id, ids)) if ids else []
        return _grouped(ids, said, lambda one: one.person_id)

    def trends(
        self, ticket_ids: Sequence[int], weeks: Sequence[Span], arrived_by: datetime | None = None
    ) -> Mapping[int, tuple[int, ...]]:
        """Return how many of each ticket's pieces were said in each week."""
        told = self._told(Listening(arrived_by=arrived_by))
        its = (any_of(told.c.ticket_id, ticket_ids), _during(told, Stretch(weeks[0].start, weeks[-1].end)))
        query = select(told.c.ticket_id, *_weekly(told, weeks)).where(*its).group_by(told.c.ticket_id)
        found = {row[0]: tuple(row[1:]) for row in self._connection.execute(query)}
        return {i: found.get(i, (0,) * len(weeks)) for i in ticket_ids}

    def past(
        self, person_id: int, until: datetime, arrived_by: datetime | None = None
    ) -> tuple[int, datetime | None]:
        """Return how many pieces the person said, and when first."""
        asked = [spoken.c.person_id == person_id, *_before(until, arrived_by)]
        pieces, first = self._connection.execute(
            select(func.count(), func.min(spoken.c.said_at)).where(*asked)
        ).one()
        return pieces, first

    def reach(
        self, ticket_ids: Sequence[int], until: datetime, arrived_by: datetime | None = None
    ) -> Mapping[int, Reach]:
        """Return who spoke of each ticket."""
        its = reach(self._connection, ticket_ids, *_before(until, arrived_by))
        return dict.fromkeys(ticket_ids, NOBODY) | its

    def themes(self, within: Listening, weeks: Sequence[Span]) -> Mapping[int, Heard]:
        """Return how often each theme was heard. Few pieces are in a theme: these are read first."""
        seated = select(theme_member.c.feedback_id).where(theme_member.c.theme_id.is_not(None))
        loose = select(feedback.c.id).where(feedback.c.id.in_(seated), MATCHES_NOTHING)
        told = self._told(within)
        its = (told.c.id.in_(loose), _during(told, Stretch(weeks[0].start, weeks[-1].end)))
        people = func.count(told.c.person_id.distinct())
        query = select(theme_member.c.theme_id, people, *_weekly(told, weeks)).join_from(
            told, theme_member, theme_member.c.feedback_id == told.c.id
        )
        rows = self._connection.execute(query.where(*its).group_by(theme_member.c.theme_id))
        return {row[0]: Heard(row[1], tuple(row[2:])) for row in rows}

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
        """Return some of the period's voices; see the port."""
        source, is_heard = spoken_within(within, self._dialect, asks_ticket=is_after_done)
        asked = [is_heard, _during(spoken, period)]
        if is_loose or theme_id is not None:
            asked.append(IS_LOOSE)
        if theme_id is not None:
            source = source.join(theme_member, theme_member.c.feedback_id == spoken.c.feedback_id)
            asked.append(theme_member.c.theme_id == theme_id)
        if is_after_done:
            asked += [ticket.c.stage == TicketStage.DONE.value, spoken.c.said_at >= ticket.c.resolved_at]
        its = select(spoken.c.feedback_id).select_from(source).where(*asked)
        some = its.order_by(_spread(spoken.c.feedback_id)).limit(most)
        return voices_of(self._connection, list(self._connection.scalars(some)))

    def least(self, within: Listening, period: Period, kind: str, most: int) -> Group | None:
        """Return the group heard least; on a tie the one heard of first."""
        source, is_heard = spoken_within(within, self._dialect, group=kind)
        columns = (spoken.c.feedback_id, spoken.c.person_id, GROUPS[kind].label("name"))
        of_period = select(*columns).select_from(source).where(is_heard, _during(spoken, period))
        told = of_period.cte().prefix_with("MATERIALIZED")
        people = func.count(told.c.person_id.distinct())
        named = select(told.c.name, people.label("people"), func.max(people).over().label("most"))
        ordered = named.where(told.c.name != "").group_by(told.c.name)
        least = ordered.order_by(people, func.min(told.c.feedback_id)).limit(1).subquery()
        its = select(told.c.feedback_id, least.c.name, least.c.people).join(
            least, least.c.name == told.c.name
        )
        some = its.where(least.c.most > least.c.people).order_by(_spread(told.c.feedback_id)).limit(most)
        rows = self._connection.execute(some).all()
        if not rows:
            return None
        voices = voices_of(self._connection, [row.feedback_id for row in rows])
        return Group(rows[0].name, rows[0].people, voices)

    def _told(self, within: Listening, *, aside: bool = False) -> FromClause:
        """Return the pieces within."""
        if aside:
            is_aside = feedback.c.excluded.is_not(None)
            return _JOINED.where(is_aside, is_within(within, self._dialect)).subquery("told")
        source, is_heard = spoken_within(within, self._dialect)
        return _SPOKEN.select_from(source).where(is_heard).subquery("told")

    def _each(
        self, told: FromClause, spans: Sequence[Span], *numbers: ColumnElement[int]
    ) -> Iterator[tuple[Any, ...]]:
        """Yield the numbers of each span, in one question."""
        each = [
            select(literal(n).label("span"), *numbers).where(_during(told, s)) for n, s in enumerate(spans)
        ]
        for row in self._connection.execute(union_all(*each).order_by("span")):
            yield tuple(row[1:])

    def _said(self, told: FromClause, period: Period, asked: ColumnElement[bool]) -> list[Said]:
        query = select(told).where(_during(told, period), asked).order_by(told.c.said_at, told.c.id)
        rows = self._connection.execute(query)
        return [Said(row[0], row[1], row[2], row[3] or 0, row[4] or 0) for row in rows]

    def _packed(self, row: FromClause) -> ColumnElement[str]:
        """Return all rows as JSON, in their order."""
        is_postgres = self._dialect == "postgresql"
        one = func.json_build_array if is_postgres else func.json_array
        every = func.json_agg if is_postgres else func.json_group_array
        numbers = (row.c.company_id, row.c.ticket_id)
        said = one(row.c.id, row.c.conversation_id, row.c.person_id, *(func.coalesce(n, 0) for n in numbers))
        return sql_cast(every(said), Text)


def _spread(feedback_id: ColumnElement[int]) -> ColumnElement[int]:
    """Return a place of the piece among others that its neighbours are far from."""
    return sql_cast(feedback_id, BigInteger) * SPREAD % 2**32


def _grouped(ids: Sequence[int], said: Iterable[Said], key: Callable[[Said], int]) -> dict[int, list[Said]]:
    """Return the pieces by one of their numbers, in the order of the ids."""
    groups: dict[int, list[Said]] = {number: [] for number in ids}
    for one in said:
        groups[key(one)].append(one)
    return groups


def _numbers(told: FromClause) -> list[ColumnElement[int]]:
    """Return how many conversations, pieces, people and companies there are. told: a row a piece."""
    conversations, people, companies = (
        func.count(column.distinct())
        for column in (told.c.conversation_id, told.c.person_id, told.c.company_id)
    )
    return [conversations, func.count(), people, companies]


def _weekly(told: FromClause, weeks: Sequence[Span]) -> list[ColumnElement[int]]:
    return [func.sum(case((_during(told, week), 1), else_=0)) for week in weeks]


def _before(until: datetime, arrived_by: datetime | None) -> list[ColumnElement[bool]]:
    return [spoken.c.said_at < until, *([spoken.c.arrived_at <= arrived_by] if arrived_by else [])]


def _during(told: FromClause, span: Span) -> ColumnElement[bool]:
    return and_(told.c.said_at >= span.start, told.c.said_at < span.end)
