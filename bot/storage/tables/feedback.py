"""Conversations, their turns in every revision, the pieces that quote them, what people picked,
and what the matcher said.
"""

from __future__ import annotations

from sqlalchemy import Column, ForeignKey, Index, LargeBinary, Table, Text, UniqueConstraint
from sqlalchemy import text as sql

from bot.storage.tables.columns import flag, json, metadata, moment, number, reference, row_id, text

conversation = Table(
    "conversation",
    metadata,
    row_id(),
    text("source"),
    text("external_id"),
    reference("person_id", "person", index=True),
    moment("created_at"),
    moment("updated_at"),
    text("subject"),
    text("url", index=True),
    text("channel"),
    text("inbox"),
    json("tags"),
    text("language"),
    json("rating", nullable=True),
    json("context"),
    flag("gone"),
    moment("arrived_at"),
    UniqueConstraint("source", "external_id"),
    Index(None, "external_id"),
)

Index(
    "ix_conversation_gone",
    conversation.c.source,
    sqlite_where=sql("gone = 1"),
    postgresql_where=sql("gone"),
)

turn = Table(
    "turn",
    metadata,
    row_id(),
    reference("conversation_id", "conversation"),
    text("external_id"),
    number("revision"),
    number("position"),  # within the conversation as it was received; settles ties of said_at
    text("role"),
    moment("said_at"),
    text("original"),
    text("text"),
    json("redactions"),
    flag("public"),
    flag("newest"),
    flag("dropped"),  # the source no longer shows it
    UniqueConstraint("conversation_id", "external_id", "revision"),
)
Index(
    "uq_turn_newest",
    turn.c.conversation_id,
    turn.c.external_id,
    unique=True,
    sqlite_where=sql("newest = 1"),
    postgresql_where=sql("newest"),
)

feedback = Table(
    "feedback",
    metadata,
    row_id(),
    reference("conversation_id", "conversation"),
    number("ordinal"),
    reference("turn_id", "turn", index=True),  # the revision that the spans point into
    json("spans"),
    moment("said_at"),
    text("words_hash"),
    Column("excluded", Text),
    flag("due"),  # no verdict on its present words
    moment("arrived_at"),
    UniqueConstraint("conversation_id", "ordinal"),
    Index(None, "said_at"),
)
Index(
    "ix_feedback_due",
    feedback.c.id,
    sqlite_where=sql("due = 1"),
    postgresql_where=sql("due"),
)

Index(
    "ix_feedback_excluded",
    feedback.c.excluded,
    sqlite_where=sql("excluded IS NOT NULL"),
    postgresql_where=sql("excluded IS NOT NULL"),
)

verdict = Table(
    "verdict",
    metadata,
    Column("feedback_id", ForeignKey("feedback.id"), primary_key=True),
    text("decision"),
    json("best", nullable=True),
    json("others"),
    text("model"),
    text("words_hash"),
    moment("recorded_at"),
)

capture = Table(
    "capture",
    metadata,
    Column("external_id", Text, primary_key=True),  # of a conversation that is a thread of the chat
    text("by"),
    json("picked"),
    text("customer"),
    text("area"),
    moment("kept_at"),
)

vector = Table(
    "vector",
    metadata,
    Column("key", Text, primary_key=True),
    Column("row", LargeBinary, nullable=False),
)
