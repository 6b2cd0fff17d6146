"""Linear's records as the domain's, and the domain's as inputs."""

from __future__ import annotations

import hashlib
from collections.abc import Mapping
from datetime import UTC, datetime
from typing import Any
from urllib.parse import quote, unquote
from uuid import UUID

from bot.domain.annotation import Account, Evidence, TicketDraft
from bot.domain.inert import clean, cut, is_address, one_line
from bot.domain.ticket import ReceivedTicket, TicketRef, TicketStage
from integrations.linear.markdown import paragraphs, plain
from integrations.records import text

TRACKER = "linear"
STAGES = {
    "started": TicketStage.STARTED,
    "completed": TicketStage.DONE,
    "canceled": TicketStage.DONE,
    "duplicate": TicketStage.DONE,
}
DUPLICATE = "duplicate"  # the type of a state, and of the relation to the survivor
DROPPED = (
    DUPLICATE,
    "canceled",
)  # workspaces from before there was a type for it close duplicates as canceled
NAMELESS = "voice of the customer"
LONGEST_LINE, LONGEST_SUMMARY = 255, 1_000
MOST_REVENUE = 2**31 - 1
ISSUE_URL = "https://linear.app/issue/"
_KEY_MARK = "voc="


def ticket(record: Mapping[str, Any]) -> ReceivedTicket:
    """Return an issue as a ticket. Raises one of MISREAD for an unexpected shape."""
    done_at = record["completedAt"] or record["canceledAt"]
    return ReceivedTicket(
        ref=TicketRef(TRACKER, record["id"]),
        key=_text(record["identifier"]),
        project=_text(record["team"]["key"]),
        title=_text(record["title"]),
        body=plain(text(record["description"])),
        stage=STAGES.get(record["state"]["type"], TicketStage.OPEN),
        status=_text(record["state"]["name"]),
        created_at=moment(record["createdAt"]),
        updated_at=moment(record["updatedAt"]),
        url=_text(record["url"]),
        labels=tuple(_text(label["name"]) for label in record["labels"]["nodes"]),
        resolved_at=moment(done_at) if done_at else None,
        duplicate_of=survivor(record["relations"]["nodes"]) if record["state"]["type"] in DROPPED else "",
        assignee=text(record["assignee"]["email"]) if record["assignee"] else None,
    )


def survivor(relations: list[dict[str, Any]]) -> str:
    """Return the id of the issue that these relations name as the original, "" where none does."""
    found = (_text(r["relatedIssue"]["id"]) for r in relations if r["type"] == DUPLICATE)
    return next(found, "")


def _text(value: Any) -> str:
    if not isinstance(value, str):
        raise TypeError(f"text expected, not {type(value).__name__}")
    return value


def moment(given: str) -> datetime:
    """Return a time of Linear's, in UTC. Raises ValueError."""
    return datetime.fromisoformat(given).astimezone(UTC)


def written(moment_: datetime) -> str:
    """Return a time as Linear takes it."""
    return f"{moment_.astimezone(UTC):%Y-%m-%dT%H:%M:%S}.{moment_.microsecond // 1000:03d}Z"


def our_id(kind: str, key: str) -> str:
    """Return the id that we choose for a thing, the same each time, in the form of a UUID v4."""
    digest = hashlib.sha256(f"voc {kind} {key}".encode()).digest()
    return str(UUID(bytes=digest[:16], version=4))


def need_id(evidence_key: str) -> str:
    """Return the id of a piece's need, wherever it hangs."""
    return our_id("need", evidence_key)


def address(evidence: Evidence, issue_id: str) -> str:
    """Return the piece's address with its key in the fragment: by it the link is known to be ours.

    It also parts two pieces of one conversation, since an issue holds each address once. A piece without an
    address leads to its ticket.
    """
    base = evidence.url if is_address(evidence.url) else ISSUE_URL + issue_id
    return f"{base}{'&' if '#' in base else '#'}{_KEY_MARK}{quote(evidence.key, safe=':')}"


def unmarked(url: str) -> tuple[str, str]:
    """Return an address as it was given, and the key of the piece that it is for, "" for one not ours."""
    base, sign, fragment = url.partition("#")
    if not sign:
        return url, ""
    rest, marked, key = fragment.rpartition(_KEY_MARK)
    if not marked or (rest and not rest.endswith("&")):
        return url, ""
    return base + (f"#{rest[:-1]}" if rest else ""), unquote(key)


def quote_markdown(evidence: Evidence) -> str:
    """Return what the customer said, inert."""
    return paragraphs(evidence.words) or paragraphs(evidence.title) or NAMELESS


def customer(account: Account) -> dict[str, Any]:
    """Return the company. Linear keeps revenue in dollars, so that in other currencies is not sent."""
    found: dict[str, Any] = {
        "externalId": account.key,
        "name": cut(one_line(clean(account.name)), LONGEST_LINE) or account.key,
    }
    if account.domains:
        found["domains"] = list(account.domains)
    revenue = account.revenue
    if revenue and revenue.currency == "USD" and 0 <= revenue.amount <= MOST_REVENUE:
        found["revenue"] = round(revenue.amount)
    return found


def attachment(evidence: Evidence, issue_id: str) -> dict[str, Any]:
    """Return the piece as an attachment; its key is kept in the address."""
    return {
        "issueId": issue_id,
        "url": address(evidence, issue_id),
        "title": cut(one_line(clean(evidence.title)), LONGEST_LINE) or NAMELESS,
        "subtitle": cut(one_line(clean(evidence.summary)), LONGEST_SUMMARY),
        "metadata": {"voc": evidence.key},
    }


def new_issue(draft: TicketDraft, team_id: str, label_ids: list[str]) -> dict[str, Any]:
    """Return a draft as an issue whose id follows from the draft's key."""
    return {
        "id": our_id("ticket", draft.key),
        "teamId": team_id,
        "title": cut(one_line(clean(draft.title)), LONGEST_LINE) or NAMELESS,
        "description": paragraphs(draft.body),
        "labelIds": label_ids,
    }
