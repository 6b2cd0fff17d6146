"""Captures on SQL."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import Connection, select

from bot.domain.capture import Capture
from bot.storage.sql import put_row
from bot.storage.tables import capture
from bot.storage.types import storable


class SqlCaptures:
    """Threads that were taken as feedback by hand, on SQL."""

    def __init__(self, connection: Connection) -> None:
        self._connection = connection

    def get(self, external_id: str) -> Capture | None:
        """Return what was said of the thread, or None."""
        query = select(capture).where(capture.c.external_id == external_id)
        row = self._connection.execute(query).one_or_none()
        if row is None:
            return None
        return Capture(
            external_id=external_id, by=row.by, picked=row.picked, customer=row.customer, area=row.area
        )

    def put(self, kept: Capture, now: datetime) -> None:
        """Keep it in place of what was said of the thread before."""
        values = {
            "by": kept.by,
            "picked": {ts: storable(words) for ts, words in kept.picked.items()},
            "customer": storable(kept.customer),
            "area": storable(kept.area),
            "kept_at": now,
        }
        put_row(self._connection, capture, {"external_id": kept.external_id}, values)
