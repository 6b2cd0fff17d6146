"""The loudest tickets of a digest."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import replace

from bot.domain.digest import TopTicket
from bot.domain.period import Period
from bot.domain.scope import Listening
from bot.domain.voice import Voice
from bot.repositories import SPREAD, Said, UnitOfWork
from bot.services.quotes import IN_A_DIGEST, Quoting
from bot.services.reach import reach_among

TOP_TICKETS, TOP_QUOTES, QUOTE_WORDS, SAMPLE = 3, 5, 40, 40
TREND_WEEKS = 8
CARRIED_SHARE, CARRIED_PIECES = 0.8, 3

Loud = Mapping[int, Sequence[Said]]
Voices = Mapping[int, Sequence[Voice]]


def voices_on(unit: UnitOfWork, loud: Loud) -> Voices:
    """Return some voices of each ticket, spread over its pieces and the same ones each time."""
    some = {ticket_id: sorted(pieces, key=_spread)[:SAMPLE] for ticket_id, pieces in loud.items()}
    ids = [one.feedback_id for pieces in some.values() for one in pieces]
    known = {voice.feedback_id: voice for voice in unit.pieces.voices(ids)}
    return {ticket_id: [known[one.feedback_id] for one in pieces] for ticket_id, pieces in some.items()}


def top_tickets(
    unit: UnitOfWork, within: Listening, period: Period, loud: Loud, voices: Voices, quoting: Quoting
) -> tuple[TopTicket, ...]:
    """Return the loudest tickets with their numbers, each with the one quote that the message shows."""
    week = period.last_week
    weeks = [week.after(-n) for n in reversed(range(TREND_WEEKS))]
    ids = list(loud)
    trends = unit.telling.trends(ids, weeks, within.arrived_by) if ids else {}
    totals = unit.telling.reach(ids, period.end, within.arrived_by)
    return tuple(
        TopTicket(
            ticket_id=ticket.id,
            key=ticket.key,
            title=ticket.title,
            url=ticket.url,
            status=ticket.status,
            stage=ticket.stage,
            week=reach_among(unit, loud[ticket.id]),
            total=totals[ticket.id],
            trend=trends[ticket.id],
            quotes=tuple(quoting.take(voices[ticket.id], 1, IN_A_DIGEST)),
            carried_by=_carried_by(unit, loud[ticket.id]),
            pieces=len(loud[ticket.id]),
        )
        for ticket in unit.tickets.many(ids)
    )


def thread_quotes(top: Sequence[TopTicket], voices: Voices, quoting: Quoting) -> tuple[TopTicket, ...]:
    """Return the tickets with the further quotes that their threads show."""
    most = TOP_QUOTES - 1
    return tuple(
        replace(t, quotes=(*t.quotes, *quoting.take(voices[t.ticket_id], most, QUOTE_WORDS))) for t in top
    )


def _spread(said: Said) -> int:
    return said.feedback_id * SPREAD % 2**32


def _carried_by(unit: UnitOfWork, said: Sequence[Said]) -> tuple[str, ...]:
    """Return the one or two companies behind most of the pieces, none where it is broad or too small."""
    heaviest = Counter(one.company_id for one in said if one.company_id).most_common(2)
    for most in (heaviest[:1], heaviest):
        share = sum(count for _, count in most) / len(said)
        if most and len(said) >= CARRIED_PIECES * len(most) and share >= CARRIED_SHARE:
            names = unit.hearing.companies([company_id for company_id, _ in most])
            return tuple(names[company_id][0] for company_id, _ in most)
    return ()
