"""Where a new issue is put: state, project, priority and labels, all of which must go with its team.

The refusals' words are those that Linear's users report.
"""

from __future__ import annotations

from collections.abc import Sequence
from itertools import combinations
from typing import Any

from integrations.sandbox.linear.planning import PRIORITIES, Project, State
from integrations.sandbox.linear.refusals import invalid, misplaced, not_found
from integrations.sandbox.linear.state import Label, Team, Workspace

ELSEWHERE = "Discrepancy between issue team and state, cycle or project"


class Placing:
    """Reads an input of issueCreate."""

    def __init__(self, workspace: Workspace) -> None:
        self._workspace = workspace

    def of(self, team: Team, given: dict[str, Any]) -> dict[str, Any]:
        """Return what the issue gets; without a state, that of what integrations create."""
        priority = given.get("priority") or 0
        if priority not in range(len(PRIORITIES)):
            raise invalid("priority must be an integer between 0 and 4.")
        return {
            "state": self._state(team, given.get("state_id")),
            "project": self._project(team, given.get("project_id")),
            "priority": priority,
            "labels": self._labels(team, given.get("label_ids") or ()),
        }

    def _state(self, team: Team, id_: str | None) -> State:
        if id_ is None:
            return team.states["triage"]
        every = {one.id: one for each in self._workspace.teams.values() for one in each.states.values()}
        if id_ not in every:
            raise not_found("WorkflowState")
        if every[id_] not in team.states.values():
            raise misplaced(ELSEWHERE, f"{ELSEWHERE}.")
        return every[id_]

    def _project(self, team: Team, id_: str | None) -> Project | None:
        if id_ is None:
            return None
        if (found := self._workspace.projects.get(id_)) is None:
            raise not_found("Project")
        if team.key not in found.teams:
            raise misplaced(ELSEWHERE, f"{ELSEWHERE}.")
        return found

    def _labels(self, team: Team, ids: Sequence[str]) -> list[Label]:
        labels = [self._label(team, id_) for id_ in dict.fromkeys(ids)]
        for one, other in combinations(labels, 2):
            if one.parent is not None and one.parent is other.parent:
                shown = f"The label '{one.name}' is in the same group as '{other.name}'."
                most = "Only one label in a group can be applied to an issue."
                raise misplaced("labelIds not exclusive child labels", f"{shown} {most}")
        return labels

    def _label(self, team: Team, id_: str) -> Label:
        label = self._workspace.labels.get(id_)
        if label is None:
            raise not_found("IssueLabel")
        if label.is_group:
            shown = f"The label '{label.name}' is a group and cannot be assigned to issues directly."
            raise misplaced("labelIds contain parent labels", shown)
        if label.team not in (None, team):
            shown = f"The label '{label.name}' is not associated with the same team as the issue."
            raise misplaced("labelIds for incorrect team", shown)
        return label
