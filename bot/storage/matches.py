"""Pairs of piece and ticket, and the trace of how each came about."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any

from sqlalchemy import Connection, Row, bindparam, case, delete, func, insert, select, update

from bot.domain.match import AUTOMATIC, BY_MERGE, Match, MatchState, Reason
from bot.domain.voice import Voice
from bot.storage.ids import any_of
from bot.storage.mapping import match_of, reasons_json
from bot.storage.tables import feedback, match, match_trace, ticket
from bot.storage.voices import VOICES, read_voices

LIVING = (MatchState.ATTACHED.value, MatchState.SUGGESTED.value)
REFUSED = (MatchState.REJECTED.value, MatchState.DETACHED.value)
NO_JUDGEMENT = (AUTOMATIC, BY_MERGE)  # of the pair: by these, no person or link said that it is wrong
DROPPED = ""

# The piece's row is held while its pairs change, so that two deciders at once take turns (on PostgreSQL;
# a writing unit on SQLite is alone anyway).
_HOLD = select(feedback.c.id).where(feedback.c.id == bindparam("id")).with_for_update()
_PAIRS = select(match).where(match.c.feedback_id == bindparam("id"))
_INSERT = insert(match).returning(match)
_TRACE = insert(match_trace)


class SqlMatches:
    """Pairs on SQL."""

    def __init__(self, connection: Connection) -> None:
        self._connection = connection

    def decide(
        self,
        feedback_id: int,
        ticket_id: int,
        state: MatchState,
        *,
        score: float,
        reasons: Sequence[Reason],
        by: str,
        now: datetime,
    ) -> Match:
        """Set the pair's state and keep a trace row; see the port."""
        pairs = {row.ticket_id: row for row in self._pairs(feedback_id)}
        if by == AUTOMATIC and (decided := _decided_by_a_person(pairs, ticket_id)):
            return match_of(decided)
        if state is MatchState.ATTACHED:
            for row in pairs.values():
                if row.ticket_id != ticket_id and row.state in LIVING:
                    self._let_go(row, by, now)
        key = {"feedback_id": feedback_id, "ticket_id": ticket_id}
        why = {"score": score, "reasons": reasons_json(reasons)}
        values = {"state": state.value, "decided_by": by, "decided_at": now, **why}
        known = pairs.get(ticket_id)
        if known is None:
            row = self._connection.execute(_INSERT, {**key, **values}).one()
        else:
            changed = update(match).where(match.c.id == known.id).values(**values).returning(match)
            row = self._connection.execute(changed).one()
        self._trace(known, {**key, "at": now, "by": by, "after": state.value, **why})
        return match_of(row)

    def of_feedback(self, feedback_id: int) -> list[Match]:
        """Return all pairs of the piece, attached first, then by score."""
        attached_last = case((match.c.state == MatchState.ATTACHED, 0), else_=1)
        query = _PAIRS.order_by(attached_last, match.c.score.desc(), match.c.id)
        return [match_of(row) for row in self._connection.execute(query, {"id": feedback_id})]

    def attached_to(self, ticket_id: int) -> list[Voice]:
        """Return the voices attached to the ticket, not excluded, newest first."""
        attached = select(match.c.feedback_id).where(
            match.c.ticket_id == ticket_id, match.c.state == MatchState.ATTACHED
        )
        query = VOICES.where(feedback.c.id.in_(attached), feedback.c.excluded.is_(None))
        newest_first = (feedback.c.said_at.desc(), feedback.c.id.desc())
        return read_voices(self._connection, query.order_by(*newest_first))

    def confirmed_pairs(self) -> list[tuple[int, int]]:
        """Return (feedback_id, ticket_id) of what people attached, not excluded, by feedback id."""
        query = (
            select(match.c.feedback_id, match.c.ticket_id)
            .join(feedback, match.c.feedback_id == feedback.c.id)
            .where(match.c.state == MatchState.ATTACHED, match.c.decided_by != AUTOMATIC)
            .where(feedback.c.excluded.is_(None))
            .order_by(match.c.feedback_id)
        )
        return [(piece, ticket_id) for piece, ticket_id in self._connection.execute(query)]

    def withdraw_automatic(self, feedback_id: int, *, keep: int | None, now: datetime) -> list[int]:
        """Drop the pairs that Voc itself suggested or attached, but the one to keep; see the port."""
        lost = []
        for row in self._pairs(feedback_id):
            if row.decided_by == AUTOMATIC and row.state in LIVING and row.ticket_id != keep:
                self._let_go(row, AUTOMATIC, now)
                if row.state == MatchState.ATTACHED:
                    lost.append(row.ticket_id)
        return lost

    def tickets_of(self, feedback_ids: Sequence[int]) -> Mapping[int, int]:
        """Return the ticket that each piece is attached to; pieces without one are left out."""
        query = select(match.c.feedback_id, match.c.ticket_id).where(
            any_of(match.c.feedback_id, feedback_ids), match.c.state == MatchState.ATTACHED
        )
        return {row.feedback_id: row.ticket_id for row in self._connection.execute(query)}

    def attached_among(
        self, ticket_ids: Sequence[int], *, said: tuple[datetime, datetime] | None = None
    ) -> list[int]:
        """Return those of the tickets that a piece is attached to, by id; see the port."""
        its = (any_of(match.c.ticket_id, ticket_ids), match.c.state == MatchState.ATTACHED)
        query = select(match.c.ticket_id).where(*its).distinct()
        if said is not None:
            within = (feedback.c.said_at >= said[0], feedback.c.said_at < said[1])
            query = query.join(feedback, match.c.feedback_id == feedback.c.id).where(*within)
        return sorted(self._connection.scalars(query))

    def moved_from(self, ticket_id: int) -> Mapping[int, int]:
        """Return how many pieces went to which ticket when this one was found to be a duplicate."""
        now_at = match.alias()
        query = (
            select(now_at.c.ticket_id, func.count())
            .join(match, match.c.feedback_id == now_at.c.feedback_id)
            .join(feedback, feedback.c.id == now_at.c.feedback_id)
            .where(match.c.ticket_id == ticket_id, match.c.state == MatchState.DETACHED)
            .where(match.c.decided_by == BY_MERGE, now_at.c.state == MatchState.ATTACHED)
            .where(feedback.c.excluded.is_(None))
            .group_by(now_at.c.ticket_id)
        )
        return {row[0]: row[1] for row in self._connection.execute(query)}

    def tickets_with_voices(self, project: str) -> list[int]:
        """Return ids of the project's tickets that have an attached piece, by id."""
        query = (
            select(match.c.ticket_id)
            .join(ticket, match.c.ticket_id == ticket.c.id)
            .where(match.c.state == MatchState.ATTACHED, ticket.c.project == project)
            .distinct()
            .order_by(match.c.ticket_id)
        )
        return list(self._connection.execute(query).scalars())

    def refused_by(self, feedback_ids: Sequence[int]) -> Mapping[int, frozenset[int]]:
        """Return the tickets that a person rejected or detached, by piece."""
        found: dict[int, set[int]] = defaultdict(set)
        query = select(match.c.feedback_id, match.c.ticket_id).where(
            any_of(match.c.feedback_id, feedback_ids),
            match.c.state.in_(REFUSED),
            match.c.decided_by.not_in(NO_JUDGEMENT),
        )
        for piece, ticket_id in self._connection.execute(query):
            found[piece].add(ticket_id)
        return {piece: frozenset(tickets) for piece, tickets in found.items()}

    def undone(self, start: datetime, end: datetime) -> int:
        """Return how many automatic attachments a person undid in [start, end)."""
        query = select(func.count()).where(
            match_trace.c.at >= start,
            match_trace.c.at < end,
            match_trace.c.by.not_in(NO_JUDGEMENT),
            match_trace.c.before == MatchState.ATTACHED,
            match_trace.c.before_by == AUTOMATIC,
            match_trace.c.after != MatchState.ATTACHED,
        )
        return self._connection.execute(query).scalar_one()

    def _pairs(self, feedback_id: int) -> Sequence[Row[Any]]:
        if self._connection.dialect.name == "postgresql":
            self._connection.execute(_HOLD, {"id": feedback_id})
        return self._connection.execute(_PAIRS, {"id": feedback_id}).all()

    def _let_go(self, row: Row[Any], by: str, now: datetime) -> None:
        """Detach an attached pair; drop a suggested one, which nobody has judged."""
        its = match.c.id == row.id
        after = MatchState.DETACHED.value if row.state == MatchState.ATTACHED else DROPPED
        if after == DROPPED:
            self._connection.execute(delete(match).where(its))
        else:
            self._connection.execute(
                update(match).where(its).values(state=after, decided_by=by, decided_at=now)
            )
        pair = {"feedback_id": row.feedback_id, "ticket_id": row.ticket_id}
        self._trace(
            row, {**pair, "at": now, "by": by, "after": after, "score": row.score, "reasons": row.reasons}
        )

    def _trace(self, before: Row[Any] | None, values: dict[str, Any]) -> None:
        known = {"before": before.state, "before_by": before.decided_by} if before else _NOTHING
        self._connection.execute(_TRACE, {**values, **known})


_NOTHING = {"before": DROPPED, "before_by": ""}


def _decided_by_a_person(pairs: Mapping[int, Row[Any]], ticket_id: int) -> Row[Any] | None:
    """Return a person's decision that no automatic one overrules: on the pair, or for another ticket."""
    own = pairs.get(ticket_id)
    if own is not None and own.decided_by != AUTOMATIC:
        return own
    attached = (row for row in pairs.values() if row.state == MatchState.ATTACHED)
    return next((row for row in attached if row.decided_by != AUTOMATIC), None)
