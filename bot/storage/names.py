"""Customers by name: exactly, by parts of it, or the nearest."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from difflib import SequenceMatcher
from typing import Any

from sqlalchemy import ColumnElement, Connection, Select, Table, and_, case, func, select

from bot.domain.search import Named
from bot.matching.words import folded
from bot.storage.ids import any_of
from bot.storage.people import E_MAIL
from bot.storage.tables import company, person, person_identity

TABLES: Mapping[str, Table] = {"company": company, "person": person}
KINDS = tuple(TABLES)
PARTS_MOST, COMPARED, ALIKE = 24, 200, 0.5


class SqlNames:
    """Names on SQL."""

    def __init__(self, connection: Connection) -> None:
        self._connection = connection

    def called(self, name: str, kinds: Sequence[str] = KINDS, *, limit: int = 10) -> list[Named]:
        """Return those of exactly that name or address; else those whose name holds all its words."""
        wanted = folded(name).strip()
        exact = [
            one for kind in kinds for one in self._named(kind, TABLES[kind].c.folded_name == wanted, limit)
        ]
        if "person" in kinds:
            exact += self._named("person", person.c.id.in_(_of_address(name)), limit)
        if exact or not wanted:
            return exact[:limit]
        parts = wanted.split()[:PARTS_MOST]
        return [one for kind in kinds for one in self._named(kind, _holds(TABLES[kind], parts), limit)][
            :limit
        ]

    def nearest(self, name: str, kinds: Sequence[str] = KINDS, *, limit: int = 3) -> list[Named]:
        """Return those whose names are most like it, best first."""
        wanted = folded(name).strip()
        found = [one for kind in kinds for one in self._alike(kind, wanted)] if wanted else []
        scored = [(SequenceMatcher(None, wanted, folded(one.name)).ratio(), one) for one in found]
        best = sorted((s for s in scored if s[0] >= ALIKE), key=lambda s: (-s[0], s[1].kind, s[1].id))
        return [one for _, one in best[:limit]]

    def some_company(self) -> str:
        """Return the name of a company, for examples; "" where none is known."""
        query = select(company.c.name).where(company.c.folded_name != "").order_by(company.c.id).limit(1)
        return self._connection.scalars(query).first() or ""

    def names(self, kind: str, ids: Sequence[int]) -> Mapping[int, str]:
        """Return the names by id; unknown ids are left out."""
        its = TABLES[kind]
        rows = self._connection.execute(select(its.c.id, its.c.name).where(any_of(its.c.id, ids)))
        return {row.id: row.name for row in rows}

    def _named(self, kind: str, condition: ColumnElement[bool], limit: int) -> list[Named]:
        its = TABLES[kind]
        query = select(its.c.id, its.c.name).where(condition).order_by(func.length(its.c.name), its.c.id)
        return [Named(kind, row.id, row.name) for row in self._connection.execute(query.limit(limit))]

    def _alike(self, kind: str, wanted: str) -> list[Named]:
        """Return some whose names have most of the wanted one's pairs of letters in common."""
        its = TABLES[kind]
        pairs = list(dict.fromkeys(wanted[at : at + 2] for at in range(max(1, len(wanted) - 1))))[:PARTS_MOST]
        common = sum(
            (case((its.c.folded_name.contains(pair, autoescape=True), 1), else_=0) for pair in pairs[1:]),
            start=case((its.c.folded_name.contains(pairs[0], autoescape=True), 1), else_=0),
        )
        query = select(its.c.id, its.c.name).where(common * 3 >= len(pairs)).order_by(common.desc(), its.c.id)
        rows = self._connection.execute(query.limit(COMPARED))
        return [Named(kind, row.id, row.name) for row in rows]


def _holds(its: Table, parts: Sequence[str]) -> ColumnElement[bool]:
    return and_(*(its.c.folded_name.contains(part, autoescape=True) for part in parts))


def _of_address(address: str) -> Select[Any]:
    by_mail = (person_identity.c.kind == E_MAIL, person_identity.c.value == address.strip().lower())
    return select(person_identity.c.person_id).where(*by_mail)
