"""The stand-ins' time: the machine's, shifted, and moved forward on request."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta


class SandboxClock:
    """A clock that starts at a given moment and runs on; frozen ones move only by `advance`."""

    def __init__(self, start: datetime | None = None, *, frozen: bool = False) -> None:
        real = datetime.now(UTC)
        self._shift = (start - real) if start else timedelta()
        self._frozen_at = (start or real) if frozen else None

    def now(self) -> datetime:
        """Return this moment, aware, in UTC."""
        return self._frozen_at or datetime.now(UTC) + self._shift

    def advance(self, seconds: float) -> None:
        """Move the time forward."""
        self._shift += timedelta(seconds=seconds)
        if self._frozen_at:
            self._frozen_at += timedelta(seconds=seconds)


def loaded_time(text: str) -> datetime:
    """Return a time as records are loaded with it: ISO 8601 with an offset. Raises ValueError."""
    moment = datetime.fromisoformat(text)
    if moment.tzinfo is None:
        raise ValueError(f"a time has an offset, {text} has none")
    return moment
