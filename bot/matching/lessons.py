"""Lessons for the model: pieces whose right tickets are known, with the candidates that a search finds.

A folder gives them from its history.csv (earlier pieces with their tickets: some become members, others are
asked about). A quarter of the tickets is hidden, so that "none fits" is learnt too.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np
import numpy.typing as npt

from bot.matching.dataset import HistoryRow, as_tickets, read_history, read_tickets
from bot.matching.head import fit_head
from bot.matching.index import Member, TicketIndex
from bot.matching.search import Piece, search

if TYPE_CHECKING:
    from bot.domain.ticket import Ticket
    from bot.matching.signals import Candidates
    from bot.ports import Embedder

SEED = 20261123
MEMBERS = (0, 1, 3, 5, 10, 30, 100)  # attached pieces a ticket, one round of lessons each
ASKED = 600  # pieces a round
HIDDEN = 0.25

Mask = npt.NDArray[np.bool_]


@dataclass(frozen=True, slots=True)
class Lesson:
    """One piece's candidates and which of them are right.

    weight: what the lesson counts.
    """

    found: Candidates
    right: Mask
    weight: float = 1.0


Answered = tuple["Candidates", "Mask"]


def lessons(directory: Path, embedder: Embedder) -> list[Lesson]:
    """Return the folder's lessons; each weighs 1/√(their number): a big folder doesn't drown a small one."""
    rows = read_tickets(directory / "tickets.csv")
    tickets, random = as_tickets(rows), np.random.default_rng(SEED)
    history = read_history(directory / "history.csv", rows)
    rounds = [_from_history(tickets, history, members, embedder, random) for members in MEMBERS]
    found = [one for some in rounds for one in some]
    return [Lesson(candidates, right, len(found) ** -0.5) for candidates, right in found]


def _from_history(
    tickets: list[Ticket],
    history: Sequence[HistoryRow],
    members: int,
    embedder: Embedder,
    random: np.random.Generator,
) -> list[Answered]:
    ids = {ticket.key: ticket.id for ticket in tickets}
    attached: dict[int, list[Member]] = {ticket.id: [] for ticket in tickets}
    asked: list[tuple[Piece, set[int]]] = []
    for at in random.permutation(len(history)).tolist():
        row, own = history[at], attached[ids[history[at].ticket_key]]
        if len(own) < members:
            own.append(Member(at, ids[row.ticket_key], row.piece.text))
        elif len(asked) < ASKED:
            asked.append((Piece(at, row.piece.text), {ids[row.ticket_key]}))
    shown = [ticket for ticket in tickets if random.random() >= HIDDEN]
    attached_ones = [member for own in attached.values() for member in own]
    return answered(shown, attached_ones, asked, embedder)


def answered(
    tickets: list[Ticket],
    members: list[Member],
    asked: list[tuple[Piece, set[int]]],
    embedder: Embedder,
) -> list[Answered]:
    """Return the candidates of what is asked and which of them are right, these pieces being attached."""
    index = TicketIndex(embedder)
    index.put(tickets)
    index.attach(members)
    index.head = fit_head(*index.examples())
    answers = search(index, [piece for piece, _ in asked])
    return [
        (found, np.isin(found.ticket_ids, sorted(right)))
        for (_, right), (_, found) in zip(asked, answers, strict=True)
    ]
