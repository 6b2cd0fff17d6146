"""TF-IDF cosines over bags of features: words, and character n-grams, which hold when words are misspelt."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import pairwise

import numpy as np
import numpy.typing as npt

from bot.matching.growing import Growing, Pool, Whole, in_lines, runs, sums, tally

Floats = npt.NDArray[np.float32]
Features = npt.NDArray[np.int32]

SIZES = (3, 4, 5)
BUCKETS = 1 << 18
MOST_COUNTED = 255  # of one feature in one text
_LINE = 32
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
    """Queries' cosines with their rows, and what they share. at: places among all rows, ascending."""

    cosines: Floats
    at: Whole
    features: Features


class TfIdf:
    """Bags by row, with how many rows hold each feature, in step with what is put and dropped.

    line: by how many features rows are kept; features: how many are known from the start.
    """

    def __init__(self, line: int, features: int = 0) -> None:
        self._features: Growing[np.int32] = Growing(np.int32)
        self._counts: Growing[np.uint8] = Growing(np.uint8)
        self.pool = Pool(self._features, self._counts, line=line, fills=(-1, 0))
        self._holding: Growing[np.int32] = Growing(np.int32)
        self._holding.reach(features + 1)
        self.rows = 0
        self.state = 0  # another number after each change
        self._norms: Growing[np.float32] = Growing(np.float32)
        self._normed: Growing[np.int64] = Growing(np.int64)  # the state in which each norm was right
        self._idf: Floats = np.zeros(0, np.float32)
        self._sought: Floats = np.zeros(0, np.float32)  # by feature, zeros between two queries

    @property
    def nbytes(self) -> int:
        """Return how much memory it takes."""
        tables = self._holding.nbytes + self._idf.nbytes + self._sought.nbytes
        return self.pool.nbytes + tables + self._norms.nbytes + self._normed.nbytes

    @property
    def holding(self) -> Features:
        """Return how many rows hold each feature; at the end, so that -1 finds it, 0."""
        return self._holding.now

    def count(self, bags: Bags) -> None:
        """Count the bags of rows that are not there yet."""
        self._holding.reach(int(bags.features.max(initial=-1)) + 2)
        tally(self._holding.now, bags.features, 1)
        self.rows += len(bags.sizes)
        self._changed()

    def keep(self, rows: Whole, bags: Bags) -> None:
        """Hold the bags of rows that are counted."""
        self.pool.put(rows, bags.sizes, bags.features, bags.counts)

    def drop(self, rows: Whole) -> None:
        """Forget the rows, which are held."""
        tally(self._holding.now, self.bags(rows).features, -1)
        self.rows -= len(rows)
        self._changed()
        self.pool.drop(rows)

    def number_anew(self, is_held: npt.NDArray[np.bool_]) -> None:
        """Leave out the features that no row holds; those behind move up."""
        self._features.replace(np.append(np.cumsum(is_held) - 1, -1)[self._features.now])
        self._holding.replace(np.append(self._holding.now[:-1][is_held], 0))
        self._changed()

    def bags(self, rows: Whole) -> Bags:
        """Return the rows' bags."""
        lines, sizes = self.pool.lines(rows)
        features = in_lines(self._features, self.pool.line).take(lines, axis=0)
        there = features >= 0
        owners = np.repeat(np.arange(len(rows)), sizes)
        many = np.bincount(owners, there.sum(axis=1), minlength=len(rows)).astype(np.int64)
        return Bags(many, features[there], in_lines(self._counts, self.pool.line).take(lines, axis=0)[there])

    def hits(self, queries: Sequence[Bags], rows: Sequence[Whole]) -> Hits:
        """Compare each query with its rows, which are held: the work grows with these rows' features."""
        idf, line = self._idf_now(), self.pool.line
        flat = np.concatenate(rows)
        lines, sizes = self.pool.lines(flat)
        features = in_lines(self._features, line).take(lines, axis=0)
        ends = runs(sizes, [len(own) for own in rows])
        gains, norms = np.empty(features.shape, dtype=np.float32), []
        for query, start, end in zip(queries, [0, *ends], ends, strict=False):
            told = idf.take(query.features)
            weights = _LOGS.take(query.counts) * told
            norms.append(np.sqrt(weights @ weights))
            self._sought[query.features] = weights * told
            self._sought[-1] = 0
            gains[start:end] = self._sought.take(features[start:end])
            self._sought[query.features] = 0
        hit = np.flatnonzero(gains != 0)
        logs = _LOGS.take(in_lines(self._counts, line).take(lines, axis=0).take(hit))
        at = np.repeat(np.arange(len(flat)), sizes).take(hit // line)
        dots = np.bincount(at, gains.take(hit) * logs, minlength=len(flat))
        lengths = self._lengths(flat) * np.repeat(norms, [len(own) for own in rows])
        cosines = np.divide(dots, lengths, out=np.zeros(len(flat)), where=lengths > 0)
        return Hits(cosines.astype(np.float32), at, features.take(hit))

    def _lengths(self, rows: Whole) -> Floats:
        """Return the length of each row's vector by the document frequencies of now."""
        size = int(rows.max(initial=-1)) + 1
        self._norms.reach(size)
        self._normed.reach(size)
        is_stale = self._normed.now.take(rows) != self.state
        if is_stale.any():
            stale = np.unique(rows[is_stale])
            bags = self.bags(stale)
            weights = _LOGS[bags.counts] * self._idf_now()[bags.features]
            self._norms.now[stale] = np.sqrt(sums(weights * weights, bags.sizes))
            self._normed.now[stale] = self.state
        return self._norms.now.take(rows)

    def _idf_now(self) -> Floats:
        """Return how much each feature tells; at the end, one that no row holds."""
        if not len(self._idf):
            self._idf = (np.log((1 + self.rows) / (1 + self.holding)) + 1).astype(np.float32)
            self._sought = np.zeros(len(self._idf), dtype=np.float32)
        return self._idf

    def _changed(self) -> None:
        self.state += 1
        self._idf = self._idf[:0]


class Grams:
    """Short texts by row, compared by their character n-grams. These are made again where they are needed."""

    def __init__(self) -> None:
        self._texts: list[str] = []
        self._is_short: Growing[np.bool_] = Growing(np.bool_)
        self._table = TfIdf(_LINE, BUCKETS)

    @property
    def nbytes(self) -> int:
        """Return how much memory its arrays take."""
        return self._table.nbytes + self._is_short.nbytes

    def put(self, rows: Whole, texts: Sequence[str]) -> None:
        """Hold the texts: folded words with single spaces between."""
        self._is_short.reach(int(rows.max(initial=-1)) + 1)
        self._is_short.now[rows] = True
        self._texts += [""] * (len(self._is_short) - len(self._texts))
        for row, text in zip(rows.tolist(), texts, strict=True):
            self._texts[row] = text[:_MOST_CHARACTERS]
        self._table.count(gram_bags(texts))

    def drop(self, rows: Whole) -> None:
        """Forget those of the rows that are here."""
        here = self._recall(rows)
        self._table.drop(here)
        self._is_short.now[here] = False
        for row in here.tolist():
            self._texts[row] = ""

    def cosines(self, queries: Sequence[Bags], rows: Sequence[Whole]) -> Floats:
        """Return each query's cosines with its rows, 0.0 where a row is not here."""
        self._recall(np.unique(np.concatenate(rows)))
        found = self._table.hits(queries, rows).cosines
        self._forget_some()
        return found

    def _recall(self, rows: Whole) -> Whole:
        """Return those of the rows that are here, their n-grams made."""
        self._is_short.reach(int(rows.max(initial=-1)) + 1)
        here = rows[self._is_short.now[rows]]
        missing = here[self._table.pool.is_empty(here)]
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
