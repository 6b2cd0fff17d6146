"""Which issues we wrote to lately: Jira's search may know them late, unless it is asked for them by id."""

from __future__ import annotations

import threading
from collections.abc import Callable

LASTS_S = 300.0
MOST = 50  # that Jira reconciles with one search


class Written:
    """The issues of the last minutes. now: seconds that only run forward."""

    def __init__(self, now: Callable[[], float]) -> None:
        self._now = now
        self._at: dict[int, float] = {}
        self._lock = threading.Lock()

    def note(self, external_id: str) -> None:
        """Remember a write."""
        if not external_id.isdecimal():
            return
        with self._lock:
            since = self._now() - LASTS_S
            self._at.pop(int(external_id), None)
            self._at[int(external_id)] = self._now()
            self._at = {issue: at for issue, at in self._at.items() if at > since}

    def ids(self) -> list[int]:
        """Return those written to last, at most as many as a search takes."""
        with self._lock:
            since = self._now() - LASTS_S
            return sorted([issue for issue, at in self._at.items() if at > since][-MOST:])
