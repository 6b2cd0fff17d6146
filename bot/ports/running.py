"""What keeps work until it is done."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Protocol


@dataclass(frozen=True, slots=True, kw_only=True)
class Task:
    """One unit of work. key: waiting tasks of one key are one, and two of them never run at once."""

    name: str
    key: str
    arguments: Mapping[str, str] = field(default_factory=dict)


class WorkQueue(Protocol):
    """Durable work: a submission survives a kill once submit has returned."""

    def submit(self, task: Task, *, not_before: datetime | None = None) -> None:
        """Add the task; it merges with a waiting one of its key, and the earlier not_before wins."""
        ...
