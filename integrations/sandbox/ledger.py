"""A record of every request that the stand-ins received."""

from __future__ import annotations

import threading
from collections import Counter, deque
from dataclasses import asdict, dataclass
from typing import Any


@dataclass(frozen=True, slots=True)
class Received:
    """One request as it arrived.

    route: the path's pattern, e.g. /rest/api/3/issue/<key>/comment; status: of the work's answer, even one
    that a fault kept back; 0 where a fault came before the work.
    """

    number: int
    vendor: str
    method: str
    path: str
    query: str
    route: str
    status: int
    body: str
    fault: str = ""


class Ledger:
    """Counts all requests and keeps the newest `keep` of them whole."""

    def __init__(self, keep: int = 50_000) -> None:
        self._rows: deque[Received] = deque(maxlen=keep)
        self._counts: Counter[str] = Counter()
        self._numbers = 0
        self._lock = threading.Lock()

    def add(self, **facts: Any) -> None:
        """Record one request."""
        with self._lock:
            self._numbers += 1
            row = Received(number=self._numbers, **facts)
            self._rows.append(row)
            self._counts[row.vendor] += 1

    def rows(self, vendor: str | None = None) -> list[dict[str, Any]]:
        """Return the kept requests in order of arrival, of one vendor or all."""
        with self._lock:
            return [asdict(row) for row in self._rows if vendor in (None, row.vendor)]

    def counts(self) -> dict[str, int]:
        """Return the number of requests a vendor since the start."""
        with self._lock:
            return dict(self._counts)
