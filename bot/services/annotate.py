"""Tickets show who asked: one link a piece and one living comment, brought up to date by one look."""

from __future__ import annotations

import logging
from collections import Counter
from collections.abc import Callable, Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from bot.domain.annotation import Annotation, Reach, revenue_of
from bot.domain.effect import Effect, EffectState
from bot.domain.ticket import Ticket, TicketRef, TicketStage
from bot.domain.voice import QuotedVoice, Voice, quoted
from bot.errors import AccessError, IntegrationError, NotFoundError, TransientError
from bot.ports import Clock, TicketTracker
from bot.repositories import Work
from bot.services.evidence import evidence_key, evidence_of
from bot.services.marks import ANNOTATION, attend, marked
from bot.services.outward import ACCESS_PAUSE_S, LEASE, Act, Outcome, perform
from bot.text.clarity import clarity

log = logging.getLogger(__name__)

MONTH = timedelta(days=30)
BETWEEN_EDITS = timedelta(days=1)
AFTER_A_FAULT = timedelta(minutes=1)
QUOTES, QUOTE_WORDS = 3, 40
CONTEXT_KINDS = ("device", "os", "browser", "app_version", "locale")
ABSENT = "absent"


@dataclass(frozen=True, slots=True)
class Annotator:
    """What annotating needs. reading: units that only read, for thousands of voices. trackers: by name."""

    work: Work
    reading: Work
    clock: Clock
    trackers: Mapping[str, TicketTracker]
    lease: timedelta = LEASE


def annotate_marked(annotator: Annotator, progress: Callable[[], None] = lambda: None) -> int:
    """Bring every marked ticket up to date; return how many were looked at."""
    looked = 0
    paused: dict[str, datetime] = {}
    while marks := marked(annotator.work, ANNOTATION, annotator.clock.now()):
        for effect in marks:
            looked += attend(
                annotator.work,
                annotator.clock,
                effect,
                lambda key: annotate(annotator, key, paused),
                annotator.lease,
            )
            progress()
    return looked


def annotate(annotator: Annotator, ticket_id: int, paused: dict[str, datetime]) -> datetime | None:
    """Write what the ticket lacks; return when to look again, None when it is as it should be.

    Nothing is written for a project whose `write` switch is off, nor to a ticket that is gone. paused: until
    when the tracker wants no more of a project, by its key; what it says of this one's is added.
    """
    with annotator.reading() as unit:
        ticket = unit.tickets.get(ticket_id)
        voices = unit.matches.attached_to(ticket_id)
        may_write = unit.projects.switches(ticket.project).write
        links = {link.key: link for link in unit.effects.of("link", target_of(ticket.ref))}
        comment = unit.effects.find("comment", target_of(ticket.ref), "living")
    tracker = annotator.trackers.get(ticket.ref.tracker)
    if tracker is None or ticket.gone or not may_write or not (voices or links):
        return None
    if ticket.project in paused:
        return paused[ticket.project]
    now = annotator.clock.now()
    wanted = {evidence_key(voice): _link(tracker, ticket, voice) for voice in voices}
    stale = [_unlink(tracker, ticket, link) for link in links.values() if _is_stale(link, wanted)]
    unwritten = {key: act for key, act in wanted.items() if not _is_written(links.get(key), act)}
    acts = [*stale, *unwritten.values()]
    annotation = annotation_of(ticket, voices, now)
    # Words that were taken back do not wait for the next day.
    is_changed = any(key in links and links[key].done not in ("", ABSENT) for key in unwritten)
    wait_until = None if stale or is_changed else _edit_again_at(comment, annotation, now)
    if wait_until is None:
        acts.append(_comment(tracker, ticket, annotation))
    return _write(annotator, tracker, ticket, acts, paused) or wait_until


def _write(
    annotator: Annotator,
    tracker: TicketTracker,
    ticket: Ticket,
    acts: Sequence[Act],
    paused: dict[str, datetime],
) -> datetime | None:
    """Perform the acts and return when to try again what is left, if that can be.

    A refusal that the next act would meet too ends it: a tracker that says no is not asked a thousand times.
    """
    is_late = False
    for act in acts:
        done = perform(annotator.work, annotator.clock, act, annotator.lease)
        if isinstance(done.problem, TransientError | AccessError):
            again = annotator.clock.now() + _pause(done.problem)
            paused[ticket.project] = again
            return again
        if isinstance(done.problem, NotFoundError) and _is_gone(annotator, tracker, ticket):
            return None
        is_late |= done.outcome in (Outcome.LATER, Outcome.BUSY)
    return annotator.clock.now() + AFTER_A_FAULT if is_late else None


def _pause(problem: TransientError | AccessError) -> timedelta:
    if isinstance(problem, AccessError):
        return timedelta(seconds=ACCESS_PAUSE_S)
    return max(AFTER_A_FAULT, timedelta(seconds=problem.retry_after_s or 0.0))


def _is_gone(annotator: Annotator, tracker: TicketTracker, ticket: Ticket) -> bool:
    """Return whether the tracker shows the ticket no more, and note it: nothing else tells of a deletion."""
    try:
        tracker.get(ticket.ref.external_id)
    except NotFoundError:
        with annotator.work() as unit:
            unit.tickets.mark_gone(ticket.ref, annotator.clock.now())
            unit.commit()
        log.info("ticket gone", extra={"ticket": ticket.id})
        return True
    except IntegrationError:
        return False
    return False


