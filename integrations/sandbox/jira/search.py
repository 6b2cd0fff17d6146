"""Search by JQL: page tokens on Cloud, offsets on Data Center."""

from __future__ import annotations

import base64
import hashlib
import json
from datetime import timedelta
from typing import Any

from flask import jsonify
from flask.typing import ResponseReturnValue

from integrations.sandbox.jira import jql, searching
from integrations.sandbox.jira.refusals import BAD_PAYLOAD, Json, Refused, Route, body, names
from integrations.sandbox.jira.wire import Wire

TOKEN_LASTS = timedelta(days=7)
MOST_IDS, MOST_WITH_FIELDS, MOST_RECONCILED = 5000, 100, 50
MOST_PROPERTIES = 5
MEMBERS = frozenset(
    "jql nextPageToken maxResults fields expand properties fieldsByKeys failFast reconcileIssues".split()
)
SERVER_MEMBERS = frozenset("jql startAt maxResults fields expand validateQuery".split())


class CloudSearch:
    """Search on Cloud."""

    def __init__(self, wire: Wire) -> None:
        self._wire, self._site = wire, wire.site

    def routes(self) -> list[Route]:
        """Return method, rule and view of each."""
        api = self._wire.api
        return [
            ("POST", f"{api}/search/jql", self.search),
            ("POST", f"{api}/search", self.removed),
            ("GET", f"{api}/search", self.removed),
        ]

    def removed(self) -> ResponseReturnValue:
        """Refuse the search that was taken away."""
        raise Refused(
            410, "The requested API has been removed. Please migrate to the /rest/api/3/search/jql API."
        )

    def search(self) -> ResponseReturnValue:
        """Answer a page of what a bounded query finds."""
        given = body(MEMBERS)
        fields, size = names(given.get("fields", ["id"])), _size(given)
        _check(given)
        reconciled = given.get("reconcileIssues", [])
        text = given.get("jql")
        try:
            query = jql.parse(text if isinstance(text, str) else "")
            found = searching.find(self._site, query, self._site.searchable(reconciled))
        except jql.JqlError as error:
            raise Refused(400, str(error)) from error
        if token := given.get("nextPageToken"):
            found = searching.after(query, found, self._position(token, _digest(given)))
        page = found[:size]
        answer: Json = {"issues": [self._wire.whole_issue(issue, fields) for issue in page]}
        answer["isLast"] = len(found) <= size
        if len(found) > size:
            answer["nextPageToken"] = self._token(searching.position(query, page[-1]), _digest(given))
        return jsonify(answer)

    def _token(self, position: searching.Position, digest: str) -> str:
        """Return a token for that query alone, with its time."""
        facts = [digest, self._site.clock.now().timestamp(), position]
        return base64.urlsafe_b64encode(json.dumps(facts).encode()).decode()

    def _position(self, token: str, wanted: str) -> searching.Position:
        try:
            digest, issued, position = json.loads(base64.urlsafe_b64decode(token))
        except ValueError as error:
            raise Refused(400, "The provided next page token is invalid or expired.") from error
        if digest != wanted or self._site.clock.now().timestamp() - issued > TOKEN_LASTS.total_seconds():
            raise Refused(400, "The provided next page token is invalid or expired.")
        return list(position)


class ServerSearch:
    """Search on Data Center."""

    def __init__(self, wire: Wire) -> None:
        self._wire, self._site = wire, wire.site

    def routes(self) -> list[Route]:
        """Return method, rule and view of each."""
        return [("POST", f"{self._wire.api}/search", self.search)]

    def search(self) -> ResponseReturnValue:
        """Answer the page of what a query finds that starts at an offset."""
        given = body(SERVER_MEMBERS)
        start, size, checks = (
            given.get("startAt", 0),
            given.get("maxResults", 50),
            given.get("validateQuery", True),
        )
        if not isinstance(checks, bool) or not all(_is_whole(number) for number in (start, size)):
            raise Refused(400, BAD_PAYLOAD)
        text = given.get("jql", "")
        try:
            query = jql.parse(text if isinstance(text, str) else "")
            found = searching.find(self._site, query, self._site.searchable(()), validates=checks)
        except jql.JqlError as error:
            raise Refused(400, str(error)) from error
        size = min(size, self._site.settings.most_on_a_page)
        fields = names(given.get("fields", ["*navigable"]))
        page = [self._wire.whole_issue(issue, fields) for issue in found[start : start + size]]
        return jsonify(startAt=start, maxResults=size, total=len(found), issues=page, expand="names,schema")


def _check(given: Json) -> None:
    """Refuse members of another type than Jira describes, and more of them than it takes."""
    reconciled, properties = given.get("reconcileIssues", []), given.get("properties", [])
    are_right = (
        isinstance(reconciled, list)
        and len(reconciled) <= MOST_RECONCILED
        and all(map(_is_whole, reconciled)),
        isinstance(properties, list) and len(properties) <= MOST_PROPERTIES,
        all(isinstance(given.get(name, ""), str) for name in ("expand", "nextPageToken")),
        all(isinstance(given.get(name, False), bool) for name in ("fieldsByKeys", "failFast")),
    )
    if not all(are_right):
        raise Refused(400, BAD_PAYLOAD)


def _is_whole(value: Any) -> bool:
    return isinstance(value, int) and not isinstance(value, bool) and value >= 0


def _size(given: Json) -> int:
    """Return the page's size: what is asked, but fewer where more than ids are wanted."""
    size = given.get("maxResults", 50)
    if not _is_whole(size) or size < 1:
        raise Refused(400, BAD_PAYLOAD)
    are_ids = set(names(given.get("fields", ["id"]))) <= {"id", "key"}
    return min(int(size), MOST_IDS if are_ids else MOST_WITH_FIELDS)


def _digest(given: Json) -> str:
    """Return what a token is good for: the query, and what is to be reconciled with it."""
    facts = [given.get("jql"), given.get("reconcileIssues", [])]
    return hashlib.sha256(json.dumps(facts).encode()).hexdigest()[:16]
