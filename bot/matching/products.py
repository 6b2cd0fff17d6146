"""Products of matrices whose values do not depend on how much is multiplied at once, on one core."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from typing import TYPE_CHECKING

import numpy as np
import numpy.typing as npt

if TYPE_CHECKING:
    from bot.ports import Vectors

_LEAST = 32
_ONE_THREAD = 262_144  # multiplications up to which OpenBLAS takes no second thread


def products(rows: Vectors, others: Vectors) -> Vectors:
    """Return float32[rows, others]: of each row with each of the others the sum of their products.

    In blocks too small to be shared out: two threads over many small products wait for one another longer
    than they work, and other work has the second core. The number of others is made to divide by four: then
    OpenBLAS takes the same way to a value, wherever it stands.
    """
    by = np.concatenate([others, np.repeat(others[-1:], -len(others) % 4, axis=0)]).T
    found = np.empty((len(rows), by.shape[1]), dtype=np.float32)
    width = max(4, _ONE_THREAD // (_LEAST * max(1, len(by))) // 4 * 4)
    for start in range(0, by.shape[1], width):
        _multiply(rows, by[:, start : start + width], found[:, start : start + width])
    return found[:, : len(others)]


def _multiply(rows: Vectors, by: Vectors, found: Vectors) -> None:
    block = max(_LEAST, _ONE_THREAD // max(1, by.size) // _LEAST * _LEAST)
    whole = len(rows) // block * block
    blocks = (-1, block)
    np.matmul(rows[:whole].reshape(*blocks, len(by)), by, out=found[:whole].reshape(*blocks, by.shape[1]))
    if whole < len(rows):
        last = min(len(rows), block)
        found[-last:] = rows[-last:] @ by


def dots(rows: Vectors, query: Vectors) -> Vectors:
    """Return float32[rows], of each row with the query the sum of their products. Two cores read them."""
    found = np.empty(len(rows), dtype=np.float32)
    half = len(rows) // 2
    with ThreadPoolExecutor(1) as other:
        first = other.submit(_dot, rows[:half], query, found[:half])
        _dot(rows[half:], query, found[half:])
        first.result()
    return found


def _dot(rows: Vectors, query: Vectors, found: Vectors) -> None:
    block = max(1, _ONE_THREAD // len(query) // 4)
    for start in range(0, len(rows), block):
        part = slice(start, start + block)
        np.dot(rows[part], query, out=found[part])


def unit(rows: npt.NDArray[np.floating]) -> Vectors:
    """Return the rows at length one; rows of zeros stay."""
    made = np.zeros(rows.shape, dtype=np.float32)
    lengths = np.linalg.norm(rows, axis=1, keepdims=True)
    np.divide(rows, lengths, out=made, where=lengths > 0)
    return made
