"""The work queue: a table of tasks, shared by every process that has the database.

Waiting and running rows have a unique key each, so the database itself keeps waiting submissions merged and
two runs of a key apart.
"""

from __future__ import annotations

import logging
import traceback
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any
from uuid import uuid4

from sqlalchemy import (
    ColumnElement,
    Connection,
    Engine,
    Row,
    and_,
    case,
    delete,
    exists,
    func,
    or_,
    select,
    text,
    update,
)

from bot.errors import AlreadyExists, Stopping, TransientError, VocError
from bot.ports import Clock, Task
from bot.storage.sql import inserts
from bot.storage.tables import task

log = logging.getLogger(__name__)

Handler = Callable[[Mapping[str, str]], None]

WAITING, RUNNING, PARKED = "waiting", "running", "parked"
MOST_TRIES = 8
LONGEST_BACKOFF_S = 3600.0
_OTHER = task.alias("other")


@dataclass(frozen=True, slots=True)
class Lease:
    """A task that is ours to run until the lease ends. token: tells this run from any other of the row."""

    id: int
    task: Task
    token: str
    tries: int


class SqlQueue:
    """The queue on SQL; safe for any number of threads and processes.

    lease: how long a run may go without a sign of life before another worker takes it over.
    """

    def __init__(
        self,
        engine: Engine,
        clock: Clock,
        *,
        lease: timedelta = timedelta(seconds=60),
        most_tries: int = MOST_TRIES,
    ) -> None:
        self.lease = lease
        self._engine, self._clock, self._most_tries = engine, clock, most_tries

    def submit(self, task_: Task, *, not_before: datetime | None = None) -> None:
        """Add the task; it merges with a waiting one of its key, and the earlier not_before wins."""
        due = {"not_before": not_before or self._clock.now(), "tries": 0, "error": ""}
        with self._engine.begin() as connection:
            _put_waiting(connection, task_, due, newer=("name", "arguments"))

    def take(self, limit: int) -> list[Lease]:
        """Return up to that many due tasks, leased to the caller; dead workers' tasks are due too."""
        now = self._clock.now()
        try:
            with self._engine.begin() as connection:
                due = select(task).where(_is_due(now)).order_by(task.c.not_before, task.c.id)
                rows = connection.execute(due.limit(limit).with_for_update(skip_locked=True)).all()
                return [lease for row in rows if (lease := self._take(connection, row, now))]
        except AlreadyExists:
            return []  # another worker took one of these keys at this moment: the next look finds the rest

    def renew(self, leases: Sequence[Lease]) -> None:
        """Show that the runs are alive: each lease lasts its full length again."""
        until = self._clock.now() + self.lease
        with self._engine.begin() as connection:
            for lease in leases:
                connection.execute(update(task).where(_held(lease)).values(leased_until=until))

    def finish(self, lease: Lease) -> None:
        """The task is done; what earlier runs of its key were parked for is over too."""
        with self._engine.begin() as connection:
            if connection.execute(delete(task).where(_held(lease))).rowcount == 0:
                log.warning("lease lost", extra={"task": lease.task.name, "key": lease.task.key})
                return
            connection.execute(delete(task).where(task.c.key == lease.task.key, task.c.state == PARKED))

    def fail(self, lease: Lease, error: str, *, retry_after_s: float | None = None) -> None:
        """The run failed: the task waits longer each time, and is parked for a person after its last try.

        error: its class and what was tried, never customer data. retry_after_s: what the vendor asked for.
        """
        facts = {"task": lease.task.name, "key": lease.task.key, "tries": lease.tries, "error": error}
        with self._engine.begin() as connection:
            if lease.tries >= self._most_tries:
                self._park(connection, lease.id, lease.task.key, error, _held(lease))
                log.error("task parked", extra=facts)
                return
            wait_s = max(min(2.0**lease.tries, LONGEST_BACKOFF_S), retry_after_s or 0.0)
            again = self._clock.now() + timedelta(seconds=wait_s)
            self._wait_again(connection, lease, {"tries": lease.tries, "not_before": again, "error": error})
        log.warning("task failed", extra={**facts, "wait_s": wait_s})

    def release(self, lease: Lease) -> None:
        """Give the task back: whoever looks next may run it, and this run does not count as a try."""
        with self._engine.begin() as connection:
            now = self._clock.now()
            self._wait_again(connection, lease, {"tries": lease.tries - 1, "not_before": now, "error": ""})

    def counts(self) -> Mapping[str, int]:
        """Return the number of tasks by state: waiting, running, parked."""
        with self._engine.connect() as connection:
            rows = connection.execute(select(task.c.state, func.count().label("runs")).group_by(task.c.state))
            return {WAITING: 0, RUNNING: 0, PARKED: 0} | {row.state: row.runs for row in rows}

    def run_due(self, handlers: Mapping[str, Handler]) -> int:
        """Run, in this thread, all that is due now or falls due meanwhile; return how many runs it took."""
        runs = 0
        while leases := self.take(1):
            run(self, leases[0], handlers)
            runs += 1
        return runs

    def _take(self, connection: Connection, row: Row[Any], now: datetime) -> Lease | None:
        if row.tries >= self._most_tries:  # its last run took the worker down with it
            self._park(connection, row.id, row.key, "worker died", task.c.id == row.id)
            log.error("task parked", extra={"task": row.name, "key": row.key, "tries": row.tries})
            return None
        token = uuid4().hex
        values = {"state": RUNNING, "leased_by": token, "leased_until": now + self.lease}
        its = and_(task.c.id == row.id, task.c.state == row.state, task.c.leased_by == row.leased_by)
        taken = connection.execute(update(task).where(its).values(**values, tries=row.tries + 1))
        if taken.rowcount == 0:
            return None
        return Lease(row.id, Task(name=row.name, key=row.key, arguments=row.arguments), token, row.tries + 1)

    def _wait_again(self, connection: Connection, lease: Lease, values: dict[str, Any]) -> None:
        """Make a run that is still ours a waiting task again, merged with one submitted meanwhile."""
        if connection.execute(delete(task).where(_held(lease))).rowcount:
            _put_waiting(connection, lease.task, values, newer=("tries", "error"))

    def _park(
        self, connection: Connection, row_id: int, key: str, error: str, its: ColumnElement[bool]
    ) -> None:
        connection.execute(delete(task).where(task.c.key == key, task.c.state == PARKED, task.c.id != row_id))
        free = {"state": PARKED, "leased_by": "", "leased_until": None}
        connection.execute(update(task).where(its).values(error=error, **free))


