"""Arrays that grow at their end, and rows of unequal length kept in them."""

from __future__ import annotations

from typing import Any, Generic, TypeVar

import numpy as np
import numpy.typing as npt

Kind = TypeVar("Kind", bound=np.generic)
Whole = npt.NDArray[np.int64]


class Growing(Generic[Kind]):
    """An array that grows in place: room is taken ahead, and costs no memory until it is written to."""

    def __init__(self, kind: type[Kind], *shape: int) -> None:
        self._room: npt.NDArray[Kind] = np.zeros((0, *shape), dtype=kind)
        self._size = 0

    def __len__(self) -> int:
        return self._size

    @property
    def now(self) -> npt.NDArray[Kind]:
        """Return what is there, to read and to write; good until it grows."""
        return self._room[: self._size]

    @property
    def nbytes(self) -> int:
        """Return how much memory what is there takes."""
        return int(self.now.nbytes)

    def reach(self, size: int) -> None:
        """Have at least so many rows; new ones are zeros."""
        if size > len(self._room):
            room = np.zeros((size + size // 4 + 64, *self._room.shape[1:]), dtype=self._room.dtype)
            room[: self._size] = self.now
            self._room = room
        self._size = max(self._size, size)

    def extend(self, rows: npt.NDArray[Any]) -> None:
        """Add the rows at the end."""
        start = self._size
        self.reach(start + len(rows))
        self._room[start : self._size] = rows

    def shorten(self, length: int) -> None:
        """Keep the first so many of each row's values."""
        self.replace(self.now[:, :length])

    def replace(self, rows: npt.NDArray[Any]) -> None:
        """Hold these rows and no others."""
        self._room = np.array(rows, dtype=self._room.dtype)
        self._size = len(rows)


class Pool:
    """Rows of unequal length, one after the other, in one or more columns of the same lengths.

    A row that is put again or dropped leaves its old place unused until the pool is packed.
    """

    def __init__(self, *columns: Growing[Any]) -> None:
        self.columns = columns
        self._starts: Growing[np.int64] = Growing(np.int64)
        self._sizes: Growing[np.int32] = Growing(np.int32)
        self._used = 0

    @property
    def nbytes(self) -> int:
        """Return how much memory it takes."""
        return sum(part.nbytes for part in (*self.columns, self._starts, self._sizes))

    def __len__(self) -> int:
        return len(self.columns[0])

    @property
    def is_mostly_unused(self) -> bool:
        """Whether packing is worth its time."""
        return len(self) > 2 * self._used + 4096

    def put(self, rows: Whole, sizes: Whole, *values: npt.NDArray[Any]) -> None:
        """Hold these rows. rows: their numbers, each once; values: each column's, one row after the other."""
        self.drop(rows)
        start = len(self)
        for column, some in zip(self.columns, values, strict=True):
            column.extend(some)
        self._starts.now[rows] = start + np.cumsum(sizes) - sizes
        self._sizes.now[rows] = sizes
        self._used += int(sizes.sum())

    def drop(self, rows: Whole) -> None:
        """Let the rows be empty."""
        self._reach(rows)
        self._used -= int(self._sizes.now[rows].sum())
        self._sizes.now[rows] = 0

    def places(self, rows: Whole) -> tuple[Whole, Whole]:
        """Return where in the columns the rows lie, one after the other, and how long each is."""
        self._reach(rows)
        sizes = self._sizes.now[rows].astype(np.int64)
        return spread(self._starts.now[rows], sizes), sizes

    def sizes(self, rows: Whole) -> npt.NDArray[np.int32]:
        """Return how long each row is."""
        self._reach(rows)
        return self._sizes.now[rows]

    def clear(self) -> None:
        """Let every row be empty."""
        for column in self.columns:
            column.replace(column.now[:0])
        self._sizes.now[:] = 0
        self._used = 0

    def pack(self) -> None:
        """Give back the unused places, and lay the rows in order of their numbers."""
        rows = np.flatnonzero(self._sizes.now)
        places, sizes = self.places(rows)
        for column in self.columns:
            column.replace(column.now[places])
        self._starts.now[rows] = np.cumsum(sizes) - sizes

    def _reach(self, rows: Whole) -> None:
        size = int(rows.max(initial=-1)) + 1
        self._starts.reach(size)
        self._sizes.reach(size)


def spread(starts: Whole, sizes: Whole) -> Whole:
    """Return the places of runs: starts[0], starts[0] + 1, … sizes[0] of them, then those of the next."""
    ends = np.cumsum(sizes)
    total = int(ends[-1]) if len(ends) else 0
    return np.asarray(np.arange(total) + np.repeat(starts - ends + sizes, sizes))


def sums(values: npt.NDArray[Any], sizes: Whole) -> npt.NDArray[np.float64]:
    """Return the sum of each run of the values, 0.0 of an empty one."""
    owners = np.repeat(np.arange(len(sizes)), sizes)
    return np.bincount(owners, values, minlength=len(sizes)).astype(np.float64)


def greatest(values: npt.NDArray[Any], sizes: Whole) -> npt.NDArray[Any]:
    """Return the greatest of each run along the first axis, 0 of an empty one."""
    found = np.zeros((len(sizes), *values.shape[1:]), dtype=values.dtype)
    filled = sizes > 0
    if filled.any():
        starts = np.cumsum(sizes) - sizes
        found[filled] = np.maximum.reduceat(values, starts[filled], axis=0)
    return found
