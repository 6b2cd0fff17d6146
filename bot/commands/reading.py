"""Commands that read: sync, import."""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, datetime
from bot.app import Bot
from bot.commands.console import say, steps
from bot.commands.store import opened
from bot.errors import RequestError, SettingError
from bot.ports import FeedbackSource
from bot.services.sync import FIRST_IMPORT, Synced, sync_tickets
from bot.services.sync import sync as sync_source


def sync(since: datetime | None, name: str) -> None:
    """Read tickets, then the sources (one or all), then match what is new."""
    bot = opened()
    sources = _chosen(bot, name)
    start = since.replace(tzinfo=UTC) if since else bot.clock.now() - FIRST_IMPORT
    with steps() as step:
        for tracker in bot.trackers.values():
            note = step(f"{tracker.name}: tickets")
            sync_tickets(bot.work, bot.clock, tracker, _noting(note))
        for source in sources:
            title = _announced(bot, source, start)
            say(title)
            note = step(title)
            sync_source(bot.work, bot.clock, bot.rules, source, since=start, progress=_noting(note))
        note = step("matching")
        matched = bot.desk.match_due(lambda n: note(f"{n} pieces"))
    say(f"{matched} pieces matched. See: python -m bot status")


def _chosen(bot: Bot, name: str) -> list[FeedbackSource]:
    if not bot.sources:
        raise SettingError(
            "VOC_ZENDESK__URL", "is not set, nor is any other source", feature="sync", remedy="Run: python -m bot init"
        )
    if name and name not in bot.sources:
        raise RequestError(f"There is no source {name!r}. Configured: {', '.join(bot.sources)}.")
    return [bot.sources[name]] if name else list(bot.sources.values())


def _announced(bot: Bot, source: FeedbackSource, start: datetime) -> str:
    with bot.reading() as unit:
        goes_on = bool(unit.sources.get(source.name).cursor)
    if goes_on:
        return f"{source.name}: going on where it stopped"
    about = source.estimate(start)
    count = "an unknown number of" if about is None else f"about {about:,}"
    return f"{source.name}: {count} conversations since {start:%Y-%m-%d}"


def _noting(note: Callable[[str], None]) -> Callable[[Synced], None]:
    return lambda synced: note(_read(synced))


def _read(synced: Synced) -> str:
    parts = [f"{synced.read:,} read", f"{synced.new:,} new"]
    parts += [f"{synced.gone:,} deleted at the source"] if synced.gone else []
    parts += [f"{synced.set_aside:,} unreadable, set aside"] if synced.set_aside else []
    return ", ".join(parts)
