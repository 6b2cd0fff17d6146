"""Lives of a bot that a test may end: `python -m tests.journeys.killable` has it imported and forks each.

A life is the real bot, built as any command builds it, on a clock that starts where the test wants it. It
stops before it does anything, so that the test can aim at its process id, and goes on at SIGCONT.
"""

from __future__ import annotations

import json
import os
import signal
import sys
import traceback
from datetime import datetime, timedelta
from functools import partial
from pathlib import Path
from types import TracebackType
from typing import Any, Self

import requests
from sqlalchemy import select

from bot.app import Bot, build
from bot.commands.running import run
from bot.commands.subscribing import SUBSCRIBE, subscribe
from bot.domain.effect import EffectState
from bot.domain.scope import Scope
from bot.engine.clock import ShiftedClock
from bot.engine.queue import PARKED, WAITING, Handler
from bot.matching.embed import embedder_named
from bot.ports import Embedder, TicketTracker
from bot.repositories import UnitOfWork, Work
from bot.services.audit import sample
from bot.services.sync import sync, sync_tickets
from bot.storage.database import Database
from bot.storage.tables import effect, task
from config.logs import configure
from config.settings import Settings, load
from handlers.jobs import jobs, submit_due
from integrations.credentials import StaticCredentials
from integrations.jira.tracker import JiraTracker
from integrations.linear.tracker import LinearTracker
from tests.databases import hasty
from tests.journeys.company import DIGEST, PROJECTS
from tests.journeys.hearing import hear
from tests.preloading import import_all

QUIET_FOR, TICK = timedelta(hours=2), timedelta(seconds=10)
MOST_ROUNDS = 200
NEVER_QUIET, GAVE_UP = 3, 4


class LeapingClock:
    """A clock that runs on from a moment and leaps where the rest of the world is told to leap too."""

    def __init__(self, start: datetime, control: str) -> None:
        self._clock, self._control = ShiftedClock(start), control

    def now(self) -> datetime:
        return self._clock.now()

    def leap(self, period: timedelta) -> None:
        self._clock = ShiftedClock(self.now() + period)
        body = {"advance_s": period.total_seconds()}
        requests.post(f"{self._control}/clock", json=body, timeout=10).raise_for_status()


class Ledger:
    """Counts commits that change the ledger of outward acts, and kills its process at one of them."""

    def __init__(self, work: Work, at: int = 0, moment: str = "") -> None:
        self._work, self._at, self._moment = work, at, moment
        self.commits = 0

    def work(self) -> UnitOfWork:
        """Return a unit of work that is watched."""
        return WatchedUnit(self._work(), self)

    def commit(self, unit: UnitOfWork) -> None:
        """Commit, and die where it was asked for."""
        self.commits += 1
        self._die("before")
        unit.commit()
        self._die("after")

    def _die(self, moment: str) -> None:
        if self.commits == self._at and moment == self._moment:
            os.kill(os.getpid(), signal.SIGKILL)


