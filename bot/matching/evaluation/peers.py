"""What Voc is measured against: plain scorers that compare a piece with every text of every ticket."""

from __future__ import annotations

import importlib
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np
import numpy.typing as npt

from bot.errors import SettingError
from bot.matching.bm25 import Words
from bot.matching.prepared import body_of, terms_of
from bot.matching.words import terms

if TYPE_CHECKING:
    from bot.domain.ticket import Ticket
    from bot.matching.evaluation.judged import Scored, Whole
    from bot.matching.evaluation.memo import Memo, Memos
    from bot.matching.index import Member

Floats = npt.NDArray[np.float32]
Scorer = Callable[[Sequence[str], Sequence[str]], Iterator[Floats]]
"""From texts and queries to each query's score of every text."""

_AT_ONCE = 64  # queries


@dataclass(frozen=True, slots=True)
class Corpus:
    """Tickets as texts. ids: ascending; texts: those of one ticket side by side, from starts on."""

    ids: Whole
    texts: list[str]
    starts: Whole

    def scored(self, scorer: Scorer, queries: Sequence[str]) -> Iterator[Scored]:
        """Yield each query's scores of the tickets: those of their best texts."""
        if not self.texts:
            yield from ((self.ids, np.empty(0, dtype=np.float32)) for _ in queries)
            return
        for row in scorer(self.texts, queries):
            yield self.ids, np.maximum.reduceat(row, self.starts)


def corpus_of(tickets: Sequence[Ticket], members: Sequence[Member] = (), *, bodies: bool) -> Corpus:
    """Return the tickets as their titles, with their bodies too where asked, and what is attached to them."""
    texts = {ticket.id: [ticket.title] for ticket in tickets}
    for ticket in tickets if bodies else ():
        if body := body_of(ticket.body):
            texts[ticket.id].append(f"{ticket.title}. {body}")
    for member in members:
        texts[member.ticket_id].append(member.text)
    sizes = np.array([len(own) for own in texts.values()], dtype=np.int64)
    flat = [text for own in texts.values() for text in own]
    return Corpus(np.array(list(texts), dtype=np.int64), flat, np.cumsum(sizes) - sizes)


def scorers(memos: Memos, names: Iterable[str]) -> dict[str, Scorer | str]:
    """Return each peer; where one can't run here, a sentence that says why. names: of the embedders."""
    found: dict[str, Scorer | str] = {"bm25": bm25(), "tfidf": tfidf}
    for name in names:
        try:
            found[name] = nearest(memos.named(name))
        except SettingError as exc:
            found[name] = f"not available: {exc}"
    return found


def bm25(library: str = "bm25s") -> Scorer | str:
    """Return BM25 by the library, as it comes (Lucene's, English stop words, no stems)."""
    try:
        found = importlib.import_module(library)
    except ImportError:
        return f"not installed: pip install {library}"

    def score(texts: Sequence[str], queries: Sequence[str]) -> Iterator[Floats]:
        def words(some: Sequence[str]) -> list[list[str]]:
            return list(found.tokenize(list(some), return_ids=False, show_progress=False))

        known = found.BM25()
        known.index(words(texts), show_progress=False)
        for query in words(queries):
            yield known.get_scores_from_ids(known.get_tokens_ids(query))

    return score


def tfidf(texts: Sequence[str], queries: Sequence[str]) -> Iterator[Floats]:
    """Yield the cosines of TF-IDF over words."""
    words, every = Words(), np.arange(len(texts))
    words.put(every, [terms_of(terms(text)) for text in texts])
    for query in queries:
        yield words.hits([words.bags([terms_of(terms(query))])], [every]).cosines


def nearest(embedder: Memo) -> Scorer:
    """Return the scorer that takes the cosines of the embedder's vectors."""

    def score(texts: Sequence[str], queries: Sequence[str]) -> Iterator[Floats]:
        known = embedder.embed(texts).T
        for start in range(0, len(queries), _AT_ONCE):
            yield from embedder.embed(queries[start : start + _AT_ONCE]) @ known

    return score


def summed(parts: Mapping[str, Scorer | str]) -> Scorer | str:
    """Return the plain sum: each scorer's scores of a piece divided by the highest of them, added up."""
    able = [part for part in parts.values() if not isinstance(part, str)]
    if len(able) < len(parts):
        missing = (name for name, part in parts.items() if isinstance(part, str))
        return f"not available without {', '.join(missing)}"

    def score(texts: Sequence[str], queries: Sequence[str]) -> Iterator[Floats]:
        for rows in zip(*(part(texts, queries) for part in able), strict=True):
            yield np.sum([row / highest if (highest := row.max()) > 0 else row for row in rows], axis=0)

    return score
