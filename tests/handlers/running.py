"""An executor that can be waited for, and a queue that keeps what is submitted."""

from __future__ import annotations

import threading
from collections.abc import Callable
from concurrent.futures import Future, ThreadPoolExecutor
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from bot.ports import Task


class Pool(ThreadPoolExecutor):
    """An executor that can be waited for."""

    def __init__(self) -> None:
        super().__init__(8)
        self._futures: list[Future[Any]] = []
        self._arrived = threading.Condition()

    def submit(self, fn: Callable[..., Any], /, *args: Any, **kwargs: Any) -> Future[Any]:
        """Run it and remember it."""
        with self._arrived:
            future = super().submit(fn, *args, **kwargs)
            self._futures.append(future)
            self._arrived.notify_all()
        return future

    def settle(self) -> None:
        """Wait until the next piece of work was submitted, after its acknowledgement, and done."""
        with self._arrived:
            assert self._arrived.wait_for(lambda: self._futures, timeout=10)
            future = self._futures.pop(0)
        future.result(timeout=30)


@dataclass
class Queue:
    """A queue that keeps what is submitted."""

    submitted: list[tuple[Task, datetime | None]] = field(default_factory=list)

    def submit(self, task: Task, *, not_before: datetime | None = None) -> None:
        """Keep it."""
        self.submitted.append((task, not_before))

    def names(self) -> list[str]:
        """Return the submitted tasks' keys, in order, each once."""
        return list(dict.fromkeys(task.key for task, _ in self.submitted))
