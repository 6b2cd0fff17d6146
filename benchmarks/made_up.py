"""Tickets as many as wanted, of real sentences in new order, and an embedder as wide as the default one's."""

from __future__ import annotations

import random
import re
import zlib
from collections.abc import Iterator, Sequence
from datetime import UTC, datetime
from typing import TYPE_CHECKING

import numpy as np

from benchmarks.figures import data_folder
from bot.domain.ticket import ReceivedTicket, TicketRef, TicketStage
from bot.matching.dataset import read_tickets
from bot.matching.products import unit
from bot.matching.prose import prose
from bot.matching.words import surfaces
from bot.ports import Reading, Tokens

if TYPE_CHECKING:
    from bot.ports import Vectors

SOURCES = ("nextcloud", "hadoop")
SEED = 20261123
AT = datetime(2026, 5, 1, tzinfo=UTC)
_SENTENCE = re.compile(r"(?<=[.!?])\s+|\n")
_VOCABULARY = 30_000


def tickets(many: int) -> Iterator[ReceivedTicket]:
    """Yield so many tickets: halves of two titles, and two to nine sentences."""
    rows = [row for name in SOURCES for row in read_tickets(data_folder(name) / "tickets.csv")]
    titles = [row.title.split() for row in rows]
    said = [one for row in rows for one in _SENTENCE.split(prose(row.description))]
    sentences = [one for one in said if 20 < len(one) < 300]
    draw = random.Random(SEED)  # noqa: S311
    for number in range(1, many + 1):
        first, second = draw.choice(titles), draw.choice(titles)
        title = " ".join(first[: (len(first) + 1) // 2] + second[len(second) // 2 :])
        yield ReceivedTicket(
            ref=TicketRef("jira", str(number)),
            key=f"APP-{number}",
            project="APP",
            title=title,
            body="\n".join(draw.choices(sentences, k=draw.randint(2, 9))),
            stage=TicketStage.OPEN,
            status="Open",
            created_at=AT,
            updated_at=AT,
        )


class WordVectors:
    """An Embedder of MiniLM's 384 dimensions that takes no time: a fixed vector for each word."""

    name, dimensions, languages = "word-vectors-384", 384, frozenset({"en"})

    def __init__(self) -> None:
        self._vectors: Vectors = unit(
            np.random.default_rng(SEED).standard_normal((_VOCABULARY, self.dimensions), dtype=np.float32)
        )

    def embed(self, texts: Sequence[str]) -> Vectors:
        """Return the sum of each text's words, at length one."""
        return self.read(texts).vectors

    def read(self, texts: Sequence[str]) -> Reading:
        """Return the same with the words as tokens, all telling alike."""
        words = [[zlib.crc32(word.encode()) % _VOCABULARY for word in surfaces(text, 128)] for text in texts]
        counts = np.array([len(own) for own in words], dtype=np.int64)
        ids = np.array([number for own in words for number in own], dtype=np.int32)
        vectors = self._vectors[ids]
        totals = np.zeros((len(texts), self.dimensions), dtype=np.float32)
        filled = counts > 0
        if filled.any():
            totals[filled] = np.add.reduceat(vectors, (np.cumsum(counts) - counts)[filled], axis=0)
        return Reading(unit(totals), Tokens(counts, ids, vectors, np.ones(len(ids), np.float32)))
