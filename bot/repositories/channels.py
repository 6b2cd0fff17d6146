"""Channels that can't be posted to."""

from __future__ import annotations

from datetime import datetime
from typing import Protocol

from bot.domain.channel import ChannelTrouble


class Channels(Protocol):
    """At most one row a channel."""

    def note(self, channel: str, reason: str, now: datetime, look_at: datetime) -> bool:
        """Note that it can't be posted to, and when to try again; return whether that is news."""
        ...

    def get(self, channel: str) -> ChannelTrouble | None:
        """Return its trouble, None for none or one that is over."""
        ...

    def over(self, channel: str, now: datetime) -> bool:
        """Note that it can be posted to again; return whether it could not."""
        ...

    def all(self) -> list[ChannelTrouble]:
        """Return all that is not over, by channel."""
        ...

    def untold(self) -> list[ChannelTrouble]:
        """Return what nobody was told yet: a trouble, or its end."""
        ...

    def told(self, channel: str, now: datetime) -> None:
        """Somebody was told of it; of an end, that closes it."""
        ...
