"""The queue's laws in any order of events, and what becomes of a killed process's task."""

from __future__ import annotations

import subprocess
import sys
import threading
from datetime import timedelta
from itertools import count
from pathlib import Path

import pytest
from hypothesis import settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, invariant, rule, run_state_machine_as_test

from bot.engine.clock import SystemClock
from bot.engine.queue import Lease, SqlQueue
from bot.ports import Task
from bot.storage.database import Database
from tests.engine.clocks import SetClock

LEASE_S = 60.0
SYNC = Task(name="sync", key="sync:zendesk", arguments={"source": "zendesk"})


class Queue(RuleBasedStateMachine):
    """Any order of submissions, runs, deaths and time: nothing is lost, nothing overlaps, merging holds."""

    _machines = count()

    def __init__(self, database: Database) -> None:
        super().__init__()
        self.database = database

    @initialize()
    def begin(self) -> None:
        self.clock = SetClock()
        self.queue = SqlQueue(self.database.engine, self.clock, most_tries=1000)
        self.prefix = f"{next(self._machines)}:"
        self.waiting: set[str] = set()  # submitted, and no run has begun since
        self.died: set[str] = set()  # begun by a worker that died, and not taken over since
        self.running: dict[str, Lease] = {}

    @rule(key=st.sampled_from("abc"), wait=st.integers(0, 30))
    def submit(self, key: str, wait: int) -> None:
        later = self.clock.now() + timedelta(seconds=wait)
        self.queue.submit(Task(name="t", key=self.prefix + key), not_before=later)
        self.waiting.add(self.prefix + key)

    @rule()
    def take(self) -> None:
        for lease in self.queue.take(1):
            assert lease.task.key not in self.running
            (self.died if lease.task.key in self.died else self.waiting).remove(lease.task.key)
            self.running[lease.task.key] = lease

    @rule(key=st.sampled_from("abc"), how=st.sampled_from(["finish", "fail", "release"]))
    def end(self, key: str, how: str) -> None:
        lease = self.running.pop(self.prefix + key, None)
        if lease is None:
            return
        if how == "finish":
            self.queue.finish(lease)
            return
        if how == "fail":
            self.queue.fail(lease, "E")
        else:
            self.queue.release(lease)
        self.waiting.add(lease.task.key)

    @rule()
    def every_worker_dies(self) -> None:
        self.clock.move(LEASE_S)
        self.died |= self.running.keys()
        self.running.clear()

    @rule(seconds=st.integers(1, 30))
    def time_passes(self, seconds: int) -> None:
        self.queue.renew(list(self.running.values()))
        self.clock.move(seconds)

    @invariant()
    def never_more_than_one_waiting_and_one_running_of_a_key(self) -> None:
        counts = self.queue.counts()
        assert counts["waiting"] <= 3
        assert counts["running"] <= 3
        assert counts["parked"] == 0

    def teardown(self) -> None:
        for lease in self.running.values():
            self.queue.finish(lease)
        self.clock.move(10_000)
        ran = set()
        while leases := self.queue.take(5):
            for lease in leases:
                ran.add(lease.task.key)
                self.queue.finish(lease)
        assert ran == self.waiting | self.died
        assert not any(self.queue.counts().values())


def test_the_queue_keeps_its_promises_in_any_order(database: Database) -> None:
    run_state_machine_as_test(
        lambda: Queue(database),  # type: ignore[arg-type] # a factory will do
        settings=settings(max_examples=20, stateful_step_count=25, deadline=None),
    )


WORKER = """
import sys, time
from datetime import timedelta
from bot.engine.clock import SystemClock
from bot.engine.queue import SqlQueue
from bot.storage.engine import open_database

queue = SqlQueue(open_database(sys.argv[1]), SystemClock(), lease=timedelta(seconds=float(sys.argv[2])))

def hang(arguments):
    print("began", flush=True)
    time.sleep(600)

queue.run_due({"sync": hang})
"""


@pytest.mark.slow
def test_a_task_of_a_killed_process_is_taken_over_when_its_lease_ends(
    database: Database, database_url: str, root: Path
) -> None:
    lease = timedelta(seconds=3)
    queue = SqlQueue(database.engine, SystemClock(), lease=lease)
    queue.submit(SYNC)
    command = [sys.executable, "-c", WORKER, database_url, str(lease.total_seconds())]
    worker = subprocess.Popen(command, cwd=root, stdout=subprocess.PIPE, text=True)
    assert worker.stdout is not None
    assert worker.stdout.readline() == "began\n"
    worker.kill()
    worker.communicate()
    at_once = queue.take(1)

    runs = 0
    pause = threading.Event()
    for _ in range(100):
        runs += queue.run_due({"sync": lambda _: None})
        if runs:
            break
        pause.wait(0.1)

    assert at_once == []
    assert runs == 1
    assert queue.counts() == {"waiting": 0, "running": 0, "parked": 0}
