"""The index laid out for searching: one row a text, the texts of one ticket side by side, tickets by id."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

import numpy as np
import numpy.typing as npt

from bot.matching.bm25 import Postings
from bot.matching.tfidf import Bag, BagTable, Floats

if TYPE_CHECKING:
    from bot.ports import Vectors

MEMBERS_TOLD = 8  # of a ticket, compared word by word: bounds a search's time
_NONE = np.float32(-9)  # below every similarity

Whole = npt.NDArray[np.int64]


@dataclass(slots=True)
class Text:
    """One searchable text. document: its number in the postings; grams: empty for a body."""

    vector: Vectors
    document: int
    words: Bag
    grams: Bag


@dataclass(slots=True)
class Entry:
    """One ticket. source: the title and body that it was made of; own: the title, then the body if any."""

    key: str
    project: str
    source: tuple[str, str]
    own: list[Text]
    members: dict[int, Text] = field(default_factory=dict)

    @property
    def texts(self) -> list[Text]:
        """Return the ticket's own texts, then the members' by feedback id."""
        return self.own + [self.members[feedback_id] for feedback_id in sorted(self.members)]


@dataclass(frozen=True, slots=True)
class View:
    """What a search reads, good until the next change. Rows are texts, a result's columns are tickets.

    starts: each ticket's first row, its title; sizes: how many rows it has; members: how many of them, the
    last, are attached pieces. documents: each row's number in the postings.
    told: the rows of words and grams: a ticket's own and its newest members'; told_starts: where each begins.
    """

    ticket_ids: Whole
    projects: npt.NDArray[np.str_]
    starts: Whole
    sizes: Whole
    members: Whole
    vectors: Vectors
    documents: Whole
    norms: Floats
    postings: Postings
    told: Whole
    told_starts: Whole
    words: BagTable
    grams: BagTable

    def similarities(self, queries: Vectors) -> Floats:
        """Return float32[queries, rows], cosines."""
        return np.asarray(queries @ self.vectors.T, dtype=np.float32)

    def lexical(self, queries: Sequence[Sequence[str]]) -> Floats:
        """Return float32[queries, rows], BM25 from 0.0 to 1.0."""
        return np.stack([self.postings.scores(words, self.norms)[self.documents] for words in queries])

    def by_ticket(self, rows: Floats) -> Floats:
        """Return float32[queries, tickets]: half the ticket's best row, half the mean of its best three.

        Rows of the same value count once: a piece attached twice says no more than once.
        """
        best = [np.maximum.reduceat(rows, self.starts, axis=1)]
        rest = rows
        for _ in range(min(2, int(self.sizes.max()) - 1)):
            rest = np.where(rest >= np.repeat(best[-1], self.sizes, axis=1), _NONE, rest)
            best.append(np.maximum.reduceat(rest, self.starts, axis=1))
        top = np.stack(best)
        counts = (top > _NONE).sum(axis=0)
        means = np.where(top > _NONE, top, 0).sum(axis=0) / counts
        return np.asarray(best[0] / 2 + means / 2, dtype=np.float32)


def view_of(entries: Mapping[int, Entry], postings: Postings, dimensions: int) -> View:
    """Return the entries laid out for searching."""
    ids = sorted(entries)
    texts = [text for ticket_id in ids for text in entries[ticket_id].texts]
    members = np.array([len(entries[i].members) for i in ids], dtype=np.int64)
    sizes = members + np.array([len(entries[i].own) for i in ids], dtype=np.int64)
    starts = np.cumsum(sizes) - sizes
    rows = np.arange(len(texts)) - np.repeat(starts + sizes - members, sizes)  # below 0 for a ticket's own
    told = np.flatnonzero((rows < 0) | (rows >= np.repeat(members - MEMBERS_TOLD, sizes)))
    vectors = np.stack([text.vector for text in texts]) if texts else np.empty((0, dimensions), np.float32)
    return View(
        ticket_ids=np.array(ids, dtype=np.int64),
        projects=np.array([entries[i].project for i in ids], dtype=np.str_),
        starts=starts,
        sizes=sizes,
        members=members,
        vectors=np.ascontiguousarray(vectors, dtype=np.float32),
        documents=np.array([text.document for text in texts], dtype=np.int64),
        norms=postings.norms(),
        postings=postings,
        told=told,
        told_starts=np.append(np.searchsorted(told, starts), len(told)),
        words=BagTable([texts[row].words for row in told]),
        grams=BagTable([texts[row].grams for row in told]),
    )
