"""Groups of pieces that say the same, for what no ticket covers yet."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

if TYPE_CHECKING:
    from bot.ports import Vectors


def groups(vectors: Vectors, floor: float) -> list[list[int]]:
    """Return the rows' numbers grouped: the biggest group first, on a tie the one that began earlier.

    vectors: unit rows; a zero row (no words) stands alone. floor: least cosine with a group's first row.
    A row joins the nearest group at or above the floor, else begins one; later rows change no earlier one.
    Source: leader clustering (Hartigan 1975).
    """
    leaders = np.empty_like(vectors)
    found: list[list[int]] = []
    for row, vector in enumerate(vectors):
        near = leaders[: len(found)] @ vector
        best = int(near.argmax()) if len(near) else -1
        if best >= 0 and near[best] >= floor and vector.any():
            found[best].append(row)
        else:
            leaders[len(found)] = vector
            found.append([row])
    return sorted(found, key=lambda group: (-len(group), group[0]))
