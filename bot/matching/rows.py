"""Vectors by row, scanned by one product; where they are many, in fewer dimensions first."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
import numpy.typing as npt

from bot.matching.growing import Growing, Whole

if TYPE_CHECKING:
    from bot.matching.tfidf import Floats
    from bot.ports import Vectors

MOST_WHOLE = 20_000  # rows that are scanned in all their dimensions
REDUCED = 96
_SAMPLE = 8_192

Small = npt.NDArray[np.int8]


def small(vectors: Vectors) -> Small:
    """Return the rows in a quarter of the space, their lengths lost."""
    most = np.abs(vectors).max(axis=1, keepdims=True, initial=0)
    scaled = np.divide(vectors * 127, most, out=np.zeros_like(vectors), where=most > 0)
    return np.asarray(np.rint(scaled), dtype=np.int8)


def unit(rows: Small) -> Vectors:
    """Return the rows at length one; rows of zeros stay."""
    vectors = rows.astype(np.float32)
    vectors *= 1 / np.maximum(np.sqrt(np.einsum("ij,ij->i", vectors, vectors)), 1)[:, None]
    return vectors


def in_fours(rows: Vectors) -> Vectors:
    """Return the rows, the last one repeated until their number divides by four.

    By such a number of rows a product's values do not depend on how many there are, or in which place.
    """
    return np.concatenate([rows, np.repeat(rows[-1:], -len(rows) % 4, axis=0)])


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
        self._scanned.now[rows] = self._turned(unit(vectors))

    def clear(self, rows: Whole) -> None:
        """Forget the vectors at these rows."""
        self._small.now[rows] = 0
        self._scanned.now[rows] = 0

    def vectors(self, rows: Whole) -> Vectors:
        """Return the vectors at these rows."""
        return unit(self._small.now[rows])

    def scan(self, queries: Vectors) -> Floats:
        """Return float32[queries, rows], cosines; where the rows are many, nearly."""
        return np.asarray(self._turned(in_fours(queries)) @ self._scanned.now.T)[: len(queries)]

    def cosines(self, scanned: Floats, query: Vectors, rows: Whole) -> Floats:
        """Return one query's cosines with some rows. scanned: its row of `scan`."""
        return scanned[rows] if self._turn is None else np.einsum("ij,j->i", self.vectors(rows), query)

    def _turned(self, vectors: Vectors) -> Vectors:
        return vectors if self._turn is None else vectors @ self._turn

    def _reduce(self) -> None:
        """Scan from now on by the directions in which the rows differ most. Source: PCA, not centred."""
        step = max(1, len(self._small) // _SAMPLE)
        sample = unit(self._small.now[::step])
        _, directions = np.linalg.eigh(sample.T @ sample)
        self._turn = np.ascontiguousarray(directions[:, -REDUCED:], dtype=np.float32)
        scanned: Growing[np.float32] = Growing(np.float32, self._turn.shape[1])
        for start in range(0, len(self._small), _SAMPLE):
            scanned.extend(self._turned(unit(self._small.now[start : start + _SAMPLE])))
        self._scanned = scanned
