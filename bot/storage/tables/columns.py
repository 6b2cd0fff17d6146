"""The columns that tables are made of, and the metadata that they belong to."""

from __future__ import annotations

from typing import Any

from sqlalchemy import JSON, Boolean, Column, ForeignKey, Integer, MetaData

from bot.storage.types import UtcTime, Words

metadata = MetaData(
    naming_convention={
        "pk": "pk_%(table_name)s",
        "fk": "fk_%(table_name)s_%(column_0_name)s",
        "uq": "uq_%(table_name)s_%(column_0_N_name)s",
        "ix": "ix_%(table_name)s_%(column_0_N_name)s",
    }
)


def row_id() -> Column[int]:
    """Return the primary key `id`."""
    return Column("id", Integer, primary_key=True)


def text(name: str, **more: Any) -> Column[str]:
    """Return a text column that is never null."""
    return Column(name, Words, nullable=False, **more)


def number(name: str) -> Column[int]:
    """Return an integer column that is never null."""
    return Column(name, Integer, nullable=False)


def flag(name: str) -> Column[bool]:
    """Return a yes-or-no column that is never null."""
    return Column(name, Boolean, nullable=False)


def moment(name: str, *, nullable: bool = False) -> Column[Any]:
    """Return a column of aware UTC times."""
    return Column(name, UtcTime, nullable=nullable)


def json(name: str, *, nullable: bool = False) -> Column[Any]:
    """Return a column for lists and mappings; None is SQL's NULL."""
    return Column(name, JSON(none_as_null=True), nullable=nullable)


def reference(name: str, table: str, *, nullable: bool = False, index: bool = False) -> Column[Any]:
    """Return a column that holds the id of a row of another table."""
    return Column(name, ForeignKey(f"{table}.id"), nullable=nullable, index=index)
