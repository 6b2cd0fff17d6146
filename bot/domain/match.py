"""Which ticket a piece is about: verdicts of the matcher and decisions of people."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from enum import StrEnum


class Decision(StrEnum):
    """The matcher's three outcomes."""

    ATTACHED = "attached"
    SUGGESTED = "suggested"
    UNMATCHED = "unmatched"


class MatchState(StrEnum):
    """Where one (piece, ticket) pair stands. REJECTED and DETACHED pairs never return by themselves."""

    SUGGESTED = "suggested"
    ATTACHED = "attached"
    REJECTED = "rejected"
    DETACHED = "detached"


@dataclass(frozen=True, slots=True)
class Reason:
    """Why a pair scored as it did.

    kind: "reference" | "words" | "meaning" | "likeness" | "neighbour", or why it asks: "language" | "asks".
    detail: shared words, a key, how many pieces, the language, how many asks.
    """

    kind: str
    detail: str


@dataclass(frozen=True, slots=True)
class Candidate:
    """A ticket that a piece may be about. score: 0.0 to 1.0, a probability once calibrated.

    signals: what the score was made of, by name, to learn from; a candidate is the same without them.
    """

    ticket_id: int
    score: float
    reasons: tuple[Reason, ...] = ()
    signals: Mapping[str, float] = field(default_factory=dict, compare=False)

    @property
    def is_named(self) -> bool:
        """Whether the words name the ticket, so that nothing was weighed."""
        return any(reason.kind == "reference" for reason in self.reasons)


@dataclass(frozen=True, slots=True)
class Verdict:
    """The matcher's answer for one piece. best: highest candidate even when UNMATCHED, None without any.

    others: the next best, in order, for a person to choose from.
    """

    decision: Decision
    best: Candidate | None
    others: tuple[Candidate, ...] = ()
    model: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Match:
    """One stored pair. decided_by: "voc", the person's chat id, or what in the tracker decided."""

    id: int
    feedback_id: int
    ticket_id: int
    state: MatchState
    score: float
    reasons: tuple[Reason, ...]
    decided_by: str
    decided_at: datetime

    @property
    def is_automatic(self) -> bool:
        """Whether it is a link that Voc made by itself and no person has confirmed."""
        return self.state is MatchState.ATTACHED and self.decided_by == AUTOMATIC


AUTOMATIC = "voc"
BY_LINK = "tracker link"  # a link on the ticket: one that another integration made, or ours that was removed
BY_MERGE = "tracker merge"  # the tracker says that the ticket is a duplicate of another
