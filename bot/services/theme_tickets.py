"""A theme gets its ticket: one that is there, or one that is created, once."""

from __future__ import annotations

import logging
from dataclasses import dataclass

from bot.domain.annotation import TicketDraft
from bot.domain.inert import one_line
from bot.domain.theme import Theme, ThemeState
from bot.domain.ticket import Ticket
from bot.domain.voice import Voice
from bot.errors import IntegrationError, NotFoundError, RequestError
from bot.ports import TicketTracker
from bot.repositories import UnitOfWork
from bot.services.annotation import reach_of
from bot.services.creating import (
    NO_DETAILS,
    Details,
    Ticketing,
    creation,
    is_unseen,
    not_created,
    said,
)
from bot.services.outward import Act, Outcome, perform
from bot.services.quotes import chosen
from bot.services.review import attach
from bot.services.theme_decisions import current, hold, must_be

log = logging.getLogger(__name__)

KIND = "theme ticket"
QUOTES, QUOTE_WORDS, TITLE_WORDS = 5, 60, 12


@dataclass(frozen=True, slots=True)
class Ticketed:
    """What became of it. ticket: None while it is being created; pieces: how many were attached now."""

    theme: Theme
    ticket: Ticket | None
    pieces: int = 0


def attach_theme(ticketing: Ticketing, theme_id: int, ticket_key: str, by: str) -> Ticketed:
    """Attach the theme's pieces to the ticket, as the person's decision on each.

    Raises RequestError for an unknown theme or ticket, or where another decision came first.
    """
    with ticketing.work() as unit:
        unit.take_turn()
        theme, ticket = current(unit, theme_id), unit.tickets.by_key(ticket_key.strip())
        if ticket is None or ticket.gone:
            key = ticket_key.strip().upper()
            raise RequestError("No ticket {key} is known. Give a key such as ABC-123.", key=key)
        must_be(theme, [ThemeState.LIVING])
        theme = _ticketed(unit, theme, ticket, by, ticketing)
        unit.commit()
    return Ticketed(theme, ticket, _attach_members(ticketing, theme, ticket))


def create_ticket(
    ticketing: Ticketing,
    theme_id: int,
    project: str,
    by: str,
    title: str = "",
    details: Details = NO_DETAILS,
) -> Ticketed:
    """Create a ticket of the theme in the project, and attach its pieces. title: its name if left out.

    It is created once, whatever fails; while it is not known to be, the returned ticket is None and
    `finish_tickets` goes on. Raises RequestError as attach_theme does.
    """
    key = ticketing.project(project)
    with ticketing.work() as unit:
        unit.take_turn()
        theme = current(unit, theme_id)
        must_be(theme, [ThemeState.LIVING])
        hold(unit, theme)
        theme = unit.themes.decide(
            theme.id,
            "ticket wanted",
            by=by,
            now=ticketing.clock.now(),
            state=ThemeState.CREATING,
            project=key,
            title=one_line(title) or title_of(unit, theme),
        )
        # Due from now on, so that a kill before the call loses nothing.
        wanted, now = details.kept(), ticketing.clock.now()
        unit.effects.want(KIND, ticketing.projects[key], _key(theme), wanted, now)
        unit.commit()
    return _create(ticketing, theme)


def finish_tickets(ticketing: Ticketing) -> int:
    """Go on with tickets not known to be there, and with pieces not attached; return how many are now."""
    with ticketing.work() as unit:
        creating = unit.themes.all([ThemeState.CREATING])
        ticketed = unit.themes.all([ThemeState.TICKETED])
        left = unit.themes.members([theme.id for theme in ticketed])
        unfinished = [(t, unit.tickets.get(t.ticket_id)) for t in ticketed if t.ticket_id and left[t.id]]
    attached = sum(_attach_members(ticketing, theme, ticket) for theme, ticket in unfinished)
    for theme in creating:
        try:
            attached += _create(ticketing, theme).pieces
        except RequestError as exc:
            log.warning("ticket not created", extra={"theme": theme.id, "error": type(exc).__name__})
    return attached


