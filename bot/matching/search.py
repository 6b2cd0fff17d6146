"""From pieces to candidate tickets with the signals that tell them apart."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np
import numpy.typing as npt

from bot.matching.tfidf import Floats, grams_bag, words_bag
from bot.matching.words import is_telling, stem, surfaces

if TYPE_CHECKING:
    from bot.matching.view import View, Whole
    from bot.ports import Embedder, Vectors

NEAREST = 50  # by meaning, and as many by words
SIMILAR = 0.7  # a member's cosine from which it is called like the piece

_CELLS = 4_000_000  # pieces times texts that are compared at once: about 100 MB at the peak
_MOST_CHARACTERS = 8_000  # of a piece

SIGNALS = ("dense", "dense_title", "bm25", "tfidf", "grams")

Mask = npt.NDArray[np.bool_]


@dataclass(frozen=True, slots=True)
class Piece:
    """A piece to be matched.

    projects: where to look, None for all; rejected: ids of tickets never to return.
    named: ticket keys that stand elsewhere in its conversation, after those in its own text.
    """

    feedback_id: int
    text: str
    projects: frozenset[str] | None = None
    rejected: frozenset[int] = frozenset()
    named: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Query:
    """A piece's text, taken apart. words: its stems, each with the word as written; terms: with repeats."""

    words: dict[str, str]
    terms: list[str]
    folded: str

    @classmethod
    def of(cls, text: str) -> Query:
        """Return the text taken apart."""
        spoken = surfaces(text)
        telling = [word for word in spoken if is_telling(word)]
        stems = [stem(word) for word in telling]
        words: dict[str, str] = {}
        for root, word in zip(stems, telling, strict=True):
            words.setdefault(root, word)
        return cls(words, stems, " ".join(spoken))


@dataclass(frozen=True, slots=True)
class Candidates:
    """A piece's candidate tickets.

    columns: their places in the view, ascending; signals: float32[candidates, SIGNALS].
    members: how many pieces each has attached; like: how many of them are SIMILAR to this one.
    """

    columns: Whole
    signals: Floats
    members: Whole
    like: Whole


_NO_SCORES: Floats = np.empty(0, np.float32)
_NOTHING = Candidates(
    np.empty(0, np.int64),
    np.empty((0, len(SIGNALS)), np.float32),
    np.empty(0, np.int64),
    np.empty(0, np.int64),
)


def search(
    view: View, embedder: Embedder, pieces: Sequence[Piece], wanted: Sequence[Sequence[int]] = ()
) -> Iterator[tuple[Query, Candidates]]:
    """Yield each piece's text taken apart and its candidates, in order.

    wanted: per piece, ticket ids to take as candidates whether they are near, allowed or neither.
    """
    step = max(1, _CELLS // max(1, len(view.documents)))
    for start in range(0, len(pieces), step):
        some = pieces[start : start + step]
        queries = [Query.of(piece.text[:_MOST_CHARACTERS]) for piece in some]
        # Emoji alone are near to nothing, whatever their bytes' vectors say.
        texts = [piece.text if query.folded else "" for piece, query in zip(some, queries, strict=True)]
        columns = [np.flatnonzero(np.isin(view.ticket_ids, ids)) for ids in wanted[start : start + step]]
        found = _search(view, queries, embedder.embed(texts), _allowed(view, some), columns)
        yield from zip(queries, found, strict=True)


def _allowed(view: View, pieces: Sequence[Piece]) -> Mask:
    """Return bool[pieces, tickets]."""
    allowed = np.ones((len(pieces), len(view.ticket_ids)), dtype=np.bool_)
    for at, piece in enumerate(pieces):
        if piece.projects is not None:
            allowed[at] = np.isin(view.projects, sorted(piece.projects))
        if piece.rejected:
            allowed[at] &= ~np.isin(view.ticket_ids, sorted(piece.rejected))
    return allowed


def _search(
    view: View, queries: Sequence[Query], vectors: Vectors, allowed: Mask, wanted: Sequence[Whole]
) -> Iterator[Candidates]:
    """Yield the candidates of each query. wanted: columns to add, per query."""
    if not len(view.ticket_ids):
        yield from (_NOTHING for _ in queries)
        return
    similarities = view.similarities(vectors)
    dense = view.by_ticket(similarities)
    bm25 = view.by_ticket(view.lexical([list(query.words) for query in queries]))
    near = _top(np.where(allowed, dense, -np.inf)) | (_top(np.where(allowed, bm25, 0)) & (bm25 > 0))
    near &= allowed
    for at, columns in enumerate(wanted):
        near[at, columns] = True
    for at, query in enumerate(queries):
        columns = np.flatnonzero(near[at])
        near_title = similarities[at, view.starts[columns]]
        signals = dense[at, columns], near_title, bm25[at, columns], *_cosines(view, query, columns)
        like = _like(view, similarities[at], columns)
        yield Candidates(columns, np.stack(signals, axis=1), view.members[columns], like)


def _top(scores: Floats) -> Mask:
    """Return a mask of each row's NEAREST highest scores; on a tie at the edge the lower columns win."""
    mask = np.ones(scores.shape, dtype=np.bool_)
    if scores.shape[1] > NEAREST:
        edge = -np.partition(-scores, NEAREST - 1, axis=1)[:, NEAREST - 1 : NEAREST]
        above, level = scores > edge, scores == edge
        mask = above | (level & (np.cumsum(level, axis=1) <= NEAREST - above.sum(axis=1, keepdims=True)))
    return mask


def _cosines(view: View, query: Query, columns: Whole) -> tuple[Floats, Floats]:
    """Return the TF-IDF cosines by words and by character n-grams, of each ticket's nearest text."""
    if not len(columns):
        return _NO_SCORES, _NO_SCORES
    first, sizes = view.told_starts[columns], np.diff(view.told_starts)[columns]
    starts = np.cumsum(sizes) - sizes
    rows = np.arange(sizes.sum()) + np.repeat(first - starts, sizes)
    by_words = view.words.cosines(words_bag(query.terms), rows)
    by_grams = view.grams.cosines(grams_bag(query.folded), rows)
    return np.maximum.reduceat(by_words, starts), np.maximum.reduceat(by_grams, starts)


def _like(view: View, similarities: Floats, columns: Whole) -> Whole:
    """Return how many of each ticket's members are SIMILAR to the piece."""
    counts = np.concatenate(([0], np.cumsum(similarities >= SIMILAR)))
    ends = (view.starts + view.sizes)[columns]
    return np.asarray(counts[ends] - counts[ends - view.members[columns]])
