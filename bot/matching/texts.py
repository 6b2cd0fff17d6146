"""The searchable texts of all tickets, by row: each has a vector and words; titles and pieces n-grams too."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from bot.matching.bm25 import Terms, Words
from bot.matching.growing import Growing, Whole
from bot.matching.rows import MOST_WHOLE, Rows, Small
from bot.matching.tfidf import Grams

if TYPE_CHECKING:
    from bot.matching.tfidf import Features

NOBODY = 0  # the slot that owns rows without a text


@dataclass(frozen=True, slots=True)
class Text:
    """One text, prepared. folded: its words for n-grams, None for a body."""

    vector: Small
    terms: Terms
    folded: str | None


class Texts:
    """A table of texts, each owned by a ticket's slot. A row's number is used again once no list names it."""

    def __init__(self, dimensions: int, most_whole: int = MOST_WHOLE) -> None:
        self.rows = Rows(dimensions, most_whole)
        self.words = Words()
        self.grams = Grams()
        self._owners: Growing[np.int32] = Growing(np.int32)
        self._free: list[int] = []
        self._dropped: list[int] = []

    def __len__(self) -> int:
        return len(self._owners)

    @property
    def owners(self) -> Features:
        """Return each row's slot, NOBODY for a row without a text."""
        return self._owners.now

    @property
    def nbytes(self) -> int:
        """Return how much memory its arrays take."""
        return self.rows.nbytes + self.words.nbytes + self.grams.nbytes + self._owners.nbytes

    def put(self, slots: Sequence[int], texts: Sequence[Text]) -> Whole:
        """Hold the texts and return their rows. slots: whose each is."""
        rows = self._new(len(texts))
        if not len(rows):
            return rows
        self._owners.now[rows] = slots
        self.rows.put(rows, np.stack([text.vector for text in texts]))
        self.words.put(rows, [text.terms for text in texts])
        short = [at for at, text in enumerate(texts) if text.folded is not None]
        self.grams.put(rows[short], [texts[at].folded or "" for at in short])
        return rows

    def drop(self, rows: Whole) -> None:
        """Forget the texts at these rows, which are there."""
        if not len(rows):
            return
        self._owners.now[rows] = NOBODY
        self.rows.clear(rows)
        self.words.drop(rows)
        self.grams.drop(rows)
        self._dropped += rows.tolist()

    def settle(self) -> None:
        """Make the words' list anew where that is due: dropped rows can be used again then."""
        if self.words.is_to_be_listed:
            self.words.make_list()
            self._free += self._dropped
            self._dropped = []

    def _new(self, many: int) -> Whole:
        """Return so many rows without a text, the lowest numbers first."""
        self._free.sort(reverse=True)
        taken = [self._free.pop() for _ in range(min(many, len(self._free)))]
        size = len(self._owners)
        self._owners.reach(size + many - len(taken))
        return np.array([*taken, *range(size, len(self._owners))], dtype=np.int64)
