"""What waits for people, and what admins set in the chat, on SQL."""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Callable, Collection, Mapping, Sequence
from datetime import datetime

from sqlalchemy import Connection, Text, cast, delete, func, select

from bot.domain.match import MatchState
from bot.repositories import Origin, Waiting
from bot.storage.ids import any_of
from bot.storage.sql import InOrder, put_row
from bot.storage.tables import answer, conversation, feedback, match, preference, spoken
from bot.storage.types import UtcTime

# As text, since PostgreSQL groups by no JSON.
_ORIGIN = (conversation.c.source, conversation.c.inbox, cast(conversation.c.tags, Text).label("tags"))
_OPEN = (
    (match.c.state == MatchState.SUGGESTED, feedback.c.excluded.is_(None)),
    (match.c.feedback_id == feedback.c.id, feedback.c.conversation_id == conversation.c.id),
)


class SqlProposals:
    """Open proposals on SQL."""

    def __init__(self, connection: Connection) -> None:
        self._connection = connection

    def waiting(self) -> Sequence[Waiting]:
        """Return how many wait, by origin."""
        latest = func.max(match.c.decided_at, type_=UtcTime)
        count = func.count(match.c.feedback_id.distinct())
        query = select(*_ORIGIN, count.label("pieces"), latest.label("latest"))
        rows = self._connection.execute(query.where(*_OPEN[0], *_OPEN[1]).group_by(*_ORIGIN))
        return [Waiting(_origin(row.source, row.inbox, row.tags), row.pieces, row.latest) for row in rows]

    def counts(self) -> Mapping[Origin, int]:
        """Return how many pieces wait, by origin."""
        joined = InOrder(spoken, conversation, conversation.c.id == spoken.c.conversation_id)
        query = select(*_ORIGIN, func.count().label("pieces")).select_from(joined).where(spoken.c.waits)
        found = Counter[Origin]()
        for source, inbox, tags, pieces in self._connection.execute(query.group_by(*_ORIGIN)).all():
            found[_origin(source, inbox, tags)] += pieces
        return found

    def surest(
        self, limit: int, is_ours: Callable[[Origin], bool], *, but: Collection[int] = ()
    ) -> list[int]:
        """Return pieces of our origins, the surest proposal first; see the port."""
        order = (match.c.score.desc(), feedback.c.said_at.desc(), feedback.c.id.desc())
        query = select(*_ORIGIN, feedback.c.id).where(*_OPEN[0], *_OPEN[1]).order_by(*order)
        known: dict[tuple[str, str, str], bool] = {}
        found = dict[int, None]()
        for source, inbox, tags, piece in self._connection.execute(query):
            key = (source, inbox, tags)
            if key not in known:
                known[key] = is_ours(_origin(*key))
            if known[key] and piece not in but:
                found[piece] = None
            if len(found) == limit:
                break
        return list(found)

    def decided_by(self, person: str, since: datetime) -> list[int]:
        """Return the tickets that the person chose since then; see the port."""
        latest = func.max(answer.c.at)
        query = (
            select(answer.c.ticket_id)
            .where(answer.c.by == person, answer.c.at >= since, answer.c.ticket_id.is_not(None))
            .group_by(answer.c.ticket_id)
            .order_by(latest.desc(), answer.c.ticket_id)
        )
        return [ticket_id for ticket_id in self._connection.scalars(query) if ticket_id is not None]

    def voices_since(self, ticket_ids: Sequence[int], since: datetime) -> Mapping[int, int]:
        """Return how many pieces said since then are attached to each of the tickets; see the port."""
        query = select(spoken.c.ticket_id, func.count()).group_by(spoken.c.ticket_id)
        new = query.where(any_of(spoken.c.ticket_id, ticket_ids), spoken.c.said_at >= since)
        return {row[0]: row[1] for row in self._connection.execute(new).all()}


class SqlPreferences:
    """What admins set, on SQL."""

    def __init__(self, connection: Connection) -> None:
        self._connection = connection

    def get(self, name: str) -> str | None:
        """Return what is set."""
        query = select(preference.c.value).where(preference.c.name == name)
        return self._connection.execute(query).scalar_one_or_none()

    def put(self, name: str, value: str | None, *, by: str, now: datetime) -> None:
        """Set it, or let the settings stand again."""
        if value is None:
            self._connection.execute(delete(preference).where(preference.c.name == name))
        else:
            put_row(self._connection, preference, {"name": name}, {"value": value, "by": by, "set_at": now})


def _origin(source: str, inbox: str, tags: str) -> Origin:
    return Origin(source, inbox, tuple(json.loads(tags)))
