"""Tickets of a tracker, known by the tracker's immutable id; keys are for people."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum


class TicketStage(StrEnum):
    """Where a ticket stands, across trackers."""

    OPEN = "open"
    STARTED = "started"
    DONE = "done"


@dataclass(frozen=True, slots=True)
class TicketRef:
    """A ticket's address: tracker "jira", external_id immutable."""

    tracker: str
    external_id: str


@dataclass(frozen=True, slots=True, kw_only=True)
class ReceivedTicket:
    """A ticket as its tracker gives it now. body: plain text; duplicate_of: the survivor's immutable id.

    assignee: an e-mail address, "" where the tracker hides it, None for nobody.
    """

    ref: TicketRef
    key: str
    project: str
    title: str
    body: str
    stage: TicketStage
    status: str
    created_at: datetime
    updated_at: datetime
    url: str = ""
    labels: tuple[str, ...] = ()
    components: tuple[str, ...] = ()
    resolved_at: datetime | None = None
    duplicate_of: str = ""
    assignee: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Ticket:
    """One stored ticket. gone: the tracker no longer shows it to us; duplicate_of: as received."""

    id: int
    ref: TicketRef
    key: str
    project: str
    title: str
    body: str
    stage: TicketStage
    status: str
    created_at: datetime
    updated_at: datetime
    url: str = ""
    labels: tuple[str, ...] = ()
    components: tuple[str, ...] = ()
    resolved_at: datetime | None = None
    gone: bool = False
    duplicate_of: str = ""


@dataclass(frozen=True, slots=True)
class TicketWords:
    """What matching needs of a stored ticket."""

    id: int
    key: str
    project: str
    title: str
    body: str
