"""Cursors, and the health of what is read."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from sqlalchemy import Connection, Row, delete, func, select, update

from bot.repositories import SourceHealth
from bot.storage.sql import insert_new, put_row
from bot.storage.tables import source, unreadable

_FRESH = {"cursor": "", "failures": 0, "error": ""}


class SqlSources:
    """Sources on SQL."""

    def __init__(self, connection: Connection) -> None:
        self._connection = connection

    def get(self, name: str) -> SourceHealth:
        """Return its row, a fresh one if there is none."""
        row = self._connection.execute(select(source).where(source.c.name == name)).one_or_none()
        return _health(row) if row else SourceHealth(name=name)

    def save_cursor(
        self, name: str, cursor: str, now: datetime, *, last_change_at: datetime | None = None
    ) -> None:
        """Store the cursor that closes the page saved in this same transaction."""
        self._set(name, cursor=cursor, **({"last_change_at": last_change_at} if last_change_at else {}))

    def succeeded(self, name: str, now: datetime) -> None:
        """A whole run went through."""
        self._set(name, last_success_at=now, failures=0, error="")

    def failed(self, name: str, error: str, now: datetime) -> None:
        """A run ended with an error (its class and doing, never customer data)."""
        self._set(name, failures=source.c.failures + 1, error=error)

    def told(self, name: str, now: datetime | None) -> None:
        """The owner channel was told of the failure, or (None) of the recovery."""
        self._set(name, told_at=now)

    def schedule(self, name: str, next_at: datetime) -> None:
        """Set when it is due next."""
        self._set(name, next_at=next_at)

    def all(self) -> list[SourceHealth]:
        """Return all rows by name."""
        return [_health(row) for row in self._connection.execute(select(source).order_by(source.c.name))]

    def set_aside(self, name: str, external_id: str, why: str, now: datetime) -> None:
        """Keep the id of an item that could not be read."""
        key = {"source": name, "external_id": external_id}
        put_row(self._connection, unreadable, key, {"why": why, "seen_at": now})

    def readable_again(self, name: str, external_id: str) -> None:
        """Forget that an item could not be read."""
        its = (unreadable.c.source == name, unreadable.c.external_id == external_id)
        self._connection.execute(delete(unreadable).where(*its))

    def count_set_aside(self, name: str | None = None) -> int:
        """Return how many items could not be read."""
        query = select(func.count()).select_from(unreadable)
        if name is not None:
            query = query.where(unreadable.c.source == name)
        return self._connection.execute(query).scalar_one()

    def _set(self, name: str, **values: Any) -> None:
        insert_new(self._connection, source, {"name": name, **_FRESH})
        self._connection.execute(update(source).where(source.c.name == name).values(**values))


def _health(row: Row[Any]) -> SourceHealth:
    return SourceHealth(**row._mapping)
