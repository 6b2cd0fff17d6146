"""What people decide about a piece: attach, another ticket, not feedback, a theme, undo.

Each decision is stored as a labelled pair.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime

from bot.domain.answer import Answer, AnswerKind, Proposal
from bot.domain.feedback import Exclusion
from bot.domain.inert import one_line
from bot.domain.match import AUTOMATIC, Decision, Match, MatchState
from bot.domain.message import Card
from bot.domain.theme import Seat, Theme
from bot.domain.ticket import Ticket
from bot.errors import RequestError
from bot.ports import Clock
from bot.repositories import UnitOfWork, Work
from bot.services.answers import judged
from bot.services.cards import card_of
from bot.services.marks import ANNOTATION, CARD, mark
from bot.services.theme_decisions import OPEN, current, must_be
from bot.services.ticket_links import as_key, ticket_called


@dataclass(frozen=True, slots=True)
class Decided:
    """What became of a decision. is_done: False where the person had not seen what was so by then.

    before, after: the piece's card, read in the decision's own transaction.
    """

    before: Card
    after: Card
    is_done: bool


IsAsSeen = Callable[[Card], bool]
Said = tuple[AnswerKind, int | None]  # the second is the ticket that was chosen


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

    def decide(unit: UnitOfWork, pairs: list[Match], now: datetime) -> Said | None:
        ticket = _ticket_by_key(unit, ticket_key) if ticket_key else _suggested(unit, pairs)
        if any(m.ticket_id == ticket.id and _is_by_person(m) for m in pairs):
            return None
        unit.pieces.exclude(feedback_id, None)
        _attach(unit, feedback_id, pairs, ticket, by, now)
        return AnswerKind.TICKET, ticket.id

    return _decided(work, clock, feedback_id, by, is_as_seen, decide)


def set_aside(
    work: Work, clock: Clock, feedback_id: int, by: str, *, is_as_seen: IsAsSeen = _always
) -> Decided:
    """Take the piece as no feedback: every pair of it is refused. Raises RequestError as `attach` does."""

    def decide(unit: UnitOfWork, pairs: list[Match], now: datetime) -> Said:
        _let_go(unit, pairs, None, by, now)
        unit.pieces.exclude(feedback_id, Exclusion.NOT_FEEDBACK)
        return AnswerKind.NOT_FEEDBACK, None

    return _decided(work, clock, feedback_id, by, is_as_seen, decide)


def undo(work: Work, clock: Clock, feedback_id: int, by: str, *, is_as_seen: IsAsSeen = _always) -> Decided:
    """Take back what was decided: a set-aside piece returns, an attached pair is let go for good."""

    def decide(unit: UnitOfWork, pairs: list[Match], now: datetime) -> Said:
        if unit.pieces.voice(feedback_id).excluded is Exclusion.NOT_FEEDBACK:
            unit.pieces.exclude(feedback_id, None)
            return AnswerKind.TAKEN_BACK, None
        _let_go(unit, pairs, None, by, now)
        unit.pieces.make_due([feedback_id])
        return AnswerKind.WRONG, None

    return _decided(work, clock, feedback_id, by, is_as_seen, decide)


def into_theme(
    work: Work,
    clock: Clock,
    feedback_id: int,
    by: str,
    *,
    theme_id: int | None = None,
    name: str = "",
    is_as_seen: IsAsSeen = _always,
) -> Decided:
    """Let the piece belong to the theme, or begin one of that name: it is about no ticket that there is."""

    def decide(unit: UnitOfWork, pairs: list[Match], now: datetime) -> Said:
        _let_go(unit, pairs, None, by, now)
        unit.pieces.exclude(feedback_id, None)
        theme = current(unit, theme_id) if theme_id else _new_theme(unit, feedback_id, name, now)
        must_be(theme, OPEN)
        unit.themes.place({feedback_id: theme.id}, Seat.HELD)
        return AnswerKind.WRONG, None

    return _decided(work, clock, feedback_id, by, is_as_seen, decide)


def restore(
    work: Work, clock: Clock, feedback_id: int, by: str, *, is_as_seen: IsAsSeen = _always
) -> Decided:
    """Take the latest answer back: what was proposed then waits again, and nothing is learned of it.

    Where nothing was proposed the piece is let go, and the matcher looks at it again.
    """

    def decide(unit: UnitOfWork, pairs: list[Match], now: datetime) -> Said:
        answer = unit.answers.latest_of(feedback_id)
        proposed = answer.about.ticket_id if answer and answer.about.stood is Decision.SUGGESTED else None
        kept = next((pair for pair in pairs if pair.ticket_id == proposed), None)
        _let_go(unit, pairs, None, by, now)
        unit.pieces.exclude(feedback_id, None)
        unit.themes.leave([feedback_id])
        if kept is not None:
            unit.matches.decide(
                feedback_id,
                kept.ticket_id,
                MatchState.SUGGESTED,
                score=kept.score,
                reasons=kept.reasons,
                by=by,
                now=now,
            )
        return AnswerKind.TAKEN_BACK, None

    return _decided(work, clock, feedback_id, by, is_as_seen, decide)


def confirm(unit: UnitOfWork, feedback_id: int, ticket: Ticket, by: str, now: datetime) -> None:
    """Attach the piece by what the tracker shows, within the caller's transaction: a lesson as any is."""
    pairs = unit.matches.of_feedback(feedback_id)
    about = judged(unit, feedback_id, pairs)
    _attach(unit, feedback_id, pairs, ticket, by, now)
    _answer(unit, feedback_id, (AnswerKind.TICKET, ticket.id), by, now, about)


