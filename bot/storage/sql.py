"""What every repository needs: inserts that mind unique keys, and lists cut to size."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from functools import cache
from typing import Any, TypeVar

from sqlalchemy import Connection, Join, Row, Table, true
from sqlalchemy.ext.compiler import compiles

T = TypeVar("T")
MOST_IN_LIST = 1000


class InOrder(Join):
    """A join whose left side SQLite reads first: how few rows a period holds it can't guess."""

    inherit_cache = True


@compiles(InOrder, "sqlite")
def _in_order(join: InOrder, compiler: Any, **how: Any) -> str:
    left, right = (compiler.process(side, **how) for side in (join.left, join.right))
    on = compiler.process(join.onclause, **{**how, "asfrom": False})
    return f"{left} CROSS JOIN {right} ON {on}"


def chunks(values: Sequence[T], most: int = MOST_IN_LIST) -> Iterator[Sequence[T]]:
    """Yield the values in slices short enough for one IN (…)."""
    for start in range(0, len(values), most):
        yield values[start : start + most]


def insert_into(connection: Connection, table: Table) -> Any:
    """Return the database's own INSERT."""
    return inserts(connection.dialect.name)(table)


def insert_new(connection: Connection, table: Table, values: Mapping[str, Any]) -> bool:
    """Return whether the row was inserted: not where a unique key is taken. The transaction stays usable."""
    statement = insert_into(connection, table).on_conflict_do_nothing().returning(true())
    return connection.execute(statement, values).first() is not None


def put_row(
    connection: Connection, table: Table, key: Mapping[str, Any], values: Mapping[str, Any]
) -> Row[Any]:
    """Insert the row, or update the one of that unique key; return it as it is now."""
    statement = _upsert(connection.dialect.name, table, tuple(key), tuple(values))
    row: Row[Any] = connection.execute(statement, {**key, **values}).one()
    return row


def inserts(dialect: str) -> Any:
    """Return the INSERT of the database of that name, which both spell with ON CONFLICT and RETURNING."""
    if dialect == "postgresql":  # either is loaded only where it is used
        from sqlalchemy.dialects.postgresql import insert

        return insert
    from sqlalchemy.dialects.sqlite import insert as insert_here

    return insert_here


@cache
def _upsert(dialect: str, table: Table, key: tuple[str, ...], values: tuple[str, ...]) -> Any:
    """Return the statement, built once: building costs more than running it."""
    statement = inserts(dialect)(table)
    new = {name: statement.excluded[name] for name in values}
    return statement.on_conflict_do_update(index_elements=key, set_=new).returning(table)
