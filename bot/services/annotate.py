"""Tickets show who asked: one link a piece and one living comment, brought up to date by one look."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from bot.domain.annotation import Annotation, Evidence, Reach, one_line, revenue_of
from bot.domain.effect import Effect, EffectState
from bot.domain.ticket import Ticket, TicketStage
from bot.domain.voice import QuotedVoice, Voice, quoted
from bot.ports import Clock, TicketTracker
from bot.repositories import Work
from bot.services.marks import ANNOTATION, attend, marked
from bot.services.outward import LEASE, Act, Outcome, perform
from bot.text.clarity import clarity

MONTH = timedelta(days=30)
BETWEEN_EDITS = timedelta(days=1)
AFTER_A_FAULT = timedelta(minutes=1)
QUOTES, QUOTE_WORDS, TITLE_WORDS = 3, 40, 30
CONTEXT_KINDS = ("device", "os", "browser", "app_version", "locale")
ABSENT = "absent"


@dataclass(frozen=True, slots=True)
class Annotator:
    """What annotating needs. trackers: by name."""

    work: Work
    clock: Clock
    trackers: Mapping[str, TicketTracker]
    lease: timedelta = LEASE


def annotate_marked(annotator: Annotator, progress: Callable[[], None] = lambda: None) -> int:
    """Bring every marked ticket up to date; return how many were looked at."""
    looked = 0
    while marks := marked(annotator.work, ANNOTATION, annotator.clock.now()):
        for effect in marks:
            looked += attend(
                annotator.work, annotator.clock, effect, lambda key: annotate(annotator, key), annotator.lease
            )
            progress()
    return looked


def annotate(annotator: Annotator, ticket_id: int) -> datetime | None:
    """Write what the ticket lacks; return when to look again, None when it is as it should be.

    Nothing is written for a project whose `write` switch is off, nor to a ticket that is gone.
    """
    with annotator.work() as unit:
        ticket = unit.tickets.get(ticket_id)
        voices = unit.matches.attached_to(ticket_id)
        may_write = unit.projects.switches(ticket.project).write
        links = unit.effects.of("link", _target(ticket))
        comment = unit.effects.find("comment", _target(ticket), "living")
    tracker = annotator.trackers.get(ticket.ref.tracker)
    if tracker is None or ticket.gone or not may_write or not (voices or links):
        return None
    now = annotator.clock.now()
    wanted = [_link(tracker, ticket, voice) for voice in voices]
    stale = [_unlink(tracker, ticket, link) for link in links if _is_stale(link, {a.key for a in wanted})]
    acts = [*stale, *wanted]
    annotation = annotation_of(ticket, voices, now)
    wait_until = None if stale else _edit_again_at(comment, annotation, now)
    if wait_until is None:
        acts.append(_comment(tracker, ticket, annotation))
    done = [perform(annotator.work, annotator.clock, act, annotator.lease) for act in acts]
    if any(d.outcome in (Outcome.LATER, Outcome.BUSY) for d in done):
        return annotator.clock.now() + AFTER_A_FAULT
    return wait_until


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


def evidence_key(voice: Voice) -> str:
    """Return the piece's key at the tracker: the same for ever, whatever database it is read from."""
    return f"voc:{voice.source}:{voice.external_id}:{voice.ordinal}"


def _link(tracker: TicketTracker, ticket: Ticket, voice: Voice) -> Act:
    quote = quoted(voice, TITLE_WORDS)
    who = ", ".join(part for part in (quote.role, quote.company, quote.plan) if part)
    evidence = Evidence(
        key=evidence_key(voice),
        title=f"“{one_line(quote.words)}{'…' if quote.cut else ''}”",
        url=voice.url or ticket.url,
        summary=f"{who or 'a customer'}, {voice.said_at:%Y-%m-%d}, {voice.source}",
    )
    return Act(
        kind="link",
        target=_target(ticket),
        key=evidence.key,
        wanted=evidence.content_hash,
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
        target=_target(ticket),
        key="living",
        wanted=annotation.content_hash,
        do=lambda effect: tracker.annotate(ticket.ref, annotation, effect.result or None),
        find=lambda effect: tracker.find_annotation(ticket.ref),
    )


def _is_stale(link: Effect, wanted: set[str]) -> bool:
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


def _target(ticket: Ticket) -> str:
    return f"{ticket.ref.tracker}:{ticket.ref.external_id}"
