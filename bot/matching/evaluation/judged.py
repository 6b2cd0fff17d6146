"""The judged pieces of a folder, and how a scorer of tickets did on them."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np
import numpy.typing as npt

from bot.matching.dataset import Dataset, as_tickets
from bot.matching.index import Member
from bot.matching.search import Piece

if TYPE_CHECKING:
    from collections.abc import Sequence

    from bot.domain.ticket import Ticket
    from bot.matching.dataset import HistoryRow
    from bot.matching.metrics import Doubles

Mask = npt.NDArray[np.bool_]
Whole = npt.NDArray[np.int64]
Scored = tuple[Whole, "npt.NDArray[np.floating]"]  # ticket ids, ascending, and the score of each

NOWHERE = np.inf


@dataclass(frozen=True, slots=True)
class Case:
    """A folder's data as the matcher takes it.

    judged: the pieces that truth.csv speaks of; answers: whether a ticket fits, by its id, one mapping a
    judged piece; it is empty where all that is known is that no ticket fits.
    """

    tickets: list[Ticket]
    history: list[HistoryRow]
    pieces: list[Piece]
    judged: list[Piece]
    answers: list[dict[int, bool]]

    @property
    def answerable(self) -> Mask:
        """Return bool[judged]: whether some ticket fits."""
        return np.array([any(answers.values()) for answers in self.answers], dtype=np.bool_)

    @property
    def pairs(self) -> tuple[Whole, Mask]:
        """Return of each judged pair its piece's place among the judged, and whether it fits."""
        owners = np.repeat(np.arange(len(self.answers)), [len(answers) for answers in self.answers])
        fits = [fit for answers in self.answers for fit in answers.values()]
        return owners, np.array(fits, dtype=np.bool_)

    def members(self, history: Sequence[HistoryRow]) -> list[Member]:
        """Return the rows as attached pieces; none has the id of a piece to be matched."""
        ids = {ticket.key: ticket.id for ticket in self.tickets}
        first = 1 + len(self.pieces)
        return [Member(at, ids[row.ticket_key], row.piece.text) for at, row in enumerate(history, first)]


def case_of(data: Dataset) -> Case:
    """Return the data as the matcher takes it."""
    tickets = as_tickets(data.tickets)
    ids = {ticket.key: ticket.id for ticket in tickets}
    known: dict[str, dict[int, bool]] = {}
    for row in data.truth:
        answers = known.setdefault(row.feedback_id, {})
        if row.ticket_key:
            answers[ids[row.ticket_key]] = row.fits
    pieces = {row.id: Piece(number, row.text) for number, row in enumerate(data.feedback, 1)}
    judged = [name for name in pieces if name in known]
    return Case(
        tickets,
        data.history,
        list(pieces.values()),
        [pieces[name] for name in judged],
        [known[name] for name in judged],
    )


@dataclass(frozen=True, slots=True)
class Ranked:
    """What a scorer made of the judged pieces.

    places: of each piece's first fitting ticket, from 1, else NOWHERE; scores: of the judged pairs, in order.
    """

    places: Doubles
    scores: Doubles


def ranked(answers: Iterable[Mapping[int, bool]], scored: Iterable[Scored]) -> Ranked:
    """Return how the scorer did on the pieces with these answers."""
    places, scores = [], []
    for known, one in zip(answers, scored, strict=True):
        places.append(_place(known, one))
        scores += _pair_scores(known, one)
    return Ranked(np.array(places, dtype=np.float64), np.array(scores, dtype=np.float64))


def _place(known: Mapping[int, bool], scored: Scored) -> float:
    """Return where the first fitting ticket stands, from 1; among equal scores the lowest id is first."""
    ids, scores = scored
    fitting = [ticket_id for ticket_id, fits in known.items() if fits]
    order = np.argsort(-scores, kind="stable")
    places = np.flatnonzero(np.isin(ids[order], fitting))
    return float(places[0] + 1) if len(places) else NOWHERE


def _pair_scores(known: Mapping[int, bool], scored: Scored) -> list[float]:
    """Return the score of each judged ticket; 0.0 for one that was not scored."""
    scores = dict(zip(*(column.tolist() for column in scored), strict=True))
    return [scores.get(ticket_id, 0.0) for ticket_id in known]
