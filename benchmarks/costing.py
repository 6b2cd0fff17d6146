"""What each answer costs the process that serves Slack: CPU time, which other work beside it leaves be."""

from __future__ import annotations

import json
import tempfile
import time
from collections.abc import Iterator
from itertools import count
from pathlib import Path
from typing import Any

from benchmarks import world
from benchmarks.answering import PRESS, Act, command, settings_values, stored
from benchmarks.figures import Figure, median
from benchmarks.slack_side import TEAM, USER, SlackSide, slack_side
from benchmarks.stored import databases
from bot.app import build
from bot.storage.engine import open_database
from bot.storage.schema import migrate
from config.settings import settings_of
from handlers.commands import COMMAND, VERBS
from handlers.handling import handle
from handlers.slack_app import LISTENERS, Listener
from integrations.slack.blocks import ids

TIMES, WARM_UP = 20, 3
HOME = "app_home_opened"
LINK = {"url": f"https://acme.example/browse/{world.PROJECT}-1", "domain": "acme.example"}
EVENTS: dict[str, dict[str, Any]] = {HOME: {"tab": "home"}, "link_shared": {"links": [LINK], "unfurl_id": ""}}
MEAN_MS = 40  # at twenty a second on two cores, of which the database and Slack's side have one


def answer_cpu() -> Iterator[Figure]:
    """Yield the medians of the commands, a press, App Home and an unfurled link, and of their mean.

    On SQLite and on PostgreSQL, whose own server is left out.
    """
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
    for name in (*VERBS, PRESS, *EVENTS):
        took = []
        for _ in range(WARM_UP + TIMES):
            act = next(presses) if name == PRESS else event(name) if name in EVENTS else command(side, name)
            side.came.pop(act.id, None)
            began = time.thread_time()
            handle(bot.context, _listener(name), _body(act))
            took.append(1000 * (time.thread_time() - began))
            if act.id not in side.came:
                raise RuntimeError(f"{name} was not answered")
        yield name, took[WARM_UP:]
    bot.close()


_ids = count(1)


def event(name: str) -> Act:
    """Return the event of that name, a new one each time."""
    number = next(_ids)
    known = {"type": name, "user": USER, "channel": world.OWNER, "message_ts": f"0.{number}"}
    about = {"type": "event_callback", "event_id": f"Ev{number}", "team_id": TEAM, "event_time": number}
    answered_as = USER if name == HOME else known["message_ts"]
    return Act(name, answered_as, {"payload": json.dumps({**about, "event": {**known, **EVENTS[name]}})})


def _listener(name: str) -> Listener:
    kind = "event" if name in EVENTS else "action" if name == PRESS else "command"
    called = {"event": name, "action": ids.ATTACH, "command": COMMAND}[kind]
    return next(one for one in LISTENERS if (one.kind, one.name) == (kind, called))


def _body(act: Act) -> dict[str, Any]:
    """Return the act as the listener gets it: a press is JSON in its form, and so is an event here."""
    payload = act.form.get("payload")
    return dict(json.loads(payload)) if payload else dict(act.form)
