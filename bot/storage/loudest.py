"""The loudest tickets of a period, ranked by the database: of thousands only a few are shown."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping, Sequence
from typing import Any

from sqlalchemy import CTE, ColumnElement, Connection, Numeric, Select, case, func, literal, select, union_all
from sqlalchemy import cast as sql_cast

from bot.domain.standing import Ranking
from bot.repositories.insights import Loudest, Period
from bot.storage.ids import any_of
from bot.storage.reaching import PEOPLE
from bot.storage.tables import company, spoken

COMPANIES = func.count(spoken.c.company_id.distinct())
HEAVIEST = 2


def loudest(
    connection: Connection, period: Period, rankings: Sequence[Ranking], most: int, currency: str
) -> Loudest:
    """Return how many tickets were heard of, and the first of each ranking."""
    numbers = (PEOPLE.label("people"), COMPANIES.label("companies"), func.count().label("pieces"))
    heard = _of_tickets(period, spoken.c.ticket_id, *numbers).group_by(spoken.c.ticket_id).cte("heard")
    places = [
        _places(ranking, heard, _loudness(ranking, heard, period, currency), most) for ranking in rankings
    ]
    rows = connection.execute(union_all(_number(heard), *places)).all()
    found: dict[str, list[tuple[Any, ...]]] = defaultdict(list)
    for ranking, *place in rows:
        found[ranking].append(tuple(place))
    ids = {ranking: [place[-1] for place in sorted(found[ranking.value])] for ranking in rankings}
    return Loudest(found[""][0][-1], ids)


def speakers(
    connection: Connection, ticket_ids: Sequence[int], period: Period
) -> Mapping[int, Mapping[str, int]]:
    """Return how many pieces the two heaviest companies said of each ticket, by name; "" for all others."""
    its = (any_of(spoken.c.ticket_id, ticket_ids), *within(period))
    pieces = func.count().label("pieces")
    spoke = select(spoken.c.ticket_id, spoken.c.company_id, pieces).where(*its)
    each = spoke.group_by(spoken.c.ticket_id, spoken.c.company_id).subquery()
    name = func.coalesce(company.c.name, "").label("name")
    joined = each.outerjoin(company, company.c.id == each.c.company_id)
    by_name = select(each.c.ticket_id, name, func.sum(each.c.pieces).label("pieces")).select_from(joined)
    named = by_name.group_by(each.c.ticket_id, name).subquery()
    order = (case((named.c.name == "", 1), else_=0), named.c.pieces.desc(), named.c.name)
    ranked = select(
        named,
        func.row_number().over(partition_by=named.c.ticket_id, order_by=order).label("place"),
        func.sum(named.c.pieces).over(partition_by=named.c.ticket_id).label("total"),
    ).subquery()
    heaviest = select(ranked).where(ranked.c.place <= HEAVIEST, ranked.c.name != "")
    found: dict[int, dict[str, int]] = {}
    for row in connection.execute(heaviest.order_by(ranked.c.ticket_id, ranked.c.place)).all():
        its_own = found.setdefault(row.ticket_id, {"": int(row.total)})
        its_own[row.name] = int(row.pieces)
        its_own[""] -= int(row.pieces)
    return found


def within(period: Period) -> list[ColumnElement[bool]]:
    """Return whether a piece was said in [start, end)."""
    return [spoken.c.said_at >= period[0], spoken.c.said_at < period[1]]


def _of_tickets(period: Period, *columns: Any) -> Select[Any]:
    """Return a query of what was said of any ticket in the period."""
    return select(*columns).where(spoken.c.ticket_id.is_not(None), *within(period))


def _number(heard: CTE) -> Select[Any]:
    """Return how many were heard of, as a row like those of `_places`."""
    row: list[Any] = [literal(""), *[literal(0)] * 3, func.count()]
    return select(*row).select_from(heard)


def _places(ranking: Ranking, heard: CTE, loud: CTE, most: int) -> Select[Any]:
    """Return the tickets with any of it, loudest first; of equals the one of more people, then pieces."""
    order = (-loud.c.loudness, -heard.c.people, -heard.c.pieces, heard.c.ticket_id)
    joined = heard.join(loud, loud.c.ticket_id == heard.c.ticket_id)
    first = select(*order).select_from(joined).where(loud.c.loudness > 0).order_by(*order).limit(most)
    return select(literal(ranking.value), *first.subquery().c)


def _loudness(ranking: Ranking, heard: CTE, period: Period, currency: str) -> CTE:
    if ranking is not Ranking.REVENUE:
        return select(heard.c.ticket_id, heard.c[ranking.value].label("loudness")).cte(f"by_{ranking.value}")
    pairs = _of_tickets(period, spoken.c.ticket_id, spoken.c.company_id).distinct().subquery()
    amount = func.round(func.sum(sql_cast(company.c.revenue_amount, Numeric(20, 2))), 2)
    query = select(pairs.c.ticket_id, amount.label("loudness"))
    paid = query.join(company, company.c.id == pairs.c.company_id).where(
        company.c.revenue_currency == currency
    )
    return paid.group_by(pairs.c.ticket_id).cte("by_revenue")
