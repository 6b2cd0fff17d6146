"""What companies pay a year, added up."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping
from typing import Any

from sqlalchemy import Connection, Select, func, select

from bot.domain.annotation import revenue_of
from bot.domain.customer import Revenue
from bot.storage.tables import company


def paid(connection: Connection, companies: Select[Any]) -> Mapping[int, tuple[Revenue, ...]]:
    """Return what the companies of each thing pay. companies: the thing and a company, each pair once.

    Equal amounts are counted and not added: SQLite's own sums would round them.
    """
    pairs = companies.subquery()
    thing, company_id = pairs.c
    pays = (thing, company.c.revenue_currency, company.c.revenue_amount)
    query = select(*pays, func.count()).join(company, company.c.id == company_id)
    found: dict[int, list[Revenue]] = defaultdict(list)
    counted = query.where(company.c.revenue_amount.is_not(None)).group_by(*pays)
    for one, currency, amount, number in connection.execute(counted).all():
        found[one].append(Revenue(amount * number, currency))
    return {one: revenue_of(list(enumerate(amounts))) for one, amounts in found.items()}
