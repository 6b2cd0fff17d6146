"""Issues: read one or many, create, edit."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from flask import jsonify, request
from flask.typing import ResponseReturnValue

from integrations.sandbox.jira.adf import utf16
from integrations.sandbox.jira.markup import Body
from integrations.sandbox.jira.refusals import BAD_PAYLOAD, Json, Refused, Route, body, flag, names
from integrations.sandbox.jira.state import Issue, Project, Site
from integrations.sandbox.jira.values import is_missing, value_fault
from integrations.sandbox.jira.wire import Wire

MOST_FETCHED = 100
FETCH_MEMBERS = frozenset("issueIdsOrKeys fields expand fieldsByKeys properties".split())
TYPES = ("Task", "Bug", "Story", "Epic", "Sub-task")
SUBTASK = TYPES[-1]
SYSTEM = frozenset({"project", "issuetype", "summary", "description", "labels", "priority"})


class Issues:
    """The endpoints of issues. write: counts a write on an issue against its limits."""

    def __init__(self, wire: Wire, write: Callable[[Issue], None]) -> None:
        self._wire, self._site, self._write = wire, wire.site, write

    def routes(self) -> list[Route]:
        """Return method, rule and view of each."""
        api = self._wire.api
        many: list[Route] = [("POST", f"{api}/issue/bulkfetch", self.many)] if self._site.is_cloud else []
        return [
            *many,
            ("POST", f"{api}/issue", self.create),
            ("GET", f"{api}/issue/<key>", self.read),
            ("PUT", f"{api}/issue/<key>", self.edit),
        ]

    def read(self, key: str) -> ResponseReturnValue:
        """Answer one issue, under its present key."""
        fields = names(request.args.getlist("fields"))
        return jsonify(self._wire.whole_issue(self._wire.issue(key), fields or ["*all"]))

    def many(self) -> ResponseReturnValue:
        """Answer those of the issues that we can see, by id."""
        given = body(FETCH_MEMBERS)
        wanted = given.get("issueIdsOrKeys")
        if not isinstance(wanted, list) or not 0 < len(wanted) <= MOST_FETCHED:
            raise Refused(400, BAD_PAYLOAD)
        found = {issue.id: issue for one in names(wanted) if (issue := self._site.issue(one))}
        fields = names(given.get("fields", ["*navigable"]))
        shown = [self._wire.whole_issue(issue, fields) for _, issue in sorted(found.items())]
        return jsonify(issues=shown, issueErrors=[])

    def create(self) -> ResponseReturnValue:
        """Create an issue from `fields`."""
        fields = body().get("fields")
        if not isinstance(fields, dict):
            raise Refused(400, BAD_PAYLOAD)
        project = self._project(fields.get("project"))
        if errors := _errors(fields, project, self._site):
            raise Refused(400, errors=errors)
        if project is None or not self._site.may("CREATE_ISSUES"):
            raise Refused(403, "You do not have permission to create issues in this project.")
        text = fields.get("description")
        issue = self._add(
            project, fields, None if text is None else self._site.markup.taken(text, "description")
        )
        return jsonify(
            {"id": str(issue.id), "key": issue.key, "self": self._wire.url(f"issue/{issue.id}")}
        ), 201

    def edit(self, key: str) -> ResponseReturnValue:
        """Change an issue's own fields.

        Who may not silence the mails and asks for it is not heard at all on Cloud, and refused elsewhere.
        """
        issue, quiet = self._wire.issue(key), not flag("notifyUsers", True)
        fields = body().get("fields")
        if not isinstance(fields, dict):
            raise Refused(400, BAD_PAYLOAD)
        known = {field.id: field for field in self._site.settings.fields}
        if not self._site.may("EDIT_ISSUES"):
            raise Refused(400, "You do not have permission to edit issues in this project.")
        markup = self._site.markup
        faults = {name: value_fault(name, known.get(name), value, markup) for name, value in fields.items()}
        if errors := {name: fault for name, fault in faults.items() if fault}:
            raise Refused(400, errors=errors)
        if quiet and not (self._site.may("ADMINISTER") or self._site.may("ADMINISTER_PROJECTS")):
            return self._unheard()
        self._write(issue)
        self._site.touch(issue)
        issue.values |= fields
        issue.mails += 0 if quiet else self._site.settings.watchers
        return "", 204

    def _unheard(self) -> ResponseReturnValue:
        if self._site.is_cloud:
            return "", 204
        raise Refused(
            403, "To discard the user notification either admin or project admin permissions are required."
        )

    def _project(self, given: Any) -> Project | None:
        named = given if isinstance(given, dict) else {}
        return self._site.project(str(named.get("id", named.get("key", ""))))

    def _add(self, project: Project, fields: Json, description: Body | None) -> Issue:
        project.last_number += 1
        now = self._site.clock.now()
        issue = Issue(
            id=self._site.new_id("issue"),
            key=f"{project.key}-{project.last_number}",
            project=project,
            summary=fields["summary"],
            description=description,
            labels=tuple(fields.get("labels", ())),
            issuetype=kind_of(fields["issuetype"]),
            created=now,
            updated=now,
            values={name: value for name, value in fields.items() if name not in SYSTEM},
        )
        self._site.touch(issue)
        self._site.issues[issue.id] = issue
        self._site.keys[issue.key] = issue.id
        return issue


def kind_of(given: Any) -> str:
    """Return the name of the kind of issue that is given by id or by name, "" for none."""
    named = given if isinstance(given, dict) else {}
    by_id = {str(number): name for number, name in enumerate(TYPES, start=1)}
    name = by_id.get(str(named.get("id")), str(named.get("name", "")))
    return name if name in TYPES else ""


def _errors(fields: Json, project: Project | None, site: Site) -> dict[str, str]:
    kind = kind_of(fields.get("issuetype"))
    own = {one.id: one for one in site.settings.fields if one.only_for in ("", kind)}
    given, markup = fields.keys() - SYSTEM, site.markup
    errors = {name: value_fault(name, own.get(name), fields[name], markup) for name in given}
    errors |= {
        field.id: f"{field.name} is required."
        for field in own.values()
        if field.required and is_missing(fields.get(field.id))
    }
    if project is None:
        errors["project"] = "valid project is required"
    if not kind:
        errors["issuetype"] = "Specify a valid issue type"
    if kind == SUBTASK and "parent" not in fields:
        errors["parent"] = "Issue type is a sub-task but parent issue key or id not specified."
    errors["summary"] = _summary_fault(fields.get("summary"))
    errors["labels"] = _label_fault(fields.get("labels", []))
    return {name: fault for name, fault in errors.items() if fault}


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
