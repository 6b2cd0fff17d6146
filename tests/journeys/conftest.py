"""Where a journey happens: a database of each kind, a nursery of lives, an outside world."""

from __future__ import annotations

import itertools
import shutil
from collections.abc import Iterator, Mapping
from contextlib import AbstractContextManager, contextmanager
from datetime import timedelta
from pathlib import Path
from typing import Protocol

import pytest

from tests.databases import KINDS, TEMPLATE, copied, run_sql
from tests.journeys.company import SOME, Said
from tests.journeys.lives import OPEN, Lives, Nursery, nursery
from tests.journeys.outside import MONDAY, outside

PREPARED_WITHIN = timedelta(minutes=10)
_numbers = itertools.count(1)


class Databases(Protocol):
    """Databases of one kind. Templates are what `keep` returned, or "" for an empty, migrated one."""

    kind: str

    def fresh(self, template: str = "") -> AbstractContextManager[str]:
        """Yield the URL of a copy of the template."""
        ...

    def keep(self, url: str) -> str:
        """Return the database as a template; nobody may be connected to it."""
        ...


class SqliteFiles:
    """Files in a folder."""

    kind = "sqlite"

    def __init__(self, folder: Path, template: Path) -> None:
        self._folder, self._template = folder, template

    @contextmanager
    def fresh(self, template: str = "") -> Iterator[str]:
        file = self._folder / f"{next(_numbers)}.db"
        shutil.copy(template or self._template, file)
        yield f"sqlite:///{file}"

    def keep(self, url: str) -> str:
        return url.removeprefix("sqlite:///")


class PostgresDatabases:
    """Databases of a server."""

    kind = "postgresql"

    def __init__(self, server: str) -> None:
        self._server = server
        self._kept = set[str]()

    @contextmanager
    def fresh(self, template: str = "") -> Iterator[str]:
        name = f"journey_{next(_numbers)}"
        run_sql(self._server, copied(name, template or TEMPLATE))
        yield self._server.replace("/postgres?", f"/{name}?")
        if name not in self._kept:
            run_sql(self._server, f"DROP DATABASE {name} WITH (FORCE)")

    def keep(self, url: str) -> str:
        name = url.partition("?")[0].rpartition("/")[2]
        self._kept.add(name)
        return name


class Stage:
    """Makes bots with a world around them, on one kind of database."""

    def __init__(self, nursery: Nursery, databases: Databases, folder: Path) -> None:
        self._nursery, self.databases, self._folder = nursery, databases, folder
        self._prepared: dict[tuple[tuple[Said, ...], str], str] = {}

    @contextmanager
    def lives(
        self, said: tuple[Said, ...] = SOME, switches: Mapping[str, tuple[bool, bool]] = OPEN
    ) -> Iterator[Lives]:
        """Yield a bot that has read and matched everything and written nothing."""
        known = (said, repr(switches))
        if known not in self._prepared:
            with self.unread_lives(said) as lives:
                lives.prepare(switches)
                self._prepared[known] = self.databases.keep(lives.environment["VOC_DATABASE__URL"])
        with self._of(said, self._prepared[known]) as lives:
            yield lives

    def unread_lives(self, said: tuple[Said, ...] = SOME) -> AbstractContextManager[Lives]:
        """Yield a bot that has not even read anything."""
        return self._of(said, "")

    @contextmanager
    def _of(self, said: tuple[Said, ...], template: str) -> Iterator[Lives]:
        folder = self._folder / str(next(_numbers))
        folder.mkdir()
        # What was prepared is older than what comes: no clock goes back.
        now = MONDAY + PREPARED_WITHIN if template else MONDAY
        with self.databases.fresh(template) as url, outside(said, now=now) as world:
            yield Lives(self._nursery, world, world.environment(url, folder), folder)


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Leave PostgreSQL to the slow ring: a journey on SQLite is quick enough for every day."""
    for item in items:
        if item.path.parent == Path(__file__).parent and "postgresql" in item.name:
            item.add_marker(pytest.mark.slow)


@pytest.fixture(scope="session")
def the_nursery() -> Iterator[Nursery]:
    """Return the process that all lives of this session are forked from."""
    with nursery() as made:
        yield made


@pytest.fixture(params=KINDS)
def databases(request: pytest.FixtureRequest, tmp_path: Path) -> Databases:
    """Return databases, of each kind."""
    if request.param == "sqlite":
        return SqliteFiles(tmp_path, request.getfixturevalue("sqlite_template"))
    return PostgresDatabases(request.getfixturevalue("postgres_server"))


@pytest.fixture
def stage(the_nursery: Nursery, databases: Databases, tmp_path: Path) -> Stage:
    """Return where journeys happen, on each kind of database."""
    return Stage(the_nursery, databases, tmp_path)
