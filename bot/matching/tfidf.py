"""TF-IDF cosines over bags of features: words, and character n-grams, which hold when words are misspelt."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import pairwise

import numpy as np
import numpy.typing as npt

from bot.matching.growing import Growing, Pool, Whole, sums

Floats = npt.NDArray[np.float32]
Features = npt.NDArray[np.int32]

SIZES = (3, 4, 5)
BUCKETS = 1 << 18
MOST_COUNTED = 255  # of one feature in one text
_MOST_CHARACTERS = 400
_MOST_KEPT = 4_000_000  # n-grams, 20 MB: of the titles that are candidates again and again
_PRIME = np.uint64(0x9E3779B97F4A7C15)  # 2^64 over the golden ratio: spreads neighbouring numbers
_LOGS: Floats = np.append(0, 1 + np.log(np.arange(1, MOST_COUNTED + 1))).astype(np.float32)


@dataclass(frozen=True, slots=True)
class Bags:
    """The bags of several texts, one after the other.

    sizes: how many features each text has; features: their numbers, -1 for one that no row holds.
    counts: how often each is there, 1 to MOST_COUNTED.
    """

    sizes: Whole
    features: Features
    counts: npt.NDArray[np.uint8]

    def __iter__(self) -> Iterator[Bags]:
        """Yield each text's bag."""
        ends = np.cumsum(self.sizes).tolist()
        for at, (start, end) in enumerate(pairwise([0, *ends])):
            yield Bags(self.sizes[at : at + 1], self.features[start:end], self.counts[start:end])


@dataclass(frozen=True, slots=True)
class Hits:
    """A query's cosine with each row, and what they share: at: places among the rows, ascending."""

    cosines: Floats
    at: Whole
    features: Features


class TfIdf:
    """Bags by row, with how many rows hold each feature, in step with what is put and dropped."""

    def __init__(self, features: int = 1) -> None:
        self._features: Growing[np.int32] = Growing(np.int32)
        self._counts: Growing[np.uint8] = Growing(np.uint8)
        self.pool = Pool(self._features, self._counts)
        self._holding: Growing[np.int32] = Growing(np.int32)
        self._holding.reach(features)
        self.rows = 0
        self._norms: Growing[np.float32] = Growing(np.float32)
        self._measured: Growing[np.int64] = Growing(np.int64)  # the state in which each norm was right
        self._state = 1
        self._sought: Growing[np.float32] = Growing(np.float32)  # by feature, zeros between two queries

    @property
    def nbytes(self) -> int:
        """Return how much memory it takes."""
        return self.pool.nbytes + self._holding.nbytes + self._sought.nbytes + 3 * self._norms.nbytes

    def put(self, rows: Whole, bags: Bags) -> None:
        """Hold and count the bags of rows that are not there yet."""
        self._holding.reach(int(bags.features.max(initial=-1)) + 1)
        np.add.at(self._holding.now, bags.features, 1)
        self.rows += len(rows)
        self._state += 1
        self.keep(rows, bags)

    def keep(self, rows: Whole, bags: Bags) -> None:
        """Hold the bags of rows that are counted already."""
        self.pool.put(rows, bags.sizes, bags.features, bags.counts)

    def drop(self, rows: Whole) -> None:
        """Forget the rows, which are held."""
        places, _ = self.pool.places(rows)
        np.subtract.at(self._holding.now, self._features.now[places], 1)
        self.rows -= len(rows)
        self._state += 1
        self.pool.drop(rows)

    def number_anew(self, is_held: npt.NDArray[np.bool_]) -> None:
        """Leave out the features that no row holds; those behind move up."""
        self._features.replace((np.cumsum(is_held) - 1)[self._features.now])
        self._holding.replace(self._holding.now[: len(is_held)][is_held])
        self._sought = Growing(np.float32)

    def bags(self, rows: Whole) -> Bags:
        """Return the rows' bags."""
        places, sizes = self.pool.places(rows)
        return Bags(sizes, self._features.now[places], self._counts.now[places])

    def hits(self, query: Bags, rows: Whole) -> Hits:
        """Compare one bag with rows that are held. The work grows with their features, not with all rows'."""
        weights = _LOGS[query.counts] * self._idf(query.features)
        is_known = (query.features >= 0) & (query.features < len(self._holding))
        known = query.features[is_known]
        self._sought.reach(len(self._holding))
        sought = self._sought.now
        sought[known] = (weights * self._idf(query.features))[is_known]
        places, sizes = self.pool.places(rows)
        features = self._features.now[places]
        gains = sought[features]
        sought[known] = 0
        hit = np.flatnonzero(gains)
        at = np.searchsorted(np.cumsum(sizes), hit, side="right")
        dots = np.bincount(at, gains[hit] * _LOGS[self._counts.now[places[hit]]], minlength=len(rows))
        lengths = self._lengths(rows) * np.linalg.norm(weights)
        cosines = np.divide(dots, lengths, out=np.zeros(len(rows)), where=lengths > 0)
        return Hits(cosines.astype(np.float32), at, features[hit])

    def _idf(self, features: Features) -> Floats:
        return np.log((1 + self.rows) / (1 + self.held(features))).astype(np.float32) + 1

    def held(self, features: Features) -> Features:
        """Return by how many rows each feature is held."""
        is_known = (features >= 0) & (features < len(self._holding))
        return np.where(is_known, self._holding.now.take(features, mode="clip"), 0)

    def _lengths(self, rows: Whole) -> Floats:
        """Return the length of each row's vector by the document frequencies of now."""
        size = int(rows.max(initial=-1)) + 1
        self._norms.reach(size)
        self._measured.reach(size)
        stale = np.unique(rows[self._measured.now[rows] != self._state])
        if len(stale):
            bags = self.bags(stale)
            weights = _LOGS[bags.counts] * self._idf(bags.features)
            self._norms.now[stale] = np.sqrt(sums(weights * weights, bags.sizes))
            self._measured.now[stale] = self._state
        return self._norms.now[rows]


