"""What annotating works with, and what one run of it finds out and does."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta

from bot.ports import Clock, TicketTracker
from bot.repositories import Work
from bot.services.outward import LEASE


@dataclass(frozen=True, slots=True)
class Annotator:
    """What annotating needs. reading: units that only read, for thousands of voices. trackers: by name."""

    work: Work
    reading: Work
    clock: Clock
    trackers: Mapping[str, TicketTracker]
    lease: timedelta = LEASE


@dataclass(frozen=True, slots=True)
class Written:
    """What a run did. tickets: looked at; links: written, removed: taken away."""

    tickets: int = 0
    links: int = 0
    removed: int = 0
    comments: int = 0
    figures: int = 0

    def plus(self, kind: str, *, is_removal: bool) -> Written:
        """Return it with one act more."""
        name = "removed" if is_removal else {"link": "links", "comment": "comments"}.get(kind, "figures")
        return replace(self, **{name: getattr(self, name) + 1})


@dataclass(slots=True)
class Run:
    """What one run knows. paused: until when a tracker wants no more of a project, by its key.

    accepted: projects in which something was written.
    """

    paused: dict[str, datetime] = field(default_factory=dict)
    accepted: set[str] = field(default_factory=set)
    written: Written = field(default_factory=Written)

    def paused_until(self, project: str, now: datetime) -> datetime | None:
        """Return until when the project is left alone, None where that is over: a run can be a long one."""
        until = self.paused.get(project)
        return until if until and until > now else None
