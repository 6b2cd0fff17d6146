"""What a digest is told from, on SQL: each question is one look at the period's pieces."""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable, Mapping, Sequence
from datetime import datetime
from typing import Any

from sqlalchemy import ColumnElement, Connection, FromClause, Select, Text, and_, case, func, select
from sqlalchemy import cast as sql_cast

from bot.domain.annotation import NOBODY, Reach
from bot.domain.digest import Counts
from bot.domain.period import Period
from bot.domain.scope import Listening
from bot.domain.voice import Voice
from bot.repositories.hearing import Heard, Said, Span
from bot.repositories.telling import Packed
from bot.storage.reaching import reach
from bot.storage.scopes import GROUPS, WITH_TICKETS, is_within
from bot.storage.tables import conversation, feedback, match, person, spoken, theme_member
from bot.storage.themes import MATCHES_NOTHING
from bot.storage.voices import VOICES, read_voices

_KEPT = feedback.c.excluded.is_(None)
_TOLD = (
    feedback.c.id.label("id"),
    feedback.c.conversation_id.label("conversation_id"),
    conversation.c.person_id.label("person_id"),
    person.c.company_id.label("company_id"),
    match.c.ticket_id.label("ticket_id"),
    feedback.c.said_at.label("said_at"),
)


class SqlTelling:
    """Telling on SQL."""

    def __init__(self, connection: Connection) -> None:
        self._connection = connection
        self._dialect = connection.dialect.name

    def heard(self, within: Listening, period: Period, *, aside: bool = False) -> Packed:
        """Return the period's pieces, packed in the database: thousands need not become objects here."""
        which = feedback.c.excluded.is_not(None) if aside else _KEPT
        told = self._told(within, _during(period), which)
        row = told.order_by(feedback.c.said_at, feedback.c.id).subquery()
        counted = (row.c.conversation_id, row.c.id, row.c.person_id, row.c.company_id)
        numbers = (func.count(column.distinct()) for column in counted)
        packed, *counts = self._connection.execute(select(self._packed(row), *numbers)).one()
        return Packed(Counts(*counts), packed or "[]")

    def loudest(self, within: Listening, period: Period, most: int) -> Mapping[int, list[Said]]:
        """Return the loudest tickets with their pieces; on a tie the lower number."""
        told = self._told(within, _during(period), _KEPT, match.c.ticket_id.is_not(None)).subquery()
        loudness = (func.count(told.c.person_id.distinct()), func.count(told.c.company_id.distinct()))
        query = select(told.c.ticket_id).group_by(told.c.ticket_id)
        ordered = query.order_by(*(n.desc() for n in (*loudness, func.count())), told.c.ticket_id)
        ids = list(self._connection.scalars(ordered.limit(most)))
        said = self._said(within, period, match.c.ticket_id.in_(ids)) if ids else []
        return _grouped(ids, said, lambda one: one.ticket_id)

    def busiest(
        self, within: Listening, period: Period, most: int, *, but: Collection[int] = ()
    ) -> Mapping[int, list[Said]]:
        """Return the busiest people with their pieces; on a tie the lower number."""
        others = conversation.c.person_id.not_in(sorted(but))
        told = self._told(within, _during(period), _KEPT, others).subquery()
        most_first = (func.count(told.c.ticket_id.distinct()).desc(), func.count().desc(), told.c.person_id)
        query = select(told.c.person_id).group_by(told.c.person_id).order_by(*most_first)
        ids = list(self._connection.scalars(query.limit(most)))
        said = self._said(within, period, conversation.c.person_id.in_(ids)) if ids else []
        return _grouped(ids, said, lambda one: one.person_id)

    def reach(
        self, ticket_ids: Sequence[int], until: datetime, arrived_by: datetime | None = None
    ) -> Mapping[int, Reach]:
        """Return who spoke of each ticket."""
        asked = [spoken.c.said_at < until, *([spoken.c.arrived_at <= arrived_by] if arrived_by else [])]
        return dict.fromkeys(ticket_ids, NOBODY) | reach(self._connection, ticket_ids, *asked)

    def themes(self, within: Listening, weeks: Sequence[Span]) -> Mapping[int, Heard]:
        """Return how often each theme was heard. Few pieces are in a theme: these are read first."""
        seated = select(theme_member.c.feedback_id).where(theme_member.c.theme_id.is_not(None))
        asked = (MATCHES_NOTHING, feedback.c.said_at >= weeks[0].start, feedback.c.said_at < weeks[-1].end)
        told = self._told(within, feedback.c.id.in_(seated), *asked).subquery()
        at = told.c.said_at
        numbers = [func.sum(case((and_(at >= week.start, at < week.end), 1), else_=0)) for week in weeks]
        people = func.count(told.c.person_id.distinct())
        query = select(theme_member.c.theme_id, people, *numbers).join_from(
            told, theme_member, theme_member.c.feedback_id == told.c.id
        )
        rows = self._connection.execute(query.group_by(theme_member.c.theme_id))
        return {row[0]: Heard(row[1], tuple(row[2:])) for row in rows}

    def of_group(self, within: Listening, period: Period, kind: str, name: str, most: int) -> list[Voice]:
        """Return some voices of the group. The period is read first: how few it holds no planner knows."""
        heard = self._told(within, _during(period), _KEPT).add_columns(
            feedback.c.words_hash, GROUPS[kind].label("name")
        )
        told = heard.cte().prefix_with("MATERIALIZED")
        some = select(told.c.id).where(told.c.name == name).order_by(told.c.words_hash, told.c.id)
        ids = list(self._connection.scalars(some.limit(most)))
        voices = read_voices(self._connection, VOICES.where(feedback.c.id.in_(ids)))
        return sorted(voices, key=lambda voice: ids.index(voice.feedback_id))

    def _told(self, within: Listening, *asked: ColumnElement[bool]) -> Select[Any]:
        query = select(*_TOLD).select_from(WITH_TICKETS)
        return query.where(*asked, is_within(within, self._dialect))

    def _said(self, within: Listening, period: Period, asked: ColumnElement[bool]) -> list[Said]:
        query = self._told(within, _during(period), _KEPT, asked)
        rows = self._connection.execute(query.order_by(feedback.c.said_at, feedback.c.id))
        return [Said(row[0], row[1], row[2], row[3] or 0, row[4] or 0) for row in rows]

    def _packed(self, row: FromClause) -> ColumnElement[str]:
        """Return all rows as JSON, in their order."""
        is_postgres = self._dialect == "postgresql"
        one = func.json_build_array if is_postgres else func.json_array
        every = func.json_agg if is_postgres else func.json_group_array
        numbers = (row.c.company_id, row.c.ticket_id)
        said = one(row.c.id, row.c.conversation_id, row.c.person_id, *(func.coalesce(n, 0) for n in numbers))
        return sql_cast(every(said), Text)


def _grouped(ids: Sequence[int], said: Iterable[Said], key: Callable[[Said], int]) -> dict[int, list[Said]]:
    """Return the pieces by one of their numbers, in the order of the ids."""
    groups: dict[int, list[Said]] = {number: [] for number in ids}
    for one in said:
        groups[key(one)].append(one)
    return groups


def _during(period: Period) -> ColumnElement[bool]:
    return (feedback.c.said_at >= period.start) & (feedback.c.said_at < period.end)
