"""Jira Data Center (and Server): REST v2, wiki text, offsets."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Any

from bot.domain.annotation import Annotation
from integrations.jira.client import VENDOR
from integrations.jira.deployment import MOST_AT_ONCE, Deployment, Record, listed, marker_of
from integrations.jira.wiki import annotation_text, to_text, wiki_of
from integrations.pages import Tokens, chunks


class Server(Deployment):
    """A Jira of one's own.

    An edited comment mails its watchers as the project's notification scheme says: nothing in a request of
    version 2 prevents it.
    """

    api = "/rest/api/2"
    name = "Jira Data Center"

    def comment_of(self, annotation: Annotation) -> Any:
        """Return wiki text."""
        return annotation_text(annotation)

    def body_of(self, text: str) -> Any:
        """Return wiki text."""
        return wiki_of(text)

    def text_of(self, body: Any) -> str:
        """Return the words of wiki text."""
        return to_text(body)

    def search(
        self, query: str, fields: Sequence[str], per_page: int, written: Sequence[int]
    ) -> Iterator[list[Record]]:
        """Yield pages; the index is as new as the issues, so what we wrote needs no mention."""
        return self._pages({"jql": query, "fields": list(fields)}, max(2, per_page), "searching tickets")

    def many(self, ids: Sequence[str], fields: Sequence[str]) -> Iterator[Record]:
        """Yield them, a hundred a request; unvalidated, because one missing id would refuse the query."""
        for some in chunks([one for one in ids if one.isdecimal()], MOST_AT_ONCE):
            query = {"jql": f"id in ({', '.join(some)}) ORDER BY key", "validateQuery": False}
            for page in self._pages({**query, "fields": list(fields)}, MOST_AT_ONCE, "reading tickets"):
                yield from page

    def own_comments(self, external_id: str, marker: str, per_page: int) -> Iterator[tuple[str, Any]]:
        """Yield them."""
        for page in self.comment_pages(external_id, per_page, {"expand": "properties"}):
            values = ((str(comment["id"]), marker_of(comment, marker)) for comment in page)
            yield from ((one, value) for one, value in values if value is not None)

    def _pages(self, body: Record, per_page: int, doing: str) -> Iterator[list[Record]]:
        """Yield pages, none of which misses what an offset would skip.

        What changes while pages are read moves to the end, and what follows it moves up. So each page begins
        with the last row of the one before; where it begins later, rows moved up, and we go back a page.
        """
        tokens, seen, start = Tokens(VENDOR, doing), set[str](), 0
        while True:
            asked = {**body, "startAt": start, "maxResults": per_page}
            answer = self.http.call("POST", f"{self.api}/search", doing, json=asked, is_read=True).json()
            page = listed(answer, "issues", doing)
            if start and (not page or _id(page[0]) not in seen):
                start = max(0, start - per_page)
                continue
            yield [record for record in page if _id(record) not in seen]
            seen.update(map(_id, page))
            if start + len(page) >= answer.get("total", 0):
                return
            start = max(0, start + len(page) - 1)
            tokens.next(f"{start} after {len(seen)}")


def _id(record: Any) -> str:
    return str(record.get("id")) if isinstance(record, dict) else ""
