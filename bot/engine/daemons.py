"""An executor whose threads never keep the process from ending."""

from __future__ import annotations

import threading
import time
from collections.abc import Callable
from concurrent.futures import Executor, Future
from functools import partial
from queue import SimpleQueue
from typing import Any


class DaemonThreads(Executor):
    """Runs what is submitted in a few daemon threads, in order.

    ThreadPoolExecutor's threads are joined when the interpreter exits, however long a vendor's answer takes.
    """

    def __init__(self, threads: int, name: str) -> None:
        self._queue: SimpleQueue[Callable[[], None] | None] = SimpleQueue()
        self._lock = threading.Lock()
        self._is_open = True
        self._threads = [
            threading.Thread(target=self._work, name=f"{name}-{n}", daemon=True) for n in range(threads)
        ]
        for thread in self._threads:
            thread.start()

    def submit(self, fn: Callable[..., Any], /, *args: Any, **kwargs: Any) -> Future[Any]:
        """Return what will hold the call's outcome. Raises RuntimeError once finish() began."""
        future: Future[Any] = Future()
        with self._lock:
            if not self._is_open:
                raise RuntimeError("nothing is taken any more")
            self._queue.put(partial(_run, future, partial(fn, *args, **kwargs)))
        return future

    def finish(self, timeout_s: float) -> bool:
        """Take nothing new and let what was submitted end; return whether all did within that time."""
        with self._lock:
            self._is_open = False
            for _ in self._threads:
                self._queue.put(None)  # behind all that was submitted
        deadline = time.monotonic() + timeout_s
        for thread in self._threads:
            thread.join(max(0.0, deadline - time.monotonic()))
        return not any(thread.is_alive() for thread in self._threads)

    def _work(self) -> None:
        while (call := self._queue.get()) is not None:
            call()


def _run(future: Future[Any], call: Callable[[], Any]) -> None:
    if not future.set_running_or_notify_cancel():
        return
    try:
        result = call()
    except BaseException as exc:  # noqa: BLE001 - whoever asks the future gets it
        future.set_exception(exc)
    else:
        future.set_result(result)
