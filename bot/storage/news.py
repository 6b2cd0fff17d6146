"""What owners must hear of, and the stop of all outward acts."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

from sqlalchemy import Connection, delete, insert, select, update

from bot.domain.news import News, NewsKind
from bot.repositories import Stop, UntoldNews
from bot.storage.ids import any_of
from bot.storage.sql import insert_new
from bot.storage.tables import news, write_stop
from bot.storage.types import storable

_ONLY = 1  # the one row that the table may hold


class SqlWrites:
    """The stop on SQL."""

    def __init__(self, connection: Connection) -> None:
        self._connection = connection

    def stopped(self) -> Stop | None:
        """Return who stopped them, None while they are done."""
        row = self._connection.execute(select(write_stop).where(write_stop.c.id == _ONLY)).one_or_none()
        return Stop(row.by, row.at) if row else None

    def stop(self, by: str, now: datetime) -> Stop:
        """Let no outward act begin; see the port."""
        insert_new(self._connection, write_stop, {"id": _ONLY, "by": by, "at": now})
        return self.stopped() or Stop(by, now)

    def resume(self) -> None:
        """Let them begin again."""
        self._connection.execute(delete(write_stop))


class SqlNews:
    """News on SQL."""

    def __init__(self, connection: Connection) -> None:
        self._connection = connection

    def add(self, one: News) -> None:
        """Keep it until it is told."""
        values = {
            "kind": one.kind.value,
            "tracker": one.tracker,
            "project": one.project,
            "subject": storable(one.subject),
            "number": one.number,
            "at": one.at,
            "batch": "",
        }
        self._connection.execute(insert(news), values)

    def untold(self) -> list[UntoldNews]:
        """Return what was not told yet, oldest first."""
        rows = self._connection.execute(select(news).where(news.c.told_at.is_(None)).order_by(news.c.id))
        return [
            UntoldNews(
                row.id,
                News(
                    kind=NewsKind(row.kind),
                    tracker=row.tracker,
                    project=row.project,
                    at=row.at,
                    subject=row.subject,
                    number=row.number,
                ),
                row.batch,
            )
            for row in rows
        ]

    def gather(self, ids: Sequence[int], batch: str) -> None:
        """Let one notice tell of these, and of no others ever."""
        fresh = (any_of(news.c.id, ids), news.c.batch == "")
        self._connection.execute(update(news).where(*fresh).values(batch=batch))

    def told(self, batch: str, now: datetime) -> None:
        """The notice is out."""
        self._connection.execute(update(news).where(news.c.batch == batch).values(told_at=now))

    def last_of(self, project: str, kinds: Sequence[NewsKind]) -> NewsKind | None:
        """Return which of the kinds was the project's last news."""
        query = select(news.c.kind).where(news.c.project == project, news.c.kind.in_(kinds))
        kind = self._connection.scalars(query.order_by(news.c.id.desc()).limit(1)).one_or_none()
        return NewsKind(kind) if kind else None
