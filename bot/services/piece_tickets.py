"""A single piece gets a ticket of its own, created once, whatever fails."""

from __future__ import annotations

import json
import logging
from dataclasses import asdict
from datetime import datetime, timedelta

from bot.domain.annotation import TicketDraft
from bot.domain.effect import Effect, EffectState
from bot.domain.inert import one_line
from bot.domain.ticket import Ticket, TicketRef
from bot.domain.voice import Voice, quoted
from bot.errors import IntegrationError, NotFoundError, RequestError, Stopping
from bot.repositories import UnitOfWork
from bot.services.creating import LOOKING, NO_DETAILS, Details, Ticketing, creation, not_created, said
from bot.services.evidence import evidence_key
from bot.services.marks import attend, mark, marked
from bot.services.outward import Outcome, perform
from bot.services.quotes import opened
from bot.services.review import attach

log = logging.getLogger(__name__)

KIND, WANTED = "piece ticket", "mark:piece ticket"
QUOTE_WORDS, TITLE_WORDS = 300, 12
AGAIN = timedelta(minutes=1)


def create_ticket(
    ticketing: Ticketing,
    feedback_id: int,
    project: str,
    by: str,
    title: str = "",
    details: Details = NO_DETAILS,
) -> Ticket | None:
    """Create a ticket of the piece in the project and attach it there.

    title, description: its first words and the whole quote if left out.

    None while the ticket is not known to be there: `finish_tickets` goes on. Raises RequestError for an
    unknown piece or project, for a piece that has a ticket of its own, and when the tracker refuses.
    """
    key = ticketing.project(project)
    with ticketing.work() as unit:
        unit.take_turn()
        wanted = {**asdict(details), "project": key, "title": one_line(title), "by": by}
        _ask(unit, feedback_id, json.dumps(wanted), ticketing)
        mark(unit, WANTED, feedback_id, ticketing.clock.now())
        waiting = unit.effects.find(WANTED, "", str(feedback_id))
        unit.commit()
    return _go_on(ticketing, waiting) if waiting else None


def finish_tickets(ticketing: Ticketing) -> int:
    """Go on with the tickets that people asked for; return how many are there now."""
    made = 0
    for waiting in marked(ticketing.work, WANTED, ticketing.clock.now()):
        try:
            made += _go_on(ticketing, waiting) is not None
        except Stopping:
            raise
        except RequestError as exc:
            log.warning("ticket not created", extra={"feedback": waiting.key, "error": type(exc).__name__})
    return made


def _ask(unit: UnitOfWork, feedback_id: int, wanted: str, ticketing: Ticketing) -> None:
    """Keep what is wanted, unless an earlier wish may still come true."""
    voice = _voice(unit, feedback_id)
    earlier = unit.effects.of(KIND, str(feedback_id))
    last = earlier[-1] if earlier else None
    if last and last.state is EffectState.DONE:
        raise RequestError("Piece {piece} has a ticket of its own already.", piece=feedback_id)
    if last is None or (last.state is EffectState.PARKED and LOOKING not in last.note):
        key = f"{evidence_key(voice)}:{voice.arrived_at.isoformat()}:{len(earlier)}"
        unit.effects.want(KIND, str(feedback_id), key, wanted, ticketing.clock.now())


def _go_on(ticketing: Ticketing, waiting: Effect) -> Ticket | None:
    made, refused = list[Ticket](), list[RequestError]()

    def look(key: str) -> datetime | None:
        try:
            ticket = _create(ticketing, int(key))
        except Stopping:
            raise
        except RequestError as exc:
            refused.append(exc)
            return None
        if ticket is None:
            return ticketing.clock.now() + AGAIN
        made.append(ticket)
        return None

    attend(ticketing.work, ticketing.clock, waiting, look, ticketing.lease)
    if refused:
        raise refused[0]
    return made[0] if made else None


def _create(ticketing: Ticketing, feedback_id: int) -> Ticket | None:
    with ticketing.work() as unit:
        voice, effect = _voice(unit, feedback_id), unit.effects.of(KIND, str(feedback_id))[-1]
    asked = json.loads(effect.wanted)
    tracker = ticketing.tracker(asked["project"])
    act = creation(
        tracker,
        lambda: _draft(voice, effect),
        kind=KIND,
        target=effect.target,
        key=effect.key,
        wanted=effect.wanted,
    )
    done = perform(ticketing.work, ticketing.clock, act, ticketing.lease)
    if done.outcome is Outcome.PARKED:
        raise not_created(tracker, done.problem)
    if done.outcome is not Outcome.DONE:
        return None
    ticket = _known(ticketing, TicketRef(tracker.name, done.result))
    if ticket:
        attach(ticketing.work, ticketing.clock, feedback_id, asked["by"], ticket_key=ticket.key)
        log.info("ticket created", extra={"feedback": feedback_id, "ticket": ticket.id})
    return ticket


def _known(ticketing: Ticketing, ref: TicketRef) -> Ticket | None:
    """Read and store the ticket; None where the tracker can't be read now."""
    try:
        received = ticketing.trackers()[ref.tracker].get(ref.external_id)
    except NotFoundError as exc:
        raise RequestError("The ticket was created, but is gone by now.") from exc
    except IntegrationError:
        return None
    with ticketing.work() as unit:
        unit.take_turn()
        ticket, _ = unit.tickets.save(received, ticketing.clock.now())
        unit.commit()
    return ticket


def _voice(unit: UnitOfWork, feedback_id: int) -> Voice:
    found = unit.pieces.voices([feedback_id])
    if not found:
        raise RequestError("There is no piece {piece}.", piece=feedback_id)
    return found[0]


def title_of(voice: Voice) -> str:
    """Return what a ticket of the piece is called unless a person says otherwise."""
    return one_line(opened(voice, TITLE_WORDS).words)


def description_of(voice: Voice) -> str:
    """Return how a ticket of the piece is described unless a person says otherwise."""
    body = said([quoted(voice, QUOTE_WORDS)])
    return f"{body}\n\n{voice.url}" if voice.url else body


def is_created(unit: UnitOfWork, feedback_id: int) -> bool:
    """Return whether a ticket was created of the piece: it stays, whatever is decided of the piece."""
    return any(effect.state is EffectState.DONE for effect in unit.effects.of(KIND, str(feedback_id)))


def _draft(voice: Voice, effect: Effect) -> TicketDraft:
    asked, details = json.loads(effect.wanted), Details.read(effect.wanted)
    return details.draft(
        effect.key, asked["project"], asked["title"] or title_of(voice), description_of(voice)
    )
