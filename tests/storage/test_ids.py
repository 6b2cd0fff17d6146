"""Conditions on many ids, on both databases."""

from __future__ import annotations

from pathlib import Path

import pytest
from sqlalchemy import Connection, insert, select

from bot.storage.database import Database
from bot.storage.engine import open_database
from bot.storage.ids import any_of
from bot.storage.schema import migrate
from bot.storage.tables import company


@pytest.mark.parametrize(
    ("wanted", "found"), [((), []), ((2,), [2]), ((3, 1, 3), [1, 3]), (range(2, 100_000), [2, 3])]
)
def test_however_many_ids_are_asked_for_the_known_ones_are_found(
    database: Database, wanted: range | tuple[int, ...], found: list[int]
) -> None:
    with database.engine.begin() as connection:
        _three(connection)

        ids = select(company.c.id).order_by(company.c.id)
        among = list(connection.scalars(ids.where(any_of(company.c.id, wanted))))
        others = list(connection.scalars(ids.where(~any_of(company.c.id, wanted))))

        assert among == found
        assert others == sorted({1, 2, 3} - set(found))


def test_sqlite_finds_the_rows_by_their_index(tmp_path: Path) -> None:
    engine = open_database(f"sqlite:///{tmp_path / 'voc.db'}")
    migrate(engine)
    query = select(company.c.name).where(any_of(company.c.id, [1, 2]), company.c.name != "")

    with engine.connect() as connection:
        asked = str(query.compile(engine))
        plan = connection.exec_driver_sql(f"EXPLAIN QUERY PLAN {asked}", ("[1, 2]", "")).all()

    assert "SEARCH company USING INTEGER PRIMARY KEY" in str(plan)


def _three(connection: Connection) -> None:
    rows = [{"id": n, "name": f"Company {n}", "plan": "", "segment": "", "origin": ""} for n in (1, 2, 3)]
    connection.execute(insert(company), rows)
