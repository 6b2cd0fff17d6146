"""The life of tickets: moved, found to be duplicates, closed to us or deleted, and back again."""

from __future__ import annotations

import logging
from datetime import datetime, timedelta

from bot.domain.match import BY_MERGE, Match, MatchState
from bot.domain.news import News, NewsKind
from bot.domain.ticket import ReceivedTicket, Ticket, TicketRef
from bot.errors import AccessError, IntegrationError, NotFoundError, TransientError
from bot.ports import Clock, TicketTracker
from bot.repositories import UnitOfWork, Work
from bot.services.annotator import Annotator
from bot.services.evidence import target_of
from bot.services.marks import ANNOTATION, CARD, mark
from bot.services.refusals import pause_of

log = logging.getLogger(__name__)

TICKETS_A_RUN = 50
MONTH, A_DAY = timedelta(days=30), timedelta(days=1)


def store_ticket(unit: UnitOfWork, received: ReceivedTicket, now: datetime) -> tuple[Ticket | None, bool]:
    """Store the ticket as it is now, within the caller's transaction.

    Return it as it was before, None for a new one, and whether something that people see has changed. What
    shows it is marked; what was parked while it was gone is tried again.
    """
    known = unit.tickets.by_ref(received.ref)
    ticket, changed = unit.tickets.save(received, now)
    if known is None:
        return None, changed
    if known.gone:
        unit.effects.reopen(target_of(received.ref), now)
        _mark_cards(unit, ticket.id, now)
    # Any change may be a link that somebody removed: it is no change of what people see.
    if (changed or known.updated_at != ticket.updated_at) and unit.matches.attached_among([ticket.id]):
        mark(unit, ANNOTATION, ticket.id, now)
    return known, changed


def hint(unit: UnitOfWork, ref: TicketRef, now: datetime) -> None:
    """Have a ticket that carries something of ours looked at again, its links too.

    Within the caller's transaction. For what is no change of the ticket itself, such as a link that went.
    """
    ticket = unit.tickets.by_ref(ref)
    if ticket is not None and unit.effects.of("link", target_of(ref)):
        unit.tickets.save_links(ticket.id, None, unit.tickets.links_read(ticket.id).elsewhere)
        mark(unit, ANNOTATION, ticket.id, now)


def lose(unit: UnitOfWork, ref: TicketRef, now: datetime) -> bool:
    """Note, within the caller's transaction, that the tracker shows the ticket no more; False where known.

    Its pieces stay attached, their cards say so, and its project's owners hear of it.
    """
    ticket = unit.tickets.by_ref(ref)
    if ticket is None or ticket.gone:
        return False
    unit.tickets.mark_gone(ref, now)
    if pieces := _mark_cards(unit, ticket.id, now):
        unit.news.add(
            News(
                kind=NewsKind.GONE,
                tracker=ref.tracker,
                project=ticket.project,
                at=now,
                subject=ticket.key,
                number=pieces,
            )
        )
    log.info("ticket gone", extra={"ticket": ticket.id, "pieces": pieces})
    return True


def is_lost(annotator: Annotator, tracker: TicketTracker, ticket: Ticket) -> bool:
    """Ask the tracker for the ticket; return whether it is there no more, and note it."""
    try:
        tracker.get(ticket.ref.external_id)
    except NotFoundError:
        with annotator.work() as unit:
            unit.take_turn()
            lose(unit, ticket.ref, annotator.clock.now())
            unit.commit()
        return True
    except IntegrationError:
        return False
    return False


def follow(annotator: Annotator, ticket_id: int) -> datetime | None:
    """Move a duplicate's voices to the ticket that survives; return when to try again, None for done.

    A survivor that is not stored is fetched first. Voices stay where no survivor can be seen, where
    duplicates go round in a circle, and where a person took the piece off the survivor before.
    """
    with annotator.reading() as unit:
        ticket = unit.tickets.get(ticket_id)
        if not ticket.duplicate_of or not unit.matches.attached_among([ticket_id]):
            return None
    try:
        _fetch_survivors(annotator, ticket)
    except (TransientError, AccessError) as exc:
        return annotator.clock.now() + pause_of(exc)
    except IntegrationError as exc:
        log.warning("survivor not read", extra={"ticket": ticket_id, "error": type(exc).__name__})
        return None
    with annotator.work() as unit:
        unit.take_turn()
        moved = _move(unit, unit.tickets.get(ticket_id), annotator.clock.now())
        unit.commit()
    if moved:
        log.info("voices moved", extra={"ticket": ticket_id, "pieces": moved})
    return None


