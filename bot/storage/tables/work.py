"""Tasks: at most one waiting and one running of each key."""

from __future__ import annotations

from sqlalchemy import Index, Table

from bot.storage.tables.columns import json, metadata, moment, number, row_id, text

task = Table(
    "task",
    metadata,
    row_id(),
    text("key"),
    text("name"),
    json("arguments"),
    text("state"),  # waiting, running or parked
    moment("not_before"),
    number("tries"),
    text("leased_by"),
    moment("leased_until", nullable=True),
    text("error"),
    Index(None, "state", "not_before"),
)
for _state in ("waiting", "running"):
    Index(
        f"uq_task_{_state}",
        task.c.key,
        unique=True,
        sqlite_where=task.c.state == _state,
        postgresql_where=task.c.state == _state,
    )
