"""Clocks: the machine's, and one that starts elsewhere in time for demos and tests."""

from __future__ import annotations

from datetime import UTC, datetime


class SystemClock:
    """The machine's time."""

    def now(self) -> datetime:
        """Return this moment, aware, in UTC."""
        return datetime.now(UTC)


class ShiftedClock:
    """A clock that shows `start` when it is made and runs on from there. Raises ValueError if naive."""

    def __init__(self, start: datetime) -> None:
        if start.tzinfo is None:
            raise ValueError(f"the time needs an offset, {start} has none")
        self._shift = start.astimezone(UTC) - datetime.now(UTC)

    def now(self) -> datetime:
        """Return this moment, shifted, aware, in UTC."""
        return datetime.now(UTC) + self._shift
