"""The command sync: tickets, then feedback, then matching."""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, datetime

import typer

from bot.app import Bot
from bot.commands.console import Step, say, steps
from bot.commands.faults import told
from bot.commands.store import opened
from bot.errors import IntegrationError, RequestError, SettingError
from bot.operator.questions import minutes_of
from bot.ports import FeedbackSource
from bot.services.sync import FIRST_IMPORT, Progress, Synced, sync_tickets
from bot.services.sync import sync as sync_source


def sync(since: datetime | None, name: str) -> None:
    """Read tickets, then the sources (one or all), then match what is new.

    What one of them refuses is told, and the others are read all the same; the command then exits with 1.
    """
    bot = opened()
    sources = _chosen(bot, name)
    try:
        with steps() as step:
            is_whole = _read_all(bot, sources, since.replace(tzinfo=UTC) if since else None, step)
            note = step("matching")
            matched = bot.desk.match_due(lambda n: note(f"{n:,} pieces"))
    except KeyboardInterrupt:
        typer.echo("Stopped. The next sync goes on where this one stopped.", err=True)
        raise typer.Exit(130) from None
    say(f"{matched:,} pieces matched. See: python -m bot status")
    if not is_whole:
        raise typer.Exit(1)


def _chosen(bot: Bot, name: str) -> list[FeedbackSource]:
    if not bot.sources:
        problem, remedy = "is not set, nor is any other source", "Run: python -m bot init"
        raise SettingError("VOC_ZENDESK__URL", problem, feature="sync", remedy=remedy)
    if name and name not in bot.sources:
        raise RequestError(f"There is no source {name!r}. Configured: {', '.join(bot.sources)}.")
    return [bot.sources[name]] if name else list(bot.sources.values())


def _read_all(bot: Bot, sources: list[FeedbackSource], since: datetime | None, step: Step) -> bool:
    """Return whether all could be read; what could not is told."""
    start = since or bot.clock.now() - FIRST_IMPORT

    def tickets(name: str) -> Callable[[Progress], Synced]:
        return lambda progress: sync_tickets(bot.work, bot.clock, bot.trackers[name], progress)

    def feedback(source: FeedbackSource) -> Callable[[Progress], Synced]:
        def read(progress: Progress) -> Synced:
            say(_announced(bot, source, start, is_asked=since is not None))
            return sync_source(bot.work, bot.clock, bot.rules, source, since=start, progress=progress)

        return read

    done = [_read(name, "tickets", tickets(name), step) for name in bot.trackers]
    done += [_read(source.name, "conversations", feedback(source), step) for source in sources]
    return all(done)


def _read(name: str, what: str, read: Callable[[Progress], Synced], step: Step) -> bool:
    note = step(f"{name}: {what}")
    try:
        synced = read(lambda so_far: note(_counts(so_far)))
    except IntegrationError as exc:
        typer.echo(f"voc: {told(exc)}", err=True)
        return False
    say(f"{name}: {what}: {_counts(synced)}")
    return True


def _announced(bot: Bot, source: FeedbackSource, start: datetime, *, is_asked: bool) -> str:
    with bot.reading() as unit:
        goes_on = bool(unit.sources.get(source.name).cursor)
    if goes_on:
        note = "; --since counts for a first import alone" if is_asked else ""
        return f"{source.name}: going on where it stopped{note}"
    try:
        about = source.estimate(start)
    except IntegrationError:
        about = None  # reading fails for the same reason, or goes well all the same
    if about is None:
        return f"{source.name}: an unknown number of conversations since {start:%Y-%m-%d}"
    noun = "conversation" if about == 1 else "conversations"
    words = f"{source.name}: about {about:,} {noun} since {start:%Y-%m-%d}"
    return f"{words}, {minutes_of(source.name, about)}"


def _counts(synced: Synced) -> str:
    parts = [f"{synced.read:,} read", f"{synced.new:,} new"]
    parts += [f"{synced.changed:,} changed"] if synced.changed else []
    parts += [f"{synced.gone:,} deleted at the source"] if synced.gone else []
    parts += [f"{synced.set_aside:,} unreadable, set aside"] if synced.set_aside else []
    return ", ".join(parts)
