"""What Jira Cloud and Data Center do each in its own way."""

from __future__ import annotations

from abc import ABC, abstractmethod
from collections.abc import Iterator, Mapping, Sequence
from typing import Any, ClassVar
from urllib.parse import quote

from bot.domain.annotation import Annotation
from bot.errors import AnswerError
from integrations.jira.client import VENDOR, JiraHttp

Record = Mapping[str, Any]
MOST_AT_ONCE = 100  # of a listing's page, and of issues fetched by id


class Deployment(ABC):
    """One of the two, at a site.

    api: where REST is; edits_quietly: parameters that let an edited comment mail nobody; kinds and fields:
    what createmeta calls its lists.
    """

    api: ClassVar[str]
    name: ClassVar[str]
    edits_quietly: ClassVar[Mapping[str, str]] = {}
    kinds: ClassVar[str] = "values"
    fields: ClassVar[str] = "values"

    def __init__(self, http: JiraHttp) -> None:
        self.http = http

    @abstractmethod
    def comment_of(self, annotation: Annotation) -> Any:
        """Return the annotation in the site's markup."""

    @abstractmethod
    def body_of(self, text: str) -> Any:
        """Return plain text in the site's markup."""

    @abstractmethod
    def text_of(self, body: Any) -> str:
        """Return a description as plain text."""

    @abstractmethod
    def search(
        self, query: str, fields: Sequence[str], per_page: int, written: Sequence[int]
    ) -> Iterator[list[Record]]:
        """Yield pages of what the query finds. written: ids of issues that search may know late."""

    @abstractmethod
    def many(self, ids: Sequence[str], fields: Sequence[str]) -> Iterator[Record]:
        """Yield those of the issues that we can see."""

    @abstractmethod
    def own_comments(self, external_id: str, marker: str, per_page: int) -> Iterator[tuple[str, Any]]:
        """Yield the id of each comment that carries the property `marker`, and its value, newest first."""

    def issue(self, key_or_id: str) -> str:
        """Return the path of an issue."""
        return f"{self.api}/issue/{quote(key_or_id, safe='')}"

    def comment_pages(
        self, external_id: str, per_page: int, more: Mapping[str, str] | None = None
    ) -> Iterator[list[Record]]:
        """Yield pages of an issue's comments, newest first. more: other parameters."""
        path, start = f"{self.issue(external_id)}/comment", 0
        while True:
            params = {"startAt": start, "maxResults": per_page, "orderBy": "-created", **(more or {})}
            answer = self.http.get(path, "reading comments", params)
            page = listed(answer, "comments", "reading comments")
            yield page
            start += len(page)
            if not page or start >= answer.get("total", 0):
                return


def listed(answer: Any, name: str, doing: str) -> list[Any]:
    """Return the answer's list of that name. Raises AnswerError where there is none."""
    if not isinstance(answer, dict) or not isinstance(answer.get(name), list):
        raise AnswerError(VENDOR, doing, f"no {name} in the answer")
    return list(answer[name])


def marker_of(comment: Record, marker: str) -> Any:
    """Return the value of a comment's property, None where it has none."""
    return next(
        (one.get("value") for one in comment.get("properties") or () if one.get("key") == marker), None
    )
