"""BM25 over documents that come and go: a word's postings grow in place, a removed document is only masked.

Source: Robertson and Zaragoza 2009, with the always positive idf that Lucene uses.
"""

from __future__ import annotations

import math
from array import array
from collections import Counter
from collections.abc import Iterable
from typing import TYPE_CHECKING

import numpy as np

if TYPE_CHECKING:
    import numpy.typing as npt

    Floats = npt.NDArray[np.float32]

K1 = 1.2
B = 0.75


class Postings:
    """Which documents hold which word how often. A document's number is never used twice."""

    def __init__(self) -> None:
        self.words: list[Counter[str]] = []  # of each document, empty once removed
        self.lengths = array("f")
        self._postings: dict[str, tuple[array[int], array[float]]] = {}
        self._holding: Counter[str] = Counter()
        self._live = 0
        self._total = 0

    def add(self, words: Iterable[str]) -> int:
        """Return the new document's number."""
        number = len(self.words)
        counts = Counter(words)
        for word, count in counts.items():
            documents, frequencies = self._postings.setdefault(word, (array("q"), array("f")))
            documents.append(number)
            frequencies.append(count)
        self._holding.update(counts.keys())
        self.words.append(counts)
        self.lengths.append(counts.total())
        self._live += 1
        self._total += counts.total()
        return number

    def remove(self, number: int) -> None:
        """Take the document out of every count; whoever reads the scores masks its postings, which stay."""
        counts = self.words[number]
        for word in counts:
            self._holding[word] -= 1
            if not self._holding[word]:
                del self._holding[word], self._postings[word]
        self._live -= 1
        self._total -= sum(counts.values())
        self.words[number] = Counter()

    @property
    def is_mostly_dead(self) -> bool:
        """Whether building anew would be cheaper than reading on."""
        return len(self.words) > 1_000 and self._live < len(self.words) / 2

    def idf(self, word: str) -> float:
        """Return how much the word tells: more than 0, the most where no document holds it."""
        holding = self._holding[word]
        return math.log1p((self._live - holding + 0.5) / (holding + 0.5))

    def norms(self) -> Floats:
        """Return each document's length norm, the denominator's second term."""
        lengths = np.array(self.lengths, dtype=np.float32)
        average = self._total / self._live if self._total else 1.0
        return np.asarray(K1 * (1 - B + B * lengths / np.float32(average)), dtype=np.float32)

    def scores(self, words: Iterable[str], norms: Floats) -> Floats:
        """Return float32[documents], 0.0 to 1.0: BM25 as a share of what a perfect document would get."""
        scores = np.zeros(len(norms), dtype=np.float32)
        best = 0.0
        for word in words:
            idf = self.idf(word)
            best += idf * (K1 + 1)
            if word not in self._postings:
                continue
            documents, frequencies = self._postings[word]
            at = np.frombuffer(documents, dtype=np.int64)
            often = np.frombuffer(frequencies, dtype=np.float32)
            scores[at] += np.float32(idf * (K1 + 1)) * often / (often + norms[at])
        return scores / np.float32(best) if best else scores
