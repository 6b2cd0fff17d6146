"""The loudest tickets of a digest."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Sequence
from dataclasses import replace

from bot.domain.digest import TopTicket
from bot.domain.period import Period
from bot.domain.scope import Listening
from bot.domain.voice import QuotedVoice
from bot.repositories import Said, UnitOfWork
from bot.services.quotes import Quoting
from bot.services.reach import reach_among

TOP_TICKETS, TOP_QUOTES, QUOTE_WORDS, SAMPLE = 3, 5, 40, 200
TREND_WEEKS = 8
CARRIED_SHARE, CARRIED_PIECES = 0.8, 3

Loud = Sequence[tuple[int, Sequence[Said]]]


def loudest(said: Sequence[Said]) -> Loud:
    """Return the tickets that most people, then companies, then pieces are about, by id."""
    by_ticket = defaultdict[int, list[Said]](list)
    for one in said:
        if one.ticket_id:
            by_ticket[one.ticket_id].append(one)
    return sorted(by_ticket.items(), key=lambda t: (*_loudness(t[1]), t[0]))[:TOP_TICKETS]


def top_tickets(
    unit: UnitOfWork, within: Listening, period: Period, loud: Loud, quoting: Quoting
) -> tuple[TopTicket, ...]:
    """Return them with their numbers, each with the one quote that the message shows."""
    week = period.last_week
    weeks = [week.after(-n) for n in reversed(range(TREND_WEEKS))]
    ids = [ticket_id for ticket_id, _ in loud]
    trends = unit.hearing.tickets(ids, weeks, within.arrived_by) if ids else {}
    return tuple(
        TopTicket(
            ticket_id=ticket.id,
            key=ticket.key,
            title=ticket.title,
            url=ticket.url,
            status=ticket.status,
            stage=ticket.stage,
            week=reach_among(unit, pieces),
            total=unit.hearing.reach(ticket.id, period.end, within.arrived_by),
            trend=trends[ticket.id],
            quotes=_quotes(unit, within, period, ticket.id, quoting, 1),
            carried_by=_carried_by(unit, pieces),
            pieces=len(pieces),
        )
        for ticket, (_, pieces) in zip(unit.tickets.many(ids), loud, strict=True)
    )


def thread_quotes(
    unit: UnitOfWork, within: Listening, period: Period, top: Sequence[TopTicket], quoting: Quoting
) -> tuple[TopTicket, ...]:
    """Return the tickets with the further quotes that their threads show."""
    most = TOP_QUOTES - 1
    return tuple(
        replace(t, quotes=t.quotes + _quotes(unit, within, period, t.ticket_id, quoting, most)) for t in top
    )


def _quotes(
    unit: UnitOfWork, within: Listening, period: Period, ticket_id: int, quoting: Quoting, most: int
) -> tuple[QuotedVoice, ...]:
    some = unit.hearing.sample(within, period, most=SAMPLE, ticket_id=ticket_id)
    return tuple(quoting.take(some, most, QUOTE_WORDS))


def _loudness(said: Sequence[Said]) -> tuple[int, int, int]:
    people, companies = ({one[place] for one in said if one[place]} for place in (2, 3))
    return -len(people), -len(companies), -len(said)


def _carried_by(unit: UnitOfWork, said: Sequence[Said]) -> tuple[str, ...]:
    """Return the one or two companies behind most of the pieces, none where it is broad or too small."""
    heaviest = Counter(one.company_id for one in said if one.company_id).most_common(2)
    for most in (heaviest[:1], heaviest):
        share = sum(count for _, count in most) / len(said)
        if most and len(said) >= CARRIED_PIECES * len(most) and share >= CARRIED_SHARE:
            names = unit.hearing.companies([company_id for company_id, _ in most])
            return tuple(names[company_id][0] for company_id, _ in most)
    return ()
