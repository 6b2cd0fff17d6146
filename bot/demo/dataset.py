"""A folder of feedback and tickets as records of the Zendesk and Jira stand-ins."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

from bot.domain.inert import cut_at_word, one_line
from bot.errors import RequestError
from bot.matching.dataset import FeedbackRow, TicketRow, read_feedback, read_tickets

SPAN = timedelta(weeks=9)
UNSETTLED = timedelta(minutes=2)  # the export leaves the last minute out
MOST_TITLE, MOST_BODY = 255, 32_767
FIRST_TICKET, FIRST_USER = 1, 1_000_001
VIA = {"chat": "chat", "email": "email", "web": "web", "messenger": "native_messaging", "app_review": "api"}
DONE = frozenset({"closed", "done", "resolved"})


@dataclass(frozen=True, slots=True)
class Load:
    """What to put into the stand-ins.

    pieces: the id of each piece by the support ticket's; truncated: texts cut to fit Jira.
    """

    zendesk: dict[str, Any]
    jira: dict[str, Any]
    pieces: dict[str, str]
    truncated: int


def load_of(folder: Path, now: datetime) -> Load:
    """Return the folder's feedback as customers' tickets and its tickets as issues.

    Raises RequestError for bad rows.
    """
    feedback, tickets = read_feedback(folder / "feedback.csv"), read_tickets(folder / "tickets.csv")
    if not feedback or not tickets:
        empty = "feedback.csv" if not feedback else "tickets.csv"
        raise RequestError(f"{folder / empty} has no rows. Add at least one below the header")
    times = spread(feedback, now)
    issues = [_issue(row, now) for row in tickets]
    return Load(
        zendesk={
            "users": [_user(n, when) for n, when in enumerate(times)],
            "tickets": [
                _ticket(n, row, when) for n, (row, when) in enumerate(zip(feedback, times, strict=True))
            ],
        },
        jira={
            "projects": [{"key": key, "name": key} for key in sorted({row.project for row in tickets})],
            "issues": [issue for issue, _ in issues],
        },
        pieces={str(FIRST_TICKET + n): row.id for n, row in enumerate(feedback)},
        truncated=sum(cuts for _, cuts in issues),
    )


def spread(rows: Sequence[FeedbackRow], now: datetime) -> list[datetime]:
    """Return when each row was said: its own time, else evenly, in file order, over nine weeks."""
    step = SPAN / max(1, len(rows))
    latest = now - UNSETTLED
    return [row.created_at or min(now - SPAN + step * (n + 0.5), latest) for n, row in enumerate(rows)]


def _user(n: int, when: datetime) -> dict[str, Any]:
    return {"id": FIRST_USER + n, "name": f"Customer {n + 1}", "created_at": _iso(when)}


def _ticket(n: int, row: FeedbackRow, when: datetime) -> dict[str, Any]:
    return {
        "id": FIRST_TICKET + n,
        "external_id": row.id,
        "requester_id": FIRST_USER + n,
        "created_at": _iso(when),
        "via": {"channel": VIA.get(row.channel, "api")},
        "comments": [{"body": row.text}],
    }


def _issue(row: TicketRow, now: datetime) -> tuple[dict[str, Any], int]:
    """Return the issue and how many of its texts were cut."""
    title = cut_at_word(one_line(row.title), MOST_TITLE)
    body = cut_at_word(row.description, MOST_BODY)
    created = row.created_at or now - SPAN
    is_done = row.status.casefold() in DONE
    issue = {
        "key": row.key,
        "summary": title,
        "description": body,
        "status": "Done" if is_done else "To Do",
        "statusCategory": "done" if is_done else "new",
        "created": created.isoformat(),
        "labels": ["_".join(label.split()) for label in row.labels],
    }
    return issue, (len(one_line(row.title)) > MOST_TITLE) + (len(row.description) > MOST_BODY)


def _iso(moment: datetime) -> str:
    return moment.strftime("%Y-%m-%dT%H:%M:%SZ")
