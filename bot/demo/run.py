"""`python -m bot demo`: starts the stand-ins, runs the job, shows what came of it."""

from __future__ import annotations

import json
import tempfile
from datetime import UTC, datetime
from pathlib import Path

from rich.console import Console

from bot.app import build
from bot.commands.console import steps
from bot.demo.job import Timed, open_switches, run_job, subscribe
from bot.demo.report import report_of, told_of
from bot.demo.serving import serve
from bot.demo.summary import show
from bot.demo.world import fill, settings_for
from bot.engine.clock import ShiftedClock
from bot.errors import RequestError
from bot.storage.schema import migrate
from integrations.sandbox.client import running_sandbox

HELLO = (
    "[bold]Voc demo[/]: stand-ins for Zendesk, Intercom, Jira, Linear and Slack; nothing leaves this machine."
)


def run(data: Path | None, *, once: bool, report: Path | None, now: str) -> None:
    """Run the demo; without `once` it serves the page until Ctrl-C."""
    moment = moment_of(now)
    console, timed = Console(highlight=False), Timed()
    console.print(HELLO)
    with (
        tempfile.TemporaryDirectory(prefix="voc-demo-") as folder,
        running_sandbox(profile="open", now=moment) as sandbox,
        steps() as step,
    ):
        with timed.stage("load"):
            step("Loading the stand-ins")
            world = fill(sandbox, data, moment)
        clock = ShiftedClock(datetime.fromisoformat(sandbox.about()["now"]))
        bot = build(settings_for(sandbox.urls, Path(folder) / "voc.db", world), clock=clock)
        migrate(bot.database.engine)
        open_switches(bot, world.projects + world.teams)
        subscribe(bot)
        run_job(bot, world, timed, step)
        told = told_of(bot)
        figures = report_of(bot, sandbox, world, timed, told)
        if report:
            report.write_text(json.dumps(figures, indent=2) + "\n", encoding="utf-8")
        show(console, figures, told)
        if not once:
            serve(bot, sandbox, console)
        bot.close()


def moment_of(now: str) -> datetime:
    """Return the demo's time.

    Raises RequestError unless it is ISO 8601 with an offset, or empty for this moment.
    """
    if not now:
        return datetime.now(UTC)
    try:
        moment = datetime.fromisoformat(now)
    except ValueError:
        moment = None
    if moment is None or moment.tzinfo is None:
        raise RequestError(f"--now: {now!r} is no time with an offset. Write it as 2026-11-23T09:00:00Z.")
    return moment.astimezone(UTC)
