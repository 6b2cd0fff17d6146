"""Comments and their properties."""

from __future__ import annotations

import json
from collections.abc import Callable
from typing import Any

from flask import jsonify, request
from flask.typing import ResponseReturnValue

from integrations.sandbox.jira.markup import Body
from integrations.sandbox.jira.refusals import BAD_PAYLOAD, Refused, Route, body, flag, number
from integrations.sandbox.jira.state import US, Comment, Issue
from integrations.sandbox.jira.wire import Wire, is_ours

MOST_LISTED, LONGEST_KEY, LONGEST_VALUE = 1000, 255, 32_768


class Comments:
    """The endpoints of comments. write: counts a write on an issue against its limits."""

    def __init__(self, wire: Wire, write: Callable[[Issue], None]) -> None:
        self._wire, self._site, self._write = wire, wire.site, write

    def routes(self) -> list[Route]:
        """Return method, rule and view of each."""
        api = self._wire.api
        on_issue, properties = f"{api}/issue/<key>/comment", f"{api}/comment/<comment_id>/properties"
        listing: list[Route] = [("POST", f"{api}/comment/list", self.listed)] if self._site.is_cloud else []
        return [
            *listing,
            ("GET", on_issue, self.page),
            ("POST", on_issue, self.add),
            ("GET", f"{on_issue}/<comment_id>", self.read),
            ("PUT", f"{on_issue}/<comment_id>", self.edit),
            ("DELETE", f"{on_issue}/<comment_id>", self.delete),
            ("GET", properties, self.property_keys),
            ("GET", f"{properties}/<name>", self.property),
            ("PUT", f"{properties}/<name>", self.set_property),
        ]

    def page(self, key: str) -> ResponseReturnValue:
        """Answer an issue's comments, oldest first unless asked otherwise.

        Their properties are among them on Data Center alone, if asked.
        """
        issue = self._wire.issue(key)
        order = request.args.get("orderBy", "created")
        if order.lstrip("+-") != "created":
            raise Refused(400, "Comments can be ordered by created only.")
        comments = sorted(
            issue.comments.values(), key=lambda c: (c.created, c.id), reverse=order.startswith("-")
        )
        start, size = number("startAt", 0), min(number("maxResults", 100), 100)
        whole = not self._site.is_cloud and "properties" in request.args.get("expand", "").split(",")
        page = comments[start : start + size]
        shown = [self._wire.comment(issue, comment, with_properties=whole) for comment in page]
        return jsonify(startAt=start, maxResults=size, total=len(comments), comments=shown)

    def add(self, key: str) -> ResponseReturnValue:
        """Add a comment and write to the watchers."""
        issue = self._wire.issue(key)
        given = body()
        if not self._site.may("ADD_COMMENTS"):
            raise Refused(400, "You do not have the permission to comment on this issue.")
        text, properties, visibility = self._words(given), _properties(given), _visibility(given)
        if len(issue.comments) >= self._site.settings.most_comments:
            raise Refused(413, "The issue has reached the limit of comments.")
        self._write(issue)
        now = self._site.clock.now()
        comment = Comment(
            id=self._site.new_id("comment"),
            author=US,
            body=text,
            created=now,
            updated=now,
            properties=properties,
            visibility=visibility,
            mails=self._site.settings.watchers,
        )
        self._site.touch(issue)
        issue.comments[comment.id] = comment
        return jsonify(self._wire.comment(issue, comment)), 201

    def read(self, key: str, comment_id: str) -> ResponseReturnValue:
        """Answer one comment."""
        issue = self._wire.issue(key)
        return jsonify(self._wire.comment(issue, _of(issue, comment_id)))

    def edit(self, key: str, comment_id: str) -> ResponseReturnValue:
        """Replace a comment's body; the watchers are written to unless Cloud is told notifyUsers=false."""
        issue = self._wire.issue(key)
        comment = _of(issue, comment_id)
        given, notifies = body(), not self._site.is_cloud or flag("notifyUsers", True)
        if not (is_ours(comment) and self._site.may("EDIT_OWN_COMMENTS")):
            raise Refused(400, "You do not have the permission to edit this comment.")
        text, properties, visibility = self._words(given), _properties(given), _visibility(given)
        self._write(issue)
        self._site.touch(issue)
        comment.body, comment.updated, comment.visibility = text, issue.updated, visibility
        comment.properties |= properties
        comment.edits += 1
        comment.mails += self._site.settings.watchers if notifies else 0
        return jsonify(self._wire.comment(issue, comment))

    def delete(self, key: str, comment_id: str) -> ResponseReturnValue:
        """Delete a comment of ours."""
        issue = self._wire.issue(key)
        comment = _of(issue, comment_id)
        if not (is_ours(comment) and self._site.may("DELETE_OWN_COMMENTS")):
            raise Refused(400, "You do not have the permission to delete this comment.")
        self._write(issue)
        self._site.touch(issue)
        del issue.comments[comment.id]
        return "", 204

    def listed(self) -> ResponseReturnValue:
        """Answer the comments with these ids that our account can see, with properties if asked."""
        ids = body(frozenset({"ids"})).get("ids", [None])
        are_whole = isinstance(ids, list) and all(isinstance(i, int) and not isinstance(i, bool) for i in ids)
        if not are_whole or not 0 < len(ids) <= MOST_LISTED or len(set(ids)) < len(ids):
            raise Refused(400, BAD_PAYLOAD)
        with_properties = "properties" in request.args.get("expand", "").split(",")
        found = [pair for i in ids if (pair := self._site.comment(str(i)))]
        values = [self._wire.comment(issue, c, with_properties=with_properties) for issue, c in found]
        return jsonify(isLast=True, maxResults=1_048_576, startAt=0, total=len(values), values=values)

    def property_keys(self, comment_id: str) -> ResponseReturnValue:
        """Answer the keys of a comment's properties."""
        base = self._wire.url(f"comment/{comment_id}/properties")
        return jsonify(
            keys=[{"key": k, "self": f"{base}/{k}"} for k in self._comment(comment_id)[1].properties]
        )

    def property(self, comment_id: str, name: str) -> ResponseReturnValue:
        """Answer one property."""
        properties = self._comment(comment_id)[1].properties
        if name not in properties:
            raise Refused(404, f"The property {name} does not exist.")
        return jsonify(key=name, value=properties[name])

    def set_property(self, comment_id: str, name: str) -> ResponseReturnValue:
        """Set one property of a comment of ours."""
        issue, comment = self._comment(comment_id)
        if not (is_ours(comment) and self._site.may("EDIT_OWN_COMMENTS")):
            raise Refused(403, "You do not have the permission to edit this comment.")
        value = request.get_json(silent=True)
        _check_property(name, value)
        self._write(issue)
        is_new = name not in comment.properties
        comment.properties[name] = value
        return jsonify({}), 201 if is_new else 200

    def _words(self, given: dict[str, Any]) -> Body:
        """Return a comment's body, which says something."""
        text: Body = self._site.markup.taken(given.get("body"), "comment")
        if not self._site.markup.plain(text).strip():
            raise Refused(400, errors={"comment": "Comment body can not be empty!"})
        return text

    def _comment(self, comment_id: str) -> tuple[Issue, Comment]:
        found = self._site.comment(comment_id)
        if found is None:
            raise Refused(404, f"Can not find a comment for the id: {comment_id}.")
        return found


