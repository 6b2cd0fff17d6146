"""Arrays that grow at their end, and rows of unequal length kept in them."""

from __future__ import annotations

import math
import mmap
from collections.abc import Sequence
from typing import Any, Generic, TypeVar

import numpy as np
import numpy.typing as npt

Kind = TypeVar("Kind", bound=np.generic)
Whole = npt.NDArray[np.int64]

_LARGE = 1 << 20


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
            room = _room((2 * size + 64, *self._room.shape[1:]), self._room.dtype)
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
        self._room = _room(rows.shape, self._room.dtype)
        self._room[:] = rows
        self._size = len(rows)


class Pool:
    """Rows of unequal length, one after the other, in columns of the same lengths.

    A row that is put again or dropped leaves its old place unused until the pool is packed. fills: for each
    column what lies behind a row's end, where rows are kept in whole lines of so many values, which are read
    faster than single ones.
    """

    def __init__(self, *columns: Growing[Any], line: int = 1, fills: Sequence[int] = ()) -> None:
        self.columns, self.line = columns, line
        self._fills = fills
        self._starts: Growing[np.int32] = Growing(np.int32)  # in lines
        self._lines: Growing[np.int32] = Growing(np.int32)
        self._used = 0

    def __len__(self) -> int:
        return len(self.columns[0])

    @property
    def nbytes(self) -> int:
        """Return how much memory it takes."""
        return sum(part.nbytes for part in (*self.columns, self._starts, self._lines))

    @property
    def is_mostly_unused(self) -> bool:
        """Whether packing is worth its time."""
        return len(self) > 2 * self._used * self.line + 4096

    def put(self, rows: Whole, sizes: Whole, *values: npt.NDArray[Any]) -> None:
        """Hold these rows. rows: their numbers, each once; values: each column's, one row after the other."""
        self.drop(rows)
        lines = -(-sizes // self.line)
        starts = len(self) // self.line + np.cumsum(lines) - lines
        if self.line == 1:
            for column, some in zip(self.columns, values, strict=True):
                column.extend(some)
        else:
            places = spread((starts - starts[:1]) * self.line, sizes)
            for column, fill, some in zip(self.columns, self._fills, values, strict=True):
                whole = np.full(int(lines.sum()) * self.line, fill, dtype=some.dtype)
                whole[places] = some
                column.extend(whole)
        self._starts.now[rows], self._lines.now[rows] = starts, lines
        self._used += int(lines.sum())

    def drop(self, rows: Whole) -> None:
        """Let the rows be empty."""
        self._reach(rows)
        self._used -= int(self._lines.now[rows].sum())
        self._lines.now[rows] = 0

    def is_empty(self, rows: Whole) -> npt.NDArray[np.bool_]:
        """Return whether each row is empty."""
        self._reach(rows)
        return np.equal(self._lines.now[rows], 0)

    def lines(self, rows: Whole) -> tuple[Whole, Whole]:
        """Return which lines of the columns hold the rows, one row's after the other's, and how many each."""
        self._reach(rows)
        sizes = self._lines.now.take(rows).astype(np.int64)
        return spread(self._starts.now.take(rows).astype(np.int64), sizes), sizes

    def clear(self) -> None:
        """Let every row be empty."""
        for column in self.columns:
            column.replace(column.now[:0])
        self._lines.now[:] = 0
        self._used = 0

    def pack(self) -> None:
        """Give back the unused places, and lay the rows in order of their numbers."""
        rows = np.flatnonzero(self._lines.now)
        lines, sizes = self.lines(rows)
        for column in self.columns:
            column.replace(in_lines(column, self.line).take(lines, axis=0).reshape(-1, *column.now.shape[1:]))
        self._starts.now[rows] = np.cumsum(sizes) - sizes

    def _reach(self, rows: Whole) -> None:
        size = int(rows.max(initial=-1)) + 1
        self._starts.reach(size)
        self._lines.reach(size)


def _room(shape: tuple[int, ...], kind: np.dtype[Kind]) -> npt.NDArray[Kind]:
    """Return zeros. Large ones are not taken from the heap, which would keep the holes of arrays outgrown."""
    size = math.prod(shape) * kind.itemsize
    if size < _LARGE:
        return np.zeros(shape, dtype=kind)
    return np.frombuffer(mmap.mmap(-1, size), dtype=kind).reshape(shape)


def tally(counts: npt.NDArray[np.int32], places: npt.NDArray[Any], by: int) -> None:
    """Count at these places, which may repeat."""
    if len(places) * 8 > len(counts):
        counts += by * np.bincount(places, minlength=len(counts)).astype(np.int32)
    else:
        np.add.at(counts, places, by)


def in_lines(column: Growing[Kind], line: int) -> npt.NDArray[Kind]:
    """Return the column as lines of so many values."""
    return column.now if line == 1 else column.now.reshape(-1, line, *column.now.shape[1:])


def spread(starts: Whole, sizes: Whole) -> Whole:
    """Return the places of runs: starts[0], starts[0] + 1, … sizes[0] of them, then those of the next."""
    ends = np.cumsum(sizes)
    total = int(ends[-1]) if len(ends) else 0
    return np.asarray(np.arange(total) + np.repeat(starts - ends + sizes, sizes))


def runs(sizes: Whole, many: Sequence[int]) -> list[int]:
    """Return where each group of runs ends. sizes: of the runs; many: how many runs a group has."""
    ends = np.append(0, np.cumsum(sizes))
    return [int(end) for end in ends[np.cumsum(many)]]


def sums(values: npt.NDArray[Any], sizes: Whole) -> npt.NDArray[np.float64]:
    """Return the sum of each run of the values, 0.0 of an empty one."""
    owners = np.repeat(np.arange(len(sizes)), sizes)
    return np.bincount(owners, values, minlength=len(sizes)).astype(np.float64)


def greatest(values: npt.NDArray[Any], sizes: Whole) -> npt.NDArray[Any]:
    """Return the greatest of each run along the first axis, 0 of an empty one."""
    filled, starts = sizes > 0, np.cumsum(sizes) - sizes
    if filled.all() and len(sizes):
        return np.maximum.reduceat(values, starts, axis=0)
    found = np.zeros((len(sizes), *values.shape[1:]), dtype=values.dtype)
    if filled.any():
        found[filled] = np.maximum.reduceat(values, starts[filled], axis=0)
    return found


def highest(values: npt.NDArray[np.float32], most: int) -> Whole:
    """Return the places of the `most` highest values, and of those that tie with the last of them."""
    if most >= len(values):
        return np.arange(len(values))
    at = len(values) - most
    return np.flatnonzero(values >= np.partition(values, at)[at])
