"""What mutations do to issues, comments and attachments."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime
from typing import Any

from integrations.sandbox.linear.inputs import most, past, some_text, web_address
from integrations.sandbox.linear.placing import Placing
from integrations.sandbox.linear.refusals import invalid, not_found, not_yours
from integrations.sandbox.linear.state import Attachment, Comment, Issue, Workspace

Resolver = Callable[..., Any]
US = "Voc"


class Writing:
    """The mutations of issues, comments and attachments."""

    def __init__(self, workspace: Workspace) -> None:
        self._workspace, self._placing = workspace, Placing(workspace)

    def fields(self) -> dict[tuple[str, str], Resolver]:
        """Return each mutation."""
        return {
            ("Mutation", "issueCreate"): lambda _, info, input: self._create_issue(input),
            ("Mutation", "commentCreate"): lambda _, info, input: self._create_comment(input),
            ("Mutation", "commentUpdate"): lambda _, info, id, input, **__: self._update_comment(id, input),
            ("Mutation", "attachmentCreate"): lambda _, info, input: self._create_attachment(input),
            ("Mutation", "attachmentDelete"): lambda _, info, id: self._delete_attachment(id),
        }

    def _create_issue(self, given: dict[str, Any]) -> dict[str, Any]:
        space = self._workspace
        team = next((one for one in space.teams.values() if one.id == given["team_id"]), None)
        if team is None or team.hidden:
            raise not_found("Team")
        title = most("title", some_text("title", given.get("title")), 255)
        description = most("description", given.get("description"), 100_000)
        placed = self._placing.of(team, given)
        now = past("createdAt", given.get("created_at"), space.now())
        id_ = space.new_id("Issue", given.get("id"))
        team.last_number += 1
        issue = Issue(
            id=id_,
            team=team,
            number=team.last_number,
            title=str(title),
            created_at=now,
            updated_at=now,
            url_key=space.settings.url_key,
            description=description,
            **placed,
        )
        space.keep(issue)
        return {"success": True, "last_sync_id": 1.0, "issue": issue}

    def _create_comment(self, given: dict[str, Any]) -> dict[str, Any]:
        issue = self._on(given)
        body = most("body", some_text("body", given.get("body")), 100_000)
        now = past("createdAt", given.get("created_at"), self._workspace.now())
        comment = Comment(
            id=self._workspace.new_id("Comment", given.get("id")),
            body=str(body),
            author=US,
            created_at=now,
            updated_at=now,
        )
        issue.comments[comment.id] = comment
        self._touch(issue)
        return {"success": True, "last_sync_id": 1.0, "comment": comment}

    def _update_comment(self, id_: str, given: dict[str, Any]) -> dict[str, Any]:
        issue, comment = self._workspace.comment(id_)
        if comment.author != US:
            raise not_yours("comment")
        comment.body = str(most("body", some_text("body", given.get("body")), 100_000))
        comment.updated_at = comment.edited_at = self._workspace.now()
        self._touch(issue)
        return {"success": True, "last_sync_id": 1.0, "comment": comment}

    def _create_attachment(self, given: dict[str, Any]) -> dict[str, Any]:
        issue = self._on(given)
        title = most("title", some_text("title", given["title"]), 255)
        metadata = given.get("metadata") or {}
        if not isinstance(metadata, dict) or not all(
            isinstance(value, str | int | float) and not isinstance(value, bool)
            for value in metadata.values()
        ):
            raise invalid("metadata must be an object of strings and numbers.")
        attachment = attach(self._workspace, issue, web_address("url", given["url"]), given.get("id"))
        attachment.title, attachment.metadata = str(title), metadata
        attachment.subtitle = most("subtitle", given.get("subtitle"), 1_000)
        self._touch(issue)
        return {"success": True, "last_sync_id": 1.0, "attachment": attachment}

    def _delete_attachment(self, id_: str) -> dict[str, Any]:
        for issue in self._workspace.visible():
            for url, attachment in issue.attachments.items():
                if attachment.id == id_:
                    del issue.attachments[url]
                    self._touch(issue)
                    return {"success": True, "last_sync_id": 1.0, "entity_id": id_}
        raise not_found("Attachment")

    def _on(self, given: dict[str, Any]) -> Issue:
        if given.get("issue_id") is None:
            raise invalid("issueId must be given.")
        return self._workspace.issue(given["issue_id"])

    def _touch(self, issue: Issue) -> None:
        issue.updated_at = self._workspace.now()


def attach(workspace: Workspace, issue: Issue, url: str, id_: str | None = None) -> Attachment:
    """Return the issue's attachment with that address, made where there is none."""
    found = issue.attachments.get(url)
    if found is None:
        now: datetime = workspace.now()
        found = Attachment(id=workspace.new_id("Attachment", id_), url=url, title=url[:255], created_at=now)
        issue.attachments[url] = found
    return found