def _of(issue: Issue, comment_id: str) -> Comment:
    comment = issue.comments.get(int(comment_id) if comment_id.isdecimal() else -1)
    if comment is None:
        raise Refused(404, f"Can not find a comment for the id: {comment_id}.")
    return comment


def _properties(given: dict[str, Any]) -> dict[str, Any]:
    properties = given.get("properties", [])
    if not isinstance(properties, list) or any(
        not isinstance(one, dict) or set(one) != {"key", "value"} for one in properties
    ):
        raise Refused(400, BAD_PAYLOAD)
    for one in properties:
        _check_property(one["key"], one["value"])
    return {one["key"]: one["value"] for one in properties}


def _visibility(given: dict[str, Any]) -> Any:
    """Return who may see a comment: a role or a group, by its name or identifier; None for everybody."""
    visibility = given.get("visibility")
    if visibility is not None and (
        not isinstance(visibility, dict)
        or visibility.get("type") not in ("role", "group")
        or not isinstance(visibility.get("identifier", visibility.get("value")), str)
    ):
        raise Refused(400, BAD_PAYLOAD)
    return visibility


def _check_property(key: Any, value: Any) -> None:
    if not isinstance(key, str) or not 0 < len(key) <= LONGEST_KEY:
        raise Refused(400, "The property key must have 1 to 255 characters.")
    if value is None or len(json.dumps(value)) > LONGEST_VALUE:
        raise Refused(400, "The property value must be valid JSON of at most 32768 characters.")
