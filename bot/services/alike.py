"""Who else said much the same, and which tickets are near it."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass

from bot.domain.message import TicketLine
from bot.domain.search import Among
from bot.domain.standing import Standing
from bot.repositories import UnitOfWork
from bot.services.search import ByMeaning, Searcher, search
from bot.services.standing import line_of, standing_of

MOST_PIECES, MOST_TICKETS, MOST_WORDS = 5, 5, 60
WORD = re.compile(r"\w[\w'’-]*")


@dataclass(frozen=True, slots=True)
class Alike:
    """The nearest pieces and tickets, nearest first. by_meaning: whether meanings were compared."""

    pieces: Sequence[Standing]
    tickets: Sequence[TicketLine]
    by_meaning: ByMeaning


def alike(searcher: Searcher, text: str, own: Sequence[int]) -> Alike:
    """Return what is nearest to the text. own: its own pieces where it is stored, which do not count."""
    words = WORD.findall(text)[:MOST_WORDS]
    found = search(searcher, words, Among())
    others = [piece for piece in found.feedback_ids if piece not in own][:MOST_PIECES]
    with searcher.reading() as unit:
        pieces = standing_of(unit, others)
        known = [line for piece in own for line in _weighed(unit, piece)]
    near = [*known, *(one.ticket for one in pieces if one.ticket is not None)]
    return Alike(pieces, list({line.key: line for line in near}.values())[:MOST_TICKETS], found.by_meaning)


def _weighed(unit: UnitOfWork, piece: int) -> list[TicketLine]:
    """Return the tickets that the matcher found nearest to a stored piece."""
    verdict = unit.pieces.verdict(piece)
    candidates = [verdict.best, *verdict.others] if verdict and verdict.best else []
    tickets = unit.tickets.many([candidate.ticket_id for candidate in candidates])
    return [line_of(ticket) for ticket in tickets if not ticket.gone]
