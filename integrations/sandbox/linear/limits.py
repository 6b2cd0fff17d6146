"""What a caller may ask for within an hour: requests, and points of complexity.

Source: linear.app/developers/rate-limiting, read 2026-10-01.
"""

from __future__ import annotations

from collections import deque
from dataclasses import dataclass, field
from datetime import datetime

from integrations.sandbox.limits import Limit

PER_S = 3600
SOURCE = "linear.app/developers/rate-limiting, 2026-10-01"
MOST_POINTS_A_QUERY = 10_000
API_KEY = (
    Limit("requests with an API key", 2_500, PER_S, SOURCE),
    Limit("points with an API key", 3_000_000, PER_S, SOURCE),
)
OAUTH = (
    Limit("requests with an OAuth token", 5_000, PER_S, SOURCE),
    Limit("points with an OAuth token", 2_000_000, PER_S, SOURCE),
)
NAMES = ("Requests", "Complexity")


@dataclass(slots=True)
class Spent:
    """What one caller has used of one limit within the last hour."""

    limit: Limit
    uses: deque[tuple[float, float]] = field(default_factory=deque)
    total: float = 0.0

    def left(self, now: float) -> float:
        """Return how much is left."""
        while self.uses and self.uses[0][0] <= now - self.limit.per_s:
            self.total -= self.uses.popleft()[1]
        return self.limit.calls - self.total

    def use(self, now: float, amount: float) -> None:
        """Count it."""
        self.uses.append((now, amount))
        self.total += amount

    def reset_ms(self, now: float) -> int:
        """Return when the oldest use is forgotten, as epoch milliseconds."""
        return round(((self.uses[0][0] if self.uses else now) + self.limit.per_s) * 1000)


class Budget:
    """All callers. Profile "open" never refuses."""

    def __init__(self, profile: str) -> None:
        self._is_open = profile == "open"
        self._spent: dict[str, tuple[Spent, Spent]] = {}

    def take(self, caller: str, now: datetime, points: float, *, is_oauth: bool) -> bool:
        """Return whether the request is within both limits, and count it if so."""
        spent, at = self._of(caller, is_oauth), now.timestamp()
        amounts = (1.0, points)
        if not self._is_open and any(
            one.left(at) < amount for one, amount in zip(spent, amounts, strict=True)
        ):
            return False
        for one, amount in zip(spent, amounts, strict=True):
            one.use(at, amount)
        return True

    def headers(self, caller: str, now: datetime, *, is_oauth: bool) -> dict[str, str]:
        """Return what each answer says of the limits."""
        found, at = {}, now.timestamp()
        for name, one in zip(NAMES, self._of(caller, is_oauth), strict=True):
            found[f"X-RateLimit-{name}-Limit"] = str(one.limit.calls)
            found[f"X-RateLimit-{name}-Remaining"] = str(max(0, int(one.left(at))))
            found[f"X-RateLimit-{name}-Reset"] = str(one.reset_ms(at))
        return found

    def _of(self, caller: str, is_oauth: bool) -> tuple[Spent, Spent]:
        if caller not in self._spent:
            requests, points = OAUTH if is_oauth else API_KEY
            self._spent[caller] = (Spent(requests), Spent(points))
        return self._spent[caller]
