"""What was heard, counted in the database."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from datetime import datetime
from typing import Any

from sqlalchemy import ColumnElement, Connection, Select, exists, func, select, true

from bot.domain.customer import Revenue
from bot.domain.feedback import AuthorRole
from bot.domain.match import AUTOMATIC, MatchState
from bot.domain.period import Period
from bot.domain.scope import Listening
from bot.domain.ticket import TicketStage
from bot.repositories.hearing import Said
from bot.storage.ids import any_of
from bot.storage.matches import NO_JUDGEMENT
from bot.storage.scopes import PEOPLE, SEGMENT, WITH_TICKETS, elements, is_within
from bot.storage.tables import (
    company,
    conversation,
    feedback,
    match,
    match_trace,
    person,
    theme_member,
    ticket,
    turn,
)
from bot.storage.themes import MATCHES_NOTHING

_SAID = select(
    feedback.c.id,
    feedback.c.conversation_id,
    person.c.id.label("person_id"),
    func.coalesce(person.c.company_id, 0),
    func.coalesce(match.c.ticket_id, 0),
).select_from(WITH_TICKETS)
AT_ONCE = 1_000  # rows fetched: a busy month has a hundred thousand
_KEPT = feedback.c.excluded.is_(None)
_WRITTEN_SINCE = exists().where(
    turn.c.conversation_id == feedback.c.conversation_id,
    turn.c.role == AuthorRole.AGENT.value,
    turn.c.public,
    turn.c.newest,
    turn.c.said_at >= ticket.c.resolved_at,
)


class SqlHearing:
    """Counts on SQL."""

    def __init__(self, connection: Connection) -> None:
        self._connection = connection

    def said(
        self, within: Listening, period: Period, *, aside: bool = False, theme_id: int | None = None
    ) -> list[Said]:
        """Return the period's pieces, oldest first; see the port."""
        which = feedback.c.excluded.is_not(None) if aside else _KEPT
        themed = [] if theme_id is None else [_is_of(theme_id), MATCHES_NOTHING]
        return self._said(within, _during(period), which, *themed)

    def late(self, within: Listening, period: Period, since: datetime) -> list[Said]:
        """Return the period's pieces that came in after the moment."""
        return self._said(within, _during(period), _KEPT, feedback.c.arrived_at > since)

    def undone(self, within: Listening, period: Period) -> list[Said]:
        """Return pieces, each with the ticket, whose automatic link a person undid; see the port."""
        undone = (
            match_trace.c.at >= period.start,
            match_trace.c.at < period.end,
            match_trace.c.by.not_in(NO_JUDGEMENT),
            match_trace.c.before == MatchState.ATTACHED.value,
            match_trace.c.before_by == AUTOMATIC,
            match_trace.c.after != MatchState.ATTACHED.value,
        )
        taken_from = (*_SAID.selected_columns[:4], match_trace.c.ticket_id)
        query = _SAID.with_only_columns(*taken_from).join(
            match_trace, match_trace.c.feedback_id == feedback.c.id
        )
        rows = self._connection.execute(
            query.where(*undone, self._is_within(within)).order_by(match_trace.c.id)
        )
        return [Said(*row) for row in rows]

    def untold(self, within: Listening, period: Period) -> list[Said]:
        """Return pieces on tickets that were done in the period, with nobody's word since; see the port."""
        done = select(ticket.c.id).where(
            ticket.c.stage == TicketStage.DONE.value,
            ~ticket.c.gone,
            ticket.c.resolved_at >= period.start,
            ticket.c.resolved_at < period.end,
        )
        ids = list(self._connection.scalars(done))
        is_before = feedback.c.said_at < ticket.c.resolved_at
        return self._said(within, _is_on(ids), is_before, _KEPT, ~_WRITTEN_SINCE) if ids else []

    def is_any_before(self, within: Listening, moment: datetime) -> bool:
        """Return whether anything was said before the moment."""
        source = feedback if within.scope.is_all else WITH_TICKETS
        earlier = (_KEPT, self._is_within(within), feedback.c.said_at < moment)
        query = select(feedback.c.id).select_from(source).where(*earlier).limit(1)
        return self._connection.execute(query).first() is not None

    def companies(self, company_ids: Collection[int]) -> Mapping[int, tuple[str, Revenue | None]]:
        """Return each company's name and what it pays a year."""
        columns = (company.c.id, company.c.name, company.c.revenue_amount, company.c.revenue_currency)
        found = dict[int, tuple[str, Revenue | None]]()
        query = select(*columns).where(any_of(company.c.id, company_ids))
        for row in self._connection.execute(query) if company_ids else ():
            paid = None if row[2] is None else Revenue(row[2], row[3])
            found[row[0]] = (row[1], paid)
        return found

    def values(self, kind: str) -> list[str]:
        """Return what a scope of that kind can name, sorted."""
        dialect = self._connection.dialect.name
        match kind:
            case "projects":
                query: Select[Any] = select(ticket.c.project).distinct()
            case "sources":
                query = select(conversation.c.source).distinct()
            case "segments":
                query = select(SEGMENT).select_from(PEOPLE).distinct()
            case _:
                each = elements("components" if kind == "areas" else "labels", dialect)
                query = select(each.c.value).select_from(ticket.join(each, true())).distinct()
        return sorted(value for value in self._connection.scalars(query) if value)

    def _said(self, within: Listening, *asked: ColumnElement[bool]) -> list[Said]:
        query = _SAID.where(*asked, self._is_within(within))
        ordered = query.order_by(feedback.c.said_at, feedback.c.id).execution_options(yield_per=AT_ONCE)
        return [Said(*row) for row in self._connection.execute(ordered)]

    def _is_within(self, within: Listening) -> ColumnElement[bool]:
        return is_within(within, self._connection.dialect.name)


def _is_on(ticket_ids: Sequence[int]) -> ColumnElement[bool]:
    """Return whether a piece is attached to one of the tickets, found by these first."""
    pair = match.alias("on_ticket")
    attached = pair.c.state == MatchState.ATTACHED.value
    return feedback.c.id.in_(select(pair.c.feedback_id).where(any_of(pair.c.ticket_id, ticket_ids), attached))


def _is_of(theme_id: int) -> ColumnElement[bool]:
    return exists().where(theme_member.c.feedback_id == feedback.c.id, theme_member.c.theme_id == theme_id)


def _during(period: Period) -> ColumnElement[bool]:
    return (feedback.c.said_at >= period.start) & (feedback.c.said_at < period.end)
