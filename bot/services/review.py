"""What people decide about a piece: attach, another ticket, not feedback, undo.

Each decision is stored as a labelled pair.
"""

from __future__ import annotations

from datetime import datetime

from bot.domain.feedback import Exclusion
from bot.domain.match import Match, MatchState
from bot.domain.message import Card
from bot.domain.ticket import Ticket
from bot.errors import RequestError
from bot.ports import Clock
from bot.repositories import UnitOfWork, Work
from bot.services.cards import card_of
from bot.services.marks import ANNOTATION, CARD, mark


def attach(work: Work, clock: Clock, feedback_id: int, by: str, *, ticket_key: str | None = None) -> Card:
    """Attach the piece to the ticket, by default to the one that was suggested; return its card as it is now.

    by: the person's chat id. Raises RequestError for an unknown piece or ticket, or when nothing was
    suggested.
    """
    with work() as unit:
        _must_exist(unit, feedback_id)
        pairs = unit.matches.of_feedback(feedback_id)
        ticket = _ticket_by_key(unit, ticket_key) if ticket_key else _suggested(unit, pairs)
        known = next((m for m in pairs if m.ticket_id == ticket.id), None)
        _let_go(unit, pairs, ticket.id, by, clock.now())
        unit.pieces.exclude(feedback_id, None)
        unit.matches.decide(
            feedback_id,
            ticket.id,
            MatchState.ATTACHED,
            score=known.score if known else 1.0,
            reasons=known.reasons if known else (),
            by=by,
            now=clock.now(),
        )
        return _marked(unit, feedback_id, [ticket.id], clock.now())


def set_aside(work: Work, clock: Clock, feedback_id: int, by: str) -> Card:
    """Take the piece as no feedback: every pair of it is refused; return its card.

    Raises RequestError for an unknown piece.
    """
    with work() as unit:
        _must_exist(unit, feedback_id)
        _let_go(unit, unit.matches.of_feedback(feedback_id), None, by, clock.now())
        unit.pieces.exclude(feedback_id, Exclusion.NOT_FEEDBACK)
        return _marked(unit, feedback_id, [], clock.now())


def undo(work: Work, clock: Clock, feedback_id: int, by: str) -> Card:
    """Take back what was decided: a set-aside piece returns, an attached pair is let go for good."""
    with work() as unit:
        if _must_exist(unit, feedback_id) is Exclusion.NOT_FEEDBACK:
            unit.pieces.exclude(feedback_id, None)
        else:
            _let_go(unit, unit.matches.of_feedback(feedback_id), None, by, clock.now())
            unit.pieces.make_due([feedback_id])
        return _marked(unit, feedback_id, [], clock.now())


def _must_exist(unit: UnitOfWork, feedback_id: int) -> Exclusion | None:
    """Return why the piece is set aside, if it is.

    Raises RequestError where it is unknown or withdrawn at its source.
    """
    try:
        excluded = unit.pieces.voice(feedback_id).excluded
    except KeyError as exc:
        raise RequestError("This piece of feedback is no longer known to Voc.") from exc
    if excluded in (Exclusion.GONE, Exclusion.WITHDRAWN):
        raise RequestError(
            "The customer's words were removed at their source, so there is nothing left to decide."
        )
    return excluded


def _ticket_by_key(unit: UnitOfWork, key: str) -> Ticket:
    ticket = unit.tickets.by_key(key.strip())
    if ticket is None or ticket.gone:
        raise RequestError(f"No ticket {key.strip().upper()} is known. Give a key such as ABC-123.")
    return ticket


def _suggested(unit: UnitOfWork, pairs: list[Match]) -> Ticket:
    best = next((m for m in pairs if m.state in (MatchState.SUGGESTED, MatchState.ATTACHED)), None)
    if best is None:
        raise RequestError(
            "Nothing is proposed for this piece any more. Choose a ticket with “Another ticket”."
        )
    return unit.tickets.get(best.ticket_id)


def _let_go(unit: UnitOfWork, pairs: list[Match], keep: int | None, by: str, now: datetime) -> None:
    """Refuse every pair but the one to keep: attached ones are detached, suggested ones rejected."""
    after = {MatchState.ATTACHED: MatchState.DETACHED, MatchState.SUGGESTED: MatchState.REJECTED}
    for pair in pairs:
        if pair.ticket_id != keep and pair.state in after:
            unit.matches.decide(
                pair.feedback_id,
                pair.ticket_id,
                after[pair.state],
                score=pair.score,
                reasons=pair.reasons,
                by=by,
                now=now,
            )
            mark(unit, ANNOTATION, pair.ticket_id, now)


def _marked(unit: UnitOfWork, feedback_id: int, ticket_ids: list[int], now: datetime) -> Card:
    for ticket_id in ticket_ids:
        mark(unit, ANNOTATION, ticket_id, now)
    mark(unit, CARD, feedback_id, now)
    card = card_of(unit, feedback_id)
    unit.commit()
    return card
