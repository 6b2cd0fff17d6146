"""What issues are planned by: priorities, a team's states, projects."""

from __future__ import annotations

from dataclasses import dataclass
from uuid import uuid4

STATES = {
    "triage": "Triage",
    "backlog": "Backlog",
    "unstarted": "Todo",
    "started": "In Progress",
    "completed": "Done",
    "canceled": "Canceled",
    "duplicate": "Duplicate",
}
PRIORITIES = ("No priority", "Urgent", "High", "Medium", "Low")


@dataclass(frozen=True, slots=True, kw_only=True)
class State:
    """A workflow state of one team. type: a key of STATES."""

    id: str
    name: str
    type: str
    position: float


def workflow() -> dict[str, State]:
    """Return the states that a new team has, by type."""
    return {
        kind: State(id=str(uuid4()), name=name, type=kind, position=float(place))
        for place, (kind, name) in enumerate(STATES.items())
    }


@dataclass(frozen=True, slots=True)
class ProjectStatus:
    """type: backlog, planned, started, paused, completed or canceled."""

    type: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Project:
    """teams: by key."""

    id: str
    name: str
    teams: tuple[str, ...]
    status: ProjectStatus
