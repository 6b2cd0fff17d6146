"""`/voc ticket KEY`: who asked for it, in their words."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

from bot.domain.annotation import Annotation
from bot.domain.digest import TopTicket
from bot.domain.ticket import Ticket
from bot.domain.voice import Voice
from bot.domain.week import week_of
from bot.errors import RequestError
from bot.services.annotation import annotation_of, reach_of
from bot.services.quotes import chosen
from handlers.context import Context
from handlers.interaction import Interaction
from integrations.slack.blocks import elements, words
from integrations.slack.blocks.answers import ticket_answer
from integrations.slack.blocks.elements import Post

QUOTES, QUOTE_WORDS, TREND_WEEKS = 5, 60, 8


def ticket_page(context: Context, act: Interaction, key: str) -> Post:
    """Return the ticket's reach, what is new this month, up to five quotes, and when it was heard of."""
    if not key:
        raise RequestError("Which ticket? Say for example `/voc ticket ABC-123`.")
    with context.reading() as unit:
        ticket = unit.tickets.by_key(key)
        voices = unit.matches.attached_to(ticket.id) if ticket else []
    if ticket is None or ticket.gone:
        raise RequestError(f"No ticket {key[:40].upper()} is known. Keys look like ABC-123.")
    now = context.clock.now()
    annotation = annotation_of(ticket, voices, now)
    page = ticket_answer(
        _as_top_ticket(ticket, voices, now, context.zone),
        context_of_use=annotation.context,
        zone=context.zone,
    )
    if not voices:
        return page
    return Post(page.text, [*page.blocks, elements.context(_heard(annotation, context.zone))])


def _as_top_ticket(ticket: Ticket, voices: Sequence[Voice], now: datetime, zone: str) -> TopTicket:
    weeks = [week_of(now, zone).after(-n) for n in reversed(range(TREND_WEEKS))]
    return TopTicket(
        ticket_id=ticket.id,
        key=ticket.key,
        title=ticket.title,
        url=ticket.url,
        status=ticket.status,
        stage=ticket.stage,
        week=reach_of([v for v in voices if weeks[-1].holds(v.said_at)]),
        total=reach_of(voices),
        trend=tuple(sum(week.holds(v.said_at) for v in voices) for week in weeks),
        quotes=tuple(chosen(voices, QUOTES, QUOTE_WORDS)),
    )


def _heard(annotation: Annotation, zone: str) -> str:
    first, last = (words.local(at, zone) for at in (annotation.first_heard, annotation.last_heard))
    notes = [
        f"New this month: {words.reach(annotation.new_this_month)}",
        f"First heard {words.day(first)} {first.year}, last {words.day(last)} {last.year}",
    ]
    if annotation.heard_after_done:
        notes.append("Said again after it was done")
    return " · ".join(notes)
