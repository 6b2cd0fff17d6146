"""What people decide about a piece: attach, another ticket, not feedback, undo.

Each decision is stored as a labelled pair.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
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


@dataclass(frozen=True, slots=True)
class Decided:
    """What became of a decision. is_done: False where the person had not seen what was so by then.

    before, after: the piece's card, read in the decision's own transaction.
    """

    before: Card
    after: Card
    is_done: bool


IsAsSeen = Callable[[Card], bool]


def _always(card: Card) -> bool:
    return True


def attach(
    work: Work,
    clock: Clock,
    feedback_id: int,
    by: str,
    *,
    ticket_key: str | None = None,
    is_as_seen: IsAsSeen = _always,
) -> Decided:
    """Attach the piece to the ticket, by default to the one that was suggested.

    by: the person's chat id. is_as_seen: whether they decided on this very card; if not, nothing is changed.
    Raises RequestError for an unknown piece or ticket, or when nothing was suggested.
    """

    def decide(unit: UnitOfWork, excluded: Exclusion | None, now: datetime) -> None:
        pairs = unit.matches.of_feedback(feedback_id)
        ticket = _ticket_by_key(unit, ticket_key) if ticket_key else _suggested(unit, pairs)
        known = next((m for m in pairs if m.ticket_id == ticket.id), None)
        _let_go(unit, pairs, ticket.id, by, now)
        unit.pieces.exclude(feedback_id, None)
        unit.matches.decide(
            feedback_id,
            ticket.id,
            MatchState.ATTACHED,
            score=known.score if known else 1.0,
            reasons=known.reasons if known else (),
            by=by,
            now=now,
        )
        mark(unit, ANNOTATION, ticket.id, now)

    return _decided(work, clock, feedback_id, is_as_seen, decide)


def set_aside(
    work: Work, clock: Clock, feedback_id: int, by: str, *, is_as_seen: IsAsSeen = _always
) -> Decided:
    """Take the piece as no feedback: every pair of it is refused. Raises RequestError as `attach` does."""

    def decide(unit: UnitOfWork, excluded: Exclusion | None, now: datetime) -> None:
        _let_go(unit, unit.matches.of_feedback(feedback_id), None, by, now)
        unit.pieces.exclude(feedback_id, Exclusion.NOT_FEEDBACK)

    return _decided(work, clock, feedback_id, is_as_seen, decide)


def undo(work: Work, clock: Clock, feedback_id: int, by: str, *, is_as_seen: IsAsSeen = _always) -> Decided:
    """Take back what was decided: a set-aside piece returns, an attached pair is let go for good."""

    def decide(unit: UnitOfWork, excluded: Exclusion | None, now: datetime) -> None:
        if excluded is Exclusion.NOT_FEEDBACK:
            unit.pieces.exclude(feedback_id, None)
        else:
            _let_go(unit, unit.matches.of_feedback(feedback_id), None, by, now)
            unit.pieces.make_due([feedback_id])

    return _decided(work, clock, feedback_id, is_as_seen, decide)


def _decided(
    work: Work,
    clock: Clock,
    feedback_id: int,
    is_as_seen: IsAsSeen,
    decide: Callable[[UnitOfWork, Exclusion | None, datetime], None],
) -> Decided:
    """Decide in one transaction with the look at what was so: of two people at once, one is second."""
    now = clock.now()
    with work() as unit:
        unit.take_turn()
        before = known_card(unit, feedback_id)
        if not is_as_seen(before):
            return Decided(before, before, False)
        decide(unit, _must_be_there(unit, feedback_id), now)
        mark(unit, CARD, feedback_id, now)
        after = card_of(unit, feedback_id)
        unit.commit()
    return Decided(before, after, True)


def known_card(unit: UnitOfWork, feedback_id: int) -> Card:
    """Return the piece's card as things stand. Raises RequestError for an unknown piece."""
    try:
        return card_of(unit, feedback_id)
    except KeyError as exc:
        raise RequestError("This piece of feedback is no longer known to Voc.") from exc


def _must_be_there(unit: UnitOfWork, feedback_id: int) -> Exclusion | None:
    """Return why the piece is set aside, if it is. Raises RequestError where its source withdrew it."""
    excluded = unit.pieces.voice(feedback_id).excluded
    if excluded in (Exclusion.GONE, Exclusion.WITHDRAWN):
        raise RequestError(
            "The customer’s words were removed at their source, so there is nothing left to decide."
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
