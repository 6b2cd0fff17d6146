"""What annotating would write, in words: read from the store and the trackers, nothing is changed."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import replace

from bot.domain.annotation import Annotation, Figures
from bot.domain.effect import Effect
from bot.domain.layout import blocks_of, plain
from bot.errors import IntegrationError
from bot.ports import TicketTracker
from bot.services.annotation_plan import Plan, PlannedLink, Standing, plan_of, standing_of
from bot.services.annotator import Annotator
from bot.services.evidence import evidence_key
from bot.services.life import heir
from bot.services.links import is_unread, seen_on
from bot.services.status import stop_words

TICKETS = 500


def lines(annotator: Annotator, ticket_ids: Sequence[int]) -> Iterator[str]:
    """Yield what would be written to these tickets, or to all that have voices, and what that adds up to."""
    with annotator.reading() as unit:
        stop = unit.writes.stopped()
    if stop:
        yield stop_words(stop)
    looked = lacking = 0
    for ticket_id in ticket_ids or _with_voices(annotator):
        told = list(_ticket(annotator, ticket_id))
        looked, lacking = looked + 1, lacking + bool(told)
        yield from told
    yield f"{looked:,} tickets looked at, {lacking:,} lack something. Nothing was written."


def _with_voices(annotator: Annotator) -> Iterator[int]:
    after = 0
    while True:
        with annotator.reading() as unit:
            page = unit.tickets.with_voices(after=after, limit=TICKETS)
        yield from (ticket.id for ticket in page)
        if len(page) < TICKETS:
            return
        after = page[-1].id


def _ticket(annotator: Annotator, ticket_id: int) -> Iterator[str]:
    """Yield the lines of one ticket, none where it lacks nothing."""
    with annotator.reading() as unit:
        standing = standing_of(unit, ticket_id)
        survivor = heir(unit, standing.ticket)
    ticket = standing.ticket
    tracker = annotator.trackers.get(ticket.ref.tracker)
    heading = f"{ticket.key} {ticket.title}"
    if tracker is None or ticket.gone:
        why = "the tracker does not show it" if tracker else "its tracker is not set up"
        yield f"{heading}\n  nothing: {why}"
        return
    if survivor.id != ticket.id and standing.voices:
        moving = len(standing.voices)
        yield f"{heading}\n  a duplicate of {survivor.key}: first its pieces ({moving:,}) move there"
        return
    if not (standing.voices or standing.links):
        return
    try:
        standing, removed = _as_read(standing, tracker)
        has_room = tracker.keeps_annotation()
    except IntegrationError as exc:
        yield f"{heading}\n  the tracker can't be read, so nothing would be written: {exc}"
        return
    now = annotator.clock.now()
    plan = plan_of(standing, keeps_annotation=has_room, keeps_figures=tracker.keeps_figures, now=now)
    if plan.is_empty and not removed:
        return
    yield heading
    yield from (f"  {line}" for line in (*_removed(removed), *_planned(plan)))


def _as_read(standing: Standing, tracker: TicketTracker) -> tuple[Standing, Sequence[Effect]]:
    """Return it as the ticket's links would change it, where they are to be read, and ours that are gone."""
    if not is_unread(replace(standing, may_write=True)):
        return standing, ()
    seen = seen_on(standing, tracker.linked(standing.ticket.ref, standing.carried.keys()))
    missing = {link.key for link in seen.missing}
    there = replace(
        standing,
        elsewhere=seen.places,
        voices=[voice for voice in standing.voices if evidence_key(voice) not in missing],
        links={key: link for key, link in standing.links.items() if key not in missing},
    )
    return there, seen.missing


def _removed(missing: Sequence[Effect]) -> Iterator[str]:
    yield from (f"removed in the tracker, so unlinked here first: {link.key}" for link in missing)


def _planned(plan: Plan) -> Iterator[str]:
    if not plan.may_write:
        project = plan.ticket.project
        yield f"NOT WRITTEN: {project} is off. To turn it on: python -m bot switch {project} --write"
    yield from (f"remove link {link.key}" for link in plan.stale)
    yield from map(_link, plan.links)
    if plan.elsewhere:
        yield f"not linked, since another integration did: {plan.elsewhere}"
    if plan.comment:
        yield from _comment(plan.comment)
    if plan.figures:
        yield _figures(plan.figures)
    if plan.wait_until:
        yield f"waits until {plan.wait_until:%Y-%m-%d %H:%M} UTC: at most one edit a day"


def _link(planned: PlannedLink) -> str:
    evidence = planned.evidence
    return f"{'add' if planned.is_new else 'update'} link {evidence.title} → {evidence.url}"


def _comment(annotation: Annotation) -> Iterator[str]:
    yield "comment:"
    yield from (f"  | {line}" for line in plain(blocks_of(annotation)).splitlines())


def _figures(figures: Figures) -> str:
    revenue = "none" if figures.revenue is None else f"{figures.revenue:,}"
    return (
        f"figures: people {figures.people}, companies {figures.companies}, revenue {revenue}, "
        f"last heard {figures.last_heard}"
    )
