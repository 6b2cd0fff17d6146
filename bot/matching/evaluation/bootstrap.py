"""Figures with their 95 % intervals: the percentile bootstrap over pieces.

Pieces are drawn, not pairs: what is known of one piece hangs together. A figure is a function of how often
each piece counts, so that one function gives the figure and what it would be on other pieces like these.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Protocol

import numpy as np

from bot.matching.metrics import ratio

if TYPE_CHECKING:
    import numpy.typing as npt

    from bot.matching.metrics import Doubles

DRAWS = 2_000
_BLOCK = 50  # draws at a time: bounds memory to a few arrays of 50 rows
_TAILS = (0.025, 0.975)


class Figure(Protocol):
    """A figure of the judged pieces."""

    def __call__(self, weights: Doubles, /) -> Doubles:
        """Return the figure for each row of float64[rows, pieces] weights; nan where it can't be told."""
        ...


class Portion:
    """Σ part / Σ whole over the pieces. part: of each piece, from 0 to its whole."""

    def __init__(self, part: npt.ArrayLike, whole: npt.ArrayLike) -> None:
        self._part, self._whole = (np.asarray(one, dtype=np.float64) for one in (part, whole))

    def __call__(self, weights: Doubles, /) -> Doubles:
        """Return the portion for each row of weights."""
        return ratio(weights @ self._part, weights @ self._whole)

    def bounds(self) -> tuple[float, float]:
        """Return the exact 95 % bounds where each piece says 0, or each says 1; else (0.0, 1.0).

        There every draw is alike and would feign a certainty that a few pieces can't give (Clopper-Pearson).
        """
        pieces = np.count_nonzero(self._whole)
        least = float(_TAILS[0] ** (1 / pieces)) if pieces else 0.0
        if not self._part.any():
            return 0.0, 1 - least
        return (least, 1.0) if np.array_equal(self._part, self._whole) else (0.0, 1.0)


def unknown(weights: Doubles, /) -> Doubles:
    """Return nan for each row of weights: the figure of data that can't give it."""
    return np.full(len(weights), np.nan)


@dataclass(frozen=True, slots=True)
class Draws:
    """Draws of so many pieces. The same seed makes the same draws: figures can be compared draw by draw."""

    pieces: int
    seed: int

    def told(self, figures: Mapping[str, Figure]) -> dict[str, Any]:
        """Return each figure and, under `interval95`, its [low, high]; None for what can't be told."""
        points = {name: float(figure(np.ones((1, self.pieces)))[0]) for name, figure in figures.items()}
        drawn: dict[str, list[Doubles]] = {name: [] for name in figures}
        for weights in self._weights():
            for name, figure in figures.items():
                drawn[name].append(figure(weights))
        intervals = {name: _interval(figure, np.concatenate(drawn[name])) for name, figure in figures.items()}
        return {name: _rounded(point) for name, point in points.items()} | {"interval95": intervals}

    def _weights(self) -> Iterator[Doubles]:
        random = np.random.default_rng(self.seed)
        first = np.arange(_BLOCK)[:, None] * self.pieces
        for _ in range(DRAWS // _BLOCK):
            chosen = random.integers(max(1, self.pieces), size=(_BLOCK, self.pieces)) + first
            counts = np.bincount(chosen.ravel(), minlength=_BLOCK * self.pieces)
            yield counts.reshape(_BLOCK, self.pieces).astype(np.float64)


def _interval(figure: Figure, drawn: Doubles) -> list[float] | None:
    known = drawn[~np.isnan(drawn)]
    if not len(known):
        return None
    low, high = np.quantile(known, _TAILS).tolist()
    if isinstance(figure, Portion) and low == high:
        low, high = figure.bounds()
    return [round(low, 4), round(high, 4)]


def _rounded(point: float) -> float | None:
    return None if np.isnan(point) else round(point, 4)
