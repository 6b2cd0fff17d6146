"""What each answer costs the process that serves Slack: CPU time, which other work beside it leaves be."""

from __future__ import annotations

import json
import tempfile
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from benchmarks import world
from benchmarks.answering import PRESS, Act, command, settings_values, stored
from benchmarks.figures import Figure, median
from benchmarks.slack_side import SlackSide, slack_side
from benchmarks.stored import databases
from bot.app import build
from bot.storage.engine import open_database
from bot.storage.schema import migrate
from config.settings import settings_of
from handlers.commands import VERBS
from handlers.handling import handle
from handlers.slack_app import LISTENERS, Listener
from integrations.slack.blocks import ids

TIMES, WARM_UP = 20, 3
MEAN_MS = 40  # at twenty a second on two cores, of which the database and Slack's side have one


def answer_cpu() -> Iterator[Figure]:
    """Yield each command's median and the mean of all, on SQLite and on PostgreSQL, its server left out."""
    with (
        tempfile.TemporaryDirectory(prefix="voc-bench-") as temporary,
        slack_side() as side,
        databases(Path(temporary)) as urls,
    ):
        for database, url in urls.items():
            yield from _figures(database, dict(_costs(side, url)))


def _figures(database: str, costs: dict[str, list[float]]) -> Iterator[Figure]:
    for name, took in costs.items():
        yield median(f"answer_cpu_{database}_{name.replace(' ', '_')}_ms", took, "ms")
    every = [sum(each) / len(each) for each in zip(*costs.values(), strict=True)]
    yield median(f"answer_cpu_{database}_mean_ms", every, "ms", wanted=f"< {MEAN_MS}")


def _costs(side: SlackSide, url: str) -> Iterator[tuple[str, list[float]]]:
    """Yield each command's name with the milliseconds of each time: its thread's own, waiting left out."""
    engine = open_database(url)
    migrate(engine)
    engine.dispose()
    presses = stored(side, url)
    route = {"projects": [world.PROJECT], "owner_channel": world.OWNER}
    bot = build(settings_of({**settings_values(side, url), "routes": [route]}))
    for name in (*VERBS, PRESS):
        took = []
        for _ in range(WARM_UP + TIMES):
            act = next(presses) if name == PRESS else command(side, name)
            began = time.thread_time()
            handle(bot.context, _listener(name), _body(act))
            took.append(1000 * (time.thread_time() - began))
            if act.id not in side.came:
                raise RuntimeError(f"{name} was not answered")
        yield name, took[WARM_UP:]
    bot.close()


def _listener(name: str) -> Listener:
    return next(
        one for one in LISTENERS if (one.name == ids.ATTACH if name == PRESS else one.kind == "command")
    )


def _body(act: Act) -> dict[str, Any]:
    """Return the act as the listener gets it: a press is JSON in its form."""
    payload = act.form.get("payload")
    return dict(json.loads(payload)) if payload else dict(act.form)
