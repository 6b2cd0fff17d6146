"""What tells a piece's candidate tickets apart, measured for these alone."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

import numpy as np

from bot.matching.growing import Whole, greatest, sums
from bot.matching.tfidf import Bags, Features, Floats

if TYPE_CHECKING:
    from bot.matching.bm25 import Terms
    from bot.matching.index import TicketIndex
    from bot.ports import Tokens, Vectors

SIGNALS = ("dense", "dense_title", "cover", "covered", "bm25", "tfidf", "grams", "head")
SIMILAR = 0.7  # a member's cosine from which it is called like the piece
MEMBERS_TOLD = 8  # of a ticket, compared word by word: bounds a search's time
_NONE = np.float32(-9)  # below every similarity


@dataclass(frozen=True, slots=True)
class Question:
    """A piece's text, taken apart and read.

    written: of each of the terms' stems, the word as the piece has it.
    """

    terms: Terms
    written: Sequence[str]
    vector: Vectors
    tokens: Tokens | None
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
    dense = np.stack([*_by_ticket(compared, sizes), compared[0, starts]])
    told = (rows, sizes) if not members.any() else index.slots.rows(flat, MEMBERS_TOLD)
    words = _words(index, asked, scanned, told, slots)
    shares = index.head.shares(np.stack([one.vector for one in asked]))
    ends = np.cumsum([len(some) for some in slots]).tolist()
    each = zip(asked, slots, ends, words, shares, strict=True)
    for question, own, end, (tfidf, grams, by, shared), share in each:
        part = slice(end - len(own), end)
        near, bm25, title = dense[:, part]
        covers = (title, title) if question.tokens is None else index.tokens.signals(question.tokens, own)
        ids = index.slots.ids[own]
        head = index.head.of(share, ids)
        signals = np.stack([near, title, *covers, bm25, tfidf, grams, head], axis=1)
        yield Candidates(ids, signals, members[part], like[part], by, shared)


def _by_piece(rows: Whole, sizes: Whole, slots: Sequence[Whole]) -> list[Whole]:
    """Return the rows of each piece's candidates. sizes: how many each candidate has."""
    candidates = np.cumsum([len(some) for some in slots])[:-1]
    return np.split(rows, np.append(0, np.cumsum(sizes))[candidates])


def _compared(
    index: TicketIndex, asked: Sequence[Question], scanned: Scanned, rows: Sequence[Whole]
) -> Floats:
    """Return float32[2, rows of all]: cosines, and BM25 from 0.0 to 1.0, of each piece with its rows."""
    words, found = index.texts.words, []
    for at, own in enumerate(rows):
        gains = scanned.lexical[at][own]
        if len(scanned.common[at]):
            gains = gains + words.gains(scanned.common[at], own)
        cosines = index.texts.rows.cosines(scanned.cosines[at], asked[at].vector, own)
        found.append(np.stack([cosines, gains / np.float32(words.best(scanned.bags[at]))]))
    return np.concatenate(found, axis=1)


def _words(
    index: TicketIndex,
    asked: Sequence[Question],
    scanned: Scanned,
    told: tuple[Whole, Whole],
    slots: Sequence[Whole],
) -> Iterator[tuple[Floats, Floats, Whole, Features]]:
    """Yield the cosines by words and by n-grams of each piece's candidates, and the words that they share.

    Those as places of candidates and numbers of words. told: the candidates' rows and how many each has.
    """
    rows, sizes = told
    own_rows = _by_piece(rows, sizes, slots)
    grams = index.texts.grams.cosines([one.grams for one in asked], own_rows)
    end = 0
    for at, (own, by_grams) in enumerate(zip(own_rows, grams, strict=True)):
        many = sizes[end : end + len(slots[at])]
        end += len(many)
        hits = index.texts.words.hits(scanned.bags[at], own)
        by = np.repeat(np.arange(len(many)), many)
        yield greatest(hits.cosines, many), greatest(by_grams, many), by[hits.at], hits.features


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
