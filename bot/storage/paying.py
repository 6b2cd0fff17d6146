"""What companies pay a year, added up."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Mapping
from typing import Any

from sqlalchemy import Connection, Select, func, select

from bot.domain.annotation import revenue_of
from bot.domain.customer import Revenue
from bot.storage.tables import company


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