class Grams:
    """Short texts by row, compared by their character n-grams. These are made again where they are needed."""

    def __init__(self) -> None:
        self._texts: dict[int, str] = {}
        self._is_short: Growing[np.bool_] = Growing(np.bool_)
        self._table = TfIdf(BUCKETS)

    @property
    def nbytes(self) -> int:
        """Return how much memory its arrays take."""
        return self._table.nbytes + self._is_short.nbytes

    def put(self, rows: Whole, texts: Sequence[str]) -> None:
        """Hold the texts: folded words with single spaces between."""
        self._texts.update(zip(rows.tolist(), texts, strict=True))
        self._is_short.reach(int(rows.max(initial=-1)) + 1)
        self._is_short.now[rows] = True
        self._table.put(rows, gram_bags(texts))
        self._forget_some()

    def drop(self, rows: Whole) -> None:
        """Forget those of the rows that are here."""
        here = self._recall(rows)
        self._table.drop(here)
        self._is_short.now[here] = False
        for row in here.tolist():
            del self._texts[row]

    def cosines(self, queries: Sequence[Bags], rows: Sequence[Whole]) -> list[Floats]:
        """Return each query's cosines with its rows, 0.0 where a row is not here."""
        self._recall(np.unique(np.concatenate(rows)))
        found = [self._table.hits(query, own).cosines for query, own in zip(queries, rows, strict=True)]
        self._forget_some()
        return found

    def _recall(self, rows: Whole) -> Whole:
        """Return those of the rows that are here, their n-grams made."""
        self._is_short.reach(int(rows.max(initial=-1)) + 1)
        here = rows[self._is_short.now[rows]]
        missing = here[self._table.pool.sizes(here) == 0]
        if len(missing):
            self._table.keep(missing, gram_bags([self._texts[row] for row in missing.tolist()]))
        return here

    def _forget_some(self) -> None:
        if len(self._table.pool) > _MOST_KEPT:
            self._table.pool.clear()


def gram_bags(texts: Sequence[str]) -> Bags:
    """Return the bags of the texts' character n-grams.

    texts: folded words with single spaces between; of each its first 400 characters count.
    """
    padded = [f" {text[:_MOST_CHARACTERS]} " for text in texts]
    lengths = np.fromiter(map(len, padded), np.int64, len(padded))
    codes = np.frombuffer("".join(padded).encode("utf-32-le", "surrogatepass"), dtype=np.uint32)
    owners = np.repeat(np.arange(len(padded)), lengths)
    left = np.cumsum(lengths)[owners] - np.arange(len(codes))  # characters of its text from here on
    keys = []
    rolling, wide = np.zeros(len(codes), np.uint64), codes.astype(np.uint64) + np.uint64(1)
    for size in range(1, max(SIZES) + 1):
        rolling = rolling[: len(codes) - size + 1] * _PRIME + wide[size - 1 :]
        if size in SIZES:
            whole = left[: len(rolling)] >= size
            buckets = (rolling[whole] * _PRIME) >> np.uint64(64 - 18)  # the top 18 bits: BUCKETS
            keys.append(owners[: len(rolling)][whole] << 18 | buckets.astype(np.int64))
    return _bags(np.concatenate(keys), 18, len(texts))


def _bags(keys: Whole, bits: int, texts: int) -> Bags:
    """Return the bags of features that carry the number of their text above so many bits."""
    keys = np.sort(keys)
    first = np.flatnonzero(np.diff(keys, prepend=-1))
    counts = np.diff(np.append(first, len(keys))).clip(max=MOST_COUNTED)
    features = keys[first] & ((1 << bits) - 1)
    sizes = np.bincount(keys[first] >> bits, minlength=texts)
    return Bags(sizes, features.astype(np.int32), counts.astype(np.uint8))
