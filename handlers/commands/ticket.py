"""`/voc ticket KEY`: who asked for it, in their words."""

from __future__ import annotations

from datetime import datetime

from bot.domain.annotation import Reach
from bot.domain.digest import TopTicket
from bot.domain.ticket import Ticket, TicketStage
from bot.domain.voice import QuotedVoice
from bot.domain.week import week_of
from bot.errors import RequestError
from bot.i18n import forms, t
from bot.repositories import UnitOfWork
from bot.services.annotation import MONTH, context_of
from bot.services.quotes import chosen, opened
from bot.services.ticket_links import as_key, ticket_called
from handlers.commands.parser import SHOWN, parse
from handlers.context import Context
from handlers.interaction import Interaction
from integrations.slack.blocks import elements, words
from integrations.slack.blocks.answers import more_quotes, ticket_answer
from integrations.slack.blocks.elements import Post
from integrations.slack.blocks.frame import Paged, pages_of

QUOTES, QUOTE_WORDS, TREND_WEEKS = 5, 60, 8
CHOSEN_OF, CONTEXT_OF = 40, 100  # the newest pieces: of these the best are quoted, and the context is read
NOBODY = Reach(0, 0)


def ticket_page(context: Context, act: Interaction, rest: str) -> Post | Paged:
    """Return the ticket's reach, what is new this month, its best quotes, and when it was heard of.

    Further pages have all other quotes, newest first.
    """
    typed = parse(rest).text
    if not typed:
        raise RequestError("Which ticket? Say for example `/voc ticket ABC-123`.")
    now = context.clock.now()
    with context.reading() as unit:
        ticket = _ticket(unit, typed)
        told = unit.insights.told(ticket.id)
        pages = pages_of(told[0], QUOTES) if told else 1
        page = min(act.page, pages)
        newest = unit.pieces.voices(unit.insights.of_ticket(ticket.id, limit=CONTEXT_OF))
        best = chosen(newest[:CHOSEN_OF], QUOTES, QUOTE_WORDS)
        if page > 1:
            return Paged(more_quotes(ticket, _others(unit, ticket, best, page), context.zone), page, pages)
        shown = ticket_answer(
            _as_top_ticket(unit, ticket, best, now, context.zone),
            context_of_use=context_of(newest),
            zone=context.zone,
        )
        heard = [elements.context(_heard(unit, ticket, told[1:], now, context.zone))] if told else []
    return Paged(Post(shown.text, [*shown.blocks, *heard]), page, pages)


def _ticket(unit: UnitOfWork, typed: str) -> Ticket:
    """Return the ticket of that key. Raises RequestError, with tickets whose titles hold the words."""
    if (ticket := ticket_called(unit, typed)) is not None:
        return ticket
    near = forms.listed([f"{one.key} “{one.title[:60]}”" for one in unit.tickets.search(typed, limit=3)])
    if near:
        raise RequestError(
            "No ticket {key} is known. Did you mean {near}? Say `/voc ticket` with its key.",
            key=as_key(typed)[:SHOWN],
            near=near,
        )
    raise RequestError("No ticket {key} is known. Keys look like ABC-123.", key=as_key(typed)[:SHOWN])


def _others(unit: UnitOfWork, ticket: Ticket, best: list[QuotedVoice], page: int) -> list[QuotedVoice]:
    """Return a later page's quotes: all but the best, which are on the first, newest first."""
    first = {quote.feedback_id for quote in best}
    ids = unit.insights.of_ticket(ticket.id, limit=page * QUOTES)
    others = [piece for piece in ids if piece not in first][(page - 2) * QUOTES : (page - 1) * QUOTES]
    return [opened(voice, QUOTE_WORDS) for voice in unit.pieces.voices(others)]


def _as_top_ticket(
    unit: UnitOfWork, ticket: Ticket, best: list[QuotedVoice], now: datetime, zone: str
) -> TopTicket:
    weeks = [week_of(now, zone).after(-n) for n in reversed(range(TREND_WEEKS))]
    this = (weeks[-1].start, weeks[-1].end)
    return TopTicket(
        ticket_id=ticket.id,
        key=ticket.key,
        title=ticket.title,
        url=ticket.url,
        status=ticket.status,
        stage=ticket.stage,
        week=unit.insights.reach([ticket.id], this).get(ticket.id, NOBODY),
        total=unit.insights.reach([ticket.id]).get(ticket.id, NOBODY),
        trend=tuple(unit.insights.weekly(ticket.id, [(week.start, week.end) for week in weeks])),
        quotes=tuple(best),
    )


def _heard(
    unit: UnitOfWork, ticket: Ticket, told: tuple[datetime, datetime], now: datetime, zone: str
) -> str:
    first, last = (forms.full_day(words.local(at, zone)) for at in told)
    notes = [
        t("New this month: {reach}", reach=words.reach(unit.insights.newcomers(ticket.id, now - MONTH))),
        t("First heard {first}, last {last}", first=first, last=last),
    ]
    if ticket.stage is TicketStage.DONE and ticket.resolved_at and told[1] > ticket.resolved_at:
        notes.append(t("Said again after it was done"))
    return " · ".join(notes)
