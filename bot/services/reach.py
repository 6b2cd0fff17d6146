"""How far it goes what some pieces say."""

from __future__ import annotations

from collections.abc import Collection

from bot.domain.annotation import Reach, revenue_of
from bot.repositories import Said, UnitOfWork


def reach_among(unit: UnitOfWork, said: Collection[Said]) -> Reach:
    """Return who said these, and what their companies pay a year."""
    ids = {one.company_id for one in said if one.company_id}
    paid = [(i, revenue) for i, (_, revenue) in unit.hearing.companies(ids).items()]
    return Reach(len({one.person_id for one in said}), len(ids), revenue_of(paid))
