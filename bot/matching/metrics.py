"""Figures of how well scores tell right from wrong."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

if TYPE_CHECKING:
    import numpy.typing as npt

    Doubles = npt.NDArray[np.float64]


def auc(right: npt.ArrayLike, scores: npt.ArrayLike) -> float | None:
    """Return the chance that a right one scores above a wrong one, ties half; None without both kinds."""
    return _number(weighted_auc(right, scores, _once(scores)))


def average_precision(right: npt.ArrayLike, scores: npt.ArrayLike) -> float | None:
    """Return the mean precision at each right one, best score first; equal scores are taken together."""
    return _number(weighted_average_precision(right, scores, _once(scores)))


def weighted_auc(right: npt.ArrayLike, scores: npt.ArrayLike, weights: npt.ArrayLike) -> Doubles:
    """Return the AUC for each row of weights (how often each one counts); nan without both kinds."""
    hits, misses = _levels(right, scores, weights)
    below = misses.sum(axis=1, keepdims=True) - misses.cumsum(axis=1)
    return ratio((hits * (below + misses / 2)).sum(axis=1), hits.sum(axis=1) * misses.sum(axis=1))


def weighted_average_precision(
    right: npt.ArrayLike, scores: npt.ArrayLike, weights: npt.ArrayLike
) -> Doubles:
    """Return the average precision for each row of weights; nan without a right one."""
    hits, misses = _levels(right, scores, weights)
    found = hits.cumsum(axis=1)
    precision = ratio(found, found + misses.cumsum(axis=1))
    return ratio(np.nansum(hits * precision, axis=1), hits.sum(axis=1))


def _levels(right: npt.ArrayLike, scores: npt.ArrayLike, weights: npt.ArrayLike) -> tuple[Doubles, Doubles]:
    """Return the weight of right and of wrong ones, float64[rows, different scores], best score first."""
    is_right, values = np.asarray(right, dtype=bool), np.asarray(scores, dtype=np.float64)
    order = np.argsort(-values, kind="stable")
    ordered = np.asarray(weights, dtype=np.float64)[:, order]
    if not len(order):
        return ordered, ordered
    values, is_right = values[order], is_right[order]
    starts = np.concatenate(([0], 1 + np.flatnonzero(values[1:] != values[:-1])))
    hits, misses = (np.add.reduceat(ordered * kind, starts, axis=1) for kind in (is_right, ~is_right))
    return hits, misses


def ratio(above: Doubles, below: Doubles) -> Doubles:
    """Return one by the other; nan where the lower one is 0."""
    return np.asarray(np.divide(above, below, out=np.full(below.shape, np.nan), where=below > 0))


def _once(scores: npt.ArrayLike) -> Doubles:
    return np.ones((1, len(np.asarray(scores))))


def _number(figure: Doubles) -> float | None:
    return None if np.isnan(figure[0]) else float(figure[0])