class WatchedUnit:
    """A unit of work that tells the Ledger of commits with a change to the outward acts."""

    def __init__(self, unit: UnitOfWork, ledger: Ledger) -> None:
        self._unit, self._ledger = unit, ledger
        self._has_changed = False

    def __enter__(self) -> Self:
        self._unit.__enter__()
        return self

    def __exit__(
        self, kind: type[BaseException] | None, exc: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._unit.__exit__(kind, exc, trace)

    def __getattr__(self, name: str) -> Any:
        """Return a repository; asking for the acts to write is taken as a change."""
        if name == "effects":
            return WatchedEffects(self)
        return getattr(self._unit, name)

    def commit(self) -> None:
        if self._has_changed:
            self._ledger.commit(self._unit)
        else:
            self._unit.commit()

    def effects_method(self, name: str) -> Any:
        """Return a method of the acts' repository, noting whether it changes them."""
        self._has_changed = self._has_changed or name in ("want", "claim", "settle", "release")
        return getattr(self._unit.effects, name)


class WatchedEffects:
    """The outward acts of a watched unit."""

    def __init__(self, unit: WatchedUnit) -> None:
        self._unit = unit

    def __getattr__(self, name: str) -> Any:
        return self._unit.effects_method(name)


def live(orders: dict[str, Any], embedder: Embedder) -> int:
    """Live one life as ordered and return its exit status."""
    status = 0
    os.environ.update(orders["environment"])
    log = os.open(orders["log"], os.O_WRONLY | os.O_CREAT | os.O_APPEND)
    os.dup2(log, 1)  # what it says and logs; the answers to the test are its parent's
    os.dup2(log, 2)
    settings = load()
    configure("INFO", "json", settings.secrets())
    clock = LeapingClock(datetime.fromisoformat(orders["starts_at"]), orders["control"])
    database = Database(hasty(settings.database.url.get_secret_value()), settings.secret_keys)
    ledger = Ledger(database.work, orders.get("kill_at", 0), orders.get("moment", ""))
    parts = {"trackers": hurried(settings, clock)} if orders.get("hurries") else {}
    bot = build(settings, clock=clock, database=database, embedder=embedder, work=ledger.work, **parts)
    match orders["does"]:
        case "prepare":
            prepare(bot, orders["switches"], with_feedback=orders["with_feedback"])
        case "drain":
            status = drain(bot, clock)
        case "work":
            run(bot, serves=False, works=True)
        case "hear":
            hear(bot, Path(orders["address"]))
    if "count" in orders:
        Path(orders["count"]).write_text(str(ledger.commits), encoding="utf-8")
    bot.close()
    return status


def hurried(settings: Settings, clock: LeapingClock) -> dict[str, TicketTracker]:
    """Return the trackers as the bot makes them, but waiting in the world's time instead of the machine's."""

    def wait(seconds: float) -> None:
        clock.leap(timedelta(seconds=seconds))

    jira, linear = settings.jira, settings.linear
    assert jira.url
    assert jira.email
    assert jira.api_token
    assert linear.api_key
    account = StaticCredentials.basic(jira.email, jira.api_token.get_secret_value())
    key = StaticCredentials.raw(linear.api_key.get_secret_value())
    return {
        "jira": JiraTracker(
            jira.url,
            account,
            settings.jira_projects,
            sleep=wait,
            now=lambda: clock.now().timestamp(),
        ),
        "linear": LinearTracker(linear.url, key, settings.linear_teams, sleep=wait),
    }


def prepare(bot: Bot, switches: dict[str, list[bool]], *, with_feedback: bool) -> None:
    """Set (attach, write) by project, let a digest be due, read and match: all but writing outside."""
    now = bot.clock.now()
    with bot.work() as unit:
        for project, (attach, write) in switches.items():
            unit.projects.set(project, attach=attach, write=write, by="operator", now=now)
        unit.subscriptions.put(
            DIGEST, "weekly", cron="0 9 * * mon", zone="UTC", scope=Scope(projects=PROJECTS), next_at=now
        )
        unit.commit()
    if not with_feedback:
        return
    for tracker in bot.trackers.values():
        sync_tickets(bot.work, bot.clock, tracker)
    for source in bot.sources.values():
        sync(bot.work, bot.clock, bot.rules, source)
    bot.desk.match_due()
    sample(bot.work, bot.clock, bot.workshop.sampling)
    with bot.work() as unit:
        for name in (*bot.trackers, *bot.sources):
            unit.sources.schedule(name, now + timedelta(days=1))
        unit.commit()


def drain(bot: Bot, clock: LeapingClock) -> int:
    """Do all that is due, leaping over every wait, until nothing is left to do; return the exit status."""
    todo: dict[str, Handler] = {**jobs(bot.workshop), SUBSCRIBE.name: partial(subscribe, bot)}
    bot.queue.submit(SUBSCRIBE)
    for _ in range(MOST_ROUNDS):
        submit_due(bot.workshop)
        ran, wait = bot.queue.run_due(todo), _next_at(bot) - clock.now()
        if wait <= QUIET_FOR:
            clock.leap(max(wait, TICK))
        elif not ran:
            return GAVE_UP if bot.queue.counts()[PARKED] else 0
    return NEVER_QUIET


def _next_at(bot: Bot) -> datetime:
    """Return when something is to be done next: an outward act, a task, a digest."""
    with bot.database.engine.connect() as connection:
        acts = connection.execute(select(effect.c.state, effect.c.next_at, effect.c.claimed_until)).all()
        tasks = connection.execute(select(task.c.state, task.c.not_before, task.c.leased_until)).all()
    with bot.reading() as unit:
        moments = [s.next_at for s in unit.subscriptions.all() if s.next_at]
    moments += [
        a.claimed_until if a.state == EffectState.CLAIMED else a.next_at for a in acts if _is_open(a.state)
    ]
    moments += [t.not_before if t.state == WAITING else t.leased_until for t in tasks if t.state != PARKED]
    return min(moments)


def _is_open(state: str) -> bool:
    return state not in (EffectState.DONE, EffectState.PARKED)


def main() -> None:
    """Fork a life for each line of orders; answer its process id, and when it has ended its status."""
    import_all()
    embedder = embedder_named("minilm")  # loading it took each life as long as a third of its work
    for line in sys.stdin:
        pid = os.fork()
        if pid == 0:
            os.kill(os.getpid(), signal.SIGSTOP)
            _end(json.loads(line), embedder)
        os.waitpid(pid, os.WUNTRACED)
        _say({"pid": pid})
        _say({"status": os.waitstatus_to_exitcode(os.waitpid(pid, 0)[1])})


def _end(orders: dict[str, Any], embedder: Embedder) -> None:
    """Live, and end the process without going on as its parent would."""
    status = 1
    try:
        status = live(orders, embedder)
    except SystemExit as exc:
        status = int(exc.code or 0)
    except BaseException:  # noqa: BLE001 - the child's end: it never goes on as its parent would
        traceback.print_exc()
    finally:
        sys.stderr.flush()
        os._exit(status)


def _say(fact: dict[str, int]) -> None:
    sys.stdout.write(json.dumps(fact) + "\n")
    sys.stdout.flush()


if __name__ == "__main__":
    main()
