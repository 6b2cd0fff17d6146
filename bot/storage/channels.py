"""Channels that can't be posted to, on SQL."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from sqlalchemy import Connection, Row, delete, select, update

from bot.domain.channel import ChannelTrouble
from bot.storage.sql import put_row
from bot.storage.tables import channel_trouble


class SqlChannels:
    """At most one row a channel."""

    def __init__(self, connection: Connection) -> None:
        self._connection = connection

    def note(self, channel: str, reason: str, now: datetime, look_at: datetime) -> bool:
        """Note that it can't be posted to, and when to try again; return whether that is news."""
        if self.get(channel) is not None:
            its = channel_trouble.c.channel == channel
            self._connection.execute(update(channel_trouble).where(its).values(look_at=look_at))
            return False
        values = {"reason": reason, "since": now, "look_at": look_at, "told_at": None, "back_at": None}
        put_row(self._connection, channel_trouble, {"channel": channel}, values)
        return True

    def get(self, channel: str) -> ChannelTrouble | None:
        """Return its trouble, None for none or one that is over."""
        its = (channel_trouble.c.channel == channel, channel_trouble.c.back_at.is_(None))
        row = self._connection.execute(select(channel_trouble).where(*its)).one_or_none()
        return _trouble(row) if row else None

    def over(self, channel: str, now: datetime) -> bool:
        """Note that it can be posted to again; return whether it could not."""
        if (known := self.get(channel)) is None:
            return False
        its = channel_trouble.c.channel == channel
        if known.told_at is None:  # nobody need hear of the end of what nobody heard of
            self._connection.execute(delete(channel_trouble).where(its))
        else:
            self._connection.execute(update(channel_trouble).where(its).values(back_at=now, told_at=None))
        return True

    def all(self) -> list[ChannelTrouble]:
        """Return all that is not over, by channel."""
        return self._found(channel_trouble.c.back_at.is_(None))

    def untold(self) -> list[ChannelTrouble]:
        """Return what nobody was told yet: a trouble, or its end."""
        return self._found(channel_trouble.c.told_at.is_(None))

    def told(self, channel: str, now: datetime) -> None:
        """Somebody was told of it; of an end, that closes it."""
        its = channel_trouble.c.channel == channel
        self._connection.execute(delete(channel_trouble).where(its, channel_trouble.c.back_at.is_not(None)))
        self._connection.execute(update(channel_trouble).where(its).values(told_at=now))

    def _found(self, condition: Any) -> list[ChannelTrouble]:
        query = select(channel_trouble).where(condition).order_by(channel_trouble.c.channel)
        return [_trouble(row) for row in self._connection.execute(query)]


def _trouble(row: Row[Any]) -> ChannelTrouble:
    return ChannelTrouble(
        channel=row.channel,
        reason=row.reason,
        since=row.since,
        look_at=row.look_at,
        told_at=row.told_at,
        back_at=row.back_at,
    )
