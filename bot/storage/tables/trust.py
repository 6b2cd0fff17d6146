"""What earns automation: people's answers, the links put to them, what projects have shown, models."""

from __future__ import annotations

from sqlalchemy import Column, Float, ForeignKey, Index, Integer, PrimaryKeyConstraint, Table, Text

from bot.storage.tables.columns import flag, json, metadata, moment, number, reference, row_id, text

answer = Table(
    "answer",
    metadata,
    row_id(),
    reference("feedback_id", "feedback"),
    text("kind"),
    reference("ticket_id", "ticket", nullable=True),  # what the person chose
    text("by"),
    moment("at"),
    # What they judged: Voc's decision as it was then.
    text("stood"),
    reference("best_ticket_id", "ticket", nullable=True),
    text("project"),
    Column("score", Float, nullable=False),
    flag("is_named"),
    text("model"),
    json("candidates"),
    Index(None, "feedback_id", "best_ticket_id"),
    Index(None, "project"),
    Index(None, "at"),
)

audit = Table(
    "audit",
    metadata,
    Column("feedback_id", ForeignKey("feedback.id"), nullable=False),
    Column("ticket_id", ForeignKey("ticket.id"), nullable=False),
    moment("linked_at"),
    moment("sampled_at"),
    PrimaryKeyConstraint("feedback_id", "ticket_id"),
)

project_trust = Table(
    "project_trust",
    metadata,
    Column("project", Text, primary_key=True),
    Column("threshold", Float, nullable=True),
    number("shown_right"),
    number("shown_of"),
    flag("is_measured"),
    moment("turned_at", nullable=True),
    number("turned_right"),
    number("turned_of"),
    moment("closed_at", nullable=True),
    flag("is_told"),
)

model_version = Table(
    "model_version",
    metadata,
    row_id(),
    text("name", unique=True),
    moment("created_at"),
    text("embedder"),
    json("weights"),
    Column("answers", Integer, nullable=False),
    Column("loss_before", Float, nullable=False),
    Column("loss_after", Float, nullable=False),
    flag("is_active"),
)
Index(
    "uq_model_version_active",
    model_version.c.is_active,
    unique=True,
    sqlite_where=model_version.c.is_active,
    postgresql_where=model_version.c.is_active,
)
