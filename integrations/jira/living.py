"""The one living comment on a ticket: edited in place, found by its property, made anew once at most."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any
from urllib.parse import quote

from bot.domain.annotation import Annotation
from bot.errors import AnswerError, NotFoundError, UncertainError
from integrations.jira.client import VENDOR
from integrations.jira.deployment import Deployment
from integrations.jira.mapping import MISREAD

MARKER = "voc.annotation"
DOING = "annotating a ticket"
# What the id of a comment carries that was made anew. Whoever keeps the id keeps this with it; the comment's
# own property is gone with the comment, and one of the ticket's would need the permission to edit tickets.
AGAIN = ":again"
# Jira says no more, and asking who wrote it would take two requests.
REFUSED = (
    "400: the account needs the permission Edit own comments, and Edit all comments where an account used "
    "before has written it"
)


def write_comment(
    at: Deployment, external_id: str, annotation: Annotation, known: str | None, per_page: int
) -> str:
    """Edit our comment, or find it by its marker and edit that, or add it; return its id.

    known: the id from last time. Raises AnswerError where people have deleted it twice: they want none.
    """
    body = at.comment_of(annotation)
    if known and _edit(at, external_id, known, body):
        return known
    found = find_comment(at, external_id, per_page)
    if found and _edit(at, external_id, found, body):
        return found
    if known and known.endswith(AGAIN):
        raise AnswerError(VENDOR, DOING, "people have deleted the comment twice, so it stays away")
    mark = AGAIN if known else ""
    path, request = f"{at.issue(external_id)}/comment", {"body": body, "properties": _properties(mark)}
    return id_of(at.http.call("POST", path, DOING, json=request).json(), DOING) + mark


def find_comment(at: Deployment, external_id: str, per_page: int) -> str | None:
    """Return the id of our newest comment that carries the marker."""
    try:
        for comment, value in at.own_comments(external_id, MARKER, per_page):
            is_again = isinstance(value, Mapping) and value.get("again") is True
            return comment + (AGAIN if is_again else "")
    except MISREAD as exc:
        raise AnswerError(VENDOR, "reading comments", type(exc).__name__) from exc
    return None


def id_of(answer: Any, doing: str) -> str:
    """Return the id of what was made. Raises UncertainError without one."""
    if not isinstance(answer, dict) or "id" not in answer:
        raise UncertainError(VENDOR, doing, "no id in the answer")
    return str(answer["id"])


def _edit(at: Deployment, external_id: str, comment: str, body: Any) -> bool:
    """Replace the comment, mailing nobody where that can be; return False where it is gone."""
    number, mark, _ = comment.partition(AGAIN)
    path = f"{at.issue(external_id)}/comment/{quote(number, safe='')}"
    request = {"body": body, "properties": _properties(mark)}
    try:
        at.http.call("PUT", path, DOING, json=request, params=at.edits_quietly, is_repeatable=True)
    except NotFoundError:
        return False
    except AnswerError as exc:
        if exc.detail != "400":
            raise
        raise AnswerError(VENDOR, DOING, REFUSED) from exc
    return True


def _properties(mark: str) -> list[dict[str, Any]]:
    """Return the marker, and what keeps the comment inside on a service desk.

    Both are sent always, since a ticket may move to a service desk with its comments.
    """
    return [
        {"key": MARKER, "value": {"version": 1, "again": bool(mark)}},
        {"key": "sd.public.comment", "value": {"internal": True}},
    ]
