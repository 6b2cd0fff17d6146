"""What a new issue needs: the project's kinds of issue, and each one's fields."""

from __future__ import annotations

from typing import Any

from flask import jsonify
from flask.typing import ResponseReturnValue

from integrations.sandbox.jira.issues import SUBTASK, TYPES
from integrations.sandbox.jira.refusals import Json, Refused, Route, number
from integrations.sandbox.jira.state import CustomField
from integrations.sandbox.jira.wire import Wire

MOST = 200
SYSTEM = {
    "project": "project",
    "issuetype": "issuetype",
    "summary": "string",
    "description": "string",
    "labels": "array",
}


class CreateMeta:
    """The endpoints of createmeta, whose pages have another name for their list on Data Center."""

    def __init__(self, wire: Wire) -> None:
        self._wire, self._site = wire, wire.site

    def routes(self) -> list[Route]:
        """Return method, rule and view of each."""
        rule = f"{self._wire.api}/issue/createmeta/<key>/issuetypes"
        return [("GET", rule, self.kinds), ("GET", f"{rule}/<kind>", self.fields)]

    def kinds(self, key: str) -> ResponseReturnValue:
        """Answer the kinds of issue that we may create."""
        self._check(key)
        kinds = [
            {
                "id": str(n),
                "name": name,
                "subtask": name == SUBTASK,
                "self": self._wire.url(f"issuetype/{n}"),
            }
            for n, name in enumerate(TYPES, start=1)
        ]
        return self._page("issueTypes", kinds)

    def fields(self, key: str, kind: str) -> ResponseReturnValue:
        """Answer the fields of one kind."""
        self._check(key)
        if kind not in map(str, range(1, len(TYPES) + 1)):
            raise Refused(400, "The issue type does not exist.")
        required = ("project", "issuetype", "summary")
        system = [_field(name, name.capitalize(), of, name in required) for name, of in SYSTEM.items()]
        on_screen = (one for one in self._site.settings.fields if one.only_for in ("", TYPES[int(kind) - 1]))
        own = [_own_field(one) for one in on_screen]
        return self._page("fields", [*system, *own])

    def _check(self, key: str) -> None:
        if self._site.project(key) is None or not self._site.may("CREATE_ISSUES"):
            raise Refused(404, f"No project could be found with key '{key}'.")

    def _page(self, name: str, items: list[Json]) -> ResponseReturnValue:
        start, size = number("startAt", 0), min(number("maxResults", 50), MOST)
        page: dict[str, Any] = {"startAt": start, "maxResults": size, "total": len(items)}
        if not self._site.is_cloud:
            page["isLast"], name = start + size >= len(items), "values"
        return jsonify({**page, name: items[start : start + size]})


def _field(field_id: str, name: str, kind: str, required: bool) -> Json:
    return {
        "fieldId": field_id,
        "key": field_id,
        "name": name,
        "required": required,
        "hasDefaultValue": False,
        "operations": ["set"],
        "schema": {"type": kind},
    }


def _own_field(field: CustomField) -> Json:
    made = _field(field.id, field.name, field.type, field.required)
    made["schema"] |= {"items": field.items} if field.items else {}
    if field.id.startswith("customfield_"):
        kind = f"com.atlassian.jira.plugin.system.customfieldtypes{field.custom or ':' + field.type}"
        made["schema"] |= {"custom": kind, "customId": int(field.id.removeprefix("customfield_"))}
    if field.choices:
        called = "value" if "option" in (field.type, field.items) else "name"
        made["allowedValues"] = [{"id": id_, called: name} for id_, name in field.choices.items()]
    return made
