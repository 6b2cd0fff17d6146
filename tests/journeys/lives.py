"""A bot's lives one after the other, over one database and one outside world."""

from __future__ import annotations

import json
import os
import signal
import subprocess
import sys
import time
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import asdict, dataclass, field
from datetime import timedelta
from pathlib import Path
from typing import Any

from tests.conftest import ROOT
from tests.journeys.company import PROJECTS
from tests.journeys.outside import Held, Kind, Outside

OPEN = dict.fromkeys(PROJECTS, (True, True))
PAST_EVERY_LEASE = timedelta(minutes=5)
KILLED = -signal.SIGKILL
MOST_LIVES = 12


class Nursery:
    """Forks lives from a process that has everything imported."""

    def __init__(self, process: subprocess.Popen[str]) -> None:
        self._process = process

    def begin(self, orders: dict[str, Any]) -> int:
        """Return the process id of a life that waits for SIGCONT."""
        assert self._process.stdin is not None
        self._process.stdin.write(json.dumps(orders) + "\n")
        self._process.stdin.flush()
        return self._answer()["pid"]

    def end(self) -> int:
        """Wait for the life's end and return its exit status, below zero for a signal."""
        return self._answer()["status"]

    def _answer(self) -> dict[str, int]:
        assert self._process.stdout is not None
        return dict(json.loads(self._process.stdout.readline()))


@contextmanager
def nursery() -> Iterator[Nursery]:
    process = subprocess.Popen(
        [sys.executable, "-m", "tests.journeys.killable"],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        text=True,
        cwd=ROOT,
    )
    try:
        yield Nursery(process)
    finally:
        assert process.stdin is not None
        assert process.stdout is not None
        process.stdin.close()
        process.wait(10)
        process.stdout.close()


@dataclass
class Lives:
    """One bot, however often it dies. Each life begins after every lease of the one before has ended.

    doom, doom_comes: the request at which the bot is killed, once: "kill_before" or "kill_after" the act.
    hurries: whether trackers are waited for in the world's time, not the machine's.
    """

    nursery: Nursery
    outside: Outside
    environment: dict[str, str]
    folder: Path
    doom: Kind | None = None
    doom_comes: str = ""
    hurries: bool = False
    statuses: list[int] = field(default_factory=list)

    def prepare(
        self, switches: Mapping[str, tuple[bool, bool]] = OPEN, *, with_feedback: bool = True
    ) -> None:
        """Set (attach, write) by project, let the digest be due, and read and match all; write nothing."""
        status = self._live("prepare", switches=switches, with_feedback=with_feedback)
        assert status == 0, self.log

    def change_what_was_said(self) -> None:
        """Let one conversation be deleted and words of another be blacked out, and two days pass."""
        self.outside.load(
            "zendesk", delete=[2], redact=[{"ticket_id": 1, "text": "the month's report is late"}]
        )
        self.pass_time(timedelta(days=2))

    def go_all_the_way(self) -> list[Held]:
        """Return what is held after all was said, and after some of it was taken back."""
        self.drain_through_deaths()
        first = self.outside.held()
        self.change_what_was_said()
        self.drain_through_deaths()
        return [first, self.outside.held()]

    def drain(self, **orders: Any) -> int:
        """Live until nothing is left to do, or the end that is ordered; return the exit status."""
        return self._live("drain", **orders)

    def work(self, *, dies_after_s: float) -> None:
        """Run as `python -m bot work` does, and be killed after that time."""
        pid = self._begin("work")
        os.kill(pid, signal.SIGCONT)
        time.sleep(dies_after_s)
        os.kill(pid, signal.SIGKILL)
        self.statuses.append(self.nursery.end())

    @contextmanager
    def hearing(self) -> Iterator[str]:
        """Acknowledge what Slack sends and do nothing of it; yield the address, and be killed then."""
        address = self.folder / "address"
        os.mkfifo(address)
        pid = self._begin("hear", address=str(address))
        os.kill(pid, signal.SIGCONT)
        yield address.read_text(encoding="utf-8")
        os.kill(pid, signal.SIGKILL)
        self.statuses.append(self.nursery.end())

    def drain_through_deaths(self) -> None:
        """Live until all is done, however often the bot is killed meanwhile."""
        for _ in range(MOST_LIVES):
            status = self.drain()
            if status == 0:
                return
            assert status == KILLED, self.log
        raise AssertionError(f"not done after {MOST_LIVES} lives")

    @property
    def log(self) -> str:
        """The end of what the lives have logged, for a failing test to show."""
        return "\n".join((self.folder / "bot.log").read_text(encoding="utf-8").splitlines()[-30:])

    def pass_time(self, period: timedelta) -> None:
        """Let time pass for everybody."""
        self.outside.sandbox.clock.advance(period.total_seconds())

    def _live(self, does: str, **orders: Any) -> int:
        pid = self._begin(does, **orders)
        if self.doom and KILLED not in self.statuses:
            self.outside.sandbox.faults.clear()
            left = max(0, self.doom.skip - self.outside.count(self.doom))
            rule = {**asdict(self.doom), "skip": left, "do": self.doom_comes, "pid": pid}
            self.outside.sandbox.faults.add(rule)
        os.kill(pid, signal.SIGCONT)
        self.statuses.append(self.nursery.end())
        return self.statuses[-1]

    def _begin(self, does: str, **orders: Any) -> int:
        if self.statuses:
            self.pass_time(PAST_EVERY_LEASE)
        return self.nursery.begin(
            {
                "does": does,
                "environment": self.environment,
                "starts_at": self.outside.sandbox.clock.now().isoformat(),
                "control": self.outside.sandbox.urls["control"],
                "log": str(self.folder / "bot.log"),
                "hurries": self.hurries,
                **orders,
            }
        )
