"""Tickets and pieces made ready to be searched: read by the embedder, taken apart into words."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import repeat
from typing import TYPE_CHECKING

import numpy as np

from bot.matching.bm25 import Terms
from bot.matching.late import kept
from bot.matching.prose import prose
from bot.matching.rows import Small, small
from bot.matching.texts import Text
from bot.matching.tfidf import MOST_COUNTED
from bot.matching.words import is_telling, stem, surfaces, terms

if TYPE_CHECKING:
    from bot.matching.tfidf import Features
    from bot.ports import Embedder, Tokens

BODY_WORDS = 150
TITLE_WEIGHT = 2


@dataclass(frozen=True, slots=True)
class Prepared:
    """A ticket's or a piece's texts.

    texts: the title, then the body if there is any; or the piece; ids, tokens: the title's.
    """

    texts: tuple[Text, ...]
    ids: Features
    tokens: Small


def body_of(body: str) -> str:
    """Return what counts of a ticket's body."""
    return " ".join(prose(body).split()[:BODY_WORDS])


def terms_of(words: Sequence[str]) -> Terms:
    """Return the words, counted."""
    counts = Counter(words)
    return Terms(tuple(counts), bytes(min(count, MOST_COUNTED) for count in counts.values()), len(words))


def prepare_tickets(tickets: Sequence[tuple[str, str]], embedder: Embedder) -> list[Prepared]:
    """Return the tickets, each a title and a body, ready to be put."""
    bodies = [body_of(body) for _, body in tickets]
    titles = embedder.read([title for title, _ in tickets])
    long = [f"{title}. {body}" for (title, _), body in zip(tickets, bodies, strict=True) if body]
    of_titles, of_bodies = iter(small(titles.vectors)), iter(small(embedder.embed(long)))
    tokens = _tokens(titles.tokens, len(tickets))
    found = []
    for (title, _), body, own in zip(tickets, bodies, tokens, strict=True):
        texts = [_short(title, next(of_titles))]
        if body:
            stems = terms(title) * TITLE_WEIGHT + terms(body)
            texts.append(Text(next(of_bodies), terms_of(stems), None))
        found.append(Prepared(tuple(texts), *own))
    return found


def prepare_pieces(pieces: Sequence[str], embedder: Embedder) -> list[Prepared]:
    """Return the pieces' texts, ready to be attached."""
    vectors = small(embedder.embed(pieces))
    none = _tokens(None, len(pieces))
    return [
        Prepared((_short(piece, vector),), *own)
        for piece, vector, own in zip(pieces, vectors, none, strict=True)
    ]


def _short(text: str, vector: Small) -> Text:
    spoken = surfaces(text)
    stems = [stem(word) for word in spoken if is_telling(word)]
    return Text(vector, terms_of(stems), " ".join(spoken))


def _tokens(tokens: Tokens | None, texts: int) -> Iterator[tuple[Features, Small]]:
    """Yield each text's token ids, and what is kept of their vectors."""
    if tokens is None:
        yield from repeat((np.zeros(0, np.int32), np.zeros((0, 0), np.int8)), texts)
        return
    vectors, ends = small(kept(tokens.vectors)), np.cumsum(tokens.counts)[:-1]
    yield from zip(np.split(tokens.ids, ends), np.split(vectors, ends), strict=True)
