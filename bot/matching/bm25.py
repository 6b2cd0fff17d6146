"""BM25 over texts that come and go, and their bags of words.

Which rows hold a word is read from a sorted list, made anew once in a while; rows that came later are read
through. Source: Robertson and Zaragoza 2009, with the always positive idf that Lucene uses.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from itertools import chain, count

import numpy as np
import numpy.typing as npt

from bot.matching.growing import Growing, Whole, spread
from bot.matching.tfidf import Bags, Features, Floats, Hits, TfIdf

K1 = 1.2
B = 0.75

_MOST_POSTINGS = 100_000  # read for one piece to find its candidates: the commonest words are left out
_LINE = 8
_ROWS_AT_ONCE = 16_384
_LATE = 16_384  # words of rows that came later, read through at every search


@dataclass(frozen=True, slots=True)
class Terms:
    """A text's words. stems: each once; counts: how often each is there, 1 to 255; length: all together."""

    stems: Sequence[str]
    counts: bytes
    length: int


@dataclass(frozen=True, slots=True)
class Postings:
    """Of some words the rows that hold them. sizes: of each word; gains: what each adds to a row's score."""

    sizes: Whole
    rows: Features
    gains: Floats


class Words:
    """The words of texts by row. A row's number is not to be used again before the next `make_list`."""

    def __init__(self) -> None:
        self._numbers = _numbers(())
        self._table = TfIdf(_LINE)
        self._idf: Floats = np.zeros(0, np.float32)
        self._idf_of = -1  # the state of the table that it is right for
        self._lengths: Growing[np.float32] = Growing(np.float32)
        self._total = 0.0
        self._late: list[int] = []
        self._late_words = 0
        self._late_bags = Bags(np.zeros(0, np.int64), np.zeros(0, np.int32), np.zeros(0, np.uint8))
        self._late_of = -1  # the state of the table that they are right for
        self._starts: Whole = np.zeros(1, dtype=np.int64)
        self._rows: Growing[np.int32] = Growing(np.int32)
        self._counts: Growing[np.uint8] = Growing(np.uint8)

    @property
    def nbytes(self) -> int:
        """Return how much memory its arrays take."""
        lists = self._starts.nbytes + self._rows.nbytes + self._counts.nbytes
        return self._table.nbytes + self._lengths.nbytes + lists

    def bags(self, texts: Sequence[Terms]) -> Bags:
        """Return the bags of texts that are not to be held."""
        return self._bags(texts, self._known)

    def numbers(self, stems: Iterable[str]) -> Features:
        """Return each word's number, -1 for one that no text held so far."""
        return np.array(list(map(self._known, stems)), dtype=np.int32)

    def put(self, rows: Whole, texts: Sequence[Terms]) -> None:
        """Hold the words of rows that are not there yet."""
        bags = self._bags(texts, self._numbers.__getitem__)
        self._table.count(bags)
        self._table.keep(rows, bags)
        self._lengths.reach(int(rows.max(initial=-1)) + 1)
        self._lengths.now[rows] = [text.length for text in texts]
        self._total += float(self._lengths.now[rows].sum(dtype=np.float64))
        self._late += rows.tolist()
        self._late_words += len(bags.features)

    def drop(self, rows: Whole) -> None:
        """Take the rows out of every count; whoever reads scores masks them."""
        self._table.drop(rows)
        self._total -= float(self._lengths.now[rows].sum(dtype=np.float64))

    def hits(self, queries: Sequence[Bags], rows: Sequence[Whole]) -> Hits:
        """Return the TF-IDF cosines of each piece's words with its rows, and the words that they share."""
        return self._table.hits(queries, rows)

    def idf(self, words: Features) -> Floats:
        """Return how much each word tells: more than 0, the most where no row holds it."""
        if self._idf_of != self._table.state:
            held = self._table.holding
            self._idf = np.log1p((self._table.rows - held + 0.5) / (held + 0.5)).astype(np.float32)
            self._idf_of = self._table.state
        return self._idf.take(words)

    def scores(self, queries: Bags) -> tuple[Floats, list[Features]]:
        """Return float32[queries, rows]: what a query's words add to a row's score, dropped rows' too.

        With it each query's commonest words, where all together are in too many rows: not in the sums,
        `gains` tells of them for some rows.
        """
        read, common = zip(*(self._bounded(query.features) for query in queries), strict=True)
        words, at = np.unique(np.concatenate(read), return_inverse=True)
        postings = self._postings(words)
        starts = np.cumsum(postings.sizes) - postings.sizes
        found = np.zeros((len(read), len(self._lengths)), dtype=np.float32)
        ends = np.cumsum([len(some) for some in read])
        for number, own in enumerate(np.split(at, ends[:-1])):
            places = spread(starts[own], postings.sizes[own])
            gains = postings.gains.take(places)
            found[number] = np.bincount(postings.rows.take(places), gains, minlength=found.shape[1])
        return found, list(common)

    def gains(self, words: Features, rows: Whole) -> Floats:
        """Return what the words, each once, add to each row's score."""
        bags = self._table.bags(rows)
        at = np.repeat(np.arange(len(rows)), bags.sizes)
        hit = np.flatnonzero(np.isin(bags.features, words))
        gains = self._gains(bags.features[hit], rows[at[hit]], bags.counts[hit])
        return np.bincount(at[hit], gains, minlength=len(rows)).astype(np.float32)

    def best(self, query: Bags) -> float:
        """Return what a perfect text would get, at least 1e-9."""
        return max(float(self.idf(query.features).sum()) * (K1 + 1), 1e-9)

    @property
    def is_to_be_listed(self) -> bool:
        """Whether so much came or went that listing anew is worth its time."""
        is_late = self._late_words > max(_LATE, len(self._rows) // 32)
        return is_late or self._table.pool.is_mostly_unused

    def make_list(self) -> None:
        """List anew which rows hold which word: a fraction of a second for 100,000 tickets."""
        self._table.pool.pack()
        self._name_anew()
        keys: Growing[np.int64] = Growing(np.int64)
        keys.reach(int(self._table.holding.sum()))
        end = 0
        for some in self._keys():
            keys.now[end : end + len(some)] = some
            end += len(some)
        keys.now.sort()
        self._rows.replace(keys.now >> 8 & 0xFFFFFFFF)
        self._counts.replace(keys.now & 0xFF)
        held = np.bincount(keys.now >> 40, minlength=len(self._numbers))
        self._starts = np.append(0, np.cumsum(held))
        self._late, self._late_words = [], 0

    def _keys(self) -> Iterator[Whole]:
        """Yield the word, the row and the count of each posting as one number, some rows at a time."""
        for rows in np.array_split(np.arange(len(self._lengths)), 1 + len(self._lengths) // _ROWS_AT_ONCE):
            bags = self._table.bags(rows)
            owners = np.repeat(rows, bags.sizes)
            yield bags.features.astype(np.int64) << 40 | owners << 8 | bags.counts

    def _bags(self, texts: Sequence[Terms], number: Callable[[str], int]) -> Bags:
        stems = chain.from_iterable(text.stems for text in texts)
        return Bags(
            np.array([len(text.stems) for text in texts], dtype=np.int64),
            np.array(list(map(number, stems)), dtype=np.int32),
            np.frombuffer(b"".join(text.counts for text in texts), dtype=np.uint8),
        )

    def _known(self, stem: str) -> int:
        return self._numbers.get(stem, -1)

    def _name_anew(self) -> None:
        """Forget words that no row holds any more, where they are many."""
        words = list(self._numbers)
        is_held = self._table.holding[:-1] > 0
        if 2 * is_held.sum() < len(words):
            self._numbers = _numbers(words[at] for at in np.flatnonzero(is_held).tolist())
            self._table.number_anew(is_held)

    def _bounded(self, words: Features) -> tuple[Features, Features]:
        """Return the words to read the list for, the rarest first, and those that would take too long."""
        held = self._table.holding[words]
        words, held = words[held > 0], held[held > 0]
        if held.sum() <= _MOST_POSTINGS:
            return words, words[:0]
        order = np.argsort(held, kind="stable")
        few = max(1, int((np.cumsum(held[order]) <= _MOST_POSTINGS).sum()))
        return words[order[:few]], words[order[few:]]

    def _postings(self, words: Features) -> Postings:
        """Return the postings of the words, which ascend."""
        is_listed = words < len(self._starts) - 1
        listed = words[is_listed]
        sizes = np.zeros(len(words), dtype=np.int64)
        sizes[is_listed] = self._starts[listed + 1] - self._starts[listed]
        places = spread(self._starts[listed], sizes[is_listed])
        rows, counts = self._rows.now.take(places), self._counts.now.take(places)
        at = np.repeat(np.arange(len(words)), sizes)
        if self._late:
            late = self._postings_of_late(words)
            at = np.concatenate([at, late[0]])
            order = np.argsort(at, kind="stable")
            rows, counts = np.concatenate([rows, late[1]])[order], np.concatenate([counts, late[2]])[order]
            at, sizes = at[order], np.bincount(at, minlength=len(words))
        return Postings(sizes, rows, self._gains(words.take(at), rows, counts))

    def _postings_of_late(self, words: Features) -> tuple[Features, Features, npt.NDArray[np.uint8]]:
        """Return the places of the words, the rows and the counts in rows that are not in the list yet."""
        if self._late_of != self._table.state:
            self._late_bags, self._late_of = self._table.bags(np.array(self._late)), self._table.state
        bags = self._late_bags
        places = np.full(len(self._table.holding), -1, dtype=np.int32)
        places[words] = np.arange(len(words))
        at = places.take(bags.features)
        hit = np.flatnonzero(at >= 0)
        owners = np.repeat(np.array(self._late, dtype=np.int32), bags.sizes)
        return at.take(hit), owners.take(hit), bags.counts.take(hit)

    def _gains(self, words: Features, rows: Features | Whole, counts: npt.NDArray[np.uint8]) -> Floats:
        average = self._total / self._table.rows if self._total else 1.0
        slopes = np.float32(K1) * (1 - B + B * self._lengths.now.take(rows) / np.float32(average))
        gains = self.idf(words) * np.float32(K1 + 1) * counts / (counts + slopes)
        return np.asarray(gains, dtype=np.float32)


def _numbers(words: Iterable[str]) -> defaultdict[str, int]:
    """Return the words' numbers from 0; a new word is given the next one when it is looked up."""
    known = {word: number for number, word in enumerate(words)}
    return defaultdict(count(len(known)).__next__, known)
