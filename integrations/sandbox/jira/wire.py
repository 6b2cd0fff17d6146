"""What all of Jira's endpoints share: its refusals, how a request is read, and the records as JSON."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from zoneinfo import ZoneInfo

from flask import request
from flask.typing import ResponseReturnValue

from integrations.sandbox.jira import adf
from integrations.sandbox.jira.loading import is_public
from integrations.sandbox.jira.state import CATEGORIES, US, Comment, Issue, Project, RemoteLink, Site

API = "/rest/api/3"
Json = dict[str, Any]
Route = tuple[str, str, Callable[..., ResponseReturnValue]]
# How Jira answers to these is documented nowhere; its database takes no NUL and no lone surrogate.
UNSTORABLE = re.compile(r"[\x00-\x08\x0b\x0c\x0e-\x1f\ud800-\udfff]")
NO_ISSUE = "Issue does not exist or you do not have permission to see it."
BAD_PAYLOAD = "Invalid request payload. Refer to the REST API documentation and try again."
NAVIGABLE = frozenset(
    """summary description status created updated resolutiondate labels components issuetype priority
    project""".split()
)


class Refused(Exception):
    """A request that Jira refuses, with its body. errors: by field."""

    def __init__(
        self,
        status: int,
        message: str = "",
        errors: Mapping[str, str] | None = None,
        headers: Mapping[str, str] | None = None,
    ) -> None:
        super().__init__(message)
        self.status, self.headers = status, dict(headers or {})
        self.body = {"errorMessages": [message] if message else [], "errors": dict(errors or {})}


def body(allowed: frozenset[str] | None = None) -> Json:
    """Return the request's JSON object. allowed: its members, where Jira refuses others."""
    given = request.get_json(silent=True)
    if not request.is_json:
        raise Refused(415)
    if not isinstance(given, dict) or (allowed is not None and not set(given) <= allowed):
        raise Refused(400, BAD_PAYLOAD)
    if any(UNSTORABLE.search(text) for text in _texts(given)):
        raise Refused(400, BAD_PAYLOAD)
    return given


def _texts(node: Any) -> Iterator[str]:
    """Yield every text in a JSON value, names too."""
    if isinstance(node, str):
        yield node
    elif isinstance(node, list | dict):
        for item in (*node, *node.values()) if isinstance(node, dict) else node:
            yield from _texts(item)


def flag(name: str, default: bool) -> bool:
    """Return a true/false query parameter."""
    given = request.args.get(name, str(default).lower())
    if given not in ("true", "false"):
        raise Refused(400, f"The value of {name} must be true or false.")
    return given == "true"


def number(name: str, default: int) -> int:
    """Return a whole, not negative query parameter."""
    given = request.args.get(name, str(default))
    if not given.isdecimal():
        raise Refused(400, f"The value of {name} must be a number.")
    return int(given)


def document(value: Any, name: str) -> Json:
    """Return a valid document of allowed length."""
    if not isinstance(value, dict):
        message = "Operation value must be an Atlassian Document (see the Atlassian Document Format)"
        raise Refused(400, errors={name: message})
    if adf.fault(value):
        raise Refused(400, "INVALID_INPUT")
    if adf.length(value) > adf.MOST_CHARACTERS:
        raise Refused(400, errors={name: "CONTENT_LIMIT_EXCEEDED"})
    return value


@dataclass(frozen=True, slots=True)
class Wire:
    """Records as JSON. base_url: asked when a link is written, since the port is known late."""

    site: Site
    base_url: Callable[[], str]

    def issue(self, key_or_id: str) -> Issue:
        """Return an issue that our account can see, or refuse."""
        issue = self.site.issue(key_or_id)
        if issue is None:
            raise Refused(404, NO_ISSUE)
        return issue

    def url(self, path: str) -> str:
        """Return an API URL."""
        return f"{self.base_url()}{API}/{path}"

    def time(self, moment: datetime) -> str:
        """Return a time as Jira writes it: in the account's zone."""
        local = moment.astimezone(ZoneInfo(self.site.settings.time_zone))
        return f"{local:%Y-%m-%dT%H:%M:%S}.{local.microsecond // 1000:03d}{local:%z}"

    def user(self, name: str) -> Json:
        """Return a user; ours is US."""
        account = "712020:" + name.lower().replace(" ", "-")
        return {
            "self": self.url(f"user?accountId={account}"),
            "accountId": account,
            "accountType": "atlassian",
            "active": True,
            "displayName": name,
            "timeZone": self.site.settings.time_zone,
        }

    def project(self, project: Project) -> Json:
        """Return a project, the part that issues carry too."""
        return {
            "self": self.url(f"project/{project.id}"),
            "id": str(project.id),
            "key": project.key,
            "name": project.name,
            "projectTypeKey": project.type,
            "simplified": False,
        }

    def whole_issue(self, issue: Issue, fields: list[str]) -> Json:
        """Return an issue with the wanted fields (names, *all, *navigable, -name); "id" alone: none."""
        wanted = {name for name in fields if not name.startswith("-")}
        if wanted & {"*all", "*navigable"} or (fields and not wanted):
            wanted |= NAVIGABLE
        wanted -= {name[1:] for name in fields if name.startswith("-")}
        record = {"id": str(issue.id)}
        if wanted - {"id"}:
            record |= {"expand": "", "self": self.url(f"issue/{issue.id}"), "key": issue.key}
        chosen = {name: value for name, value in self._fields(issue).items() if name in wanted}
        return {**record, "fields": chosen} if chosen else {**record}

    def _fields(self, issue: Issue) -> Json:
        number, name = CATEGORIES[issue.category]
        category = {
            "self": self.url(f"statuscategory/{number}"),
            "id": number,
            "key": issue.category,
            "name": name,
        }
        return {
            "summary": issue.summary,
            "description": issue.description,
            "status": {
                "self": self.url("status/1"),
                "id": "1",
                "name": issue.status,
                "statusCategory": category,
            },
            "created": self.time(issue.created),
            "updated": self.time(issue.updated),
            "resolutiondate": self.time(issue.resolved) if issue.resolved else None,
            "labels": list(issue.labels),
            "components": [{"self": self.url("component/1"), "id": "1", "name": n} for n in issue.components],
            "issuetype": {
                "self": self.url("issuetype/1"),
                "id": "1",
                "name": issue.issuetype,
                "subtask": False,
            },
            "priority": {"self": self.url("priority/3"), "id": "3", "name": issue.priority},
            "project": self.project(issue.project),
        }

    def comment(self, issue: Issue, comment: Comment, *, with_properties: bool = False) -> Json:
        """Return a comment."""
        record: Json = {
            "self": self.url(f"issue/{issue.id}/comment/{comment.id}"),
            "id": str(comment.id),
            "author": self.user(comment.author),
            "body": comment.body,
            "updateAuthor": self.user(comment.author),
            "created": self.time(comment.created),
            "updated": self.time(comment.updated),
            "jsdPublic": is_public(issue, comment),
        }
        if comment.visibility is not None:
            record["visibility"] = comment.visibility
        if with_properties:
            record["properties"] = [{"key": key, "value": value} for key, value in comment.properties.items()]
        return record

    def link(self, issue: Issue, link: RemoteLink) -> Json:
        """Return a remote link; what the last request left out is gone."""
        record = {"id": link.id, "self": self.url(f"issue/{issue.key}/remotelink/{link.id}"), **link.request}
        return record if link.global_id is None else {**record, "globalId": link.global_id}


def is_ours(comment: Comment) -> bool:
    """Return whether our account wrote the comment."""
    return comment.author == US