def take_back(unit: UnitOfWork, feedback_id: int, by: str, now: datetime, *, is_lesson: bool) -> None:
    """Let the piece's attached pair go by what the tracker shows, within the caller's transaction.

    is_lesson: whether it says that the match was wrong.
    """
    pairs = unit.matches.of_feedback(feedback_id)
    about = judged(unit, feedback_id, pairs)
    _let_go(unit, pairs, None, by, now)
    unit.pieces.make_due([feedback_id])
    if is_lesson:
        _answer(unit, feedback_id, (AnswerKind.WRONG, None), by, now, about)
    mark(unit, CARD, feedback_id, now)


def _decided(
    work: Work,
    clock: Clock,
    feedback_id: int,
    by: str,
    is_as_seen: IsAsSeen,
    decide: Callable[[UnitOfWork, list[Match], datetime], Said | None],
) -> Decided:
    """Decide and keep the answer, in one transaction with the look at what was so.

    Of two people at once, one is second. What a person said already teaches nothing anew.
    """
    now = clock.now()
    with work() as unit:
        unit.take_turn()
        before = known_card(unit, feedback_id)
        if not is_as_seen(before):
            return Decided(before, before, False)
        _must_be_there(unit, feedback_id)
        pairs = unit.matches.of_feedback(feedback_id)
        about = judged(unit, feedback_id, pairs)
        if (said := decide(unit, pairs, now)) is not None:
            _answer(unit, feedback_id, said, by, now, about)
        after = card_of(unit, feedback_id)
        unit.commit()
    return Decided(before, after, True)


def _answer(unit: UnitOfWork, feedback_id: int, said: Said, by: str, now: datetime, about: Proposal) -> None:
    kind, chosen = said
    answer = Answer(feedback_id=feedback_id, kind=kind, ticket_id=chosen, by=by, at=now, about=about)
    unit.answers.add(answer)
    mark(unit, CARD, feedback_id, now)


def _attach(
    unit: UnitOfWork, feedback_id: int, pairs: list[Match], ticket: Ticket, by: str, now: datetime
) -> None:
    known = next((m for m in pairs if m.ticket_id == ticket.id), None)
    _let_go(unit, pairs, ticket.id, by, now)
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


def _is_by_person(pair: Match) -> bool:
    return pair.state is MatchState.ATTACHED and pair.decided_by != AUTOMATIC


def known_card(unit: UnitOfWork, feedback_id: int) -> Card:
    """Return the piece's card as things stand. Raises RequestError for an unknown piece."""
    try:
        return card_of(unit, feedback_id)
    except KeyError as exc:
        raise RequestError("This piece of feedback is no longer known to Voc.") from exc


def _must_be_there(unit: UnitOfWork, feedback_id: int) -> None:
    """Raise RequestError where the piece's source withdrew it."""
    if unit.pieces.voice(feedback_id).excluded in (Exclusion.GONE, Exclusion.WITHDRAWN):
        raise RequestError(
            "The customer’s words were removed at their source, so there is nothing left to decide."
        )


def _new_theme(unit: UnitOfWork, feedback_id: int, name: str, now: datetime) -> Theme:
    if not (called := one_line(name)):
        raise RequestError("A new theme needs a name.")
    said_at = unit.pieces.voice(feedback_id).said_at
    return unit.themes.add(
        name=called,
        terms=(),  # so that it is known to be a person's, and stays
        first_heard=said_at,
        last_heard=said_at,
        now=now,
        central=[feedback_id],
    )


def _ticket_by_key(unit: UnitOfWork, key: str) -> Ticket:
    if (ticket := ticket_called(unit, key)) is None:
        raise RequestError("No ticket {key} is known. Give a key such as ABC-123.", key=as_key(key)[:60])
    return ticket


def _suggested(unit: UnitOfWork, pairs: list[Match]) -> Ticket:
    best = next((m for m in pairs if m.state in (MatchState.SUGGESTED, MatchState.ATTACHED)), None)
    if best is None:
        raise RequestError(
            "Nothing is proposed for this piece any more. Choose a ticket with “Another ticket”."
        )
    ticket = unit.tickets.get(best.ticket_id)
    if ticket.gone:
        raise RequestError("The tracker no longer shows {key}. Choose another ticket.", key=ticket.key)
    return ticket


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
