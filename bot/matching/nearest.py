"""Which tickets are worth a closer look: the owners of the nearest rows."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
import numpy.typing as npt

from bot.matching.growing import Whole
from bot.matching.texts import NOBODY

if TYPE_CHECKING:
    from bot.matching.tfidf import Features, Floats

NEAREST = 50  # tickets by meaning, and as many by words
_ROWS = 300  # that are looked at first to find so many tickets

Mask = npt.NDArray[np.bool_]


def nearest(
    scores: Floats, owners: Features, ids: Whole, allowed: Mask | None, floor: float = -np.inf
) -> Whole:
    """Return up to NEAREST slots, of the rows with the highest scores; on a tie the lower ticket ids win.

    scores: by row; owners: each row's slot; ids: each slot's ticket; allowed: which slots may be returned,
    None for all; floor: what a score must exceed.
    """
    if allowed is not None:
        scores = np.where(allowed[owners], scores, -np.inf)
    most = _ROWS
    while True:
        rows = _top(scores, most, floor)
        is_last = len(rows) < most or most >= len(scores)
        rows = rows[owners[rows] != NOBODY]
        slots = owners[rows[np.lexsort((ids[owners[rows]], -scores[rows]))]].astype(np.int64)
        found = slots[np.sort(np.unique(slots, return_index=True)[1])]
        if len(found) >= NEAREST or is_last:
            return np.asarray(found[:NEAREST])
        most *= 8


def _top(scores: Floats, most: int, floor: float) -> Whole:
    """Return the rows with the `most` highest scores above the floor, and those that tie with the last."""
    if most >= len(scores):
        return np.flatnonzero(scores > floor)
    at = len(scores) - most
    edge = np.partition(scores, at)[at]
    return np.flatnonzero((scores >= edge) & (scores > floor))
