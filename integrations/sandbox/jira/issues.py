"""Issues: search by JQL, read, create."""

from __future__ import annotations

import base64
import hashlib
import json
from datetime import timedelta
from typing import Any

from flask import jsonify, request
from flask.typing import ResponseReturnValue

from integrations.sandbox.jira import jql, searching
from integrations.sandbox.jira.adf import utf16
from integrations.sandbox.jira.state import Issue, Project
from integrations.sandbox.jira.wire import API, BAD_PAYLOAD, Json, Refused, Route, Wire, body, document

TOKEN_LASTS = timedelta(days=7)
MOST_IDS, MOST_WITH_FIELDS, MOST_RECONCILED = 5000, 100, 50
SEARCH_MEMBERS = frozenset(
    "jql nextPageToken maxResults fields expand properties fieldsByKeys failFast reconcileIssues".split()
)
TYPES = ("Task", "Bug", "Story", "Epic")


class Issues:
    """The endpoints of issues."""

    def __init__(self, wire: Wire) -> None:
        self._wire, self._site = wire, wire.site

    def routes(self) -> list[Route]:
        """Return method, rule and view of each."""
        return [
            ("POST", f"{API}/search/jql", self.search),
            ("POST", f"{API}/search", self.removed),
            ("GET", f"{API}/search", self.removed),
            ("POST", f"{API}/issue", self.create),
            ("GET", f"{API}/issue/<key>", self.read),
        ]

    def removed(self) -> ResponseReturnValue:
        """Refuse the search that was taken away."""
        raise Refused(
            410, "The requested API has been removed. Please migrate to the /rest/api/3/search/jql API."
        )

    def search(self) -> ResponseReturnValue:
        """Answer a page of what a bounded query finds."""
        given = body(SEARCH_MEMBERS)
        fields, size = _fields(given), _size(given)
        reconciled = given.get("reconcileIssues", [])
        if not isinstance(reconciled, list) or len(reconciled) > MOST_RECONCILED:
            raise Refused(400, BAD_PAYLOAD)
        text = given.get("jql")
        try:
            query = jql.parse(text if isinstance(text, str) else "")
            found = searching.find(self._site, query, self._site.searchable(reconciled))
        except jql.JqlError as error:
            raise Refused(400, str(error)) from error
        if token := given.get("nextPageToken"):
            found = searching.after(query, found, self._position(str(token), str(text)))
        page = found[:size]
        answer: Json = {"issues": [self._wire.whole_issue(issue, fields) for issue in page]}
        answer["isLast"] = len(found) <= size
        if len(found) > size:
            answer["nextPageToken"] = self._token(searching.position(query, page[-1]), str(text))
        return jsonify(answer)

    def _token(self, position: searching.Position, text: str) -> str:
        """Return a token for that query alone, with its time."""
        facts = [_digest(text), self._site.clock.now().timestamp(), position]
        return base64.urlsafe_b64encode(json.dumps(facts).encode()).decode()

    def _position(self, token: str, text: str) -> searching.Position:
        try:
            digest, issued, position = json.loads(base64.urlsafe_b64decode(token))
        except ValueError as error:
            raise Refused(400, "The provided next page token is invalid or expired.") from error
        if (
            digest != _digest(text)
            or self._site.clock.now().timestamp() - issued > TOKEN_LASTS.total_seconds()
        ):
            raise Refused(400, "The provided next page token is invalid or expired.")
        return list(position)

    def read(self, key: str) -> ResponseReturnValue:
        """Answer one issue, under its present key."""
        fields = [name for value in request.args.getlist("fields") for name in value.split(",") if name]
        return jsonify(self._wire.whole_issue(self._wire.issue(key), fields or ["*all"]))

    def create(self) -> ResponseReturnValue:
        """Create an issue from `fields`."""
        fields = body().get("fields")
        if not isinstance(fields, dict):
            raise Refused(400, BAD_PAYLOAD)
        project = self._project(fields.get("project"))
        if errors := _errors(fields, project):
            raise Refused(400, errors=errors)
        if project is None or not self._site.may("CREATE_ISSUES"):
            raise Refused(403, "You do not have permission to create issues in this project.")
        text = fields.get("description")
        issue = self._add(project, fields, None if text is None else document(text, "description"))
        return jsonify(
            {"id": str(issue.id), "key": issue.key, "self": self._wire.url(f"issue/{issue.id}")}
        ), 201

    def _project(self, given: Any) -> Project | None:
        named = given if isinstance(given, dict) else {}
        return self._site.project(str(named.get("id", named.get("key", ""))))

    def _add(self, project: Project, fields: Json, description: Json | None) -> Issue:
        project.last_number += 1
        now = self._site.clock.now()
        issue = Issue(
            id=self._site.new_id("issue"),
            key=f"{project.key}-{project.last_number}",
            project=project,
            summary=fields["summary"],
            description=description,
            labels=tuple(fields.get("labels", ())),
            issuetype=fields["issuetype"].get("name", "Task"),
            created=now,
            updated=now,
        )
        self._site.touch(issue)
        self._site.issues[issue.id] = issue
        self._site.keys[issue.key] = issue.id
        return issue


def _fields(given: Json) -> list[str]:
    fields = given.get("fields", ["id"])
    if not isinstance(fields, list) or not all(isinstance(name, str) for name in fields):
        raise Refused(400, BAD_PAYLOAD)
    return [name for value in fields for name in value.split(",") if name]


def _size(given: Json) -> int:
    """Return the page's size: what is asked, but fewer where more than ids are wanted."""
    size = given.get("maxResults", 50)
    if not isinstance(size, int) or isinstance(size, bool) or size < 1:
        raise Refused(400, BAD_PAYLOAD)
    return min(size, MOST_IDS if set(_fields(given)) <= {"id", "key"} else MOST_WITH_FIELDS)


def _digest(text: str) -> str:
    return hashlib.sha256(text.encode()).hexdigest()[:16]


def _errors(fields: Json, project: Project | None) -> dict[str, str]:
    errors = {
        name: f"Field '{name}' cannot be set. It is not on the appropriate screen, or unknown."
        for name in fields.keys() - {"project", "issuetype", "summary", "description", "labels", "priority"}
    }
    if project is None:
        errors["project"] = "valid project is required"
    kind = fields.get("issuetype")
    if not isinstance(kind, dict) or not (kind.get("name") in TYPES or kind.get("id") == "1"):
        errors["issuetype"] = "Specify a valid issue type"
    if fault := _summary_fault(fields.get("summary")):
        errors["summary"] = fault
    if fault := _label_fault(fields.get("labels", [])):
        errors["labels"] = fault
    return errors


def _summary_fault(summary: Any) -> str:
    if not isinstance(summary, str) or not summary.strip():
        return "You must specify a summary of the issue."
    if "\n" in summary or "\r" in summary:
        return "The summary is invalid because it contains newline characters."
    return "Summary can't exceed 255 characters." if utf16(summary) > 255 else ""


def _label_fault(labels: Any) -> str:
    if not isinstance(labels, list) or not all(isinstance(label, str) and label for label in labels):
        return "data was not an array"
    if spaced := next((label for label in labels if any(c.isspace() for c in label)), None):
        return f"The label '{spaced}' contains spaces which is invalid."
    return "A label exceeds the maximum length of 255." if any(utf16(label) > 255 for label in labels) else ""