def annotation_of(ticket: Ticket, voices: Sequence[Voice], now: datetime) -> Annotation:
    """Return what the ticket's living comment says. voices: all that are attached, in any order."""
    recent = [v for v in voices if v.said_at > now - MONTH]
    older = [v for v in voices if v.said_at <= now - MONTH]
    said = [v.said_at for v in voices] or [ticket.created_at]
    return Annotation(
        reach=reach_of(voices),
        new_this_month=_newcomers(recent, older),
        pieces=len(voices),
        quotes=tuple(chosen(voices, QUOTES, QUOTE_WORDS)),
        context=_context_of(voices),
        first_heard=min(said),
        last_heard=max(said),
        heard_after_done=_was_heard_after_done(ticket, voices),
    )


def reach_of(voices: Sequence[Voice]) -> Reach:
    """Return how many people and companies spoke, and what those companies pay a year."""
    people = {v.person.id for v in voices}
    companies = {v.person.company.id: v.person.company.revenue for v in voices if v.person.company}
    return Reach(len(people), len(companies), revenue_of(list(companies.items())))


def chosen(voices: Sequence[Voice], most: int, words: int) -> list[QuotedVoice]:
    """Return the clearest quotes, best first, from as many companies (else people) as there are."""
    ranked = sorted(voices, key=lambda v: (-clarity(v.words), -v.said_at.timestamp(), v.feedback_id))
    firsts, rest, seen = list[Voice](), list[Voice](), set[str]()
    for voice in ranked:
        company = voice.person.company
        speaker = f"company {company.id}" if company else f"person {voice.person.id}"
        (rest if speaker in seen else firsts).append(voice)
        seen.add(speaker)
    return [quoted(voice, words) for voice in [*firsts, *rest][:most]]


def _newcomers(recent: Sequence[Voice], older: Sequence[Voice]) -> Reach:
    known_people = {v.person.id for v in older}
    known_companies = {v.person.company.id for v in older if v.person.company}
    fresh = reach_of([v for v in recent if v.person.company and v.person.company.id not in known_companies])
    return Reach(len({v.person.id for v in recent} - known_people), fresh.companies, fresh.revenue)


def _context_of(voices: Sequence[Voice]) -> tuple[tuple[str, tuple[tuple[str, int], ...]], ...]:
    stated = {kind: Counter[str]() for kind in CONTEXT_KINDS}
    for voice in voices:
        for fact in set(voice.context):
            if fact.kind in stated:
                stated[fact.kind][fact.value] += 1
    ordered = {
        kind: sorted(counts.items(), key=lambda c: (-c[1], c[0]))[:3] for kind, counts in stated.items()
    }
    return tuple((kind, tuple(values)) for kind, values in ordered.items() if values)


def _was_heard_after_done(ticket: Ticket, voices: Sequence[Voice]) -> bool:
    done_at = ticket.resolved_at if ticket.stage is TicketStage.DONE else None
    return done_at is not None and any(v.said_at > done_at for v in voices)


def _link(tracker: TicketTracker, ticket: Ticket, voice: Voice) -> Act:
    evidence = evidence_of(ticket, voice)
    return Act(
        kind="link",
        target=target_of(ticket.ref),
        key=evidence.key,
        # With all of the words: the comment shows more of them than the link.
        wanted=f"{evidence.content_hash[:16]}{voice.words_hash[:16]}",
        do=lambda effect: tracker.link(ticket.ref, evidence),
    )


def _unlink(tracker: TicketTracker, ticket: Ticket, link: Effect) -> Act:
    def remove(effect: Effect) -> str:
        tracker.unlink(ticket.ref, link.key)
        return ""

    return Act(kind="link", target=link.target, key=link.key, wanted=ABSENT, do=remove)


def _comment(tracker: TicketTracker, ticket: Ticket, annotation: Annotation) -> Act:
    return Act(
        kind="comment",
        target=target_of(ticket.ref),
        key="living",
        wanted=annotation.content_hash,
        do=lambda effect: tracker.annotate(ticket.ref, annotation, effect.result or None),
        find=lambda effect: tracker.find_annotation(ticket.ref),
    )


def _is_written(link: Effect | None, act: Act) -> bool:
    """Return whether the link is as it should be, without asking the ledger for each of thousands."""
    return link is not None and link.state is EffectState.DONE and link.done == act.wanted


def _is_stale(link: Effect, wanted: Collection[str]) -> bool:
    is_removed = link.state is EffectState.DONE and link.done == ABSENT
    return link.key not in wanted and not is_removed


def _edit_again_at(comment: Effect | None, annotation: Annotation, now: datetime) -> datetime | None:
    """Return when the comment may be edited again; None for now.

    A first writing and a repeat after a fault never wait.
    """
    if comment is None or comment.done_at is None or comment.state is not EffectState.DONE:
        return None
    if comment.done == annotation.content_hash:
        return None
    again = comment.done_at + BETWEEN_EDITS
    return again if again > now else None


def target_of(ref: TicketRef) -> str:
    """Return what acts on the ticket have as their target."""
    return f"{ref.tracker}:{ref.external_id}"
