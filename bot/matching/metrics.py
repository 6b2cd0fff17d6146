"""Figures of how well scores tell right from wrong."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

import numpy as np

if TYPE_CHECKING:
    import numpy.typing as npt


def auc(right: npt.ArrayLike, scores: npt.ArrayLike) -> float | None:
    """Return the chance that a right one scores above a wrong one, ties half; None without both kinds."""
    is_right, values = np.asarray(right, dtype=bool), np.asarray(scores, dtype=np.float64)
    above, wrong = np.sort(values[is_right]), np.sort(values[~is_right])
    if not len(above) or not len(wrong):
        return None
    below = np.searchsorted(wrong, above, "left") + np.searchsorted(wrong, above, "right")
    return float(below.sum() / (2 * len(above) * len(wrong)))


def average_precision(right: npt.ArrayLike, scores: npt.ArrayLike) -> float | None:
    """Return the mean precision at each right one, best score first; equal scores are taken together."""
    is_right, values = np.asarray(right, dtype=bool), np.asarray(scores, dtype=np.float64)
    if not is_right.any():
        return None
    order = np.argsort(-values, kind="stable")
    hits, ordered = np.cumsum(is_right[order]), values[order]
    ends = np.append(np.flatnonzero(np.diff(ordered)), len(ordered) - 1)
    gained = np.diff(hits[ends], prepend=0)
    return float((gained * hits[ends] / (ends + 1)).sum() / is_right.sum())


def hit_rate(ranks: Sequence[int | None], top: int) -> float:
    """Return the share of the ranks (from 1; None for not found) that are at most `top`."""
    return sum(rank is not None and rank <= top for rank in ranks) / len(ranks)


def mean_reciprocal_rank(ranks: Sequence[int | None]) -> float:
    """Return the mean of 1/rank, 0 for what was not found."""
    return sum(1 / rank for rank in ranks if rank) / len(ranks)
