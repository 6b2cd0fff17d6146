"""A database of any earlier revision comes through every later one with all its rows."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterable
from datetime import timedelta
from types import UnionType
from typing import Any

from sqlalchemy import (
    JSON,
    Boolean,
    Column,
    Connection,
    DateTime,
    Engine,
    Float,
    Integer,
    LargeBinary,
    MetaData,
    Table,
    func,
    select,
    text,
)
from sqlalchemy.schema import CreateIndex, CreateTable

from bot.storage.engine import open_database
from bot.storage.schema import downgrade, migrate, require_current, revisions
from tests.storage.rows import NOON

DERIVED = ("spoken", "piece_words", "alembic_version")
# What triggers and migrations read, in the forms that it had; any other value is made up.
WEEK = {"week": {"monday": "2026-03-02", "zone": "UTC"}, "revision": 2, "top": [], "unticketed": []}
DAYS = {"period": {"first": "2026-03-02", "last": "2026-03-03", "zone": "UTC"}}
TELLING: dict[str, Any] = {
    "spans": [[0, 3]],
    "state": "attached",
    "snapshot": json.dumps(WEEK | DAYS),
}
VALUES: tuple[tuple[type | UnionType, Callable[[int], Any]], ...] = (
    (Boolean, lambda _: False),
    (Integer | Float, lambda n: n),
    (DateTime, lambda n: NOON + timedelta(n)),
    (JSON, lambda n: [n]),
    (LargeBinary, lambda n: bytes([n])),
    (object, lambda n: f"row{n}"),
)


def value(column: Column[Any], n: int) -> Any:
    """Return what the n-th row holds; its references are to the n-th row of the other table."""
    if column.name in TELLING:
        return TELLING[column.name]
    if column.nullable and not column.foreign_keys:
        return None
    return next(made(n) for kind, made in VALUES if isinstance(column.type, kind))


def tables(connection: Connection) -> list[Table]:
    """Return those that hold what nothing else does."""
    found = MetaData()
    found.reflect(connection)
    return [one for one in found.sorted_tables if not one.name.startswith(DERIVED)]


def fill(connection: Connection, n: int) -> list[str]:
    """Put the n-th row into every table; return their names."""
    for table in (found := tables(connection)):
        connection.execute(table.insert().values({c.name: value(c, n) for c in table.columns}))
    return [table.name for table in found]


def shape(engine: Engine) -> list[str]:
    """Return the statements that would make the schema, and the names of its triggers."""
    with engine.connect() as connection:
        found = tables(connection)
        made = [str(CreateTable(table).compile(connection)) for table in found]
        indexes = [str(CreateIndex(one).compile(connection)) for table in found for one in table.indexes]
        names = connection.execute(text(TRIGGERS[engine.dialect.name])).scalars().all()
    return [*made, *sorted(indexes), *names]


TRIGGERS = {
    "sqlite": "SELECT name FROM sqlite_master WHERE type = 'trigger' ORDER BY name",
    "postgresql": "SELECT tgname FROM pg_trigger WHERE NOT tgisinternal ORDER BY tgname",
}


def rows(engine: Engine, names: Iterable[str]) -> dict[str, int]:
    """Return how many rows each of the tables has."""
    with engine.connect() as connection:
        numbers = {name: select(func.count()).select_from(text(f'"{name}"')) for name in names}
        return {name: connection.execute(number).scalar_one() for name, number in numbers.items()}


def test_rows_of_every_earlier_revision_come_through_to_the_newest_schema(empty_url: str) -> None:
    engine = open_database(empty_url)
    expected: dict[str, int] = {}

    for n, revision in enumerate(sorted(revisions()), start=1):
        migrate(engine, revision)
        with engine.begin() as connection:
            for name in fill(connection, n):
                expected[name] = expected.get(name, 0) + 1

    require_current(engine)
    kept, old = rows(engine, [*expected, "spoken", "piece_words"]), shape(engine)
    downgrade(engine)
    migrate(engine)
    fresh = shape(engine)
    engine.dispose()
    before_search = 8  # pieces of revisions 0002 to 0009, which had no index yet
    assert kept == expected | {"spoken": expected["feedback"], "piece_words": before_search}
    assert old == fresh
