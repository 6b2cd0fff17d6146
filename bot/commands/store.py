"""Commands on the store: migrate, backup, switch."""

from __future__ import annotations

import atexit
from pathlib import Path

from bot.app import Bot, build
from bot.commands.console import say
from bot.errors import RequestError
from bot.services.status import status_of, switch_words
from bot.services.switching import switched
from bot.storage.schema import migrate as migrate_schema
from bot.storage.schema import require_current

BY_OPERATOR = "operator"


def opened() -> Bot:
    """Return a bot on the configured database.

    Raises SchemaError, with the command to run, for an old schema.
    """
    bot = configured()
    require_current(bot.database.engine)
    return bot


def configured() -> Bot:
    """Return a bot for the settings, its logging set up. It lets go of the database when the process ends."""
    from config.logs import configure
    from config.settings import load

    settings = load()
    configure(settings.log.level, settings.log.format, settings.secrets())
    bot = build(settings)
    atexit.register(bot.close)  # else what SQLite keeps beside its file would stay there
    return bot


def migrate() -> None:
    """Bring the database to this version's schema."""
    migrate_schema(configured().database.engine)
    say("The database is up to date.")


def backup(file: Path) -> None:
    """Copy the database to the file."""
    from bot.storage.backup import backup as copy_database

    copy_database(configured().database.engine, file)
    say(f"The database is copied to {file}.")


def switch(project: str, *, attach: bool | None, write: bool | None, earn: bool) -> None:
    """Set the project's switches, those that are given, and show both.

    What is set here stays until it is set again. earn: hand `attach` back to the answers, off at first.
    """
    bot, key = opened(), project.strip().upper()
    if key not in bot.settings.projects:
        known = ", ".join(bot.settings.projects) or "none: see VOC_JIRA__PROJECTS and VOC_LINEAR__TEAMS"
        raise RequestError(f"{key} is not among the projects that Voc reads ({known})")
    if earn and attach is not None:
        raise RequestError("--earn leaves attaching to the answers: give it without --attach or --no-attach")
    by = "" if earn else BY_OPERATOR
    wanted = switched(bot.work, bot.clock, key, by, attach=False if earn else attach, write=write)
    say(switch_words(status_of(bot.reading, bot.clock), wanted))
