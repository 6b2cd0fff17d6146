"""Number and date fields of a ticket that hold the figures, for people's own queries and boards."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from bot.domain.annotation import Figures
from bot.errors import AccessError, AnswerError
from integrations.jira.client import VENDOR
from integrations.jira.deployment import Deployment
from integrations.jira.mapping import MISREAD

DOING = "writing a ticket's figures"
KINDS = {"people": "number", "companies": "number", "revenue": "number", "last_heard": "date"}
ADMINS = ("ADMINISTER", "ADMINISTER_PROJECTS")


class FigureFields:
    """The fields that settings name. named: figure (one of KINDS) to a field's id or name."""

    def __init__(self, named: Mapping[str, str], projects: Sequence[str]) -> None:
        if unknown := sorted(set(named) - set(KINDS)):
            raise ValueError(f"no figure is named {', '.join(unknown)}; there are {', '.join(KINDS)}")
        self.named, self._projects = dict(named), projects
        self._ids: dict[str, str] | None = None
        self._is_quiet: bool | None = None

    def write(self, at: Deployment, external_id: str, figures: Figures) -> None:
        """Write the fields at once. Raises AnswerError, naming the field, where one can't be written."""
        ids = self._ids = self._ids or self.resolved(at)
        fields = {field: _value(figures, figure) for figure, field in ids.items()}
        params = {"notifyUsers": "false"} if self.is_quiet(at) else {}
        path = at.issue(external_id)
        try:
            at.http.call("PUT", path, DOING, json={"fields": fields}, params=params, is_repeatable=True)
        except AnswerError as exc:
            refused = [name for figure, name in self.named.items() if ids[figure] in exc.detail]
            if not refused:
                raise
            told = f"{', '.join(refused)}: not on the ticket's edit screen, or not for such values"
            raise AnswerError(VENDOR, DOING, told) from exc

    def resolved(self, at: Deployment) -> dict[str, str]:
        """Return the id of each figure's field. Raises AnswerError for one that is missing or unfit."""
        answer = at.http.get(f"{at.api}/field", "reading fields")
        try:
            return {figure: _field(answer, name, KINDS[figure]) for figure, name in self.named.items()}
        except MISREAD as exc:
            raise AnswerError(VENDOR, "reading fields", type(exc).__name__) from exc

    def is_quiet(self, at: Deployment) -> bool:
        """Return whether watchers can be spared the mail.

        Jira takes that of administrators alone; of others Cloud drops the whole edit and Data Center refuses
        it. They write loudly, so the check tells it.
        """
        if self._is_quiet is None:
            self._is_quiet = all(_administers(at, project) for project in self._projects)
        return self._is_quiet


def granted(at: Deployment, project: str, permissions: Sequence[str]) -> Iterator[str]:
    """Yield those of the permissions that the account has in the project. Raises NotFoundError."""
    params = {"projectKey": project, "permissions": ",".join(permissions)}
    answer = at.http.get(f"{at.api}/mypermissions", "reading permissions", params).get("permissions", {})
    return (name for name in permissions if answer.get(name, {}).get("havePermission"))


def _administers(at: Deployment, project: str) -> bool:
    try:
        return any(granted(at, project, ADMINS))
    except AccessError:
        return False


def _field(fields: Sequence[Mapping[str, Any]], name: str, kind: str) -> str:
    ids = {f["id"]: f for f in fields}
    found = [ids[name]] if name in ids else [f for f in fields if f["name"].lower() == name.lower()]
    if not found:
        raise AnswerError(
            VENDOR, "reading fields", f"there is no field {name}: name it as Jira does, or by its id"
        )
    if len(found) > 1:
        known = ", ".join(sorted(f["id"] for f in found))
        raise AnswerError(VENDOR, "reading fields", f"several fields are named {name}: choose of {known}")
    held = found[0].get("schema", {}).get("type")
    if held != kind:
        raise AnswerError(
            VENDOR, "reading fields", f"the field {name} holds {held}: it must be one for a {kind}"
        )
    return str(found[0]["id"])


def _value(figures: Figures, figure: str) -> int | float | str | None:
    if figure == "last_heard":
        return figures.last_heard.isoformat()
    value = getattr(figures, figure)
    return value if value is None or isinstance(value, int) else float(value)
