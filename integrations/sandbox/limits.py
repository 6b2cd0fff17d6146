"""Rate limits as sliding windows, under two profiles: `vendor` (documented numbers) and `open` (none)."""

from __future__ import annotations

import threading
from collections import defaultdict, deque
from dataclasses import dataclass

from integrations.sandbox.clock import SandboxClock


@dataclass(frozen=True, slots=True)
class Limit:
    """At most `calls` within `per_s` seconds. source: where the vendor documents it."""

    name: str
    calls: int
    per_s: float
    source: str


@dataclass(frozen=True, slots=True)
class Refusal:
    """A call over its limit. retry_after_s: whole seconds until the window has room, at least 1."""

    limit: Limit
    retry_after_s: int


class Limiter:
    """Counts calls per limit and subject (an issue, a channel, a token). Profile "open" never refuses."""

    def __init__(self, clock: SandboxClock, profile: str) -> None:
        if profile not in ("vendor", "open"):
            raise ValueError(f"profile must be vendor or open, not {profile!r}")
        self.profile = profile
        self._clock = clock
        self._calls: dict[tuple[str, str], deque[float]] = defaultdict(deque)
        self._lock = threading.Lock()

    def take(self, limit: Limit, subject: str = "") -> Refusal | None:
        """Count one call, or return the refusal where the window is full (a refused call does not count)."""
        if self.profile == "open":
            return None
        now = self._clock.now().timestamp()
        with self._lock:
            calls = self._calls[(limit.name, subject)]
            while calls and calls[0] <= now - limit.per_s:
                calls.popleft()
            if len(calls) >= limit.calls:
                return Refusal(limit, max(1, int(calls[0] + limit.per_s - now) + 1))
            calls.append(now)
            return None

    def left(self, limit: Limit, subject: str = "") -> int:
        """Return how many calls the window still takes."""
        if self.profile == "open":
            return limit.calls
        now = self._clock.now().timestamp()
        with self._lock:
            return limit.calls - sum(1 for t in self._calls[(limit.name, subject)] if t > now - limit.per_s)
