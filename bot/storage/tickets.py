"""Tickets of all trackers."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any

from sqlalchemy import ColumnElement, Connection, Row, and_, bindparam, func, insert, or_, select, update

from bot.domain.match import MatchState
from bot.domain.ticket import ReceivedTicket, Ticket, TicketRef, TicketStage, TicketWords
from bot.repositories import LinksRead
from bot.storage.assignees import Marks
from bot.storage.ids import any_of
from bot.storage.mapping import ticket_of
from bot.storage.sql import put_row
from bot.storage.tables import match, ticket, ticket_links
from bot.storage.types import storable

_BY_REF = select(ticket).where(
    ticket.c.tracker == bindparam("tracker"), ticket.c.external_id == bindparam("external_id")
)
_GET = select(ticket).where(ticket.c.id == bindparam("id"))
_WORDS = (ticket.c.id, ticket.c.key, ticket.c.project, ticket.c.title, ticket.c.body)
_INSERT = insert(ticket).returning(ticket)


class SqlTickets:
    """Tickets on SQL. One unit of work asks once for each id."""

    def __init__(self, connection: Connection, marks: Marks) -> None:
        self._connection, self._marks = connection, marks
        self._known: dict[int, Ticket] = {}

    def save(self, received: ReceivedTicket, now: datetime) -> tuple[Ticket, bool]:
        """Insert or replace by (tracker, external id); see the port."""
        facts = {**_facts(received), "assignee": self._marks.of(received.assignee)}
        row = self._by_ref(received.ref)
        if row is None:
            key = {"tracker": received.ref.tracker, "external_id": received.ref.external_id}
            row = self._connection.execute(_INSERT, {**key, **facts, "gone": False, "changed_at": now}).one()
            return ticket_of(row), True
        differs = {name: value for name, value in facts.items() if getattr(row, name) != value}
        if row.gone:
            differs["gone"] = False
        changed = bool(differs.keys() - {"created_at", "updated_at", "assignee"})
        if changed:
            differs["changed_at"] = now
        if differs:
            self._known.pop(row.id, None)
            statement = update(ticket).where(ticket.c.id == row.id).values(**differs).returning(ticket)
            row = self._connection.execute(statement).one()
        return ticket_of(row), changed

    def get(self, ticket_id: int) -> Ticket:
        """Return the ticket. Raises KeyError."""
        if ticket_id not in self._known:
            row = self._connection.execute(_GET, {"id": ticket_id}).one_or_none()
            if row is None:
                raise KeyError(ticket_id)
            self._known[ticket_id] = ticket_of(row)
        return self._known[ticket_id]

    def by_key(self, key: str) -> Ticket | None:
        """Return the ticket with that present key, in any letter case; one that is there first."""
        query = select(ticket).where(ticket.c.folded_key == key.casefold())
        newest_first = (ticket.c.gone, ticket.c.updated_at.desc(), ticket.c.id)
        row = self._connection.execute(query.order_by(*newest_first).limit(1)).one_or_none()
        return ticket_of(row) if row else None

    def by_ref(self, ref: TicketRef) -> Ticket | None:
        """Return the ticket of that address."""
        row = self._by_ref(ref)
        return ticket_of(row) if row else None

    def many(self, ticket_ids: Sequence[int]) -> list[Ticket]:
        """Return the tickets in the order of the ids; unknown ids are left out."""
        rows = self._connection.execute(select(ticket).where(any_of(ticket.c.id, ticket_ids)))
        found = {row.id: ticket_of(row) for row in rows}
        return [found[i] for i in ticket_ids if i in found]

    def matchable(self, *, closed_since: datetime, after: int = 0, limit: int = 500) -> list[TicketWords]:
        """Return open tickets and those resolved since then, not gone, by id."""
        resolved_at = func.coalesce(ticket.c.resolved_at, ticket.c.updated_at)
        is_recent = or_(ticket.c.stage != TicketStage.DONE, resolved_at >= closed_since)
        query = select(*_WORDS).where(is_recent, ~ticket.c.gone, ticket.c.id > after)
        rows = self._connection.execute(query.order_by(ticket.c.id).limit(limit)).all()
        return [TicketWords(*row) for row in rows]

    def changed_after(self, moment: datetime, *, limit: int = 500) -> list[Ticket]:
        """Return tickets stored or changed here after that moment, gone ones too, by that time."""
        query = select(ticket).where(ticket.c.changed_at > moment)
        ordered = query.order_by(ticket.c.changed_at, ticket.c.id).limit(limit)
        return [ticket_of(row) for row in self._connection.execute(ordered)]

    def search(self, words: str, *, limit: int = 20) -> list[Ticket]:
        """Return tickets whose key or title holds all the words, key matches first, then newest."""
        wanted = words.casefold().split()
        in_key = _holds(ticket.c.folded_key, wanted)
        query = select(ticket).where(or_(in_key, _holds(ticket.c.folded_title, wanted)), ~ticket.c.gone)
        ordered = query.order_by(in_key.desc(), ticket.c.updated_at.desc(), ticket.c.id.desc()).limit(limit)
        return [ticket_of(row) for row in self._connection.execute(ordered)]

    def assigned_to(self, email: str) -> list[int]:
        """Return the tickets of the person, by id; see the port."""
        marks = self._marks.all_of(email)
        query = select(ticket.c.id).where(ticket.c.assignee.in_(marks), ~ticket.c.gone).order_by(ticket.c.id)
        return list(self._connection.scalars(query))

    def unassigned(self, ticket_ids: Sequence[int]) -> Mapping[int, bool]:
        """Return those that are nobody's as far as is known; see the port."""
        is_nobodys = or_(ticket.c.assignee.is_(None), ticket.c.assignee == "")
        query = select(ticket.c.id, ticket.c.assignee).where(any_of(ticket.c.id, ticket_ids), is_nobodys)
        return {row.id: row.assignee == "" for row in self._connection.execute(query)}

    def mark_gone(self, ref: TicketRef, now: datetime) -> None:
        """Mark as no longer visible."""
        its = (ticket.c.tracker == ref.tracker, ticket.c.external_id == ref.external_id, ~ticket.c.gone)
        self._known.clear()
        self._connection.execute(update(ticket).where(*its).values(gone=True, changed_at=now))

    def with_voices(self, tracker: str = "", *, after: int = 0, limit: int = 500) -> list[Ticket]:
        """Return the tracker's tickets that a piece is attached to, gone ones too, by id; see the port."""
        attached = match.select().where(
            match.c.ticket_id == ticket.c.id, match.c.state == MatchState.ATTACHED
        )
        query = select(ticket).where(ticket.c.id > after, attached.exists())
        if tracker:
            query = query.where(ticket.c.tracker == tracker)
        rows = self._connection.execute(query.order_by(ticket.c.id).limit(limit))
        return [ticket_of(row) for row in rows]

    def links_read(self, ticket_id: int) -> LinksRead:
        """Return what was last read of the links that the ticket carries."""
        query = select(ticket_links).where(ticket_links.c.ticket_id == ticket_id)
        row = self._connection.execute(query).one_or_none()
        return LinksRead(row.read_of, frozenset(row.elsewhere)) if row else LinksRead()

    def save_links(self, ticket_id: int, of: datetime | None, elsewhere: frozenset[str]) -> None:
        """Note what was read of them; see the port."""
        values = {"read_of": of, "elsewhere": [storable(place) for place in sorted(elsewhere)]}
        put_row(self._connection, ticket_links, {"ticket_id": ticket_id}, values)

    def count(self) -> int:
        """Return how many are stored and not gone."""
        query = select(func.count()).select_from(ticket).where(~ticket.c.gone)
        return self._connection.execute(query).scalar_one()

    def _by_ref(self, ref: TicketRef) -> Row[Any] | None:
        key = {"tracker": ref.tracker, "external_id": ref.external_id}
        return self._connection.execute(_BY_REF, key).one_or_none()


def _holds(column: ColumnElement[str], words: Sequence[str]) -> ColumnElement[bool]:
    return and_(True, *(column.contains(word, autoescape=True) for word in words))


def _facts(received: ReceivedTicket) -> dict[str, Any]:
    key, title = storable(received.key), storable(received.title)
    return {
        "key": key,
        "folded_key": key.casefold(),
        "folded_title": title.casefold(),
        "project": received.project,
        "title": title,
        "body": storable(received.body),
        "stage": received.stage.value,
        "status": storable(received.status),
        "created_at": received.created_at,
        "updated_at": received.updated_at,
        "url": storable(received.url),
        "labels": list(received.labels),
        "components": list(received.components),
        "resolved_at": received.resolved_at,
        "duplicate_of": received.duplicate_of,
    }
