"""TF-IDF cosines over hashed features: words, and character n-grams, which hold when words are misspelt."""

from __future__ import annotations

import zlib
from collections.abc import Iterable

import numpy as np
import numpy.typing as npt

Floats = npt.NDArray[np.float32]
Places = npt.NDArray[np.int32]

SIZES = (3, 4, 5)
BUCKETS = 1 << 18
_MOST_CHARACTERS = 400
_PRIME = np.uint64(0x9E3779B97F4A7C15)  # 2^64 over the golden ratio: spreads neighbouring numbers

Bag = tuple[Places, Floats]  # the buckets that a text fills, ascending, and 1 + log(count) of each
EMPTY: Bag = (np.empty(0, dtype=np.int32), np.empty(0, dtype=np.float32))


def words_bag(words: Iterable[str]) -> Bag:
    """Return the bag of the words."""
    hashes = (zlib.crc32(word.encode("utf-8", "surrogatepass")) >> 14 for word in words)  # 18 bits of 32
    return _bag(np.fromiter(hashes, np.int32))


def grams_bag(text: str) -> Bag:
    """Return the bag of the text's character n-grams.

    text: folded words with single spaces between; its first 400 characters count.
    """
    padded = f" {text[:_MOST_CHARACTERS]} ".encode("utf-32-le", "surrogatepass")
    codes = np.frombuffer(padded, dtype=np.uint32).astype(np.uint64) + np.uint64(1)
    hashes = []
    for size in SIZES:
        rolling = np.zeros(max(0, len(codes) - size + 1), dtype=np.uint64)
        for at in range(size):
            rolling = rolling * _PRIME + codes[at : at + len(rolling)]
        hashes.append((rolling * _PRIME) >> np.uint64(46))  # the top 18 bits: BUCKETS
    return _bag(np.concatenate(hashes).astype(np.int32))


def _bag(places: Places) -> Bag:
    unique, counts = np.unique(places, return_counts=True)
    return unique, (1 + np.log(counts)).astype(np.float32)


class BagTable:
    """The bags of many texts, ready for TF-IDF cosines. Immutable: a changed set of texts makes a new one."""

    def __init__(self, rows: list[Bag]) -> None:
        sizes = np.array([len(places) for places, _ in rows], dtype=np.int64)
        self._starts = np.concatenate(([0], np.cumsum(sizes)))
        self._places = np.concatenate([np.empty(0, np.int32), *(places for places, _ in rows)])
        weights = np.concatenate([np.empty(0, np.float32), *(weights for _, weights in rows)])
        holding = np.bincount(self._places, minlength=BUCKETS)
        self._idf: Floats = (np.log((1 + len(rows)) / (1 + holding)) + 1).astype(np.float32)
        weights = weights * self._idf[self._places]
        owners = np.repeat(np.arange(len(rows)), sizes)
        squares = np.bincount(owners, weights**2, minlength=len(rows))
        self._weights: Floats = (weights / np.sqrt(squares)[owners]).astype(np.float32)

    def cosines(self, query: Bag, rows: npt.NDArray[np.int64]) -> Floats:
        """Return the query's cosine with each of the rows."""
        places, weights = query
        weights = weights * self._idf[places]
        norm = float(np.linalg.norm(weights))
        sizes = self._starts[rows + 1] - self._starts[rows]
        if not norm or not sizes.any():
            return np.zeros(len(rows), dtype=np.float32)
        dense = np.zeros(BUCKETS, dtype=np.float32)
        dense[places] = weights / norm
        ends = np.cumsum(sizes)
        at = np.arange(ends[-1]) + np.repeat(self._starts[rows] - (ends - sizes), sizes)
        products = np.append(dense[self._places[at]] * self._weights[at], np.float32(0))
        return np.where(sizes > 0, np.add.reduceat(products, ends - sizes), 0).astype(np.float32)
