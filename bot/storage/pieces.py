"""Pieces of feedback, what the matcher said of each, and which of them it has yet to look at."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any

from sqlalchemy import Connection, Row, bindparam, exists, func, insert, select, update

from bot.domain.feedback import Exclusion, Feedback
from bot.domain.match import AUTOMATIC, MatchState, Verdict
from bot.domain.quote import words_of
from bot.domain.voice import Voice
from bot.repositories import PieceDraft
from bot.storage.conversations import Fresh
from bot.storage.ids import any_of
from bot.storage.mapping import candidate_json, feedback_of, quote_of, spans_json, verdict_of
from bot.storage.sql import put_row
from bot.storage.tables import feedback, match, spoken, turn, verdict
from bot.storage.voices import VOICES, read_voices, voices_of
from bot.storage.words import drop_words, put_words

_PIECES = (
    select(feedback, turn.c.external_id.label("turn_external_id"))
    .join(turn, feedback.c.turn_id == turn.c.id)
    .where(feedback.c.conversation_id == bindparam("id"))
    .order_by(feedback.c.ordinal)
)
_SPOKEN = (
    select(feedback.c.spans, turn.c.text)
    .join(turn, feedback.c.turn_id == turn.c.id)
    .where(feedback.c.id == bindparam("id"))
)
_INSERT = insert(feedback).returning(feedback.c.id, sort_by_parameter_order=True)
_IS_ATTACHED = exists().where(match.c.feedback_id == feedback.c.id, match.c.state == MatchState.ATTACHED)
_IS_SUGGESTED = exists().where(match.c.feedback_id == feedback.c.id, match.c.state == MatchState.SUGGESTED)
_IS_DUE = (
    feedback.c.due
    & (func.coalesce(feedback.c.excluded, "") == "")  # IS NULL is true of most: SQLite would begin there
    & ~exists().where(
        match.c.feedback_id == feedback.c.id,
        match.c.state == MatchState.ATTACHED,
        match.c.decided_by != AUTOMATIC,
    )
)
_COUNT_EXCLUDED = (
    select(feedback.c.excluded, func.count())
    .where(feedback.c.excluded.is_not(None))
    .group_by(feedback.c.excluded)
)
_COUNT_SPOKEN = select(func.count()).select_from(spoken)
_COUNTS = (
    select(func.count()).select_from(feedback),
    _COUNT_SPOKEN.where(spoken.c.ticket_id.is_not(None)),
    _COUNT_SPOKEN.where(spoken.c.waits, (spoken.c.ticket_id + 0).is_(None)),  # by what is few, not by NULL
    select(func.count()).select_from(feedback).where(_IS_DUE),
)
_SETTLE = (
    update(feedback)
    .where(feedback.c.id == bindparam("piece"))
    .values(due=feedback.c.words_hash != bindparam("hash"))
    .returning(feedback.c.excluded, feedback.c.due)
)


class SqlPieces:
    """Pieces on SQL."""

    def __init__(self, connection: Connection, fresh: Fresh) -> None:
        self._connection, self._fresh = connection, fresh

    def put(self, conversation_id: int, drafts: Sequence[PieceDraft], now: datetime) -> list[Feedback]:
        """Store the conversation's pieces by ordinal; see the port."""
        is_new = conversation_id in self._fresh.new
        self._fresh.new.discard(conversation_id)
        known = {} if is_new else {row.ordinal: row for row in self._rows(conversation_id)}
        turns = self._turns(conversation_id)
        added, changed = [], dict[int, str | None]()
        for draft in drafts:
            turn_id, text = turns[draft.quote.turn_external_id]
            values = _values(draft, turn_id, known.get(draft.ordinal))
            words = words_of(draft.quote, text) if values["excluded"] is None else None
            if draft.ordinal not in known:
                row = {"conversation_id": conversation_id, "ordinal": draft.ordinal, **values}
                added.append(({**row, "arrived_at": now}, words))
            elif self._update(known[draft.ordinal], values):
                changed[known[draft.ordinal].id] = words
        if added:
            ids = list(self._connection.scalars(_INSERT, [row for row, _ in added]))
            changed |= {
                piece: words for piece, (_, words) in zip(ids, added, strict=True) if words is not None
            }
        self._index(changed)
        if is_new:
            return (
                [_feedback(i, conversation_id, d) for i, d in zip(ids, drafts, strict=True)] if drafts else []
            )
        for ordinal in known.keys() - {draft.ordinal for draft in drafts}:
            self.exclude(known[ordinal].id, Exclusion.GONE)
        return self.of_conversation(conversation_id)

    def exclude(self, feedback_id: int, why: Exclusion | None) -> None:
        """Set a piece aside, or take it back with None (then it is due for matching)."""
        values = {"excluded": why, "due": why is None}
        self._connection.execute(update(feedback).where(feedback.c.id == feedback_id).values(**values))
        row = self._connection.execute(_SPOKEN, {"id": feedback_id}).one_or_none() if why is None else None
        self._index({feedback_id: words_of(quote_of("", row.spans), row.text) if row else None})

    def of_conversation(self, conversation_id: int) -> list[Feedback]:
        """Return the conversation's pieces by ordinal."""
        return [feedback_of(row) for row in self._rows(conversation_id)]

    def voice(self, feedback_id: int) -> Voice:
        """Return one piece as a voice. Raises KeyError."""
        found = self.voices([feedback_id])
        if not found:
            raise KeyError(feedback_id)
        return found[0]

    def voices(self, feedback_ids: Sequence[int]) -> list[Voice]:
        """Return them in the order of the ids; unknown ids are left out."""
        return voices_of(self._connection, feedback_ids)

    def due_for_matching(self, *, after: int = 0, limit: int = 200) -> list[Voice]:
        """Return pieces without a verdict on their present words, by id; see the port."""
        query = VOICES.where(_IS_DUE, feedback.c.id > after).order_by(feedback.c.id).limit(limit)
        return read_voices(self._connection, query)

    def record_verdict(self, feedback_id: int, said: Verdict, words_hash_of: str, now: datetime) -> bool:
        """Store the matcher's answer beside the piece; no longer due unless its words changed meanwhile."""
        values = {
            "decision": said.decision,
            "best": candidate_json(said.best),
            "others": [candidate_json(other) for other in said.others],
            "model": said.model,
            "words_hash": words_hash_of,
            "recorded_at": now,
        }
        put_row(self._connection, verdict, {"feedback_id": feedback_id}, values)
        row = self._connection.execute(_SETTLE, {"piece": feedback_id, "hash": words_hash_of}).one()
        return row.excluded is None and not row.due

    def verdict(self, feedback_id: int) -> Verdict | None:
        """Return the stored answer."""
        row = self._connection.execute(
            select(verdict).where(verdict.c.feedback_id == feedback_id)
        ).one_or_none()
        return verdict_of(row) if row else None

    def make_unmatched_due(self, since: datetime) -> None:
        """Let the matcher look again at pieces said since then that have no ticket, attached or suggested."""
        unmatched = (
            feedback.c.said_at >= since,
            feedback.c.excluded.is_(None),
            ~_IS_ATTACHED,
            ~_IS_SUGGESTED,
        )
        self._connection.execute(update(feedback).where(*unmatched, ~feedback.c.due).values(due=True))

    def make_due(self, feedback_ids: Sequence[int]) -> None:
        """Let the matcher look at them again."""
        statement = update(feedback).where(any_of(feedback.c.id, feedback_ids), feedback.c.excluded.is_(None))
        self._connection.execute(statement.values(due=True))

    def heard(self, start: datetime, end: datetime, *, include_excluded: bool = False) -> list[Voice]:
        """Return the voices said in [start, end), oldest first."""
        query = VOICES.where(feedback.c.said_at >= start, feedback.c.said_at < end)
        if not include_excluded:
            query = query.where(feedback.c.excluded.is_(None))
        return read_voices(self._connection, query.order_by(feedback.c.said_at, feedback.c.id))

    def counts(self) -> Mapping[str, int]:
        """Return counts: pieces, due, excluded:<reason>, attached, suggested, unmatched; see the port."""
        excluded = {f"excluded:{why}": number for why, number in self._connection.execute(_COUNT_EXCLUDED)}
        pieces, attached, proposed, due = (self._connection.scalars(query).one() for query in _COUNTS)
        unmatched = pieces - attached - proposed - sum(excluded.values())
        made = {"attached": attached, "suggested": proposed, "unmatched": unmatched}
        return {**excluded, **made, "pieces": pieces, "due": due}

    def _rows(self, conversation_id: int) -> Sequence[Row[Any]]:
        return self._connection.execute(_PIECES, {"id": conversation_id}).all()

    def _turns(self, conversation_id: int) -> dict[str, tuple[int, str]]:
        """Return the newest revision of each turn, its id and text, by the turn's external id."""
        if conversation_id not in self._fresh.turns:
            query = select(turn.c.external_id, turn.c.id, turn.c.text)
            rows = self._connection.execute(
                query.where(turn.c.conversation_id == conversation_id, turn.c.newest)
            )
            self._fresh.turns[conversation_id] = {row.external_id: (row.id, row.text) for row in rows}
        return self._fresh.turns[conversation_id]

    def _index(self, changed: Mapping[int, str | None]) -> None:
        """Let the pieces be found by these words; by none at all where there are none."""
        put_words(self._connection, {piece: words for piece, words in changed.items() if words is not None})
        drop_words(self._connection, [piece for piece, words in changed.items() if words is None])

    def _update(self, row: Row[Any], values: dict[str, Any]) -> bool:
        """Store what differs; return whether other words may be shown of it now."""
        changed = {name: value for name, value in values.items() if getattr(row, name) != value}
        if not changed.keys() & {"words_hash", "excluded"}:
            changed.pop("due", None)
        if changed:
            self._connection.execute(update(feedback).where(feedback.c.id == row.id).values(**changed))
        return bool(changed.keys() & {"turn_id", "spans", "words_hash", "excluded"})


def _values(draft: PieceDraft, turn_id: int, known: Row[Any] | None) -> dict[str, Any]:
    excluded = draft.excluded
    if known is not None and excluded is None and known.excluded == Exclusion.NOT_FEEDBACK:
        # A person said so of these words; reading them again is no reason to forget it.
        excluded = Exclusion.NOT_FEEDBACK if known.words_hash == draft.words_hash else None
    return {
        "turn_id": turn_id,
        "spans": spans_json(draft.quote.spans),
        "said_at": draft.said_at,
        "words_hash": draft.words_hash,
        "excluded": excluded,
        "due": excluded is None,
    }


def _feedback(feedback_id: int, conversation_id: int, draft: PieceDraft) -> Feedback:
    return Feedback(
        id=feedback_id,
        conversation_id=conversation_id,
        ordinal=draft.ordinal,
        quote=draft.quote,
        said_at=draft.said_at,
        words_hash=draft.words_hash,
        excluded=draft.excluded,
    )
