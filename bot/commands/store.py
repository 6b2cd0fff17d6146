"""Commands on the store: migrate, backup, switch."""

from __future__ import annotations

from pathlib import Path

from bot.app import Bot, build
from bot.commands.console import say
from bot.errors import RequestError
from bot.services.marks import ANNOTATION, mark
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
    """Return a bot for the settings, its logging set up."""
    from config.logs import configure
    from config.settings import load

    settings = load()
    configure(settings.log.level, settings.log.format, settings.secrets())
    return build(settings)


def migrate() -> None:
    """Bring the database to this version's schema."""
    migrate_schema(configured().database.engine)
    say("The database is up to date.")


def backup(file: Path) -> None:
    """Copy the database to the file."""
    from bot.storage.backup import backup as copy_database

    copy_database(configured().database.engine, file)
    say(f"The database is copied to {file}.")


def switch(project: str, *, attach: bool | None, write: bool | None) -> None:
    """Set the project's switches, those that are given, and show both."""
    bot, key = opened(), project.strip().upper()
    if key not in bot.settings.jira_projects:
        known = ", ".join(bot.settings.jira_projects) or "none: see VOC_JIRA__PROJECTS"
        raise RequestError(f"{key} is not among the projects that Voc reads ({known})")
    with bot.work() as unit:
        now = unit.projects.switches(key)
        wanted_attach = now.attach if attach is None else attach
        wanted_write = now.write if write is None else write
        if (wanted_attach, wanted_write) != (now.attach, now.write):
            by = BY_OPERATOR if wanted_attach else ""
            unit.projects.set(key, attach=wanted_attach, write=wanted_write, by=by, now=bot.clock.now())
            if wanted_write and not now.write:
                for ticket_id in unit.matches.tickets_with_voices(key):
                    mark(unit, ANNOTATION, ticket_id, bot.clock.now())
            unit.commit()
    note = " (by override: precision not yet measured)" if wanted_attach else ""
    say(f"{key}: attach {_word(wanted_attach)}{note}, write {_word(wanted_write)}.")


def _word(is_on: bool) -> str:
    return "on" if is_on else "off"
