"""Links that tickets carry are read: ours that somebody removed, and those of other integrations."""

from __future__ import annotations

import logging
from collections.abc import Sequence
from dataclasses import dataclass

from bot.domain.annotation import TicketLink
from bot.domain.effect import Effect, EffectState
from bot.domain.match import AUTOMATIC, BY_LINK, Match, MatchState
from bot.domain.news import News, NewsKind
from bot.domain.ticket import Ticket
from bot.errors import AccessError, IntegrationError, NotFoundError, TransientError
from bot.repositories import UnitOfWork
from bot.services import review
from bot.services.annotation_plan import ABSENT, LINK, Standing, is_there, standing_of
from bot.services.annotator import Annotator, Run
from bot.services.evidence import evidence_key
from bot.services.life import is_lost
from bot.services.refusals import note_refusal
from bot.text.addresses import names_in, place_of

log = logging.getLogger(__name__)

HANDFUL = 5  # removals at once on one ticket that a person may well have meant one by one
SEVERAL = 3  # tickets that lost all of ours in one run: a restore or a clean-up, no judgement


@dataclass(frozen=True, slots=True)
class Seen:
    """A ticket's links as read. missing: ours that are not there; others: those of other integrations."""

    ticket: Ticket
    missing: tuple[Effect, ...]
    others: tuple[TicketLink, ...]
    lost_all: bool

    @property
    def places(self) -> frozenset[str]:
        """Where the others' links lead."""
        return frozenset(place_of(link.url) for link in self.others) - {""}


def is_unread(standing: Standing) -> bool:
    """Return whether the ticket's links must be read: it carries ours, or soon will, and has changed."""
    is_candidate = standing.may_write and bool(standing.voices)
    has_changed = standing.read_of != standing.ticket.updated_at
    return has_changed and not standing.ticket.gone and (is_candidate or bool(standing.carried))


def read_links(annotator: Annotator, ticket_ids: Sequence[int], run: Run) -> None:
    """Read the links of those of the tickets that need it, then take over what they say.

    All are read before any is judged: a tracker that was restored has lost links on many tickets at once.
    """
    seen = [one for ticket_id in ticket_ids if (one := _read(annotator, ticket_id, run))]
    is_cleaned = sum(one.lost_all for one in seen) >= SEVERAL
    for one in seen:
        is_meant = len(one.missing) <= HANDFUL and not (is_cleaned and one.lost_all)
        _take_over(annotator, one, is_meant=is_meant)


def seen_on(standing: Standing, links: Sequence[TicketLink]) -> Seen:
    """Return what was read, judged by the ledger as it was before. Pure.

    Another's link to the place of one of ours counts for nothing: some trackers make it with ours.
    """
    ours = {link.key for link in links if link.key}
    own_places = {place_of(link.url) for link in links if link.key}
    missing = tuple(effect for key, effect in standing.carried.items() if key not in ours)
    others = tuple(link for link in links if not link.key and place_of(link.url) not in own_places)
    lost_all = bool(missing) and len(missing) == len(standing.carried)
    return Seen(standing.ticket, missing, others, lost_all)


def _read(annotator: Annotator, ticket_id: int, run: Run) -> Seen | None:
    with annotator.reading() as unit:
        standing = standing_of(unit, ticket_id)
    ticket = standing.ticket
    tracker = annotator.trackers.get(ticket.ref.tracker)
    is_paused = run.paused_until(ticket.project, annotator.clock.now()) is not None
    if tracker is None or is_paused or not is_unread(standing):
        return None
    try:
        return seen_on(standing, tracker.linked(ticket.ref))
    except (TransientError, AccessError) as exc:
        note_refusal(annotator, ticket, exc, run)
    except NotFoundError:
        is_lost(annotator, tracker, ticket)
    except IntegrationError as exc:
        # Unreadable links keep no words from the ticket; they are read again when it changes.
        log.warning("links not read", extra={"ticket": ticket_id, "error": type(exc).__name__})
        _remember(annotator, standing)
    return None


