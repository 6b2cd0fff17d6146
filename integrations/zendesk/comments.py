"""Many tickets' comments with few requests: from the event stream where it is whole, else one by one."""

from __future__ import annotations

import logging
from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from bot.errors import AnswerError, NotFoundError
from bot.ports import Unreadable
from integrations.zendesk.client import VENDOR, Record, ZendeskClient

log = logging.getLogger(__name__)

BULK_FROM = 200
# The exports take 10 requests a minute, the account 400: a page of events must spare about this many others.
TICKETS_PER_EVENT_PAGE = 40
# Imported comments may be older or newer than the events that tell of them.
FIRST_COMMENT_WITHIN_S = 60


@dataclass(frozen=True, slots=True)
class Comments:
    """The comments of many tickets, oldest first, by ticket; gone: deleted meanwhile."""

    of: dict[int, list[Record]]
    gone: list[str] = field(default_factory=list)
    unreadable: list[Unreadable] = field(default_factory=list)


def read_comments(client: ZendeskClient, tickets: Sequence[Record]) -> Comments:
    """Return the comments of all tickets."""
    read = Comments(_from_events(client, tickets) if len(tickets) > BULK_FROM else {})
    for ticket in tickets:
        if ticket["id"] in read.of:
            continue
        try:
            read.of[ticket["id"]] = client.comments(ticket["id"])
        except NotFoundError:
            read.gone.append(str(ticket["id"]))
        except AnswerError as exc:
            read.unreadable.append(Unreadable(str(ticket["id"]), f"{exc.doing}: {exc.detail}"))
    return read


def _from_events(client: ZendeskClient, tickets: Sequence[Record]) -> dict[int, list[Record]]:
    """Return the comments of those tickets whose whole life lies in a window of events worth reading.

    The window reaches back as far again as the page's changes do: a ticket made before it has comments that
    no event in it tells of.
    """
    changed = [ticket["generated_timestamp"] for ticket in tickets]
    start = min(changed) - (max(changed) - min(changed))
    young = {t["id"]: t for t in tickets if _unix(t["created_at"]) >= start}
    if len(young) <= BULK_FROM:
        return {}
    start = min(_unix(t["created_at"]) for t in young.values())
    most_pages = len(young) // TICKETS_PER_EVENT_PAGE
    events, until = _Events(young), start
    try:
        for page, (rows, reached) in enumerate(client.event_pages(start), start=1):
            for event in rows:
                events.take(event)
            if reached is None:
                return events.whole(None)
            until = reached
            if until > max(changed) or page >= most_pages:
                break
    except AnswerError:
        # More events in one second than a page holds, or no events at all: the tickets tell the rest.
        log.warning("ticket events were not readable", extra={"source": VENDOR})
    return events.whole(until)


class _Events:
    """Gathers comments by ticket, and knows the tickets whose comments the events can't tell."""

    def __init__(self, tickets: dict[int, Record]) -> None:
        self._tickets = tickets
        self._comments: dict[int, dict[int, Record]] = {ticket_id: {} for ticket_id in tickets}

    def take(self, event: Record) -> None:
        """Keep what an event says about a comment of ours."""
        comments = self._comments.get(event.get("ticket_id", 0))
        if comments is None:
            return
        for child in event.get("child_events") or ():
            kind = child.get("event_type", "")
            if kind in ("Comment", "VoiceComment") and child.get("id") and child.get("created_at"):
                comments[child["id"]] = {"metadata": {"system": event.get("system") or {}}} | child
            elif "Comment" in kind:
                # Redacted or made private since, or cut short: what the ticket shows now counts.
                self._comments.pop(event["ticket_id"], None)
                return

    def whole(self, until: int | None) -> dict[int, list[Record]]:
        """Return the tickets that the events up to the second `until` (None: all) tell completely."""
        return {
            ticket_id: sorted(comments.values(), key=lambda c: (c["created_at"], c["id"]))
            for ticket_id, comments in self._comments.items()
            if self._is_whole(self._tickets[ticket_id], comments, until)
        }

    def _is_whole(self, ticket: Record, comments: dict[int, Record], until: int | None) -> bool:
        if not comments or (until is not None and ticket["generated_timestamp"] >= until):
            return False
        first = min(_unix(comment["created_at"]) for comment in comments.values())
        return first <= _unix(ticket["created_at"]) + FIRST_COMMENT_WITHIN_S


def _unix(text: Any) -> int:
    return int(datetime.fromisoformat(text).timestamp())
