"""Running tasks in this process: two ticks of APScheduler and a few threads."""

from __future__ import annotations

import logging
import threading
import time
from collections.abc import Callable, Mapping

from apscheduler.schedulers.background import BackgroundScheduler
from sqlalchemy.exc import SQLAlchemyError

from bot.engine.queue import Handler, Lease, SqlQueue, run

log = logging.getLogger(__name__)

STOP_S = 10.0


class LocalEngine:
    """Takes due tasks each second and calls submit_due each minute, until it is stopped.

    handlers: by task name. submit_due: submits what has fallen due; it is called once at the start.
    """

    def __init__(
        self,
        queue: SqlQueue,
        handlers: Mapping[str, Handler],
        submit_due: Callable[[], None],
        *,
        threads: int = 4,
    ) -> None:
        self._queue, self._handlers, self._submit_due = queue, handlers, submit_due
        self._most = threads
        self._lock = threading.Lock()  # held while tasks are taken, so that none is after stop() began
        self._running: dict[threading.Thread, Lease] = {}
        self._is_stopping = False
        self._renewed_at = time.monotonic()
        # A tick that is late still runs, and one that takes long is never run beside itself.
        ticks = {"misfire_grace_time": None, "coalesce": True, "max_instances": 1}
        self._scheduler = BackgroundScheduler(timezone="UTC", job_defaults=ticks)

    def start(self, *, tick_s: float = 1.0, due_s: float = 60.0) -> None:
        """Begin. A process that was down catches up: what fell due meanwhile is submitted at once."""
        self._submit_due()
        self._scheduler.add_job(self._tick, "interval", seconds=tick_s)
        self._scheduler.add_job(self._submit_due, "interval", seconds=due_s)
        self._scheduler.start()
        log.info("work started", extra={"threads": self._most})

    def stop(self, timeout_s: float = STOP_S) -> None:
        """Take nothing new, let running tasks finish for that long, and give the others back."""
        with self._lock:
            self._is_stopping = True
            running = list(self._running)
        self._scheduler.shutdown(wait=False)
        deadline = time.monotonic() + timeout_s
        for thread in running:
            thread.join(max(0.0, deadline - time.monotonic()))
        with self._lock:
            unfinished = list(self._running.values())
        for lease in unfinished:
            self._queue.release(lease)
        log.info("work stopped", extra={"given_back": len(unfinished)})

    def _tick(self) -> None:
        with self._lock:
            if self._is_stopping:
                return
            self._renew()
            free = self._most - len(self._running)
            leases = self._queue.take(free) if free else []
            # Daemons: one that does not end in time must not keep the process from ending.
            started = {threading.Thread(target=self._work, daemon=True): lease for lease in leases}
            self._running |= started
        for thread in started:
            thread.start()

    def _renew(self) -> None:
        now = time.monotonic()
        if self._running and now - self._renewed_at > self._queue.lease.total_seconds() / 4:
            self._renewed_at = now
            self._queue.renew(list(self._running.values()))

    def _work(self) -> None:
        """Run this thread's task, then others for as long as there are any."""
        me = threading.current_thread()
        try:
            while (lease := self._running.get(me)) is not None:
                run(self._queue, lease, self._handlers)
                self._take_next(me)
        except SQLAlchemyError as exc:  # the lease ends by itself, and the task is taken over
            log.error("task not settled", extra={"error": type(exc).__name__})
        finally:
            with self._lock:
                self._running.pop(me, None)

    def _take_next(self, me: threading.Thread) -> None:
        with self._lock:
            more = [] if self._is_stopping else self._queue.take(1)
            if more:
                self._running[me] = more[0]
            else:
                del self._running[me]
