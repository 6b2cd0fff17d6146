"""Tickets show who asked: what each lacks is written, one link a piece and one living comment."""

from __future__ import annotations

import logging
from collections.abc import Callable, Iterator
from dataclasses import replace
from datetime import datetime, timedelta

from bot.domain.annotation import Annotation, Figures
from bot.domain.effect import Effect
from bot.domain.ticket import Ticket, TicketRef
from bot.errors import AccessError, IntegrationError, NotFoundError, TransientError
from bot.ports import TicketTracker
from bot.services.annotation_plan import (
    ABSENT,
    COMMENT,
    FIGURES,
    LINK,
    Plan,
    PlannedLink,
    plan_of,
    standing_of,
)
from bot.services.annotator import Annotator, Run, Written
from bot.services.evidence import target_of
from bot.services.life import follow, is_lost
from bot.services.links import is_unread, read_links
from bot.services.marks import ANNOTATION, attend, mark, marked
from bot.services.outward import Act, Outcome, is_stopped, perform
from bot.services.refusals import note_refusal, note_success

log = logging.getLogger(__name__)

AFTER_A_FAULT = timedelta(minutes=1)


def annotate_marked(annotator: Annotator, progress: Callable[[], None] = lambda: None) -> Written:
    """Bring every marked ticket up to date; return what was done. None is looked at while all is stopped."""
    run = Run()
    while not is_stopped(annotator.reading) and (
        marks := marked(annotator.work, ANNOTATION, annotator.clock.now())
    ):
        _annotate(annotator, marks, run, progress)
    return run.written


def annotate_these(annotator: Annotator, ticket_ids: list[int]) -> Written:
    """Bring these tickets up to date, marked or not."""
    run, now = Run(), annotator.clock.now()
    with annotator.work() as unit:
        for ticket_id in ticket_ids:
            mark(unit, ANNOTATION, ticket_id, now)
        effects = [unit.effects.find(ANNOTATION, "", str(ticket_id)) for ticket_id in ticket_ids]
        unit.commit()
    if not is_stopped(annotator.reading):
        _annotate(annotator, [effect for effect in effects if effect], run)
    return run.written


def _annotate(
    annotator: Annotator, marks: list[Effect], run: Run, progress: Callable[[], None] = lambda: None
) -> None:
    ids = [int(effect.key) for effect in marks]
    # A duplicate's voices move first: a tracker may itself have moved what hung on it, which removes nothing.
    read_links(annotator, [ticket_id for ticket_id in ids if follow(annotator, ticket_id) is None], run)
    for effect in marks:
        is_looked_at = attend(
            annotator.work,
            annotator.clock,
            effect,
            lambda key: _look(annotator, int(key), run),
            annotator.lease,
        )
        run.written = replace(run.written, tickets=run.written.tickets + is_looked_at)
        progress()


def _look(annotator: Annotator, ticket_id: int, run: Run) -> datetime | None:
    """Write what the ticket lacks; return when to look again, None when it is as it should be.

    Nothing is written for a project whose `write` switch is off, nor to a ticket that is gone, nor before its
    links were read.
    """
    if again := follow(annotator, ticket_id):
        return again
    with annotator.reading() as unit:
        standing = standing_of(unit, ticket_id)
    ticket, now = standing.ticket, annotator.clock.now()
    tracker = annotator.trackers.get(ticket.ref.tracker)
    has_something = bool(standing.voices or standing.links)
    if tracker is None or ticket.gone or not standing.may_write or not has_something:
        return None
    if again := run.paused_until(ticket.project, now):
        return again
    if is_unread(standing):  # it became a candidate, or changed, a moment ago
        return now + AFTER_A_FAULT
    try:
        has_room = tracker.keeps_annotation()
    except IntegrationError as exc:
        return _put_off(annotator, ticket, exc, run)
    plan = plan_of(standing, keeps_annotation=has_room, keeps_figures=tracker.keeps_figures, now=now)
    return _write(annotator, tracker, plan, run) or plan.wait_until


def _put_off(annotator: Annotator, ticket: Ticket, problem: IntegrationError, run: Run) -> datetime:
    if isinstance(problem, TransientError | AccessError):
        return note_refusal(annotator, ticket, problem, run)
    return annotator.clock.now() + AFTER_A_FAULT


def _write(annotator: Annotator, tracker: TicketTracker, plan: Plan, run: Run) -> datetime | None:
    """Perform what is planned and return when to try again what is left, if that can be.

    A refusal that the next act would meet too ends it: a tracker that says no is not asked a thousand times.
    """
    is_late, ticket = False, plan.ticket
    for act in acts_of(plan, tracker):
        done = perform(annotator.work, annotator.clock, act, annotator.lease)
        if isinstance(done.problem, TransientError | AccessError):
            return note_refusal(annotator, ticket, done.problem, run)
        if isinstance(done.problem, NotFoundError) and is_lost(annotator, tracker, ticket):
            return None
        if done.outcome is Outcome.DONE:
            run.written = run.written.plus(act.kind, is_removal=act.wanted == ABSENT)
            note_success(annotator, ticket, run)
        is_late |= done.outcome in (Outcome.LATER, Outcome.BUSY)
    return annotator.clock.now() + AFTER_A_FAULT if is_late else None


def acts_of(plan: Plan, tracker: TicketTracker) -> Iterator[Act]:
    """Yield the plan's outward acts, in the order in which they are done."""
    ref = plan.ticket.ref
    yield from (_unlink(tracker, ref, link) for link in plan.stale)
    yield from (_link(tracker, ref, planned) for planned in plan.links)
    if plan.comment:
        yield _comment(tracker, ref, plan.comment)
    if plan.figures:
        yield _figures(tracker, ref, plan.figures)


def _link(tracker: TicketTracker, ref: TicketRef, planned: PlannedLink) -> Act:
    return Act(
        kind=LINK,
        target=target_of(ref),
        key=planned.evidence.key,
        wanted=planned.wanted,
        do=lambda effect: tracker.link(ref, planned.evidence),
    )


def _unlink(tracker: TicketTracker, ref: TicketRef, link: Effect) -> Act:
    def remove(effect: Effect) -> str:
        tracker.unlink(ref, link.key)
        return ""

    return Act(kind=LINK, target=link.target, key=link.key, wanted=ABSENT, do=remove)


def _comment(tracker: TicketTracker, ref: TicketRef, annotation: Annotation) -> Act:
    return Act(
        kind=COMMENT,
        target=target_of(ref),
        key="living",
        wanted=annotation.content_hash,
        do=lambda effect: tracker.annotate(ref, annotation, effect.result or None),
        find=lambda effect: tracker.find_annotation(ref),
    )


def _figures(tracker: TicketTracker, ref: TicketRef, figures: Figures) -> Act:
    def show(effect: Effect) -> str:
        tracker.show_figures(ref, figures)
        return ""

    return Act(kind=FIGURES, target=target_of(ref), key="fields", wanted=figures.content_hash, do=show)
