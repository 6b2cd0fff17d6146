"""What every work queue promises: submissions survive and merge, runs of a key never overlap."""

from __future__ import annotations

import logging
import threading
from collections.abc import Mapping
from datetime import timedelta

import pytest

from bot.engine.clock import SystemClock
from bot.engine.queue import Lease, SqlQueue, run
from bot.errors import Stopping, TransientError
from bot.ports import Task
from bot.storage.database import Database
from tests.engine.clocks import SetClock

LEASE_S = 60.0
SYNC = Task(name="sync", key="sync:zendesk", arguments={"source": "zendesk"})


@pytest.fixture
def clock() -> SetClock:
    return SetClock()


@pytest.fixture
def queue(database: Database, clock: SetClock) -> SqlQueue:
    return SqlQueue(database.engine, clock, most_tries=3)


def names(leases: list[Lease]) -> list[str]:
    return [lease.task.key for lease in leases]


def test_a_submitted_task_runs_once_with_its_arguments(queue: SqlQueue) -> None:
    seen: list[Mapping[str, str]] = []
    queue.submit(SYNC)

    runs = queue.run_due({"sync": seen.append})

    assert runs == 1
    assert seen == [{"source": "zendesk"}]
    assert queue.counts() == {"waiting": 0, "running": 0, "parked": 0}


def test_waiting_submissions_of_a_key_are_one_and_the_earliest_time_wins(
    queue: SqlQueue, clock: SetClock
) -> None:
    for minutes in (30, 10, 20):
        queue.submit(SYNC, not_before=clock.now() + timedelta(minutes=minutes))
    clock.move(599)
    early = queue.take(5)
    clock.move(1)

    assert early == []
    assert names(queue.take(5)) == [SYNC.key]
    assert queue.take(5) == []


def test_a_submission_during_a_run_causes_one_more_run_after_it(queue: SqlQueue) -> None:
    queue.submit(SYNC)
    running = queue.take(1)[0]
    queue.submit(SYNC)
    queue.submit(SYNC)

    during = queue.take(5)
    queue.finish(running)
    after = queue.take(5)

    assert during == []
    assert names(after) == [SYNC.key]
    assert queue.counts()["waiting"] == 0


def test_tasks_of_other_keys_run_beside_one_another_oldest_first(queue: SqlQueue, clock: SetClock) -> None:
    for key in ("b", "a"):
        queue.submit(Task(name="sync", key=key))
        clock.move(1)

    assert names(queue.take(5)) == ["b", "a"]


def test_a_worker_without_a_sign_of_life_loses_its_task(queue: SqlQueue, clock: SetClock) -> None:
    queue.submit(SYNC)
    dead = queue.take(1)[0]
    clock.move(LEASE_S - 1)
    early = queue.take(1)
    clock.move(1)

    taken = queue.take(1)[0]
    queue.finish(dead)

    assert early == []
    assert (taken.task, taken.tries) == (SYNC, 2)
    assert queue.counts()["running"] == 1


def test_a_renewed_lease_is_kept(queue: SqlQueue, clock: SetClock) -> None:
    queue.submit(SYNC)
    lease = queue.take(1)[0]
    clock.move(LEASE_S - 1)
    queue.renew([lease])
    clock.move(LEASE_S - 1)

    assert queue.take(1) == []


def test_a_failing_task_waits_longer_each_time_and_is_parked_at_last(
    queue: SqlQueue, clock: SetClock, caplog: pytest.LogCaptureFixture
) -> None:
    def fail(arguments: Mapping[str, str]) -> None:
        raise LookupError("a customer's words")

    queue.submit(SYNC)
    waits = []
    while queue.counts()["waiting"]:
        waited = 0
        while not queue.run_due({"sync": fail}):
            clock.move(1)
            waited += 1
        waits.append(waited)

    assert waits == [0, 2, 4]
    assert queue.counts() == {"waiting": 0, "running": 0, "parked": 1}
    assert [r.message for r in caplog.records if r.levelno == logging.ERROR] == ["task parked"]
    assert all("customer" not in str(vars(r)) for r in caplog.records)


def test_a_task_waits_as_long_as_the_vendor_asks(queue: SqlQueue, clock: SetClock) -> None:
    def fail(arguments: Mapping[str, str]) -> None:
        raise TransientError("zendesk", "reading", retry_after_s=90)

    queue.submit(SYNC)
    queue.run_due({"sync": fail})
    clock.move(89)
    early = queue.take(1)
    clock.move(1)

    assert early == []
    assert len(queue.take(1)) == 1


def test_a_task_that_meets_the_end_of_its_process_is_given_back(queue: SqlQueue) -> None:
    def stop(arguments: Mapping[str, str]) -> None:
        raise Stopping

    queue.submit(SYNC)
    run(queue, queue.take(1)[0], {"sync": stop})

    assert [lease.tries for lease in queue.take(1)] == [1]


def test_a_later_success_clears_what_was_parked(queue: SqlQueue, clock: SetClock) -> None:
    queue.submit(SYNC)
    for _ in range(3):
        clock.move(3600)
        queue.fail(queue.take(1)[0], "LookupError")
    parked = queue.counts()["parked"]

    queue.submit(SYNC)
    queue.run_due({"sync": lambda _: None})

    assert parked == 1
    assert queue.counts()["parked"] == 0


def test_a_task_that_kills_its_worker_each_time_is_parked(queue: SqlQueue, clock: SetClock) -> None:
    queue.submit(SYNC)
    for _ in range(3):
        assert len(queue.take(1)) == 1
        clock.move(LEASE_S)

    assert queue.take(1) == []
    assert queue.counts() == {"waiting": 0, "running": 0, "parked": 1}


def test_a_task_given_back_is_due_again_and_counts_no_try(queue: SqlQueue) -> None:
    queue.submit(SYNC)

    queue.release(queue.take(1)[0])

    assert queue.take(1)[0].tries == 1


def test_a_failed_run_and_a_new_submission_are_one_task(queue: SqlQueue, clock: SetClock) -> None:
    queue.submit(SYNC)
    running = queue.take(1)[0]
    queue.submit(Task(name="sync", key=SYNC.key, arguments={"source": "newer"}))

    queue.fail(running, "LookupError")

    again = queue.take(5)
    assert [lease.task.arguments for lease in again] == [{"source": "newer"}]
    assert again[0].tries == 2


def test_a_task_without_a_handler_is_kept_and_told(queue: SqlQueue) -> None:
    queue.submit(SYNC)

    queue.run_due({})

    assert queue.counts()["waiting"] == 1


def test_many_workers_at_once_run_each_task_once_and_no_key_twice_at_a_time(database: Database) -> None:
    queue = SqlQueue(database.engine, SystemClock())
    keys = [f"key {n % 4}" for n in range(24)]
    lock, running, overlaps, runs = threading.Lock(), set[str](), list[str](), list[str]()

    def handle(arguments: Mapping[str, str]) -> None:
        key = arguments["key"]
        with lock:
            if key in running:
                overlaps.append(key)
            running.add(key)
            runs.append(key)
        with lock:
            running.remove(key)

    def work(mine: list[str]) -> None:
        for key in mine:
            queue.submit(Task(name="t", key=key, arguments={"key": key}))
            queue.run_due({"t": handle})

    threads = [threading.Thread(target=work, args=(keys[n::4],)) for n in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    queue.run_due({"t": handle})

    assert overlaps == []
    assert 4 <= len(runs) <= 24
    assert queue.counts() == {"waiting": 0, "running": 0, "parked": 0}
