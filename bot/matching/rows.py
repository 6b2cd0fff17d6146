"""Vectors by row, scanned by one product; where they are many, in fewer dimensions first."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
import numpy.typing as npt

from bot.matching.growing import Growing, Whole, highest
from bot.matching.products import dots, products, unit

if TYPE_CHECKING:
    from bot.matching.tfidf import Floats
    from bot.ports import Vectors

MOST_WHOLE = 20_000  # rows that are scanned in all their dimensions
REDUCED = 96
_ONE_BY_ONE = 3  # queries up to which each takes the rows in turn: the time goes into reading them
_SAMPLE = 8_192
_LOOKED_AT = 2_000  # rows that a reduced scan finds nearest: they hold 98 of the 100 that are

Small = npt.NDArray[np.int8]


def small(vectors: Vectors) -> Small:
    """Return the rows in a quarter of the space, their lengths lost."""
    most = np.abs(vectors).max(axis=1, keepdims=True, initial=0)
    scaled = np.divide(vectors * 127, most, out=np.zeros_like(vectors), where=most > 0)
    return np.asarray(np.rint(scaled), dtype=np.int8)


class Rows:
    """Unit vectors, kept as `small` ones. A cleared row is near to nothing."""

    def __init__(self, dimensions: int, most_whole: int = MOST_WHOLE) -> None:
        self._most_whole = most_whole
        self._small: Growing[np.int8] = Growing(np.int8, dimensions)
        self._scanned: Growing[np.float32] = Growing(np.float32, dimensions)
        self._turn: Vectors | None = None  # to the fewer dimensions, once there are so many rows

    def __len__(self) -> int:
        return len(self._small)

    @property
    def nbytes(self) -> int:
        """Return how much memory it takes."""
        return self._small.nbytes + self._scanned.nbytes

    def put(self, rows: Whole, vectors: Small) -> None:
        """Hold the vectors at these rows."""
        size = int(rows.max(initial=-1)) + 1
        self._small.reach(size)
        self._small.now[rows] = vectors
        if self._turn is None and size > self._most_whole:
            self._reduce()
        self._scanned.reach(size)
        self._scanned.now[rows] = self._turned(unit(vectors.astype(np.float32)))

    def clear(self, rows: Whole) -> None:
        """Forget the vectors at these rows."""
        self._small.now[rows] = 0
        self._scanned.now[rows] = 0

    def vectors(self, rows: Whole) -> Vectors:
        """Return the vectors at these rows."""
        return unit(self._small.now[rows].astype(np.float32))

    def scan(self, queries: Vectors) -> Floats:
        """Return float32[queries, rows], cosines; where the rows are many, nearly."""
        turned = self._turned(queries)
        if self._turn is not None and len(turned) <= _ONE_BY_ONE:
            return np.stack([dots(self._scanned.now, query) for query in turned])
        return np.ascontiguousarray(products(self._scanned.now, turned).T)

    def cosines(self, scanned: Floats, query: Vectors, rows: Whole) -> Floats:
        """Return one query's cosines with some rows. scanned: its row of `scan`."""
        return scanned.take(rows) if self._turn is None else np.einsum("ij,j->i", self.vectors(rows), query)

    def nearly(self, scanned: Floats, query: Vectors, rows: Whole | None) -> tuple[Floats, Whole | None]:
        """Return one query's cosines with these rows, None for all; of many rows, with the nearest alone.

        With them the rows whose they are.
        """
        values = scanned if rows is None else scanned.take(rows)
        if self._turn is None:
            return values, rows
        top = highest(values, _LOOKED_AT)
        few = top if rows is None else rows.take(top)
        return self.cosines(scanned, query, few), few

    def _turned(self, vectors: Vectors) -> Vectors:
        return vectors if self._turn is None else products(vectors, self._turn)

    def _reduce(self) -> None:
        """Scan from now on by the directions in which the rows differ most. Source: PCA, not centred."""
        step = max(1, len(self._small) // _SAMPLE)
        sample = unit(self._small.now[::step].astype(np.float32))
        _, directions = np.linalg.eigh((sample.T @ sample).astype(np.float64))
        self._turn = np.ascontiguousarray(directions[:, -REDUCED:].T, dtype=np.float32)
        scanned: Growing[np.float32] = Growing(np.float32, len(self._turn))
        for some in np.array_split(np.arange(len(self._small)), 1 + len(self._small) // _SAMPLE):
            scanned.extend(self._turned(self.vectors(some)))
        self._scanned = scanned
