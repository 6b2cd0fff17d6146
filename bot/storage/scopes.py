"""A scope as a condition on the pieces, joined with what it asks about."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from typing import Any

from sqlalchemy import ColumnElement, FromClause, and_, case, exists, false, func, or_, select, true

from bot.domain.match import MatchState
from bot.domain.route import Route, Routes
from bot.domain.scope import Listening, Scope
from bot.storage.tables import company, conversation, feedback, match, person, spoken, ticket

SEGMENT = func.coalesce(func.nullif(company.c.segment, ""), person.c.segment)
PLAN = func.coalesce(func.nullif(company.c.plan, ""), person.c.plan)
OF_SPEAKERS = {"segment": SEGMENT, "plan": PLAN}
OF_CONVERSATIONS = {"language": func.nullif(conversation.c.language, "und"), "source": conversation.c.source}
GROUPS = {**OF_SPEAKERS, **OF_CONVERSATIONS}
PEOPLE = (
    feedback.join(conversation, feedback.c.conversation_id == conversation.c.id)
    .join(person, conversation.c.person_id == person.c.id)
    .outerjoin(company, person.c.company_id == company.c.id)
)
WITH_TICKETS = PEOPLE.outerjoin(
    match, and_(match.c.feedback_id == feedback.c.id, match.c.state == MatchState.ATTACHED.value)
).outerjoin(ticket, ticket.c.id == match.c.ticket_id)


def spoken_within(
    within: Listening, dialect: str, *, group: str = "", asks_ticket: bool = False
) -> tuple[FromClause, ColumnElement[bool]]:
    """Return `spoken`, joined with as little as is asked about, and whether a row of it is heard.

    group: one of GROUPS that is asked about beside the scope; asks_ticket: whether the ticket is.
    """
    source: FromClause = spoken
    asks_all = _asks_who(within)
    if asks_ticket or not within.scope.is_all:
        source = source.outerjoin(ticket, ticket.c.id == spoken.c.ticket_id)
    if asks_all or group in OF_CONVERSATIONS:
        source = source.join(conversation, conversation.c.id == spoken.c.conversation_id)
    if asks_all or group in OF_SPEAKERS:
        source = source.join(person, person.c.id == spoken.c.person_id)
        source = source.outerjoin(company, company.c.id == spoken.c.company_id)
    return source, is_within(within, dialect, spoken.c.arrived_at)


def is_within(
    within: Listening, dialect: str, arrived_at: ColumnElement[datetime] = feedback.c.arrived_at
) -> ColumnElement[bool]:
    """Return whether a piece of WITH_TICKETS is heard. arrived_at: when it came in."""
    scope, asked = within.scope, list[ColumnElement[bool]]()
    if within.arrived_by is not None:
        asked.append(arrived_at <= within.arrived_by)
    if scope.sources:
        asked.append(conversation.c.source.in_(scope.sources))
    if scope.segments:
        asked.append(SEGMENT.in_(scope.segments))
    if scope.projects:
        routed = and_(ticket.c.id.is_(None), _is_routed(within.routes, scope, dialect))
        asked.append(or_(ticket.c.project.in_(scope.projects), routed))
    if scope.areas:
        without = or_(_is_one_of(conversation.c.inbox, scope.areas), _holds("tags", scope.areas, dialect))
        on_ticket = _holds("components", scope.areas, dialect)
        asked.append(case((ticket.c.id.is_(None), without), else_=on_ticket))
    if scope.labels:
        asked.append(or_(_holds("labels", scope.labels, dialect), _holds("tags", scope.labels, dialect)))
    return and_(true(), *asked)


def _asks_who(within: Listening) -> bool:
    """Return whether the conversation or its speaker counts, and not only the ticket."""
    scope = within.scope
    is_routed = bool(scope.projects) and any(r.source or r.inbox or r.tag for r in within.routes.routes)
    return is_routed or bool(scope.sources or scope.segments or scope.areas or scope.labels)


def _is_routed(routes: Routes, scope: Scope, dialect: str) -> ColumnElement[bool]:
    """Return whether what has no ticket is routed to one of the projects: the first that takes it decides."""
    taken = [(_takes(r, dialect), true() if _is_wanted(r, scope) else false()) for r in routes.routes]
    return case(*taken, else_=true()) if taken else true()


def _is_wanted(route: Route, scope: Scope) -> bool:
    return not route.projects or bool(set(route.projects) & set(scope.projects))


def _takes(route: Route, dialect: str) -> ColumnElement[bool]:
    asked = list[ColumnElement[bool]]()
    if route.source:
        asked.append(conversation.c.source == route.source)
    if route.inbox:
        asked.append(_is_one_of(conversation.c.inbox, [route.inbox]))
    if route.tag:
        asked.append(_holds("tags", [route.tag], dialect))
    return and_(true(), *asked)


def elements(name: str, dialect: str) -> Any:
    """Return the elements of a JSON list, each as its `value`. name: tags, labels or components."""
    column = conversation.c.tags if name == "tags" else ticket.c[name]
    made = func.json_array_elements_text if dialect == "postgresql" else func.json_each
    return made(column).table_valued("value")


def _holds(name: str, values: Sequence[str], dialect: str) -> ColumnElement[bool]:
    """Return whether a JSON list holds one of the values, in any letter case."""
    each = elements(name, dialect)
    return exists(select(1).select_from(each).where(_is_one_of(each.c.value, values)))


def _is_one_of(column: ColumnElement[str], values: Sequence[str]) -> ColumnElement[bool]:
    """Return whether the text is one of the values, in any case; SQLite folds the case of ASCII only."""
    return or_(column.in_(values), func.lower(column).in_([value.lower() for value in values]))
