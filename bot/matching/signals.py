"""What tells a piece's candidate tickets apart, measured for these alone."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

import numpy as np

from bot.matching.growing import Whole, greatest, runs, sums
from bot.matching.tfidf import Bags, Features, Floats

if TYPE_CHECKING:
    from bot.matching.bm25 import Terms
    from bot.matching.index import TicketIndex
    from bot.matching.late import Kept
    from bot.ports import Vectors

SIGNALS = ("dense", "dense_title", "cover", "covered", "bm25", "tfidf", "grams", "head")
SIMILAR = 0.7  # a member's cosine from which it is called like the piece
MEMBERS_TOLD = 8  # of a ticket, compared word by word: bounds a search's time
_NONE = np.float32(-9)  # below every similarity


@dataclass(frozen=True, slots=True)
class Question:
    """A piece's text, taken apart and read.

    written: of each of the terms' stems, the word as the piece has it, "" for a function word; tokens: None
    where the embedder gives none for any piece.
    """

    terms: Terms
    written: Sequence[str]
    vector: Vectors
    tokens: Kept | None
    grams: Bags


@dataclass(frozen=True, slots=True)
class Scanned:
    """Some pieces against all rows. common: words that `lexical` leaves out; bags: their words' numbers."""

    cosines: Floats
    lexical: Floats
    common: list[Features]
    bags: list[Bags]


@dataclass(frozen=True, slots=True)
class Candidates:
    """A piece's candidate tickets, by id.

    signals: float32[candidates, SIGNALS]; members: how many pieces each has attached; like: how many of them
    are SIMILAR to this one. shared_by, shared: places of candidates and numbers of words that they share.
    """

    ticket_ids: Whole
    signals: Floats
    members: Whole
    like: Whole
    shared_by: Whole = field(default_factory=lambda: np.zeros(0, np.int64))
    shared: Features = field(default_factory=lambda: np.zeros(0, np.int32))


_NOTHING = Candidates(
    ticket_ids=np.zeros(0, np.int64),
    signals=np.zeros((0, len(SIGNALS)), np.float32),
    members=np.zeros(0, np.int64),
    like=np.zeros(0, np.int64),
)


def measure(
    index: TicketIndex, asked: Sequence[Question], scanned: Scanned, slots: Sequence[Whole]
) -> Iterator[Candidates]:
    """Yield each piece's candidates, in order. slots: of each piece's."""
    flat = np.concatenate(slots)
    if not len(flat):
        yield from [_NOTHING] * len(slots)
        return
    rows, sizes = index.slots.rows(flat)
    compared = _compared(index, asked, scanned, _by_piece(rows, sizes, slots))
    starts, members = np.cumsum(sizes) - sizes, index.slots.members[flat].astype(np.int64)
    are_members = np.arange(len(rows)) >= np.repeat(starts + sizes - members, sizes)
    like = sums((compared[0] >= SIMILAR) & are_members, sizes).astype(np.int64)
    signals = np.empty((len(flat), len(SIGNALS)), dtype=np.float32)
    signals[:, 0], signals[:, 4] = _by_ticket(compared, sizes)
    signals[:, 1:4] = compared[0, starts, None]  # embedders without tokens have nothing better
    tokens = [one.tokens for one in asked if one.tokens is not None]
    if tokens:
        signals[:, 2], signals[:, 3] = index.tokens.signals(tokens, slots)
    told = (rows, sizes) if not members.any() else index.slots.rows(flat, MEMBERS_TOLD)
    told_rows = _by_piece(*told, slots)
    hits = index.texts.words.hits(scanned.bags, told_rows)
    signals[:, 5] = greatest(hits.cosines, told[1])
    signals[:, 6] = greatest(index.texts.grams.cosines([one.grams for one in asked], told_rows), told[1])
    shared_by = np.repeat(np.arange(len(flat)), told[1]).take(hits.at)
    shares = index.head.shares(np.stack([one.vector for one in asked]))
    ids, end = index.slots.ids[flat], 0
    for own, share in zip(slots, shares, strict=True):
        part = slice(end, end := end + len(own))
        signals[part, 7] = index.head.of(share, ids[part])
        start, stop = np.searchsorted(shared_by, [part.start, part.stop])
        shared = shared_by[start:stop] - part.start, hits.features[start:stop]
        yield Candidates(ids[part], signals[part], members[part], like[part], *shared)


def _by_piece(rows: Whole, sizes: Whole, slots: Sequence[Whole]) -> list[Whole]:
    """Return the rows of each piece's candidates. sizes: how many each candidate has."""
    return np.split(rows, runs(sizes, [len(some) for some in slots])[:-1])


def _compared(
    index: TicketIndex, asked: Sequence[Question], scanned: Scanned, rows: Sequence[Whole]
) -> Floats:
    """Return float32[2, rows of all]: cosines, and BM25 from 0.0 to 1.0, of each piece with its rows."""
    words, found = index.texts.words, []
    for at, own in enumerate(rows):
        gains = scanned.lexical[at].take(own)
        if len(scanned.common[at]):
            gains = gains + words.gains(scanned.common[at], own)
        cosines = index.texts.rows.cosines(scanned.cosines[at], asked[at].vector, own)
        found.append(np.stack([cosines, gains / np.float32(words.best(scanned.bags[at]))]))
    return np.concatenate(found, axis=1)


def _by_ticket(rows: Floats, sizes: Whole) -> Floats:
    """Return float32[…, tickets]: half the ticket's best row, half the mean of its best three.

    Rows of the same value count once: a piece attached twice says no more than once. sizes: 1 or more.
    """
    starts = np.cumsum(sizes) - sizes
    best = [np.maximum.reduceat(rows, starts, axis=-1)]
    rest = rows
    for _ in range(min(2, int(sizes.max()) - 1)):
        rest = np.where(rest >= np.repeat(best[-1], sizes, axis=-1), _NONE, rest)
        best.append(np.maximum.reduceat(rest, starts, axis=-1))
    top = np.stack(best)
    counts = (top > _NONE).sum(axis=0)
    means = np.where(top > _NONE, top, 0).sum(axis=0) / counts
    return np.asarray(best[0] / 2 + means / 2, dtype=np.float32)
