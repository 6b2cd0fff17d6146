"""Themes, where each piece that matches nothing stands, and what people decided of themes."""

from __future__ import annotations

from sqlalchemy import Column, ForeignKey, Table

from bot.storage.tables.columns import flag, json, metadata, moment, number, reference, row_id, text

theme = Table(
    "theme",
    metadata,
    row_id(),
    text("name"),
    json("terms"),
    text("state"),
    moment("made_at"),
    moment("first_heard"),
    moment("last_heard"),
    flag("is_settled"),
    json("central"),
    reference("into", "theme", nullable=True),
    reference("came_from", "theme", nullable=True),
    reference("ticket_id", "ticket", nullable=True),
    text("project"),
    text("title"),
    number("attempts"),
    text("decided_by"),
    sqlite_autoincrement=True,  # buttons name a theme for ever
)

theme_member = Table(
    "theme_member",
    metadata,
    Column("feedback_id", ForeignKey("feedback.id"), primary_key=True),
    reference("theme_id", "theme", nullable=True, index=True),  # null: looked at, alike with too few
    text("seat"),
)

theme_trace = Table(
    "theme_trace",
    metadata,
    row_id(),
    reference("theme_id", "theme", index=True),
    moment("at"),
    text("by"),
    text("what"),
    reference("other_id", "theme", nullable=True),
)
