"""Digests that were looked at before they were told, on SQL."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime

from sqlalchemy import Connection, delete, insert, select

from bot.domain.digest import DigestSnapshot
from bot.repositories.subscriptions import Preview
from bot.storage.snapshots import from_json, to_json
from bot.storage.subscriptions import unpacked
from bot.storage.tables import digest_preview


class SqlPreviews:
    """Previews on SQL."""

    def __init__(self, connection: Connection) -> None:
        self._connection = connection

    def save(self, snapshot: DigestSnapshot, lists: Mapping[str, str]) -> int:
        """Store it, and return by which number it is found."""
        values = {"snapshot": to_json(snapshot), "lists": lists, "built_at": snapshot.built_at}
        stored = insert(digest_preview).values(**values).returning(digest_preview.c.id)
        return int(self._connection.execute(stored).scalar_one())

    def get(self, preview_id: int, name: str) -> Preview | None:
        """Return the digest with what is behind that number; None where it is kept no more."""
        query = select(digest_preview).where(digest_preview.c.id == preview_id)
        row = self._connection.execute(query).one_or_none()
        if row is None:
            return None
        return Preview(from_json(DigestSnapshot, row.snapshot), unpacked(row.lists.get(name)))

    def drop(self, before: datetime) -> None:
        """Forget those that were built before the moment."""
        self._connection.execute(delete(digest_preview).where(digest_preview.c.built_at < before))