def _create(ticketing: Ticketing, theme: Theme) -> Ticketed:
    tracker = ticketing.tracker(theme.project)
    with ticketing.work() as unit:
        asked = unit.effects.find(KIND, tracker.name, _key(theme))
    act = _act(ticketing, tracker, theme, asked.wanted if asked else NO_DETAILS.kept())
    done = perform(ticketing.work, ticketing.clock, act, ticketing.lease)
    if done.outcome is Outcome.PARKED:
        raise _given_back(ticketing, tracker, theme, done.problem)
    if done.outcome is not Outcome.DONE:
        return Ticketed(theme, None)
    try:
        received = tracker.get(done.result)
    except NotFoundError as exc:
        raise _given_back(ticketing, tracker, theme, exc) from exc
    except IntegrationError:
        return Ticketed(theme, None)
    with ticketing.work() as unit:
        unit.take_turn()
        ticket, _ = unit.tickets.save(received, ticketing.clock.now())
        if (theme := unit.themes.get(theme.id)).state is ThemeState.CREATING:
            theme = _ticketed(unit, theme, ticket, theme.decided_by, ticketing)
        unit.commit()
    log.info("ticket created", extra={"theme": theme.id, "ticket": ticket.id})
    return Ticketed(theme, ticket, _attach_members(ticketing, theme, ticket))


def _act(ticketing: Ticketing, tracker: TicketTracker, theme: Theme, wanted: str) -> Act:
    """Return the act of creating the ticket. wanted: its details, as kept."""
    key, details = _key(theme), Details.read(wanted)
    return creation(
        tracker,
        lambda: _draft(ticketing, theme, key, details),
        kind=KIND,
        target=tracker.name,
        key=key,
        wanted=wanted,
    )


def _given_back(
    ticketing: Ticketing, tracker: TicketTracker, theme: Theme, problem: IntegrationError | None
) -> RequestError:
    """Let people decide anew about a theme whose ticket can't be created; return what to tell them.

    A refusal may be tried again, as another act; what may have been created may not.
    """
    with ticketing.work() as unit:
        unit.take_turn()
        unit.themes.decide(
            theme.id,
            "no ticket",
            by=theme.decided_by,
            now=ticketing.clock.now(),
            state=ThemeState.LIVING,
            attempts=theme.attempts + (not is_unseen(problem)),
        )
        unit.commit()
    return not_created(tracker, problem)


def _key(theme: Theme) -> str:
    """Return the draft's key: another one for another store, and after a refusal."""
    return f"theme:{theme.id}:{theme.made_at.isoformat()}:{theme.attempts}"


def _ticketed(unit: UnitOfWork, theme: Theme, ticket: Ticket, by: str, ticketing: Ticketing) -> Theme:
    return unit.themes.decide(
        theme.id, "ticket", by=by, now=ticketing.clock.now(), state=ThemeState.TICKETED, ticket_id=ticket.id
    )


def _attach_members(ticketing: Ticketing, theme: Theme, ticket: Ticket) -> int:
    """Attach the pieces that are still the theme's; return how many. What was refused meanwhile stays so."""
    with ticketing.work() as unit:
        pieces = unit.themes.members([theme.id])[theme.id]
        refused = unit.matches.refused_by(pieces)
    attached = 0
    for piece in pieces:
        if ticket.id not in refused.get(piece, ()):
            try:
                attach(ticketing.work, ticketing.clock, piece, theme.decided_by, ticket_key=ticket.key)
                attached += 1
            except RequestError:
                log.info("piece not attached", extra={"piece": piece, "theme": theme.id})
    with ticketing.work() as unit:
        unit.themes.leave(pieces)
        unit.commit()
    return attached


def title_of(unit: UnitOfWork, theme: Theme) -> str:
    """Return what a ticket of the theme is called unless a person says otherwise."""
    if theme.name:
        return theme.name[0].upper() + theme.name[1:]
    return one_line(chosen(_voices(unit, theme), 1, TITLE_WORDS)[0].words)


def description_of(unit: UnitOfWork, theme: Theme) -> str:
    """Return how a ticket of the theme is described unless a person says otherwise."""
    voices = _voices(unit, theme)
    reach, quotes = reach_of(voices), chosen(voices, QUOTES, QUOTE_WORDS)
    companies = f" from {reach.companies} companies" if reach.companies > 1 else ""
    return f"{reach.people} customers{companies} said this, {len(voices)} times in all.\n\n{said(quotes)}"


def _draft(ticketing: Ticketing, theme: Theme, key: str, details: Details) -> TicketDraft:
    with ticketing.work() as unit:
        return details.draft(key, theme.project, theme.title, description_of(unit, theme))


def _voices(unit: UnitOfWork, theme: Theme) -> list[Voice]:
    return unit.pieces.voices(unit.themes.members([theme.id])[theme.id])
