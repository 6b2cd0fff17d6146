"""How sure a share "right of n" is: exact bounds after Clopper and Pearson, from binomial tails alone."""

from __future__ import annotations

import math
from dataclasses import dataclass

ERROR = 0.05  # of a one-sided bound; an interval has half of it on each side
_STEPS = 60  # of bisection: 2⁻⁶⁰ is finer than a float near 1 tells


@dataclass(frozen=True, slots=True)
class Share:
    """So many right of so many judged: 0 <= right <= of, else ValueError."""

    right: int
    of: int

    def __post_init__(self) -> None:
        if not 0 <= self.right <= self.of:
            raise ValueError(f"0 <= right <= of must hold, not {self.right} of {self.of}")

    @property
    def lower(self) -> float:
        """The one-sided 95 % lower bound: a smaller share would show this or better in 5 % of all cases."""
        return _lower(self, ERROR)

    @property
    def upper(self) -> float:
        """The one-sided 95 % upper bound."""
        return _upper(self, ERROR)

    @property
    def interval(self) -> tuple[float, float]:
        """The two-sided 95 % interval."""
        return _lower(self, ERROR / 2), _upper(self, ERROR / 2)

    def reaches(self, target: float) -> bool:
        """Return whether the lower bound is at the target or above."""
        return self.lower >= target

    def misses(self, target: float) -> bool:
        """Return whether even the upper bound is below the target."""
        return self.upper < target

    def __str__(self) -> str:
        """Return e.g. "59 of 59"."""
        return f"{self.right:,} of {self.of:,}"


NONE_YET = Share(0, 0)


def least_to_reach(target: float) -> int:
    """Return the least n of which all must be right to reach the target, 0.0 < target < 1.0: 59 for 0.95.

    With fewer nothing can be shown, however right they are.
    """
    n = max(1, math.floor(math.log(ERROR) / math.log(target)))
    return n if Share(n, n).reaches(target) else n + 1


def _lower(share: Share, error: float) -> float:
    if share.right == 0:
        return 0.0
    low, high = 0.0, 1.0
    for _ in range(_STEPS):
        middle = (low + high) / 2
        if _at_least(share.right, share.of, middle) < error:
            low = middle
        else:
            high = middle
    return low


def _upper(share: Share, error: float) -> float:
    return 1.0 - _lower(Share(share.of - share.right, share.of), error)


def _at_least(least: int, of: int, chance: float) -> float:
    """Return the probability of at least so many right of n, each right with that chance.

    Sums the tail's terms from its largest outwards, each from the one before, while they still add anything.
    """
    if chance <= 0.0 or chance >= 1.0:
        return float(chance >= 1.0 or least == 0)
    start = max(least, min(of, math.floor((of + 1) * chance)))
    log_peak = (
        math.lgamma(of + 1)
        - math.lgamma(start + 1)
        - math.lgamma(of - start + 1)
        + start * math.log(chance)
        + (of - start) * math.log1p(-chance)
    )
    odds, total = chance / (1.0 - chance), 1.0
    term = 1.0
    for at in range(start, of):
        term *= (of - at) / (at + 1) * odds
        total += term
        if term < total * 1e-17:
            break
    term = 1.0
    for at in range(start, least, -1):
        term *= at / (of - at + 1) / odds
        total += term
        if term < total * 1e-17:
            break
    return min(1.0, math.exp(log_peak) * total)
