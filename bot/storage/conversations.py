"""Conversations and their turns, each turn in every revision that was received."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from sqlalchemy import Connection, Row, bindparam, func, insert, or_, select, update

from bot.domain.feedback import Conversation
from bot.repositories import ConversationDraft, TurnDraft
from bot.storage.mapping import context_json, conversation_of, rating_json, redactions_json
from bot.storage.sql import chunks
from bot.storage.tables import conversation, turn
from bot.storage.types import storable

_FIND = select(conversation).where(
    conversation.c.source == bindparam("source"), conversation.c.external_id == bindparam("external_id")
)
_NEWEST = select(turn).where(turn.c.conversation_id == bindparam("id"), turn.c.newest)
_INSERT = insert(conversation).returning(conversation)
_INSERT_TURNS = insert(turn).returning(turn, sort_by_parameter_order=True)


@dataclass(slots=True)
class Fresh:
    """What this unit need not ask.

    turns: newest ones by conversation, (id, text) by external id; new: conversations first stored in it.
    """

    turns: dict[int, dict[str, tuple[int, str]]] = field(default_factory=dict)
    new: set[int] = field(default_factory=set)


class SqlConversations:
    """Conversations on SQL."""

    def __init__(self, connection: Connection, fresh: Fresh) -> None:
        self._connection, self._fresh = connection, fresh

    def save(self, draft: ConversationDraft, now: datetime) -> tuple[Conversation, bool]:
        """Insert or replace; see the port."""
        row = self._find(draft.source, draft.external_id)
        if row is None:
            return self._insert(draft, now), True
        facts = _facts(draft)
        changed_facts = {name: value for name, value in facts.items() if getattr(row, name) != value}
        turns, changed = self._save_turns(row.id, draft)
        if changed_facts or row.gone:
            row = self._connection.execute(
                update(conversation)
                .where(conversation.c.id == row.id)
                .values(**changed_facts, gone=False)
                .returning(conversation)
            ).one()
        changed = changed or bool(changed_facts.keys() & {"tags", "rating", "inbox"})
        return self._known(row, turns), changed

    def get(self, conversation_id: int) -> Conversation:
        """Return it with the newest revision of each turn. Raises KeyError."""
        row = self._connection.execute(
            select(conversation).where(conversation.c.id == conversation_id)
        ).one_or_none()
        if row is None:
            raise KeyError(conversation_id)
        return self._known(row, self._newest(conversation_id))

    def find(self, source: str, external_id: str) -> Conversation | None:
        """Return the conversation, or None."""
        row = self._find(source, external_id)
        return self._known(row, self._newest(row.id)) if row else None

    def mark_gone(self, source: str, external_ids: Sequence[str], now: datetime) -> list[int]:
        """Mark as deleted at the source and return the affected conversation ids."""
        gone: list[int] = []
        for some in chunks(external_ids):
            gone += self._connection.scalars(
                update(conversation)
                .where(
                    conversation.c.source == source,
                    conversation.c.external_id.in_(some),
                    ~conversation.c.gone,
                )
                .values(gone=True)
                .returning(conversation.c.id)
            )
        return sorted(gone)

    def external_ids(self, source: str, *, after: str = "", limit: int = 1000) -> list[str]:
        """Return ids that are not gone, in order, to reconcile with the source."""
        column = conversation.c.external_id
        query = select(column).where(conversation.c.source == source, ~conversation.c.gone, column > after)
        return list(self._connection.scalars(query.order_by(column).limit(limit)))

    def addresses(self, external_ids: Sequence[str]) -> Mapping[int, str]:
        """Return the addresses of the conversations with these ids at any source, by their ids here."""
        found: dict[int, str] = {}
        for some in chunks(external_ids):
            query = select(conversation.c.id, conversation.c.url)
            rows = self._connection.execute(query.where(conversation.c.external_id.in_(some)))
            found |= {row.id: row.url for row in rows}
        return found

    def at(self, url: str) -> list[int]:
        """Return the conversations, not gone, that have this web address."""
        query = select(conversation.c.id).where(conversation.c.url == url, ~conversation.c.gone)
        return list(self._connection.scalars(query.order_by(conversation.c.id)))

    def count(self, source: str | None = None) -> int:
        """Return how many are stored and not gone."""
        # All less the few that are gone: both are counted from an index.
        query = select(func.count()).select_from(conversation)
        if source is not None:
            query = query.where(conversation.c.source == source)
        gone = query.where(conversation.c.gone)
        return self._connection.execute(query).scalar_one() - self._connection.execute(gone).scalar_one()

    def _find(self, source: str, external_id: str) -> Row[Any] | None:
        return self._connection.execute(_FIND, {"source": source, "external_id": external_id}).one_or_none()

    def _newest(self, conversation_id: int) -> list[Row[Any]]:
        return list(self._connection.execute(_NEWEST, {"id": conversation_id}))

    def _known(self, row: Row[Any], turns: Sequence[Row[Any]]) -> Conversation:
        self._fresh.turns[row.id] = {t.external_id: (t.id, t.text) for t in turns}
        return conversation_of(row, [t for t in turns if not t.dropped])

    def _insert(self, draft: ConversationDraft, now: datetime) -> Conversation:
        key = {"source": draft.source, "external_id": draft.external_id}
        row = self._connection.execute(
            _INSERT, {**key, **_facts(draft), "gone": False, "arrived_at": now}
        ).one()
        turns = [_new_turn(row.id, at, t) for at, t in enumerate(draft.turns)]
        self._fresh.new.add(row.id)
        return self._known(row, self._connection.execute(_INSERT_TURNS, turns).all() if turns else [])

    def _save_turns(self, conversation_id: int, draft: ConversationDraft) -> tuple[list[Row[Any]], bool]:
        known = {row.external_id: row for row in self._newest(conversation_id)}
        changed = False
        for at, received in enumerate(draft.turns):
            changed |= self._save_turn(
                conversation_id, at, received, known.get(storable(received.external_id))
            )
        if not draft.keep_missing_turns:
            shown = {storable(t.external_id) for t in draft.turns}
            missing = [row.id for row in known.values() if row.external_id not in shown and not row.dropped]
            if missing:
                changed = True
                self._connection.execute(update(turn).where(turn.c.id.in_(missing)).values(dropped=True))
        return (self._newest(conversation_id) if changed else list(known.values())), changed

    def _save_turn(self, conversation_id: int, at: int, received: TurnDraft, known: Row[Any] | None) -> bool:
        """Store one turn where it differs from the known newest revision; return whether it does."""
        values = _new_turn(conversation_id, at, received)
        if known is None:
            self._connection.execute(_INSERT_TURNS, [values])
            return True
        blackened = received.redacted and self._overwrite(conversation_id, values)
        is_edited = (values["original"], values["text"]) != (known.original, known.text)
        if is_edited and not received.redacted:
            self._connection.execute(update(turn).where(turn.c.id == known.id).values(newest=False))
            values |= {"revision": known.revision + 1, "position": known.position}
            self._connection.execute(_INSERT_TURNS, [values])
            return True
        names = ("role", "said_at", "public", "redactions", "dropped")
        facts = {name: values[name] for name in names if values[name] != getattr(known, name)}
        if facts:
            self._connection.execute(update(turn).where(turn.c.id == known.id).values(**facts))
        return blackened or bool(facts)

    def _overwrite(self, conversation_id: int, values: dict[str, Any]) -> bool:
        """Put a redacted turn's words in place of all its revisions; return whether any had other words."""
        words = {name: values[name] for name in ("original", "text", "redactions")}
        differs = or_(turn.c.original != words["original"], turn.c.text != words["text"])
        its = (turn.c.conversation_id == conversation_id, turn.c.external_id == values["external_id"])
        return self._connection.execute(update(turn).where(*its, differs).values(**words)).rowcount > 0


def _facts(draft: ConversationDraft) -> dict[str, Any]:
    return {
        "person_id": draft.person_id,
        "created_at": draft.created_at,
        "updated_at": draft.updated_at,
        "subject": storable(draft.subject),
        "url": storable(draft.url),
        "channel": storable(draft.channel),
        "inbox": storable(draft.inbox),
        "tags": list(draft.tags),
        "language": draft.language,
        "rating": rating_json(draft.rating),
        "context": context_json(draft.context),
    }


def _new_turn(conversation_id: int, at: int, received: TurnDraft) -> dict[str, Any]:
    return {
        "conversation_id": conversation_id,
        "external_id": storable(received.external_id),
        "revision": 1,
        "position": at,
        "role": received.role.value,
        "said_at": received.said_at,
        "original": storable(received.original),
        "text": storable(received.text),
        "redactions": redactions_json(received.redactions),
        "public": received.public,
        "newest": True,
        "dropped": False,
    }