def run(queue: SqlQueue, lease: Lease, handlers: Mapping[str, Handler]) -> None:
    """Run the leased task's handler and settle the lease, whatever the handler does."""
    try:
        handlers[lease.task.name](lease.task.arguments)
    except Stopping:
        queue.release(lease)
    except TransientError as exc:
        queue.fail(lease, str(exc), retry_after_s=exc.retry_after_s)
    except Exception as exc:  # noqa: BLE001 - the job boundary: a task's fault is not the worker's end
        queue.fail(lease, _told(exc))
    else:
        queue.finish(lease)


def _told(exc: Exception) -> str:
    """Return what failed and where. A stranger's message stays out: it may quote a customer."""
    if isinstance(exc, VocError):
        return str(exc)
    last = traceback.extract_tb(exc.__traceback__)[-1]
    return f"{type(exc).__name__} at {Path(last.filename).name}:{last.lineno}"


def _put_waiting(connection: Connection, task_: Task, due: Mapping[str, Any], newer: Sequence[str]) -> None:
    """Insert a waiting task or merge it: the earlier not_before wins, fields named as newer are replaced."""
    insert = inserts(connection.dialect.name)(task)
    new = insert.excluded
    earlier = case((new.not_before < task.c.not_before, new.not_before), else_=task.c.not_before)
    merged = insert.on_conflict_do_update(
        index_elements=[task.c.key],
        index_where=text("state = 'waiting'"),  # as the index says it: a parameter would not do
        set_={"not_before": earlier, **{name: new[name] for name in newer}},
    )
    what = {"key": task_.key, "name": task_.name, "arguments": dict(task_.arguments)}
    connection.execute(merged, {**what, **due, "state": WAITING, "leased_by": ""})


def _is_due(now: datetime) -> ColumnElement[bool]:
    """Waiting long enough while no other of its key runs, or running for a worker that shows no life."""
    other_runs = exists().where(_OTHER.c.key == task.c.key, _OTHER.c.state == RUNNING)
    return or_(
        and_(task.c.state == WAITING, task.c.not_before <= now, ~other_runs),
        and_(task.c.state == RUNNING, task.c.leased_until <= now),
    )


def _held(lease: Lease) -> ColumnElement[bool]:
    return and_(task.c.id == lease.id, task.c.state == RUNNING, task.c.leased_by == lease.token)
