"""What a new issue needs in its project: told before it is made, by the names that people know."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any
from urllib.parse import quote

from bot.domain.annotation import TicketDraft
from bot.errors import AnswerError, NotFoundError
from integrations.jira.client import VENDOR
from integrations.jira.deployment import MOST_AT_ONCE, Deployment, Record, listed
from integrations.jira.mapping import MISREAD, new_issue

DOING = "creating a ticket"


def new_fields(
    at: Deployment, draft: TicketDraft, issue_type: str, extra: Mapping[str, Any]
) -> dict[str, Any]:
    """Return the fields of the issue to make. extra: further ones, by id or by name, for whoever has them.

    Raises AnswerError for a kind of issue that the project lacks, or a required field that is not given.
    """
    given = {**new_issue(draft, at.body_of(draft.body)), "issuetype": {"name": issue_type}}
    try:
        known = list(_fields(at, draft.project, issue_type))
        return _whole(given, extra, known, draft.project)
    except NotFoundError:
        return {**given, **extra}  # before Data Center 8.4 there is nobody to ask
    except MISREAD as exc:
        raise AnswerError(VENDOR, DOING, type(exc).__name__) from exc


def _whole(
    given: dict[str, Any], extra: Mapping[str, Any], known: list[Record], project: str
) -> dict[str, Any]:
    names = {str(field["name"]).lower(): str(field["fieldId"]) for field in known}
    ids = {field: field for field in names.values()} | names
    fields = {**given, **{ids[name]: value for name, value in _lower(extra).items() if name in ids}}
    required = {
        str(f["fieldId"]): str(f["name"]) for f in known if f["required"] and not f.get("hasDefaultValue")
    }
    if missing := [name for field, name in required.items() if field not in fields]:
        told = ", ".join(sorted(missing))
        raise AnswerError(
            VENDOR, DOING, f"{project} also requires {told}: set them under [jira.create_fields]"
        )
    if "labels" not in ids:
        # Without its label, what an uncertain try made could not be found again.
        raise AnswerError(VENDOR, DOING, f"{project} has no field Labels on its create screen: add it there")
    return fields


def _lower(extra: Mapping[str, Any]) -> dict[str, Any]:
    return {name.lower(): value for name, value in extra.items()}


def _fields(at: Deployment, project: str, issue_type: str) -> Iterator[Record]:
    path = f"{at.api}/issue/createmeta/{quote(project, safe='')}/issuetypes"
    kinds = list(_pages(at, path, at.kinds))
    found = next((kind for kind in kinds if kind["name"].lower() == issue_type.lower()), None)
    if found is None:
        names = ", ".join(sorted(str(kind["name"]) for kind in kinds))
        raise AnswerError(VENDOR, DOING, f"{project} has no issue type {issue_type}, only {names}")
    return _pages(at, f"{path}/{quote(str(found['id']), safe='')}", at.fields)


def _pages(at: Deployment, path: str, name: str) -> Iterator[Record]:
    start, doing = 0, "reading what a ticket needs"
    while True:
        answer = at.http.get(path, doing, {"startAt": start, "maxResults": MOST_AT_ONCE})
        page = listed(answer, name, doing)
        yield from page
        start += len(page)
        if not page or start >= answer.get("total", 0):
            return
