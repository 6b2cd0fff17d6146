"""Conditions on many ids, which are one parameter however many they are.

`IN (…)` has one for each: SQLite takes only so many, and psycopg reads a statement of over fifty anew each
time.
"""

from __future__ import annotations

import json
from collections.abc import Collection
from typing import Any

from sqlalchemy import ARRAY, Boolean, ColumnElement, Dialect, Integer, Text, TypeDecorator, bindparam
from sqlalchemy.ext.compiler import compiles
from sqlalchemy.sql.functions import FunctionElement
from sqlalchemy.types import TypeEngine


class _Ids(TypeDecorator[Collection[int]]):
    """Numbers: an array in PostgreSQL, JSON in SQLite."""

    impl = Text
    cache_ok = True

    def load_dialect_impl(self, dialect: Dialect) -> TypeEngine[Any]:
        return dialect.type_descriptor(ARRAY(Integer) if dialect.name == "postgresql" else Text())

    def process_bind_param(self, value: Collection[int] | None, dialect: Dialect) -> Any:
        ids = list(value or ())
        return ids if dialect.name == "postgresql" else json.dumps(ids)


class _AnyOf(FunctionElement[bool]):
    """Whether the first is among the numbers of the second."""

    type = Boolean()
    name = "any_of"
    inherit_cache = True

    def self_group(self, against: Any = None) -> Any:
        """Stand as a condition of its own: SQLite finds nothing by index where `= 1` follows."""
        return self


def any_of(column: ColumnElement[Any], ids: Collection[int]) -> ColumnElement[bool]:
    """Return whether the column is one of the ids."""
    return _AnyOf(column, bindparam(None, ids, _Ids(), unique=True))


@compiles(_AnyOf, "postgresql")
def _any_of_array(element: Any, compiler: Any, **how: Any) -> str:
    column, ids = (compiler.process(clause, **how) for clause in element.clauses)
    return f"{column} = ANY ({ids})"


@compiles(_AnyOf, "sqlite")
def _any_of_json(element: Any, compiler: Any, **how: Any) -> str:
    column, ids = (compiler.process(clause, **how) for clause in element.clauses)
    return f"{column} IN (SELECT value FROM json_each({ids}))"  # noqa: S608 - the compiler's own parts
