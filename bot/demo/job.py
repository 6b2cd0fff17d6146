"""The main job, once through: tickets and feedback in, matched, shown on the tickets, told in the digest."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field

from bot.app import Bot
from bot.demo.reviewing import replay
from bot.demo.world import DIGEST_CHANNEL, World
from bot.services.annotate import annotate_marked
from bot.services.cards import show_marked
from bot.services.inbox import show_inboxes
from bot.services.publish import publish_due
from bot.services.sync import Synced, sync, sync_tickets
from bot.services.themes import update_themes

BY_DEMO = "demo"
Step = Callable[[str], Callable[[str], None]]


@dataclass(slots=True)
class Timed:
    """Seconds by stage."""

    seconds: dict[str, float] = field(default_factory=dict)

    @contextmanager
    def stage(self, name: str) -> Iterator[None]:
        """Time a stage; stages of one name add up."""
        started = time.monotonic()
        try:
            yield
        finally:
            self.seconds[name] = self.seconds.get(name, 0.0) + time.monotonic() - started


def open_switches(bot: Bot, projects: tuple[str, ...]) -> None:
    """Turn on both switches of each project by override: a demo has no answers to earn them with."""
    with bot.work() as unit:
        for project in projects:
            unit.projects.set(project, attach=True, write=True, by=BY_DEMO, now=bot.clock.now())
        unit.commit()


def subscribe(bot: Bot) -> None:
    """Let the digest channel hear of everything, from now on."""
    chosen = bot.settings.digest
    with bot.work() as unit:
        unit.subscriptions.put(
            DIGEST_CHANNEL, "weekly", cron=chosen.cron, zone=chosen.zone, next_at=bot.clock.now()
        )
        unit.commit()


def _counting(note: Callable[[str], None]) -> Callable[[Synced], None]:
    return lambda synced: note(f"{synced.read:,}")


def run_job(bot: Bot, world: World, timed: Timed, step: Step) -> None:
    """Run the whole job through HTTP, as in production."""
    with timed.stage("pull"):
        for tracker in bot.trackers.values():
            note = step(f"Reading tickets from {tracker.name.title()}")
            sync_tickets(bot.work, bot.clock, tracker, _counting(note))
        for source in bot.sources.values():
            note = step(f"Reading feedback from {source.name.title()}")
            sync(bot.work, bot.clock, bot.rules, source, progress=_counting(note))
    with timed.stage("review"):
        replay(bot, world)
    with timed.stage("match"):
        note = step("Matching feedback to tickets")
        bot.desk.match_due(lambda n: note(f"{n:,}"))
    with timed.stage("match"):
        step("Gathering what has no ticket")
        update_themes(bot.gatherer)
    with timed.stage("annotate"):
        note, looked = step("Showing customers' words on the tickets"), iter(range(1, 1_000_000))
        annotate_marked(bot.annotator, lambda: note(f"{next(looked):,} tickets"))
    with timed.stage("digest"):
        step("Posting the weekly digest")
        publish_due(bot.publisher)
    with timed.stage("cards"):
        note, shown = step("Showing matches for review"), iter(range(1, 1_000_000))
        show_marked(bot.presenter, lambda: note(f"{next(shown):,} looked at"))
        show_inboxes(bot.presenter)
