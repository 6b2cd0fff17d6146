"""Opening a database: SQLite by default, PostgreSQL by URL."""

from __future__ import annotations

import sqlite3
from typing import Any

from sqlalchemy import URL, Connection, Engine, ExceptionContext, create_engine, event, make_url
from sqlalchemy.exc import ArgumentError

from bot.errors import AlreadyExists, SettingError

VARIABLE = "DATABASE_URL"
BUSY_TIMEOUT_S, IMPATIENT_S = 10, 1
UTC = "-c timezone=utc"
UNIQUE = ("SQLITE_CONSTRAINT_UNIQUE", "SQLITE_CONSTRAINT_PRIMARYKEY")
READS_ONLY = "voc_reads_only"


def open_database(url: str) -> Engine:
    """Return the engine for the URL; nothing is connected yet. Its broken unique keys raise AlreadyExists.

    url: sqlite:///file or postgresql://… (postgres:// too). Raises SettingError for anything else.
    """
    return _engine(_address(url), BUSY_TIMEOUT_S, {"options": UTC})


def impatient(engine: Engine) -> Engine:
    """Return another engine of the same database, which fails where it would wait longer than a second."""
    limits = f"{UTC} -c lock_timeout={IMPATIENT_S}s -c statement_timeout={IMPATIENT_S}s"
    return _engine(engine.url, IMPATIENT_S, {"options": limits, "connect_timeout": 2})  # libpq takes no less


def _engine(address: URL, busy_s: int, libpq: dict[str, Any]) -> Engine:
    """Return an engine. busy_s: how long SQLite waits for a writer; libpq: how PostgreSQL is connected to."""
    if address.get_backend_name() == "sqlite":
        engine = create_engine(address, hide_parameters=True, connect_args={"timeout": busy_s})
        event.listen(engine, "connect", _prepare_sqlite)
        event.listen(engine, "begin", _begin_sqlite)
    else:
        engine = create_engine(
            address,
            hide_parameters=True,  # an error's text goes to the log, and parameters are customers' words
            pool_pre_ping=True,
            connect_args=libpq,
        )
        event.listen(engine, "connect", _prepare_postgres)
    event.listen(engine, "handle_error", _name_broken_key)
    return engine


def reading(engine: Engine) -> Engine:
    """Return the engine for transactions that see one moment and may not write; it shares the connections."""
    if engine.dialect.name == "postgresql":
        return engine.execution_options(isolation_level="REPEATABLE READ", postgresql_readonly=True)
    return engine.execution_options(**{READS_ONLY: True})


def _address(url: str) -> URL:
    example = "For example sqlite:///voc.db or postgresql://user:password@host/voc"
    try:
        address = make_url(url.replace("postgres://", "postgresql://", 1))
    except ArgumentError as exc:
        raise SettingError(VARIABLE, "is no database URL", feature="storage", remedy=example) from exc
    if address.get_backend_name() == "postgresql":
        return address.set(drivername="postgresql+psycopg")
    if address.get_backend_name() != "sqlite":
        raise SettingError(VARIABLE, "names neither SQLite nor PostgreSQL", feature="storage", remedy=example)
    if not address.database or address.database == ":memory:":
        raise SettingError(
            VARIABLE, "names no file, and processes share one", feature="storage", remedy=example
        )
    return address


def _prepare_sqlite(connection: sqlite3.Connection, _: Any) -> None:
    connection.isolation_level = None  # transactions are begun by _begin_sqlite alone
    connection.execute("PRAGMA journal_mode = WAL")
    # A commit survives the death of the process and of the machine: a claim that a power cut took back
    # would let an outward act happen twice.
    connection.execute("PRAGMA synchronous = FULL")
    connection.execute("PRAGMA foreign_keys = ON")


def _prepare_postgres(connection: Any, _: Any) -> None:
    """Have each question answered by the process that it came to.

    Ours take milliseconds: further processes for one cost more than they save, and the next questions wait.
    Set here, since a pooler refuses to be connected to with settings that it does not know.
    """
    connection.execute("SET max_parallel_workers_per_gather = 0")
    connection.execute("SET jit = off")
    connection.commit()


def _begin_sqlite(connection: Connection) -> None:
    """Take the writer's lock at once: a transaction that has read may be refused it later."""
    reads_only = connection.get_execution_options().get(READS_ONLY, False)
    connection.exec_driver_sql(f"PRAGMA query_only = {int(reads_only)}")
    connection.exec_driver_sql("BEGIN" if reads_only else "BEGIN IMMEDIATE")


def _name_broken_key(context: ExceptionContext) -> None:
    cause = context.original_exception
    is_server = context.dialect.name == "postgresql"
    is_unique = _is_unique_there(cause) if is_server else _is_unique_here(cause)
    if is_unique:
        raise AlreadyExists(f"a row with that unique key is there already: {cause}") from cause


def _is_unique_here(cause: BaseException) -> bool:
    return isinstance(cause, sqlite3.IntegrityError) and cause.sqlite_errorname in UNIQUE


def _is_unique_there(cause: BaseException) -> bool:
    import psycopg  # loaded for a server's databases alone

    if isinstance(cause, psycopg.Error) and cause.diag.message_primary:
        # Errors are logged, and PostgreSQL's details quote the row, which may hold an address.
        cause.args = (cause.diag.message_primary,)
    return isinstance(cause, psycopg.errors.UniqueViolation)
