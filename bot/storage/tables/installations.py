"""Workspaces of the chat in which Voc is installed by OAuth."""

from __future__ import annotations

from sqlalchemy import Column, LargeBinary, Table, UniqueConstraint

from bot.storage.tables.columns import json, metadata, moment, row_id, text

installation = Table(
    "installation",
    metadata,
    row_id(),
    text("team"),
    text("name"),
    text("enterprise"),
    text("app"),
    text("bot"),
    text("bot_user"),
    json("scopes"),
    Column("tokens", LargeBinary, nullable=False),  # sealed
    text("installed_by"),
    moment("installed_at"),
    moment("expires_at", nullable=True),
    moment("renewing_until", nullable=True),  # by whoever renews the tokens
    moment("ended_at", nullable=True),
    UniqueConstraint("team"),
)
