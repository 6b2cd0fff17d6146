"""Clusters of pieces that say alike, among those that match no ticket."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np
import numpy.typing as npt

from bot.matching.graph import Ints, communities, mutual_neighbours

if TYPE_CHECKING:
    from bot.ports import Embedder, Vectors

NEIGHBOURS = 15
FINEST = 4.0  # resolution
THINNEST = 0.02  # links that each row of a group has to the others, as a share, below which it may be parted
SPREADS = 2.5
SAMPLE = 1000  # rows that the background is taken from
BELOW = 0.1587  # the share of a normal distribution that lies more than one deviation below its middle
FREE = -1

_BACKGROUND = Path(__file__).with_name("background.txt")


@cache
def plain_sentences() -> tuple[str, ...]:
    """Return forty sentences that have nothing in common."""
    return tuple(_BACKGROUND.read_text(encoding="utf-8").splitlines())


def floor_of(vectors: Vectors, embedder: Embedder) -> float:
    """Return the cosine from which two pieces say alike: far above what unrelated ones reach by chance.

    Embedders differ, and so do pools: what all talk about counts less. The background is all pairs among a
    sample of the pool and forty plain sentences about nothing in common, without which a small pool had none.
    It is taken by its middle and its lower half, since pairs that do say alike fill the upper one.
    """
    step = max(1, len(vectors) // SAMPLE)
    rows = np.concatenate([vectors[::step], embedder.embed(plain_sentences())])
    rows = rows[rows.any(axis=1)]
    return far_above((rows @ rows.T)[np.triu_indices(len(rows), 1)], SPREADS)


def far_above(background: npt.NDArray[np.float32], spreads: float) -> float:
    """Return the cosine that many spreads above the middle of those that chance gives."""
    ordered = np.sort(background)
    middle, low = ordered[len(ordered) // 2], ordered[int(BELOW * len(ordered))]
    return float(middle + spreads * (middle - low))


def clusters(vectors: Vectors, floor: float, held: Sequence[int] | None = None) -> list[list[int]]:
    """Return the rows' numbers grouped, each group and all groups in the order of their first row.

    Rows that resemble no others are left out. held: for each row the group that a person keeps it in, or
    FREE: rows of one such group stay together, of two never meet. The same rows in the same order give the
    same groups.
    """
    if not len(vectors):
        return []
    kept = np.array(held if held is not None else [FREE] * len(vectors), dtype=np.int64)
    rows = np.arange(len(vectors))
    _, nodes = np.unique(np.where(kept == FREE, rows + kept.max() + 1, kept), return_inverse=True)
    graph = mutual_neighbours(vectors, NEIGHBOURS, floor).contracted(nodes)
    found = communities(graph, _resolution(len(vectors), float(graph.weights.sum())))[nodes]
    groups = [
        part for name in np.unique(found) for part in _apart(vectors, np.flatnonzero(found == name), kept)
    ]
    trimmed = [_trimmed(vectors, group, kept, floor) for group in groups]
    return sorted(group.tolist() for group in trimmed if len(group) > 1 or (kept[group] != FREE).any())


def nearest(vectors: Vectors, groups: Mapping[int, Vectors], floor: float) -> list[int | None]:
    """Return for each row the group to whose members it is most alike on average, None below floor."""
    if not groups:
        return [None] * len(vectors)
    names = sorted(groups)
    means = np.stack([groups[name].mean(axis=0) for name in names])
    cosines = vectors @ means.T
    best = cosines.argmax(axis=1)
    return [names[at] if cosines[row, at] >= floor else None for row, at in enumerate(best.tolist())]


def middle_first(vectors: Vectors) -> list[int]:
    """Return the rows' numbers, the one that is most like all others first."""
    likeness = (vectors @ vectors.sum(axis=0)).round(5)
    return [int(row) for row in np.lexsort((np.arange(len(vectors)), -likeness))]


def _resolution(size: int, weight: float) -> float:
    """Return how finely to part: less where nearly all that is linked is of one group.

    A group that holds more than one in `resolution` of all links is always parted, however alike its rows:
    so would be a small pool's groups, and what half of all customers say on a bad day.
    """
    return min(FINEST, THINNEST * size * size / weight) if weight else FINEST


def _apart(vectors: Vectors, group: Ints, kept: Ints) -> list[Ints]:
    """Return the group cut so that no two groups of people's meet: free rows go where they are most alike."""
    names = np.unique(kept[group][kept[group] != FREE])
    if len(names) < 2:
        return [group]
    means = np.stack([vectors[group[kept[group] == name]].mean(axis=0) for name in names])
    side = np.where(
        kept[group] == FREE,
        (vectors[group] @ means.T).argmax(axis=1),
        np.searchsorted(names, kept[group]),
    )
    return [group[side == at] for at in range(len(names))]


def _trimmed(vectors: Vectors, group: Ints, kept: Ints, floor: float) -> Ints:
    """Return the group without rows that are not, on average, as much like the others as floor."""
    while len(group) > 1:
        own = vectors[group]
        likeness: npt.NDArray[np.float32] = (own @ own.sum(axis=0) - 1) / (len(group) - 1)
        likeness[kept[group] != FREE] = np.inf
        worst = int(likeness.argmin())
        if likeness[worst] >= floor:
            break
        group = np.delete(group, worst)
    return group
