"""Running tasks in one process: at once, side by side, and given back when they do not end in time."""

from __future__ import annotations

import threading
from collections.abc import Callable, Mapping
from datetime import timedelta

from bot.engine.clock import SystemClock
from bot.engine.local import LocalEngine
from bot.engine.queue import SqlQueue
from bot.ports import Task
from bot.storage.database import Database

TICK_S = 0.05
PATIENCE_S = 20.0


def nothing() -> None:
    """Submit nothing."""


def engine_for(
    queue: SqlQueue, handler: Callable[[Mapping[str, str]], None], submit_due: Callable[[], None] = nothing
) -> LocalEngine:
    return LocalEngine(queue, {"t": handler}, submit_due, threads=2)


def test_what_fell_due_while_nothing_ran_is_run_at_the_start(database: Database) -> None:
    queue, done = SqlQueue(database.engine, SystemClock()), threading.Event()
    engine = engine_for(queue, lambda _: done.set(), lambda: queue.submit(Task(name="t", key="k")))

    engine.start(tick_s=TICK_S)
    ran = done.wait(PATIENCE_S)
    engine.stop()

    assert ran
    assert queue.counts() == {"waiting": 0, "running": 0, "parked": 0}


def test_tasks_run_beside_one_another(database: Database) -> None:
    queue, both = SqlQueue(database.engine, SystemClock()), threading.Barrier(2)
    met = threading.Event()

    def handler(arguments: Mapping[str, str]) -> None:
        both.wait(PATIENCE_S)
        met.set()

    for key in "ab":
        queue.submit(Task(name="t", key=key))
    engine = engine_for(queue, handler)
    engine.start(tick_s=TICK_S)
    side_by_side = met.wait(PATIENCE_S)
    engine.stop()

    assert side_by_side


def test_more_tasks_than_threads_all_run(database: Database) -> None:
    queue, runs = SqlQueue(database.engine, SystemClock()), threading.Semaphore(0)
    for n in range(12):
        queue.submit(Task(name="t", key=str(n)))
    engine = engine_for(queue, lambda _: runs.release())

    engine.start(tick_s=TICK_S)
    ran = [runs.acquire(timeout=PATIENCE_S) for _ in range(12)]
    engine.stop()

    assert all(ran)


def test_stopping_lets_a_running_task_finish(database: Database) -> None:
    queue = SqlQueue(database.engine, SystemClock())
    began, may_end, ended = threading.Event(), threading.Event(), threading.Event()

    def handler(arguments: Mapping[str, str]) -> None:
        began.set()
        may_end.wait(PATIENCE_S)
        ended.set()

    queue.submit(Task(name="t", key="k"))
    engine = engine_for(queue, handler)
    engine.start(tick_s=TICK_S)
    assert began.wait(PATIENCE_S)
    threading.Timer(0.2, may_end.set).start()

    engine.stop(timeout_s=PATIENCE_S)

    assert ended.is_set()
    assert queue.counts() == {"waiting": 0, "running": 0, "parked": 0}


def test_stopping_gives_back_what_does_not_end_and_takes_nothing_new(database: Database) -> None:
    queue = SqlQueue(database.engine, SystemClock())
    began, may_end = threading.Event(), threading.Event()
    threads: list[threading.Thread] = []

    def handler(arguments: Mapping[str, str]) -> None:
        threads.append(threading.current_thread())
        began.set()
        may_end.wait(PATIENCE_S)

    queue.submit(Task(name="t", key="k"))
    engine = engine_for(queue, handler)
    engine.start(tick_s=TICK_S)
    assert began.wait(PATIENCE_S)

    engine.stop(timeout_s=0.2)
    queue.submit(Task(name="t", key="new"))
    counts = queue.counts()
    may_end.set()
    threads[0].join(PATIENCE_S)

    assert counts == {"waiting": 2, "running": 0, "parked": 0}
    assert sorted(lease.task.key for lease in queue.take(5)) == ["k", "new"]


def test_a_task_longer_than_its_lease_is_not_taken_over_while_it_runs(database: Database) -> None:
    queue = SqlQueue(database.engine, SystemClock(), lease=timedelta(seconds=1))
    runs, may_end = threading.Semaphore(0), threading.Event()

    def handler(arguments: Mapping[str, str]) -> None:
        runs.release()
        may_end.wait(PATIENCE_S)

    queue.submit(Task(name="t", key="k"))
    engine = engine_for(queue, handler)
    engine.start(tick_s=TICK_S)
    first = runs.acquire(timeout=PATIENCE_S)
    second = runs.acquire(timeout=2.5)
    may_end.set()
    engine.stop()

    assert (first, second) == (True, False)
    assert queue.counts() == {"waiting": 0, "running": 0, "parked": 0}
