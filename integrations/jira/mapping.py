"""Jira's records as the domain's, and the domain's as requests."""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Mapping, Sequence
from datetime import UTC, datetime
from typing import Any

from bot.domain.annotation import Evidence, TicketDraft, TicketLink
from bot.domain.inert import clean, cut, is_address, one_line
from bot.domain.ticket import ReceivedTicket, TicketRef, TicketStage

TRACKER = "jira"
FIELDS = (
    "summary",
    "description",
    "status",
    "created",
    "updated",
    "resolutiondate",
    "labels",
    "components",
    "project",
    "issuelinks",
    "assignee",
)
STAGES = {"new": TicketStage.OPEN, "indeterminate": TicketStage.STARTED, "done": TicketStage.DONE}
RELATIONSHIP, APPLICATION = "voice of the customer", "voc"
MISREAD = (KeyError, TypeError, AttributeError, ValueError)
LONGEST_LINE, LONGEST_SUMMARY = 255, 1_000


def ticket(record: Mapping[str, Any], site_url: str, text_of: Callable[[Any], str]) -> ReceivedTicket:
    """Return an issue as a ticket. Raises one of MISREAD for an unexpected shape.

    text_of: makes plain text of its description.
    """
    fields = record["fields"]
    # A category that Jira adds one day is no reason to lose the ticket.
    stage = STAGES.get(fields["status"]["statusCategory"]["key"], TicketStage.OPEN)
    done_at = fields.get("resolutiondate")
    return ReceivedTicket(
        ref=TicketRef(TRACKER, str(record["id"])),
        key=_text(record["key"]),
        project=_text(fields["project"]["key"]),
        title=_text(fields["summary"]),
        body=text_of(fields.get("description")),
        stage=stage,
        status=_text(fields["status"]["name"]),
        created_at=moment(fields["created"]),
        updated_at=moment(fields["updated"]),
        url=f"{site_url}/browse/{record['key']}",
        labels=tuple(fields.get("labels") or ()),
        components=tuple(component["name"] for component in fields.get("components") or ()),
        resolved_at=moment(done_at) if done_at else None,
        duplicate_of=_survivor(fields.get("issuelinks") or ()) if stage is TicketStage.DONE else "",
        assignee=_assignee(fields.get("assignee")),
    )


def _assignee(person: Mapping[str, Any] | None) -> str | None:
    """Return whose it is; Cloud tells an address only where its owner lets it."""
    return None if person is None else str(person.get("emailAddress") or "")


def _survivor(links: Sequence[Mapping[str, Any]]) -> str:
    """Return the id of the ticket that this one says to repeat.

    It counts once this one is closed: while both are open, people still work on either, and the link is a
    note between them that is as easily taken back.
    """
    for link in links:
        kind, other = link["type"], link.get("outwardIssue")
        is_duplicate = kind["outward"].lower().startswith("duplicates") or kind["name"].lower() == "duplicate"
        if other and is_duplicate:
            return _text(other["id"])
    return ""


def _text(value: Any) -> str:
    if not isinstance(value, str):
        raise TypeError(f"text expected, not {type(value).__name__}")
    return value


def moment(text: str) -> datetime:
    """Return a time of Jira's, such as 2026-11-23T10:00:00.000+0100, in UTC. Raises ValueError."""
    return datetime.strptime(text, "%Y-%m-%dT%H:%M:%S.%f%z").astimezone(UTC)


def remote_link(evidence: Evidence, instead_of_url: str) -> dict[str, Any]:
    """Return the whole link: Jira sets to null what is left out. instead_of_url: for one without."""
    return {
        "globalId": evidence.key,
        "application": {"type": APPLICATION, "name": "Voc"},
        "relationship": RELATIONSHIP,
        "object": {
            "url": evidence.url if is_address(evidence.url) else instead_of_url,
            "title": cut(one_line(clean(evidence.title)), LONGEST_LINE) or RELATIONSHIP,
            "summary": cut(one_line(clean(evidence.summary)), LONGEST_SUMMARY),
            "status": {"resolved": evidence.is_answered},
        },
    }


def ticket_link(record: Mapping[str, Any]) -> TicketLink:
    """Return a remote link as read; others' global ids are no keys of ours. Raises one of MISREAD."""
    shown, application = record["object"], record.get("application") or {}
    key = (record.get("globalId") or "") if application.get("type") == APPLICATION else ""
    return TicketLink(_text(shown["url"]), key=key, title=_text(shown["title"]))


def new_issue(draft: TicketDraft, body: Any) -> dict[str, Any]:
    """Return a draft as an issue's fields, its key among the labels. body: in the site's markup."""
    others = (cut("-".join(clean(label).split()), LONGEST_LINE) for label in draft.labels)
    labels = [draft_label(draft.key), *others]
    return {
        "project": {"key": draft.project},
        "summary": cut(one_line(clean(draft.title)), LONGEST_LINE),
        "description": body,
        "labels": [label for label in labels if label],
    }


def draft_label(draft_key: str) -> str:
    """Return the label by which the created issue is found again."""
    return "voc-" + hashlib.sha256(draft_key.encode()).hexdigest()[:20]


def jql_text(value: str) -> str:
    """Return a value in quotes, so that no word or sign in it is read as JQL."""
    return '"' + value.replace("\\", "\\\\").replace('"', '\\"') + '"'
