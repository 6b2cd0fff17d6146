"""Which tickets are worth a closer look: the owners of the nearest rows."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from bot.matching.growing import Whole, highest
from bot.matching.texts import NOBODY

if TYPE_CHECKING:
    from bot.matching.tfidf import Features, Floats

NEAREST = 50  # tickets by meaning, and as many by words
_ROWS = 160  # that are looked at first to find so many tickets


def nearest(values: Floats, rows: Whole | None, owners: Features, ids: Whole) -> list[int]:
    """Return up to NEAREST slots, of the rows with the highest values; on a tie the lower ticket ids win.

    rows: whose values they are, None for all. owners: each row's slot; ids: each slot's ticket.
    """
    most = _ROWS
    while True:
        top = highest(values, most)
        own = owners.take(top if rows is None else rows.take(top))
        order = np.lexsort((ids.take(own), -values.take(top)))
        slots = dict.fromkeys(own.take(order).tolist())
        slots.pop(NOBODY, None)
        if len(slots) >= NEAREST or len(top) == len(values):
            return list(slots)[:NEAREST]
        most *= 8
