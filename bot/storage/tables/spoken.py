"""Who said what of which ticket when, side by side in one row, so that one index answers a count."""

from __future__ import annotations

from sqlalchemy import Column, ForeignKey, Index, Integer, Table
from sqlalchemy import text as sql

from bot.storage.tables.columns import flag, metadata, moment, number

# One row for each piece that is not set aside. The database itself keeps it (migrations/spoken_at_0014.py).
spoken = Table(
    "spoken",
    metadata,
    Column("feedback_id", ForeignKey("feedback.id", ondelete="CASCADE"), primary_key=True),
    number("conversation_id"),
    number("person_id"),
    Column("company_id", Integer),
    Column("ticket_id", Integer),  # that the piece is attached to
    flag("waits"),  # a ticket is proposed for it
    moment("said_at"),
    moment("arrived_at"),
    Index("ix_spoken_ticket", "ticket_id", "said_at", "feedback_id", "person_id", "company_id"),
    Index(
        "ix_spoken_said",
        "said_at",
        "feedback_id",
        "ticket_id",
        "person_id",
        "company_id",
        "conversation_id",
        "arrived_at",
    ),
    Index("ix_spoken_company", "company_id", "said_at", "feedback_id"),
    Index("ix_spoken_person", "person_id", "said_at", "feedback_id"),
    Index("ix_spoken_conversation", "conversation_id"),
)
Index(
    "ix_spoken_waits",
    spoken.c.said_at,
    spoken.c.feedback_id,
    spoken.c.ticket_id,
    sqlite_where=sql("waits = 1"),
    postgresql_where=sql("waits"),
)
