"""From pieces to candidate tickets with the signals that tell them apart."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from itertools import repeat
from typing import TYPE_CHECKING

import numpy as np

from bot.matching.bm25 import Terms
from bot.matching.function_words import function_words
from bot.matching.growing import Whole
from bot.matching.late import kept
from bot.matching.nearest import nearest
from bot.matching.prepared import terms_of
from bot.matching.signals import Candidates, Question, Scanned, measure
from bot.matching.tfidf import gram_bags
from bot.matching.words import is_telling, stem, surfaces

if TYPE_CHECKING:
    from bot.matching.index import TicketIndex
    from bot.matching.late import Kept
    from bot.matching.tfidf import Floats
    from bot.ports import Embedder, Reading, Vectors

READ_AT_ONCE = 256  # pieces

_CELLS = 2_000_000  # pieces times rows that are compared at once
_AT_ONCE = 64  # pieces at most
_MOST_CHARACTERS = 8_000  # of a piece


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


def search(
    index: TicketIndex, pieces: Sequence[Piece], wanted: Sequence[Sequence[int]] = ()
) -> Iterator[tuple[Question, Candidates]]:
    """Yield each piece's question and its candidates, in order.

    wanted: per piece, ticket ids to take as candidates whether they are near, allowed or neither.
    """
    for start in range(0, len(pieces), READ_AT_ONCE):
        part = slice(start, start + READ_AT_ONCE)
        asked = questions(pieces[part], index.embedder)
        yield from zip(asked, find(index, pieces[part], asked, wanted[part]), strict=True)


def questions(pieces: Sequence[Piece], embedder: Embedder) -> list[Question]:
    """Return the pieces, read: all that can be done without the tickets."""
    spoken = [surfaces(piece.text[:_MOST_CHARACTERS]) for piece in pieces]
    # Emoji alone are near to nothing, whatever their bytes' vectors say.
    reading = embedder.read([piece.text if own else "" for piece, own in zip(pieces, spoken, strict=True)])
    grams = gram_bags([" ".join(own) for own in spoken])
    tokens = _tokens(reading, len(pieces))
    read = zip(spoken, reading.vectors, tokens, grams, strict=True)
    return [Question(*_words(own), vector, its, bag) for own, vector, its, bag in read]


def _tokens(reading: Reading, pieces: int) -> Iterable[Kept | None]:
    """Return of each piece what is `kept` of its tokens' vectors, and their weights."""
    if reading.tokens is None:
        return repeat(None, pieces)
    ends = np.cumsum(reading.tokens.counts)[:-1]
    vectors = np.split(kept(reading.tokens.vectors), ends)
    return zip(vectors, np.split(reading.tokens.weights, ends), strict=True)


def find(
    index: TicketIndex,
    pieces: Sequence[Piece],
    asked: Sequence[Question],
    wanted: Sequence[Sequence[int]] = (),
) -> Iterator[Candidates]:
    """Yield each piece's candidates, in order. asked: of each piece; wanted: as for `search`."""
    index.texts.settle()
    step = min(_AT_ONCE, max(1, _CELLS // max(1, len(index.texts))))
    for start in range(0, len(pieces), step):
        part = slice(start, start + step)
        scanned = _scan(index, asked[part])
        slots = []
        for at, piece in enumerate(pieces[part]):
            near = _slots(index, piece, asked[start + at].vector, scanned.cosines[at], scanned.lexical[at])
            near.update(index.slots.at(wanted[start + at] if wanted else ()).tolist())
            found = np.array(list(near), dtype=np.int64)
            slots.append(found[np.argsort(index.slots.ids.take(found))])
        yield from measure(index, asked[part], scanned, slots)


def _scan(index: TicketIndex, asked: Sequence[Question]) -> Scanned:
    words = index.texts.words
    bags = words.bags([one.terms for one in asked])
    lexical, common = words.scores(bags)
    cosines = index.texts.rows.scan(np.stack([one.vector for one in asked]))
    return Scanned(cosines, lexical, common, list(bags))


def _slots(index: TicketIndex, piece: Piece, vector: Vectors, cosines: Floats, lexical: Floats) -> set[int]:
    """Return the slots of the tickets that are nearest to one piece by meaning or by words."""
    owners, ids, rows = index.texts.owners, index.slots.ids, _allowed(index, piece)
    near = nearest(*index.texts.rows.nearly(cosines, vector, rows), owners, ids)
    alike = np.flatnonzero(lexical > 0) if rows is None else rows[lexical.take(rows) > 0]
    return {*near, *nearest(lexical.take(alike), alike, owners, ids)}


def _allowed(index: TicketIndex, piece: Piece) -> Whole | None:
    """Return the rows of tickets that the piece may be attached to, None for all."""
    if piece.projects is None and not piece.rejected:
        return None
    if piece.projects is None:
        allowed = np.ones(index.slots.size, dtype=np.bool_)
    else:
        allowed = index.slots.in_projects(piece.projects)
    allowed[index.slots.at(piece.rejected)] = False
    return np.flatnonzero(allowed.take(index.texts.owners))


def _words(spoken: Sequence[str]) -> tuple[Terms, list[str]]:
    """Return the telling words' terms, and the first word of each stem as written, "" for a function word."""
    little = function_words(spoken)
    telling = [word for word in spoken if is_telling(word)]
    stems = [stem(word) for word in telling]
    written: dict[str, str] = {}
    for root, word in zip(stems, telling, strict=True):
        written.setdefault(root, "" if word in little else word)
    return terms_of(stems), list(written.values())
