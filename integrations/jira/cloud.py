"""Jira Cloud: REST v3, documents, page tokens."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from typing import Any, ClassVar

from bot.domain.annotation import Annotation
from bot.errors import TransientError
from integrations.jira.adf import annotation_document, document_of, to_text
from integrations.jira.client import VENDOR
from integrations.jira.deployment import MOST_AT_ONCE, Deployment, Record, listed, marker_of
from integrations.pages import Tokens, chunks


class Cloud(Deployment):
    """A site on Jira Cloud."""

    api = "/rest/api/3"
    name = "Jira Cloud"
    edits_quietly: ClassVar[Mapping[str, str]] = {"notifyUsers": "false"}
    kinds = "issueTypes"
    fields = "fields"

    def comment_of(self, annotation: Annotation) -> Any:
        """Return a document."""
        return annotation_document(annotation)

    def body_of(self, text: str) -> Any:
        """Return a document."""
        return document_of(text)

    def text_of(self, body: Any) -> str:
        """Return a document's text."""
        return to_text(body)

    def search(
        self, query: str, fields: Sequence[str], per_page: int, written: Sequence[int]
    ) -> Iterator[list[Record]]:
        """Yield pages; what we wrote lately is there as it is now."""
        doing = "searching tickets"
        tokens = Tokens(VENDOR, doing)
        body: dict[str, Any] = {"jql": query, "fields": list(fields), "maxResults": per_page}
        body |= {"reconcileIssues": list(written)} if written else {}
        while True:
            answer = self.http.call("POST", f"{self.api}/search/jql", doing, json=body, is_read=True).json()
            yield listed(answer, "issues", doing)
            token = answer.get("nextPageToken")
            if not token:
                return
            body["nextPageToken"] = tokens.next(token)

    def many(self, ids: Sequence[str], fields: Sequence[str]) -> Iterator[Record]:
        """Yield them, a hundred a request. What Jira could not give just now is not taken for gone."""
        doing = "reading tickets"
        for some in chunks(ids, MOST_AT_ONCE):
            body = {"issueIdsOrKeys": list(some), "fields": list(fields)}
            answer = self.http.call(
                "POST", f"{self.api}/issue/bulkfetch", doing, json=body, is_read=True
            ).json()
            if isinstance(answer, dict) and answer.get("issueErrors"):
                raise TransientError(VENDOR, doing, f"{len(answer['issueErrors'])} could not be read")
            yield from listed(answer, "issues", doing)

    def own_comments(self, external_id: str, marker: str, per_page: int) -> Iterator[tuple[str, Any]]:
        """Yield them; properties are told of comments that are listed by id only."""
        for page in self.comment_pages(external_id, per_page):
            ids = [int(comment["id"]) for comment in page]
            found = self._properties(ids, marker) if ids else {}
            yield from ((str(one), found[one]) for one in ids if one in found)

    def _properties(self, ids: Sequence[int], marker: str) -> dict[int, Any]:
        path, doing = f"{self.api}/comment/list", "reading comments"
        answer = self.http.call(
            "POST", path, doing, json={"ids": list(ids)}, params={"expand": "properties"}, is_read=True
        )
        values = {int(one["id"]): marker_of(one, marker) for one in listed(answer.json(), "values", doing)}
        return {one: value for one, value in values.items() if value is not None}
