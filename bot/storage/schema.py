"""The schema's revisions: brought up to date by `migrate`, looked at by everything else before it starts."""

from __future__ import annotations

import logging
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from alembic import command
from alembic.config import Config
from alembic.migration import MigrationContext
from alembic.script import ScriptDirectory
from sqlalchemy import Connection, Engine, text

from bot.errors import VocError

log = logging.getLogger(__name__)

MIGRATION_LOCK = 0x766F63  # any number, as long as it is always the same: one process migrates at a time


class SchemaError(VocError):
    """The schema is not the one that this version works with. current: its revision, None when empty."""

    def __init__(self, current: str | None, expected: str, remedy: str) -> None:
        self.current, self.expected = current, expected
        super().__init__(f"the database is at revision {current or 'none'}, not {expected}. {remedy}")


def expected_revision() -> str:
    """Return the revision that this version works with."""
    head = _scripts().get_current_head()
    if head is None:
        raise LookupError("there are no migrations")
    return head


def current_revision(engine: Engine) -> str | None:
    """Return the database's revision, None for an empty one."""
    with engine.connect() as connection:
        return MigrationContext.configure(connection).get_current_revision()


def require_current(engine: Engine) -> None:
    """Raise SchemaError unless the database is at the expected revision."""
    current, expected = current_revision(engine), expected_revision()
    if current == expected:
        return
    known = {script.revision for script in _scripts().walk_revisions()}
    is_older = current is None or current in known
    remedy = "Run: python -m bot migrate" if is_older else "A newer version of Voc made it; run that one"
    raise SchemaError(current, expected, remedy)


def migrate(engine: Engine) -> None:
    """Bring the database to the expected revision; nothing happens where it is there already."""
    with _locked(engine) as config:
        command.upgrade(config, "head")
    log.info("database migrated", extra={"revision": expected_revision()})


def downgrade(engine: Engine, revision: str = "base") -> None:
    """Take the database back to a revision, by default to an empty one."""
    with _locked(engine) as config:
        command.downgrade(config, revision)
    log.info("database downgraded", extra={"revision": revision})


@contextmanager
def _locked(engine: Engine) -> Iterator[Config]:
    """Run one transaction, alone among migrating processes: on SQLite any writing one is."""
    with engine.begin() as connection:
        if connection.dialect.name == "postgresql":
            connection.execute(text("SELECT pg_advisory_xact_lock(:key)"), {"key": MIGRATION_LOCK})
        yield _config(connection)


def _config(connection: Connection | None = None) -> Config:
    config = Config(attributes={"connection": connection})
    config.set_main_option("script_location", str(Path(__file__).with_name("migrations")).replace("%", "%%"))
    return config


def _scripts() -> ScriptDirectory:
    return ScriptDirectory.from_config(_config())
