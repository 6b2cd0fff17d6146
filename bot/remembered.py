"""What was asked of others, remembered for a while."""

from __future__ import annotations

import threading
from collections.abc import Callable, Hashable
from datetime import datetime, timedelta
from typing import Generic, TypeVar

MOST = 10_000

K = TypeVar("K", bound=Hashable)
V = TypeVar("V")


class Remembered(Generic[K, V]):
    """Values by key, none of them None; of more than so many the oldest go. Safe for several threads."""

    def __init__(self, lasts: timedelta, most: int = MOST) -> None:
        self._lasts, self._most = lasts, most
        self._kept: dict[K, tuple[datetime, V]] = {}
        self._lock = threading.Lock()

    def of(self, key: K, now: datetime, ask: Callable[[], V]) -> V:
        """Return the value, asked for where none was kept lately."""
        known = self.recent(key, now)
        if known is None:
            known = ask()
            self.keep(key, known, now)
        return known

    def recent(self, key: K, now: datetime) -> V | None:
        """Return the value, None where none was kept lately."""
        with self._lock:
            kept_at, value = self._kept.get(key, (now - self._lasts, None))
        return value if now - kept_at < self._lasts else None

    def last(self, key: K) -> V | None:
        """Return the value as it was kept last, however long ago."""
        with self._lock:
            _, value = self._kept.get(key, (None, None))
        return value

    def keep(self, key: K, value: V, now: datetime) -> None:
        """Remember the value."""
        with self._lock:
            self._kept.pop(key, None)
            self._kept[key] = now, value
            while len(self._kept) > self._most:
                del self._kept[next(iter(self._kept))]
