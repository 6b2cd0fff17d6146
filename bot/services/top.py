"""The loudest tickets of a period: three rankings, never melted into one."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from bot.domain.standing import Loud, Ranking
from bot.repositories import UnitOfWork
from bot.repositories.insights import Period
from bot.services.standing import line_of

CARRIED_SHARE, CARRIED_PIECES = 0.8, 3


@dataclass(frozen=True, slots=True)
class Top:
    """The rankings, best first. tickets: how many were heard of; currency: that revenue is ranked in."""

    rankings: Mapping[Ranking, Sequence[Loud]]
    tickets: int
    currency: str


def top_of(unit: UnitOfWork, period: Period, rankings: Sequence[Ranking], most: int) -> Top:
    """Return the loudest tickets of the period by each of the rankings."""
    currency = unit.insights.main_currency() if Ranking.REVENUE in rankings else ""
    found = unit.insights.loudest(period, rankings, most, currency)
    wanted = list(dict.fromkeys(one for ids in found.places.values() for one in ids))
    loud = _loud(unit, wanted, period)
    made = {ranking: [loud[one] for one in ids if one in loud] for ranking, ids in found.places.items()}
    return Top(made, found.tickets, currency)


def carried_by(pieces: Mapping[str, int]) -> tuple[str, ...]:
    """Return the one or two companies behind most of the pieces, none where it is broad or too small.

    pieces: by the company's name, "" for none and for lighter ones.
    """
    total = sum(pieces.values())
    heaviest = Counter({name: n for name, n in pieces.items() if name}).most_common(2)
    for most in (heaviest[:1], heaviest):
        if most and total >= CARRIED_PIECES * len(most) and sum(n for _, n in most) >= CARRIED_SHARE * total:
            return tuple(name for name, _ in most)
    return ()


def _loud(unit: UnitOfWork, ticket_ids: Sequence[int], period: Period) -> dict[int, Loud]:
    reach = unit.insights.reach(ticket_ids, period)
    speakers = unit.insights.speakers(ticket_ids, period)
    return {
        one.id: Loud(line_of(one), reach[one.id], carried_by(speakers.get(one.id, {})))
        for one in unit.tickets.many(ticket_ids)
        if not one.gone
    }