def heir(unit: UnitOfWork, ticket: Ticket) -> Ticket:
    """Return the ticket that stands for this one: the survivor at the end of its duplicates, else itself."""
    seen, last = {ticket.ref}, ticket
    while last.duplicate_of:
        ref = TicketRef(last.ref.tracker, last.duplicate_of)
        survivor = unit.tickets.by_ref(ref)
        if survivor is None or survivor.gone or ref in seen:
            return ticket
        seen.add(ref)
        last = survivor
    return last


def survey(work: Work, clock: Clock, tracker: TicketTracker, *, after: int = 0) -> int:
    """Ask the tracker for some tickets that have voices; return the id to go on after, 0 at the end.

    No change feed tells of every move and deletion, nor when a ticket may be seen again. What the search does
    not give is asked for once more, since searches lag. A comment whose month has passed on is due again.
    """
    with work() as unit:
        stored = unit.tickets.with_voices(tracker.name, after=after, limit=TICKETS_A_RUN)
    found = {one.ref.external_id: one for one in tracker.many([t.ref.external_id for t in stored])}
    missing = {t.ref for t in stored if t.ref.external_id not in found and not t.gone}
    lost = {ref for ref in missing if _is_hidden(tracker, ref)}
    now = clock.now()
    with work() as unit:
        unit.take_turn()
        for received in found.values():
            store_ticket(unit, received, now)
        for ref in lost:
            lose(unit, ref, now)
        for ticket_id in unit.matches.attached_among(
            [t.id for t in stored], said=(now - MONTH - 2 * A_DAY, now - MONTH)
        ):
            mark(unit, ANNOTATION, ticket_id, now)
        unit.commit()
    return stored[-1].id if len(stored) == TICKETS_A_RUN else 0


def _is_hidden(tracker: TicketTracker, ref: TicketRef) -> bool:
    try:
        tracker.get(ref.external_id)
    except NotFoundError:
        return True
    return False


def _fetch_survivors(annotator: Annotator, ticket: Ticket) -> None:
    """Store the survivors that are not known, one after the other. Raises what the tracker raises."""
    tracker, seen, last = annotator.trackers.get(ticket.ref.tracker), {ticket.ref}, ticket
    while tracker and last.duplicate_of:
        ref = TicketRef(last.ref.tracker, last.duplicate_of)
        if ref in seen:
            return
        seen.add(ref)
        with annotator.reading() as unit:
            known = unit.tickets.by_ref(ref)
        if known is None or known.gone:
            received = tracker.get(ref.external_id)
            with annotator.work() as unit:
                unit.take_turn()
                store_ticket(unit, received, annotator.clock.now())
                known = unit.tickets.by_ref(ref)
                unit.commit()
        if known is None:
            return
        last = known


def _move(unit: UnitOfWork, ticket: Ticket, now: datetime) -> int:
    survivor = heir(unit, ticket)
    if survivor.id == ticket.id:
        return 0
    voices = [voice.feedback_id for voice in unit.matches.attached_to(ticket.id)]
    refused = unit.matches.refused_by(voices)
    moving = [piece for piece in voices if survivor.id not in refused.get(piece, ())]
    for piece in moving:
        pair = next(m for m in unit.matches.of_feedback(piece) if m.ticket_id == ticket.id)
        _attach(unit, pair, survivor, now)
        mark(unit, CARD, piece, now)
    if moving:
        mark(unit, ANNOTATION, ticket.id, now)
        mark(unit, ANNOTATION, survivor.id, now)
    return len(moving)


def _attach(unit: UnitOfWork, pair: Match, survivor: Ticket, now: datetime) -> None:
    """Attach the pair's piece to the survivor, by the tracker's word; the old pair is detached by it."""
    unit.matches.decide(
        pair.feedback_id,
        survivor.id,
        MatchState.ATTACHED,
        score=pair.score,
        reasons=pair.reasons,
        by=BY_MERGE,
        now=now,
    )


def _mark_cards(unit: UnitOfWork, ticket_id: int, now: datetime) -> int:
    voices = unit.matches.attached_to(ticket_id)
    for voice in voices:
        mark(unit, CARD, voice.feedback_id, now)
    return len(voices)
