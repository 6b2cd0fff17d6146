"""What queries answer."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from integrations.sandbox.linear.listing import connection
from integrations.sandbox.linear.planning import PRIORITIES
from integrations.sandbox.linear.refusals import feature_off, invalid
from integrations.sandbox.linear.state import Issue, Need, Workspace

Resolver = Callable[..., Any]
US = "voc@acme.example"


class Reading:
    """The fields of Query, and the lists of an issue."""

    def __init__(self, workspace: Workspace) -> None:
        self._workspace = workspace

    def fields(self) -> dict[tuple[str, str], Resolver]:
        """Return each field that needs more than an attribute: type and name to what answers it."""
        space = self._workspace
        return {
            ("Query", "viewer"): lambda _, info: self._viewer(info.context),
            ("Query", "organization"): lambda _, info: self._organization(),
            ("Query", "issue"): lambda _, info, id: space.issue(id),
            ("Query", "issues"): lambda _, info, **asked: connection(space.visible(), asked),
            ("Query", "teams"): lambda _, info, **asked: connection(
                (team for team in space.teams.values() if not team.hidden), asked
            ),
            ("Query", "issueLabels"): lambda _, info, **asked: connection(self._labels(), asked),
            ("Query", "customers"): lambda _, info, **asked: connection(self._customers(), asked),
            ("Query", "customerNeed"): lambda _, info, **asked: self._need(**asked),
            ("Query", "issuePriorityValues"): lambda _, info: [
                {"priority": number, "label": label} for number, label in enumerate(PRIORITIES)
            ],
            ("Team", "states"): lambda team, info, **asked: connection(team.states.values(), asked),
            ("Team", "projects"): lambda team, info, **asked: connection(
                (one for one in space.projects.values() if team.key in one.teams), asked
            ),
            ("Issue", "labels"): lambda issue, info, **asked: connection(issue.labels, asked),
            ("Issue", "relations"): lambda issue, info, **asked: connection(
                (one for one in issue.relations if not one.related_issue.team.hidden), asked
            ),
            ("Issue", "comments"): lambda issue, info, **asked: connection(
                (one for one in issue.comments.values() if not one.is_deleted), asked
            ),
            ("Issue", "attachments"): lambda issue, info, **asked: connection(
                issue.attachments.values(), asked
            ),
            ("Issue", "needs"): lambda issue, info, **asked: connection(self._needs(issue), asked),
        }

    def _viewer(self, is_app: bool) -> dict[str, Any]:
        return {"id": self._workspace.id, "name": "Voc", "email": US, "app": is_app, "active": True}

    def _organization(self) -> dict[str, Any]:
        settings = self._workspace.settings
        return {
            "id": self._workspace.id,
            "name": settings.name,
            "url_key": settings.url_key,
            "customers_enabled": settings.customers_enabled,
        }

    def _labels(self) -> list[Any]:
        return [one for one in self._workspace.labels.values() if one.team is None or not one.team.hidden]

    def _customers(self) -> list[Any]:
        self._require_requests()
        return list(self._workspace.customers.values())

    def _need(self, id: str | None = None, hash: str | None = None) -> Need:
        self._require_requests()
        if id is None or hash is not None:
            raise invalid("One of id and hash must be given.")
        return self._workspace.need(id)

    def _needs(self, issue: Issue) -> list[Need]:
        self._require_requests()
        return [need for need in self._workspace.needs.values() if need.issue is issue]

    def _require_requests(self) -> None:
        if not self._workspace.settings.customers_enabled:
            raise feature_off()
