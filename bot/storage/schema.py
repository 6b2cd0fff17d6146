"""The schema's revisions: brought up to date by `migrate`, looked at by everything else before it starts."""

from __future__ import annotations

import logging
import re
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING

from sqlalchemy import Connection, Engine, inspect, text

from bot.errors import VocError

if TYPE_CHECKING:
    from alembic.config import Config

log = logging.getLogger(__name__)

MIGRATION_LOCK = 0x766F63  # any number, as long as it is always the same: one process migrates at a time
MIGRATIONS = Path(__file__).with_name("migrations")
_LINK = re.compile(r'^revision = "(\w+)"\ndown_revision = (?:"(\w+)"|None)$', re.MULTILINE)


class SchemaError(VocError):
    """The schema is not the one that this version works with. current: its revision, None when empty."""

    def __init__(self, current: str | None, expected: str, remedy: str) -> None:
        self.current, self.expected = current, expected
        super().__init__(f"the database is at revision {current or 'none'}, not {expected}. {remedy}")


def revisions() -> dict[str, str]:
    """Return each revision with the one before it, "" for the first.

    They are read as text: every command asks, and loading Alembic takes as long as the rest of its start.
    """
    files = (path.read_text("utf-8") for path in (MIGRATIONS / "versions").glob("*.py"))
    return {own: before for file in files for own, before in _LINK.findall(file)}


def expected_revision() -> str:
    """Return the revision that this version works with. Raises ValueError unless just one is the last."""
    links = revisions()
    (last,) = links.keys() - links.values()
    return last


def current_revision(engine: Engine) -> str | None:
    """Return the database's revision, None for an empty one."""
    with engine.connect() as connection:
        if not inspect(connection).has_table("alembic_version"):
            return None
        return connection.execute(text("SELECT version_num FROM alembic_version")).scalar_one_or_none()


def require_current(engine: Engine) -> None:
    """Raise SchemaError unless the database is at the expected revision."""
    current, expected = current_revision(engine), expected_revision()
    if current == expected:
        return
    is_older = current is None or current in revisions()
    remedy = "Run: python -m bot migrate" if is_older else "A newer version of Voc made it; run that one"
    raise SchemaError(current, expected, remedy)


def migrate(engine: Engine, revision: str = "") -> None:
    """Bring the database up to a revision, by default the expected one; nothing happens where it is there."""
    from alembic import command

    wanted = revision or expected_revision()
    with _locked(engine) as config:
        command.upgrade(config, wanted)
    log.info("database migrated", extra={"revision": wanted})


def downgrade(engine: Engine, revision: str = "base") -> None:
    """Take the database back to a revision, by default to an empty one."""
    from alembic import command

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


def _config(connection: Connection) -> Config:
    from alembic.config import Config

    config = Config(attributes={"connection": connection})
    config.set_main_option("script_location", str(MIGRATIONS).replace("%", "%%"))
    return config
