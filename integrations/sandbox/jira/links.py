"""Remote links: upserted by globalId, each request the whole link."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from flask import jsonify, request
from flask.typing import ResponseReturnValue

from integrations.sandbox.jira.adf import is_link, utf16
from integrations.sandbox.jira.refusals import BAD_PAYLOAD, Json, Refused, Route, body
from integrations.sandbox.jira.state import Issue, RemoteLink
from integrations.sandbox.jira.wire import Wire

LONGEST = 255


class RemoteLinks:
    """The endpoints of remote links. write: counts a write on an issue against its limits."""

    def __init__(self, wire: Wire, write: Callable[[Issue], None]) -> None:
        self._wire, self._site, self._write = wire, wire.site, write

    def routes(self) -> list[Route]:
        """Return method, rule and view of each."""
        on_issue = f"{self._wire.api}/issue/<key>/remotelink"
        return [
            ("GET", on_issue, self.read),
            ("POST", on_issue, self.upsert),
            ("DELETE", on_issue, self.delete),
        ]

    def read(self, key: str) -> ResponseReturnValue:
        """Answer all of an issue's links, or the one with a globalId."""
        issue = self._issue(key, "BROWSE_PROJECTS")
        if (global_id := request.args.get("globalId")) is None:
            return jsonify([self._wire.link(issue, link) for link in issue.links.values()])
        return jsonify(self._wire.link(issue, _required(issue, global_id)))

    def upsert(self, key: str) -> ResponseReturnValue:
        """Create a link, or replace the one with this globalId: 201 or 200."""
        issue = self._issue(key, "LINK_ISSUES")
        given = body()
        if errors := _errors(given):
            raise Refused(400, errors=errors)
        global_id = given.get("globalId")
        known = _find(issue, global_id) if global_id else None
        if known is None and len(issue.links) >= self._site.settings.most_links:
            raise Refused(413, "The issue has reached the limit of remote links.")
        self._write(issue)
        self._site.touch(issue)
        link = RemoteLink(
            id=known.id if known else self._site.new_id("link"),
            global_id=global_id,
            request={
                name: given[name] for name in ("application", "relationship", "object") if name in given
            },
        )
        issue.links[link.id] = link
        where = self._wire.url(f"issue/{issue.key}/remotelink/{link.id}")
        return jsonify({"id": link.id, "self": where}), 200 if known else 201

    def delete(self, key: str) -> ResponseReturnValue:
        """Delete the link with a globalId."""
        issue = self._issue(key, "LINK_ISSUES")
        global_id = request.args.get("globalId")
        if not global_id:
            raise Refused(400, "The globalId is required.")
        link = _required(issue, global_id)
        self._write(issue)
        self._site.touch(issue)
        del issue.links[link.id]
        return "", 204

    def _issue(self, key: str, permission: str) -> Issue:
        issue = self._wire.issue(key)
        if not self._site.settings.issue_linking:
            raise Refused(403, "Issue linking is currently disabled.")
        if not self._site.may(permission):
            raise Refused(403, "No Link Issue Permission for issue")
        return issue


def _find(issue: Issue, global_id: str) -> RemoteLink | None:
    return next((link for link in issue.links.values() if link.global_id == global_id), None)


def _required(issue: Issue, global_id: str) -> RemoteLink:
    link = _find(issue, global_id)
    if link is None:
        raise Refused(404, "A remote issue link with the given global id does not exist for this issue.")
    return link


def _errors(given: Json) -> dict[str, str]:
    target, application = given.get("object"), given.get("application", {})
    if not isinstance(target, dict):
        return {"object": "'object' is required."}
    status = target.get("status", {})
    if not isinstance(application, dict) or not isinstance(status, dict):
        raise Refused(400, BAD_PAYLOAD)
    if not isinstance(status.get("resolved", False), bool) or not isinstance(target.get("summary", ""), str):
        raise Refused(400, BAD_PAYLOAD)
    errors = {name: f"'{name}' is required." for name in ("title", "url") if not _is_text(target.get(name))}
    lengths = {
        "globalId": given.get("globalId"),
        "relationship": given.get("relationship"),
        "title": target.get("title"),
        "application.type": application.get("type"),
        "application.name": application.get("name"),
    }
    for name, value in lengths.items():
        if value is not None and (not isinstance(value, str) or utf16(value) > LONGEST):
            errors[name] = f"'{name}' has more than {LONGEST} characters."
    if _is_text(target.get("url")) and (target["url"].startswith("mailto:") or not is_link(target["url"])):
        errors["url"] = "'url' is no valid URL."
    return errors


def _is_text(value: Any) -> bool:
    return isinstance(value, str) and bool(value.strip())
