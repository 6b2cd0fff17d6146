"""Each decision of a person, kept as a labelled pair with what Voc had decided and why."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from bot.domain.answer import Proposal
from bot.domain.match import AUTOMATIC, Candidate, Decision, Match, MatchState, Verdict
from bot.repositories import UnitOfWork

STOOD = {MatchState.ATTACHED: Decision.ATTACHED, MatchState.SUGGESTED: Decision.SUGGESTED}


def judged(unit: UnitOfWork, feedback_id: int, pairs: Sequence[Match]) -> Proposal:
    """Return what a person who decides about the piece now judges. pairs: the piece's, before they decide.

    A second thought judges the same decision of Voc as the first answer did.
    """
    verdict = unit.pieces.verdict(feedback_id)
    own = next((pair for pair in pairs if pair.decided_by == AUTOMATIC and pair.state in STOOD), None)
    if own is not None:
        its = Candidate(own.ticket_id, own.score, own.reasons)
        return _proposal(unit, STOOD[own.state], its, verdict)
    best = verdict.best if verdict else None
    earlier = unit.answers.latest_of(feedback_id)
    if earlier is not None and earlier.about.ticket_id == (best.ticket_id if best else None):
        return earlier.about
    return _proposal(unit, Decision.UNMATCHED, best, verdict) if best else Proposal()


def _proposal(unit: UnitOfWork, stood: Decision, best: Candidate, verdict: Verdict | None) -> Proposal:
    """Return what was decided; its candidates without their reasons, which hold customers' words."""
    is_its = verdict is not None and verdict.best is not None and verdict.best.ticket_id == best.ticket_id
    found = [verdict.best, *verdict.others] if verdict and is_its else []
    return Proposal(
        stood=stood,
        ticket_id=best.ticket_id,
        project=unit.tickets.get(best.ticket_id).project,
        score=best.score,
        is_named=best.is_named,
        model=verdict.model if verdict and is_its else "",
        candidates=tuple(replace(one, reasons=()) for one in found if one is not None),
    )
