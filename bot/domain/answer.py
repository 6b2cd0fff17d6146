"""What people answered to Voc's decisions: labelled pairs, with what Voc knew when it decided."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from bot.domain.match import Candidate, Decision


class AnswerKind(StrEnum):
    """What a person said of a piece. WRONG: not that ticket, no other named; TAKEN_BACK: nothing any more."""

    TICKET = "ticket"
    NOT_FEEDBACK = "not feedback"
    WRONG = "wrong"
    TAKEN_BACK = "taken back"


@dataclass(frozen=True, slots=True, kw_only=True)
class Proposal:
    """What Voc had decided of a piece, as it was when a person answered.

    stood: as a link (ATTACHED), a proposal (SUGGESTED) or neither. ticket_id, project, score: of the best
    candidate, None, "" and 0.0 without one. is_named: the words name the ticket, so nothing was weighed.
    candidates: the best first, with their signals.
    """

    stood: Decision = Decision.UNMATCHED
    ticket_id: int | None = None
    project: str = ""
    score: float = 0.0
    is_named: bool = False
    model: str = ""
    candidates: tuple[Candidate, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Answer:
    """One answer. ticket_id: the one that the person chose, None otherwise; about: what they judged."""

    feedback_id: int
    kind: AnswerKind
    ticket_id: int | None
    by: str
    at: datetime
    about: Proposal

    @property
    def is_right(self) -> bool:
        """Whether the person chose what Voc had."""
        return self.ticket_id is not None and self.ticket_id == self.about.ticket_id
