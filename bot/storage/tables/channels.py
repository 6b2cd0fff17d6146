"""Channels of the chat that can't be posted to."""

from __future__ import annotations

from sqlalchemy import Table, UniqueConstraint

from bot.storage.tables.columns import metadata, moment, row_id, text

channel_trouble = Table(
    "channel_trouble",
    metadata,
    row_id(),
    text("channel"),
    text("reason"),
    moment("since"),
    moment("look_at"),
    moment("told_at", nullable=True),
    moment("back_at", nullable=True),
    UniqueConstraint("channel"),
)
