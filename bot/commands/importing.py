"""The command import: feedback from a file, in units of work of some hundred rows."""

from __future__ import annotations

import re
from collections.abc import Callable
from contextlib import closing
from dataclasses import dataclass, replace
from itertools import islice
from pathlib import Path

import typer

from bot.app import Bot
from bot.commands.console import say, steps
from bot.commands.store import opened
from bot.domain.feedback import ReceivedConversation
from bot.errors import RequestError
from bot.services.ingest import Ingested, prepare, store
from integrations.files.file_map import read_map
from integrations.files.refusal import RowRefused
from integrations.files.source import FeedbackFile

ROWS_A_UNIT = 200
# Ids are unique within a source, people's too: a file may not write among a vendor's, nor among addresses.
TAKEN = frozenset({"zendesk", "intercom", "jira", "linear", "slack", "e-mail"})


@dataclass(slots=True)
class Imported:
    """What became of the rows. set_aside: new or changed, kept from matching by a rule or lack of words."""

    read: int = 0
    new: int = 0
    changed: int = 0
    unchanged: int = 0
    refused: int = 0
    set_aside: int = 0


def import_file(file: Path, source: str, mapping: Path | None, *, dry_run: bool) -> None:
    """Read the file and match what is new; exit with 1 when rows were refused. dry_run: only count."""
    check_name(source)
    with closing(opened()) as bot:
        feedback = FeedbackFile(file, read_map(mapping), now=bot.clock.now())
        matched = 0
        with steps() as step:
            note = step(f"{file.name}: rows")
            done = load(bot, source, feedback, dry_run=dry_run, progress=lambda d: note(f"{d.read:,} read"))
            if not dry_run:
                note = step("matching")
                matched = bot.desk.match_due(lambda n: note(f"{n:,} pieces"))
    if feedback.unused:
        say(f"columns not used: {', '.join(feedback.unused)}")
    say(_told(done, dry_run=dry_run))
    if not dry_run:
        say(f"{matched:,} pieces matched. See: python -m bot status")
    if done.refused:
        raise typer.Exit(1)


def load(
    bot: Bot, source: str, feedback: FeedbackFile, *, dry_run: bool, progress: Callable[[Imported], None]
) -> Imported:
    """Store the file's conversations, and tell of each refused row on standard error; return the counts."""
    rules = replace(bot.rules, fields={**bot.rules.fields, source: feedback.fields})
    done, rows = Imported(), feedback.conversations()
    while batch := list(islice(rows, ROWS_A_UNIT)):
        for refused in (row for row in batch if isinstance(row, RowRefused)):
            typer.echo(f"{feedback.name}, {refused}", err=True)
            done.refused += 1
        now = bot.clock.now()
        prepared = [prepare(rules, row) for row in batch if isinstance(row, ReceivedConversation)]
        with bot.work() as unit:
            for one in prepared:
                _count(done, store(unit, rules, source, one, now))
            if not dry_run:
                unit.commit()
        done.read += len(batch)
        progress(done)
    done.read += feedback.repeated
    done.unchanged += feedback.repeated
    return done


def check_name(source: str) -> None:
    """Raise RequestError for a name that is none, or another's."""
    if not re.fullmatch(r"[a-z][a-z0-9_-]{0,39}", source):
        raise RequestError("--source: write a short name in lower case, e.g. app-reviews.")
    if source in TAKEN:
        raise RequestError(f"--source: {source} is taken, and ids would mix. Choose e.g. {source}-file.")


def _count(done: Imported, ingested: Ingested) -> None:
    done.new += ingested.is_new
    done.changed += ingested.is_changed and not ingested.is_new
    done.unchanged += not ingested.is_changed
    done.set_aside += ingested.is_changed and not ingested.pieces


def _told(done: Imported, *, dry_run: bool) -> str:
    counts = (
        f"{done.read:,} read: {done.new:,} new, {done.changed:,} changed, {done.unchanged:,} unchanged, "
        f"{done.refused:,} refused; {done.set_aside:,} of the new and changed set aside"
    )
    return f"dry run, nothing is stored. {counts}" if dry_run else counts
