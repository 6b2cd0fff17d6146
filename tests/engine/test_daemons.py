"""Threads that finish what they were given, or let the process end."""

from __future__ import annotations

import subprocess
import sys
import threading
import time

import pytest

from bot.engine.daemons import DaemonThreads


def test_outcomes_reach_whoever_asked() -> None:
    threads = DaemonThreads(2, "test")

    results = [threads.submit(divmod, 7, n) for n in (2, 0)]

    assert results[0].result(5) == (3, 1)
    with pytest.raises(ZeroDivisionError):
        results[1].result(5)
    assert threads.finish(5)


def test_what_was_submitted_is_done_before_the_end_and_nothing_is_taken_after() -> None:
    threads, done = DaemonThreads(2, "test"), list[int]()
    gate = threading.Event()
    for n in range(20):
        threads.submit(gate.wait, 5)
        threads.submit(done.append, n)

    threading.Timer(0.05, gate.set).start()
    is_finished = threads.finish(5)

    assert is_finished
    assert sorted(done) == list(range(20))
    with pytest.raises(RuntimeError):
        threads.submit(print)


def test_a_stuck_call_keeps_neither_finish_nor_the_process() -> None:
    program = (
        "import time\nfrom bot.engine.daemons import DaemonThreads\n"
        "threads = DaemonThreads(1, 'test')\nthreads.submit(time.sleep, 60)\nprint(threads.finish(0.1))"
    )
    started = time.monotonic()

    ran = subprocess.run(
        [sys.executable, "-c", program], capture_output=True, text=True, timeout=30, check=True
    )

    assert ran.stdout == "False\n"
    assert time.monotonic() - started < 20
