"""Fills a site from plain records and tells what it holds: for tests and the demo, no vendor does this."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from integrations.sandbox.clock import loaded_time
from integrations.sandbox.jira import adf
from integrations.sandbox.jira.markup import Body
from integrations.sandbox.jira.state import Comment, Issue, Project, Site, Token

PLAIN = ("summary", "status", "issuetype", "priority", "assignee", "assignee_email")


def load(site: Site, data: Mapping[str, Any]) -> dict[str, int]:
    """Add or change records; return how many of each kind. See JiraStandIn for the shape."""
    site.set_up(data.get("settings", {}))
    for token, scopes in data.get("tokens", {}).items():
        site.tokens[token] = Token(frozenset(scopes))
    for project in data.get("projects", ()):
        _load_project(site, project)
    for issue in data.get("issues", ()):
        _load_issue(site, issue)
    for key in data.get("deleted", ()):
        gone = site.issues.pop(site.keys[key])
        site.keys = {name: issue_id for name, issue_id in site.keys.items() if issue_id != gone.id}
    return {kind: len(data[kind]) for kind in ("projects", "issues", "deleted") if kind in data}


def _load_project(site: Site, given: Mapping[str, Any]) -> Project:
    project = site.projects.get(given["key"])
    if project is None:
        project = Project(id=site.new_id("project"), key=given["key"], name=given["key"])
        site.projects[project.key] = project
    for name in ("name", "type", "hidden"):
        if name in given:
            setattr(project, name, given[name])
    return project


def _load_issue(site: Site, given: Mapping[str, Any]) -> None:
    prefix, _, number = given["key"].rpartition("-")
    project = site.projects.get(prefix) or _load_project(site, {"key": prefix})
    project.last_number = max(project.last_number, int(number))
    known = site.keys.get(given["key"], int(given.get("id", -1)))
    issue = site.issues.get(known)
    if issue is None:
        issue = _new_issue(site, project, given)
        site.issues[issue.id] = issue
    else:
        site.touch(issue)
    issue.key, issue.project = given["key"], project
    site.keys[issue.key] = issue.id
    _change(site, issue, given)
    for comment in given.get("comments", ()):
        _load_comment(site, issue, comment)


def _new_issue(site: Site, project: Project, given: Mapping[str, Any]) -> Issue:
    now = site.clock.now()
    created = loaded_time(given["created"]) if "created" in given else now
    return Issue(
        id=int(given.get("id") or site.new_id("issue")),
        key=given["key"],
        project=project,
        summary=given["summary"],
        created=created,
        updated=created,
    )


def _change(site: Site, issue: Issue, given: Mapping[str, Any]) -> None:
    for name in PLAIN:
        if name in given:
            setattr(issue, name, given[name])
    for name in ("labels", "components"):
        if name in given:
            setattr(issue, name, tuple(given[name]))
    if "description" in given:
        issue.description = _body(site, given["description"])
    if "duplicates" in given:
        site.duplicates[issue.id] = tuple(site.keys[key] for key in given["duplicates"])
    if "statusCategory" in given:
        issue.category = given["statusCategory"]
    if "updated" in given:
        issue.updated = loaded_time(given["updated"])
    issue.resolved = (issue.resolved or issue.updated) if issue.category == "done" else None


def _body(site: Site, given: Any) -> Body | None:
    if isinstance(given, str):
        given = site.markup.of_text(given) if given.strip() else None
    length = adf.utf16(given) if isinstance(given, str) else adf.length(given) if given else 0
    if length > adf.MOST_CHARACTERS:
        raise ValueError(f"a description has at most {adf.MOST_CHARACTERS} characters")
    return given or None


def _load_comment(site: Site, issue: Issue, given: Mapping[str, Any]) -> None:
    now = site.clock.now()
    comment = Comment(
        id=site.new_id("comment"),
        author=given.get("author", "Mia Krystof"),
        body=_body(site, given["body"]) or site.markup.of_text(""),
        created=now,
        updated=now,
        properties=dict(given.get("properties", {})),
    )
    issue.comments[comment.id] = comment


def dump(site: Site) -> dict[str, Any]:
    """Return what the site holds. See JiraStandIn for the shape."""
    projects = [
        {"id": str(p.id), "key": p.key, "name": p.name, "type": p.type} for p in site.projects.values()
    ]
    return {"projects": projects, "issues": [_issue(site, issue) for issue in site.issues.values()]}


def _issue(site: Site, issue: Issue) -> dict[str, Any]:
    return {
        "id": str(issue.id),
        "key": issue.key,
        "summary": issue.summary,
        "description": issue.description,
        "status": issue.status,
        "statusCategory": issue.category,
        "created": issue.created.isoformat(),
        "updated": issue.updated.isoformat(),
        "labels": list(issue.labels),
        "components": list(issue.components),
        "issuetype": issue.issuetype,
        "priority": issue.priority,
        "duplicates": [str(survivor) for survivor in site.duplicates.get(issue.id, ())],
        "values": issue.values,
        "mails": issue.mails,
        "comments": [_comment(site, issue, comment) for comment in issue.comments.values()],
        "links": [
            {"id": link.id, "globalId": link.global_id, **link.request} for link in issue.links.values()
        ],
    }


def _comment(site: Site, issue: Issue, comment: Comment) -> dict[str, Any]:
    return {
        "id": str(comment.id),
        "author": comment.author,
        "body": comment.body,
        "text": site.markup.plain(comment.body),
        "created": comment.created.isoformat(),
        "updated": comment.updated.isoformat(),
        "properties": comment.properties,
        "public": is_public(issue, comment),
        "edits": comment.edits,
        "mails": comment.mails,
    }


def is_public(issue: Issue, comment: Comment) -> bool:
    """Return whether a service desk's customer sees the comment."""
    marker = comment.properties.get("sd.public.comment")
    is_internal = isinstance(marker, dict) and marker.get("internal") is True
    return not (issue.project.type == "service_desk" and is_internal)
