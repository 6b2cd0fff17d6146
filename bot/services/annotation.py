"""What is to be said of a ticket's voices: reach, quotes, context, figures."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from bot.domain.annotation import Annotation, Figures, Reach, revenue_of
from bot.domain.ticket import Ticket, TicketStage
from bot.domain.voice import Voice
from bot.services.quotes import chosen, workaround_of

MONTH = timedelta(days=30)
QUOTES, QUOTE_WORDS = 3, 40
CONTEXT_KINDS = ("device", "os", "browser", "app_version", "locale")


@dataclass(frozen=True, slots=True)
class Moved:
    """Voices that went to another ticket when this one was found to be its duplicate."""

    to: Ticket
    pieces: int


def annotation_of(
    ticket: Ticket, voices: Sequence[Voice], now: datetime, moved: Moved | None = None
) -> Annotation:
    """Return what the ticket's living comment says. voices: all that are attached, in any order."""
    recent = [v for v in voices if v.said_at > now - MONTH]
    older = [v for v in voices if v.said_at <= now - MONTH]
    said = [v.said_at for v in voices] or [ticket.created_at]
    left = moved if not voices else None
    return Annotation(
        reach=reach_of(voices),
        new_this_month=_newcomers(recent, older),
        pieces=left.pieces if left else len(voices),
        quotes=tuple(chosen(voices, QUOTES, QUOTE_WORDS)),
        context=context_of(voices),
        first_heard=min(said),
        last_heard=max(said),
        heard_after_done=_was_heard_after_done(ticket, voices),
        workaround=workaround_of(voices),
        moved_to=left.to.key if left else "",
        all_url=left.to.url if left else "",
    )


def figures_of(annotation: Annotation) -> Figures:
    """Return the annotation's figures for fields that can be searched."""
    reach = annotation.reach
    revenue = reach.revenue[0].amount if len(reach.revenue) == 1 else None
    return Figures(
        people=reach.people,
        companies=reach.companies,
        revenue=revenue,
        last_heard=annotation.last_heard.date(),
    )


def reach_of(voices: Sequence[Voice]) -> Reach:
    """Return how many people and companies spoke, and what those companies pay a year."""
    people = {v.person.id for v in voices}
    companies = {v.person.company.id: v.person.company.revenue for v in voices if v.person.company}
    return Reach(len(people), len(companies), revenue_of(list(companies.items())))


def _newcomers(recent: Sequence[Voice], older: Sequence[Voice]) -> Reach:
    known_people = {v.person.id for v in older}
    known_companies = {v.person.company.id for v in older if v.person.company}
    fresh = reach_of([v for v in recent if v.person.company and v.person.company.id not in known_companies])
    return Reach(len({v.person.id for v in recent} - known_people), fresh.companies, fresh.revenue)


def context_of(voices: Sequence[Voice]) -> tuple[tuple[str, tuple[tuple[str, int], ...]], ...]:
    """Return the circumstances of use that the voices state, each kind with its values by how often."""
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
