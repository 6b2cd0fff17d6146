"""Linear's GraphQL: our retries, and its errors classed by what to do next, whatever their HTTP status."""

from __future__ import annotations

import re
import time
from collections.abc import Callable, Iterator, Mapping
from datetime import UTC, datetime
from email.utils import parsedate_to_datetime
from typing import Any

import requests

from bot.errors import (
    AccessError,
    AnswerError,
    FieldsError,
    IntegrationError,
    NotFoundError,
    TransientError,
    UncertainError,
)
from integrations.credentials import Credentials
from integrations.http import TIMEOUT_S, VendorHttp, retry_after_s
from integrations.linear.cost import MOST_POINTS, largest_page
from integrations.pages import Tokens

VENDOR = "linear"
REMEDY = (
    "Make a personal API key in Linear under Settings > Security & access (read and write), or connect Voc"
    " anew with the scopes read, write, customer:read and customer:write."
)
MISREAD = (KeyError, TypeError, AttributeError, ValueError)
NOT_ALLOWED = "403"  # what is refused without a scope being named
_MISSING_SCOPE = re.compile(r"scope: `?([a-z:]+)")
_RESET = re.compile(r"x-ratelimit-(\w+)-reset", re.IGNORECASE)

Json = dict[str, Any]


class FeatureError(AnswerError):
    """The workspace's plan or settings have no such feature."""


class ConflictError(AnswerError):
    """The id that we chose is taken: by ourselves, before an answer was lost."""


KINDS = {  # where the code tells more than the type, or there is no type
    "RATELIMITED": "ratelimited",
    "AUTHENTICATION_ERROR": "authentication error",
    "FORBIDDEN": "forbidden",
    "INTERNAL_SERVER_ERROR": "internal error",
}
SIGNS: tuple[tuple[str, type[IntegrationError]], ...] = (
    ("feature not accessible", FeatureError),
    ("entity not found", NotFoundError),
    ("conflict on insert", ConflictError),
)


class LinearHttp(VendorHttp):
    """VendorHttp that speaks GraphQL at one address. served_at: Linear's time when it last answered."""

    def __init__(
        self,
        base_url: str,
        credentials: Credentials,
        *,
        sleep: Callable[[float], None] = time.sleep,
        timeout_s: tuple[float, float] = TIMEOUT_S,
    ) -> None:
        super().__init__(
            VENDOR,
            base_url,
            credentials.headers,
            sleep=sleep,
            timeout_s=timeout_s,
            remedy=REMEDY,
            renew=credentials.renew,
        )
        self.served_at: datetime | None = None

    def ask(self, document: str, doing: str, **variables: Any) -> Json:
        """Return the data of a query."""
        return self._data(document, doing, variables, is_read=True)

    def write(self, document: str, doing: str, **variables: Any) -> Json:
        """Return the data of a mutation, each of which may be repeated: ids are chosen by us."""
        return self._data(document, doing, variables, is_read=False)

    def rows(self, document: str, doing: str, within: str, issue: str) -> Iterator[Json]:
        """Yield all rows of one connection of an issue."""
        tokens, after = Tokens(VENDOR, doing), None
        while True:
            data = self.ask(document, doing, id=issue, first=largest_page(document), after=after)
            try:
                found = data["issue"][within]
                yield from found["nodes"]
                page = found["pageInfo"]
                if not page["hasNextPage"]:
                    return
                after = tokens.next(page["endCursor"])
            except MISREAD as exc:
                raise AnswerError(VENDOR, doing, type(exc).__name__) from exc

    def _data(self, document: str, doing: str, variables: Mapping[str, Any], *, is_read: bool) -> Json:
        body = {"query": document, "variables": variables}
        answer = self.call("POST", "", doing, json=body, is_read=is_read, is_repeatable=True)
        given = answer.json()
        data = given.get("data") if isinstance(given, dict) else None
        if not isinstance(data, dict):
            raise (AnswerError if is_read else UncertainError)(VENDOR, doing, "no data in the answer")
        return data

    def asked_to_wait_s(self, answer: requests.Response) -> float | None:
        """Return the seconds asked for, else those until every limit that is used up is back."""
        asked, now = retry_after_s(answer), self._served_at(answer)
        if asked is not None or now is None:
            return asked
        return max((reset - now.timestamp() for reset in _used_up(answer.headers)), default=None)

    def _served_at(self, answer: requests.Response) -> datetime | None:
        try:
            return parsedate_to_datetime(answer.headers["Date"]).astimezone(UTC)
        except (KeyError, TypeError, ValueError):
            return None

    def _raise_for(self, answer: requests.Response, doing: str, reads: bool) -> None:
        for error in _errors(answer):
            raise self._classed(error, answer, doing, reads)
        if answer.status_code in (404, 410):  # what a ticket's absence looks like is one of the errors above
            raise TransientError(VENDOR, doing, "the API is not there")
        super()._raise_for(answer, doing, reads)
        self.served_at = self._served_at(answer) or self.served_at

    def _classed(self, error: Json, answer: requests.Response, doing: str, reads: bool) -> IntegrationError:
        """Return one of GraphQL's errors as one of ours; its message may hold words of customers."""
        facts = error.get("extensions")
        facts = facts if isinstance(facts, dict) else {}
        code = str(facts.get("code", ""))
        kind = KINDS.get(code, str(facts.get("type", "")).lower())
        message = f"{error.get('message', '')} {facts.get('userPresentableMessage', '')}"
        if kind in ("authentication error", "forbidden"):
            return _refused(kind, message, doing)
        if kind in ("ratelimited", "lock timeout"):
            return TransientError(VENDOR, doing, kind, retry_after_s=self.asked_to_wait_s(answer))
        if kind == "internal error":
            return (TransientError if reads else UncertainError)(VENDOR, doing, kind)
        if "labelids" in message.lower():
            shown = str(facts.get("userPresentableMessage") or message)
            return FieldsError(VENDOR, doing, "labelIds", fields={"labelIds": shown})
        for sign, told in SIGNS:
            if sign in f"{kind} {message}".lower():
                return told(VENDOR, doing, sign)
        return AnswerError(VENDOR, doing, kind or code or str(answer.status_code))


def _used_up(headers: Mapping[str, str]) -> Iterator[float]:
    """Yield when each limit is back that leaves too little, as a Unix time; Linear tells milliseconds."""
    for name, reset in headers.items():
        if (limit := _RESET.fullmatch(name)) and reset.isdecimal():
            left = headers.get(f"X-RateLimit-{limit[1]}-Remaining", "0")
            needed = MOST_POINTS if limit[1].lower() == "complexity" else 1
            if left.isdecimal() and int(left) < needed:
                yield int(reset) / 1000


def _refused(kind: str, message: str, doing: str) -> AccessError:
    """Return the refusal of a credential ("401", which is tried again with a renewed one) or of a right."""
    scope = _MISSING_SCOPE.search(message)
    missing = f"the scope {scope[1]} is missing" if scope else NOT_ALLOWED
    return AccessError(VENDOR, doing, "401" if kind == "authentication error" else missing, remedy=REMEDY)


def _errors(answer: requests.Response) -> list[Json]:
    """Return GraphQL's errors, which come with any status."""
    try:
        given = answer.json()
    except ValueError:
        return []
    found = given.get("errors") if isinstance(given, dict) else None
    return [error for error in found if isinstance(error, dict)] if isinstance(found, list) else []
