"""Who speaks for tickets, and what companies pay a year, added up."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Mapping, Sequence
from typing import Any

from sqlalchemy import ColumnElement, Connection, Select, func, select

from bot.domain.annotation import Reach, revenue_of
from bot.domain.customer import Revenue
from bot.storage.ids import any_of
from bot.storage.tables import company, spoken

PEOPLE = func.count(spoken.c.person_id.distinct())


def reach(connection: Connection, ticket_ids: Sequence[int], *asked: ColumnElement[bool]) -> dict[int, Reach]:
    """Return who spoke for each of the tickets; one of nobody is left out. asked: of `spoken`."""
    if not ticket_ids:
        return {}
    its = (any_of(spoken.c.ticket_id, ticket_ids), *asked)
    counted = select(spoken.c.ticket_id, PEOPLE).where(*its).group_by(spoken.c.ticket_id)
    companies = employers(connection, select(spoken.c.ticket_id, spoken.c.company_id).where(*its).distinct())
    people = connection.execute(counted).all()
    return {one: Reach(many, *companies.get(one, (0, ()))) for one, many in people}


def employers(connection: Connection, pairs: Select[Any]) -> Mapping[int, tuple[int, tuple[Revenue, ...]]]:
    """Return how many companies each thing has, and what they pay. pairs: the thing and a company, each once.

    Equal amounts are counted and not added: SQLite's own sums would round them.
    """
    pair = pairs.subquery()
    thing, company_id = pair.c
    pays = (thing, company.c.revenue_currency, company.c.revenue_amount)
    query = select(*pays, func.count()).join(company, company.c.id == company_id).group_by(*pays)
    numbers, paid = Counter[int](), defaultdict[int, list[Revenue]](list)
    for one, currency, amount, number in connection.execute(query).all():
        numbers[one] += number
        if amount is not None:
            paid[one].append(Revenue(amount * number, currency))
    return {one: (number, revenue_of(list(enumerate(paid[one])))) for one, number in numbers.items()}
