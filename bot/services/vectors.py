"""The stored vectors after a change of embedder: how many are to be made yet, which are of no use."""

from __future__ import annotations

import logging
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime

from bot.matching.vectors import piece_key, ticket_key
from bot.repositories import Work
from bot.services.matching import matchable

log = logging.getLogger(__name__)

DROPPED_AT_ONCE = 1000  # each in a transaction of its own, so that others can write in between


@dataclass(frozen=True, slots=True)
class Progress:
    """needed: tickets, and pieces that speak for them, with vectors. missing: of these, to be made yet."""

    needed: int
    missing: int


def progress(work: Work, embedder: str, closed_since: datetime) -> Progress:
    """Return how far the embedder's vectors are made. embedder: its name; no vector is loaded or made."""
    needed = missing = 0
    for keys in _keys(work, embedder, closed_since):
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


def _keys(work: Work, embedder: str, closed_since: datetime) -> Iterator[set[str]]:
    """Yield under what keys the vectors of tickets and pieces are stored, some at a time."""
    for page in matchable(work, closed_since):
        yield {ticket_key(embedder, ticket.title, ticket.body) for ticket in page}
    with work() as unit:
        speaking = [piece for piece, _ in unit.matches.confirmed_pairs()]
        voices = unit.pieces.voices(speaking)
    yield {piece_key(embedder, voice.words) for voice in voices}
