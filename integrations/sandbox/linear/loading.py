"""Fills a workspace from plain records and tells what it holds: for tests and the demo, not the vendor's."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any
from uuid import uuid4

from integrations.sandbox.clock import loaded_time
from integrations.sandbox.linear.planning import Project, ProjectStatus
from integrations.sandbox.linear.serving import written
from integrations.sandbox.linear.state import (
    SCOPES,
    Attachment,
    Comment,
    Customer,
    Issue,
    Label,
    Need,
    Relation,
    Team,
    Token,
    Workspace,
)

KINDS = (
    "teams",
    "labels",
    "projects",
    "issues",
    "deleted",
    "customers",
    "tokens",
    "removed_comments",
    "deleted_customers",
)


def load(space: Workspace, data: Mapping[str, Any]) -> dict[str, int]:
    """Add or change records; return how many of each kind. See LinearStandIn for the shape."""
    space.set_up(data.get("settings", {}))
    for token in data.get("tokens", ()):
        until = token.get("expires_at")
        space.tokens[token["token"]] = Token(
            tuple(token.get("scopes", SCOPES)), loaded_time(until) if until else None
        )
    for team in data.get("teams", ()):
        _load_team(space, team)
    for label in data.get("labels", ()):
        _load_label(space, label)
    for project in data.get("projects", ()):
        status = ProjectStatus(project.get("status", "started"))
        one = Project(id=str(uuid4()), name=project["name"], teams=tuple(project["teams"]), status=status)
        space.projects[one.id] = one
    for customer in data.get("customers", ()):
        made = Customer(id=str(uuid4()), **customer)
        space.customers[made.id] = made
    for issue in data.get("issues", ()):
        _load_issue(space, issue)
    for identifier in data.get("deleted", ()):
        gone = space.issues.pop(space.issue(identifier).id)
        space.keys = {key: id_ for key, id_ in space.keys.items() if id_ != gone.id}
        space.needs = {id_: need for id_, need in space.needs.items() if need.issue is not gone}
    for name in data.get("deleted_customers", ()):
        _delete_customer(space, name)
    for id_ in data.get("removed_comments", ()):
        space.comment(id_)[1].is_deleted = True
    return {kind: len(data[kind]) for kind in KINDS if kind in data}


def _delete_customer(space: Workspace, name: str) -> None:
    gone = next(one for one in space.customers.values() if one.name == name)
    del space.customers[gone.id]
    for need in space.needs.values():
        need.customer = None if need.customer is gone else need.customer


def _load_team(space: Workspace, given: Mapping[str, Any]) -> Team:
    team = space.teams.get(given["key"])
    if team is None:
        team = Team(id=str(uuid4()), key=given["key"], name=given["key"])
        space.teams[team.key] = team
    for name in ("name", "hidden"):
        if name in given:
            setattr(team, name, given[name])
    return team


def _load_label(space: Workspace, given: Mapping[str, Any]) -> Label:
    found = next((one for one in space.labels.values() if one.name == given["name"]), None)
    if found is None:
        team = space.teams[given["team"]] if given.get("team") else None
        parent = next((one for one in space.labels.values() if one.name == given.get("parent")), None)
        is_group = bool(given.get("is_group", False))
        found = Label(id=str(uuid4()), name=given["name"], team=team, is_group=is_group, parent=parent)
        space.labels[found.id] = found
    return found


def _load_issue(space: Workspace, given: Mapping[str, Any]) -> None:
    prefix, _, number = given["identifier"].rpartition("-")
    team = space.teams.get(prefix) or _load_team(space, {"key": prefix})
    team.last_number = max(team.last_number, int(number))
    issue = space.issues.get(given.get("id") or space.keys.get(given["identifier"], ""))
    if issue is None:
        issue = _new_issue(space, team, int(number), given)
    if issue.identifier != given["identifier"]:
        issue.previous_identifiers.append(issue.identifier)
        issue.team, issue.number, issue.state = team, int(number), team.states[issue.state.type]
    space.keep(issue)
    _change(space, issue, given)


def _new_issue(space: Workspace, team: Team, number: int, given: Mapping[str, Any]) -> Issue:
    created = loaded_time(given["created"]) if "created" in given else space.clock.now()
    return Issue(
        id=str(given.get("id") or uuid4()),
        team=team,
        number=number,
        title=given["title"],
        state=team.states["unstarted"],
        created_at=created,
        updated_at=created,
        url_key=space.settings.url_key,
    )


def _person(email: str) -> dict[str, Any] | None:
    return {"id": email, "name": email, "email": email, "app": False, "active": True} if email else None


def _change(space: Workspace, issue: Issue, given: Mapping[str, Any]) -> None:
    for name in ("title", "description", "priority", "trashed"):
        if name in given:
            setattr(issue, name, given[name])
    issue.assignee = _person(given["assignee"]) if "assignee" in given else issue.assignee
    if "state" in given:
        since = loaded_time(given["state_since"]) if "state_since" in given else None
        space.put_in_state(issue, given["state"], since)
    if "labels" in given:
        issue.labels = [_load_label(space, {"name": name}) for name in given["labels"]]
    if "archived" in given or given.get("trashed"):
        issue.archived_at = space.clock.now() if given.get("archived", True) else None
    if "duplicate_of" in given:
        original = space.issue(given["duplicate_of"])
        issue.relations.append(Relation(str(uuid4()), "duplicate", issue, original))
        space.put_in_state(issue, "duplicate")
    for identifier in given.get("related_to", ()):
        issue.relations.append(Relation(str(uuid4()), "related", issue, space.issue(identifier)))
    for comment in given.get("comments", ()):
        _load_comment(space, issue, comment)
    for attachment in given.get("attachments", ()):
        now = space.clock.now()
        issue.attachments[attachment["url"]] = Attachment(id=str(uuid4()), created_at=now, **attachment)
    issue.updated_at = loaded_time(given["updated"]) if "updated" in given else space.now()


def _load_comment(space: Workspace, issue: Issue, given: Mapping[str, Any]) -> None:
    now, author = space.clock.now(), given.get("author", "Mia Krystof")
    id_ = str(given.get("id") or uuid4())
    comment = Comment(id=id_, body=given["body"], author=author, created_at=now, updated_at=now)
    issue.comments[comment.id] = comment


def dump(space: Workspace) -> dict[str, Any]:
    """Return what the workspace holds. See LinearStandIn for the shape."""
    return {
        "teams": [{"id": team.id, "key": team.key, "name": team.name} for team in space.teams.values()],
        "customers": [
            {
                "id": one.id,
                "name": one.name,
                "domains": list(one.domains),
                "external_ids": list(one.external_ids),
                "revenue": one.revenue,
            }
            for one in space.customers.values()
        ],
        "issues": [_issue(space, issue) for issue in space.issues.values()],
    }


def _issue(space: Workspace, issue: Issue) -> dict[str, Any]:
    return {
        "id": issue.id,
        "identifier": issue.identifier,
        "url": issue.url,
        "title": issue.title,
        "description": issue.description,
        "state": issue.state.type,
        "status": issue.state.name,
        "updated": written(issue.updated_at),
        "labels": [label.name for label in issue.labels],
        "project": issue.project.name if issue.project else None,
        "priority": issue.priority,
        "trashed": bool(issue.trashed),
        "previous_identifiers": list(issue.previous_identifiers),
        "comments": [_comment(one) for one in issue.comments.values() if not one.is_deleted],
        "attachments": [
            {"id": a.id, "url": a.url, "title": a.title, "subtitle": a.subtitle, "metadata": dict(a.metadata)}
            for a in issue.attachments.values()
        ],
        "needs": [_need(need) for need in space.needs.values() if need.issue is issue],
    }


def _comment(comment: Comment) -> dict[str, Any]:
    return {
        "id": comment.id,
        "author": comment.author,
        "body": comment.body,
        "updated": written(comment.updated_at),
        "edited": comment.edited_at is not None,
    }


def _need(need: Need) -> dict[str, Any]:
    return {
        "id": need.id,
        "body": need.body,
        "url": need.url,
        "priority": need.priority,
        "customer": need.customer.name if need.customer else None,
        "created": written(need.created_at),
        "archived": need.archived_at is not None,
    }
