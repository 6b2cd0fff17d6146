"""Installations on SQL."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from sqlalchemy import Connection, Row, or_, select, update

from bot.domain.installation import Installation
from bot.repositories import Sealed
from bot.storage.sql import put_row
from bot.storage.tables import installation

COLUMNS = (
    *("name", "enterprise", "app", "bot", "bot_user", "installed_by"),
    *("installed_at", "expires_at", "ended_at"),
)


class SqlInstallations:
    """Where Voc is installed, with the tokens sealed."""

    def __init__(self, connection: Connection) -> None:
        self._connection = connection

    def put(self, new: Installation, tokens: bytes) -> None:
        """Insert or replace by team."""
        values = {name: getattr(new, name) for name in COLUMNS}
        values |= {"scopes": list(new.scopes), "tokens": tokens, "renewing_until": None}
        put_row(self._connection, installation, {"team": new.team}, values)

    def get(self, team: str) -> Sealed | None:
        """Return it, ended or not."""
        query = select(installation).where(installation.c.team == team)
        row = self._connection.execute(query).one_or_none()
        return _sealed(row) if row else None

    def all(self) -> list[Sealed]:
        """Return all by team, ended ones too."""
        return [_sealed(row) for row in self._connection.execute(select(installation).order_by("team"))]

    def take(self, team: str, was: bytes, *, until: datetime, now: datetime) -> bool:
        """Take it upon us alone, until then, to renew these tokens; False where another does or has."""
        lease = installation.c.renewing_until
        is_free = or_(lease.is_(None), lease <= now)
        return self._changed(team, was, is_free, renewing_until=until)

    def renew(self, team: str, was: bytes, tokens: bytes, expires_at: datetime | None) -> bool:
        """Replace these very tokens; False where they are others by now."""
        return self._changed(team, was, tokens=tokens, expires_at=expires_at, renewing_until=None)

    def end(self, team: str, at: datetime) -> bool:
        """Note that the app was taken out then; False where it was installed after that, or never."""
        its = (installation.c.team == team, installation.c.installed_at <= at)
        is_in = installation.c.ended_at.is_(None)
        ended = self._connection.execute(update(installation).where(*its, is_in).values(ended_at=at))
        return ended.rowcount > 0

    def _changed(self, team: str, was: bytes, *conditions: Any, **values: Any) -> bool:
        its = (installation.c.team == team, installation.c.tokens == was, *conditions)
        return self._connection.execute(update(installation).where(*its).values(**values)).rowcount > 0


def _sealed(row: Row[Any]) -> Sealed:
    facts = {name: getattr(row, name) for name in COLUMNS}
    return Sealed(Installation(team=row.team, scopes=tuple(row.scopes), **facts), row.tokens)
