"""What fitted weights are checked on: marked duplicates, a ticket's words as a piece; they taught nothing."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np

from bot.matching.dataset import as_tickets, read_duplicates, read_tickets
from bot.matching.lessons import HIDDEN, SEED, Answered, Lesson, answered
from bot.matching.prepared import body_of
from bot.matching.search import Piece

if TYPE_CHECKING:
    from bot.domain.ticket import Ticket
    from bot.ports import Embedder


def checks(directory: Path, embedder: Embedder) -> list[Lesson]:
    """Return what the folder's duplicates ask; that a candidate is wrong means that nobody marked it."""
    rows = read_tickets(directory / "tickets.csv")
    pairs = read_duplicates(directory / "duplicates.csv", rows)
    found = _from_duplicates(as_tickets(rows), pairs, embedder, np.random.default_rng(SEED))
    return [Lesson(candidates, right) for candidates, right in found]


def _from_duplicates(
    tickets: list[Ticket], pairs: Sequence[tuple[str, str]], embedder: Embedder, random: np.random.Generator
) -> list[Answered]:
    by_key = {ticket.key: ticket for ticket in tickets}
    right: dict[str, set[int]] = {}
    for one, other in pairs:
        right.setdefault(one, set()).add(by_key[other].id)
    asked = []
    for key, ids in right.items():
        ticket = by_key[key]
        hidden = ids if random.random() < HIDDEN else set()
        text = f"{ticket.title}. {body_of(ticket.body)}"
        asked.append((Piece(ticket.id, text, rejected=frozenset({ticket.id} | hidden)), ids))
    return answered(tickets, [], asked, embedder)