def _remember(annotator: Annotator, standing: Standing) -> None:
    ticket = standing.ticket
    with annotator.work() as unit:
        unit.tickets.save_links(ticket.id, ticket.updated_at, standing.elsewhere)
        unit.commit()


def _take_over(annotator: Annotator, seen: Seen, *, is_meant: bool) -> None:
    """Detach what lost its link, confirm what others linked, and note the reading, in one transaction."""
    ticket, now = seen.ticket, annotator.clock.now()
    with annotator.work() as unit:
        unit.take_turn()
        unlinked = [link for link in seen.missing if _is_still(unit, link)]
        pieces = {evidence_key(v): v.feedback_id for v in unit.matches.attached_to(ticket.id)}
        for link in unlinked:
            unit.effects.want(LINK, link.target, link.key, ABSENT, now)
            unit.effects.settle(link.id, EffectState.DONE, now, done=ABSENT)
            if link.key in pieces:
                review.take_back(unit, pieces[link.key], BY_LINK, now, is_lesson=is_meant)
        for piece in _meant(unit, seen):
            review.confirm(unit, piece, ticket, BY_LINK, now)
        unit.tickets.save_links(ticket.id, ticket.updated_at, seen.places)
        if unlinked and not is_meant:
            unit.news.add(
                News(
                    kind=NewsKind.UNLINKED,
                    tracker=ticket.ref.tracker,
                    project=ticket.project,
                    at=now,
                    subject=ticket.key,
                    number=len(unlinked),
                )
            )
        unit.commit()
    if unlinked:
        log.info(
            "links removed outside", extra={"ticket": ticket.id, "links": len(unlinked), "taught": is_meant}
        )


def _is_still(unit: UnitOfWork, link: Effect) -> bool:
    """Return whether the ledger says of the link what it said before the reading: nobody wrote meanwhile."""
    known = unit.effects.find(LINK, link.target, link.key)
    return known is not None and is_there(known) and (known.done, known.done_at) == (link.done, link.done_at)


def _meant(unit: UnitOfWork, seen: Seen) -> list[int]:
    """Return the pieces that other integrations' links confirm as the ticket's.

    A conversation of several asks confirms the one that already has to do with the ticket; where none has, or
    several have, nobody can tell which is meant.
    """
    found, ticket = [], seen.ticket
    for conversation_id in _conversations(unit, seen):
        asks = [p.id for p in unit.pieces.of_conversation(conversation_id) if p.excluded is None]
        if len(asks) > 1:
            asks = [piece for piece in asks if _has_to_do(unit.matches.of_feedback(piece), ticket)]
        if len(asks) == 1 and _may_confirm(unit.matches.of_feedback(asks[0]), ticket):
            found.append(asks[0])
    return found


def _conversations(unit: UnitOfWork, seen: Seen) -> list[int]:
    """Return ids of the stored conversations that others' links lead to."""
    names = list(dict.fromkeys(name for link in seen.others for name in names_in(link.url)))
    named = unit.conversations.addresses(names)
    return sorted(id_ for id_, url in named.items() if place_of(url) in seen.places)


def _has_to_do(pairs: Sequence[Match], ticket: Ticket) -> bool:
    living = (MatchState.ATTACHED, MatchState.SUGGESTED)
    return any(pair.ticket_id == ticket.id and pair.state in living for pair in pairs)


def _may_confirm(pairs: Sequence[Match], ticket: Ticket) -> bool:
    """Return whether a link may decide: where a person refused the pair, or decided otherwise, it may not."""
    own = next((pair for pair in pairs if pair.ticket_id == ticket.id), None)
    if own is not None and own.decided_by != AUTOMATIC:
        return False
    return not any(pair.state is MatchState.ATTACHED and pair.decided_by != AUTOMATIC for pair in pairs)
