"""The stored vectors after a change of embedder: how many are to be made yet, which are of no use."""

from __future__ import annotations

import logging
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime

from bot.matching.index import body_of, own_texts
from bot.matching.vectors import vector_key
from bot.repositories import Work
from bot.services.matching import matchable

log = logging.getLogger(__name__)

DROPPED_AT_ONCE = 1000  # each in a transaction of its own, so that others can write in between


@dataclass(frozen=True, slots=True)
class Progress:
    """needed: vectors of the tickets and of the pieces that speak for them. missing: to be made yet."""

    needed: int
    missing: int


def progress(work: Work, embedder: str, closed_since: datetime) -> Progress:
    """Return how far the embedder's vectors are made. embedder: its name; no vector is loaded or made."""
    needed = missing = 0
    for texts in _texts(work, closed_since):
        keys = {vector_key(embedder, text) for text in texts}
        with work() as unit:
            missing += len(keys - unit.vectors.which(list(keys)))
        needed += len(keys)
    return Progress(needed, missing)


def drop_stale(work: Work, embedder: str, closed_since: datetime) -> int:
    """Drop other embedders' vectors once this one's are all made; return how many.

    Until then whoever changes back finds the old ones.
    """
    if progress(work, embedder, closed_since).missing:
        return 0
    dropped = 0
    while some := _drop_some(work, embedder):
        dropped += some
    if dropped:
        log.info("vectors of other embedders dropped", extra={"vectors": dropped})
    return dropped


def _drop_some(work: Work, embedder: str) -> int:
    with work() as unit:
        dropped = unit.vectors.drop_others(embedder, limit=DROPPED_AT_ONCE)
        unit.commit()
    return dropped


def _texts(work: Work, closed_since: datetime) -> Iterator[Sequence[str]]:
    """Yield the texts that have a vector, some at a time."""
    for page in matchable(work, closed_since):
        yield [text for ticket in page for text in own_texts(ticket, body_of(ticket))]
    with work() as unit:
        speaking = [piece for piece, _ in unit.matches.confirmed_pairs()]
        voices = unit.pieces.voices(speaking)
    yield [voice.words for voice in voices]
