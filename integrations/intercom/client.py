"""Reading Intercom's REST API: one method a listing or record, as the vendor gives them."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator
from typing import Any
from urllib.parse import quote

import requests

from bot.errors import AnswerError
from bot.ports import Clock
from integrations.http import Headers, VendorHttp
from integrations.pages import Tokens, rows

VENDOR = "intercom"
VERSION = "2.15"
REMEDY = (
    "Check the access token in Intercom's Developer Hub: it needs to read conversations, people and companies"
)

Record = dict[str, Any]


class _Http(VendorHttp):
    """Waits until the end of the vendor's 10-second window, where it names one."""

    def __init__(self, base_url: str, headers: Headers, clock: Clock, sleep: Callable[[float], None]) -> None:
        super().__init__(VENDOR, base_url, headers, sleep=sleep, remedy=REMEDY)
        self._clock = clock

    def asked_to_wait_s(self, answer: requests.Response) -> float | None:
        asked = super().asked_to_wait_s(answer)
        reset = answer.headers.get("X-RateLimit-Reset", "")
        if asked is not None or not reset.isdigit():
            return asked
        return max(1.0, int(reset) - self._clock.now().timestamp())


class IntercomClient:
    """The reads that the source needs. Raises what VendorHttp raises, and AnswerError for a missing list."""

    def __init__(
        self, base_url: str, token: str, clock: Clock, *, sleep: Callable[[float], None] = time.sleep
    ) -> None:
        headers = {
            "Authorization": f"Bearer {token}",
            "Intercom-Version": VERSION,
            "Accept": "application/json",
        }
        self._http = _Http(base_url, lambda: headers, clock, sleep)

    def search_pages(self, since_s: int, until_s: int, per_page: int) -> Iterator[tuple[list[Record], bool]]:
        """Yield conversations changed in since_s <= updated_at < until_s, and whether more pages follow.

        The oldest change comes first; parts are not included.
        """
        doing = "searching conversations"
        tokens = Tokens(VENDOR, doing)
        pagination: Record = {"per_page": per_page}
        while True:
            body = {**_changed(since_s, until_s), "pagination": pagination}
            answer = self._post("/conversations/search", doing, body)
            token = ((answer.get("pages") or {}).get("next") or {}).get("starting_after")
            found = rows(answer, "conversations", VENDOR, doing)
            if token:
                pagination = {"per_page": per_page, "starting_after": tokens.next(str(token))}
            yield found, bool(token)
            if not token:
                return

    def count(self, since_s: int, until_s: int) -> int | None:
        """Return how many conversations changed in that time."""
        body = {**_changed(since_s, until_s), "pagination": {"per_page": 1}}
        total = self._post("/conversations/search", "counting conversations", body).get("total_count")
        return total if isinstance(total, int) else None

    def conversation(self, conversation_id: str) -> Record:
        """Return a conversation with its newest 500 parts. Raises NotFoundError where it was deleted."""
        return self._record(f"/conversations/{quote(conversation_id, safe='')}", "reading a conversation")

    def contact(self, contact_id: str) -> Record:
        """Return a contact. Raises NotFoundError where it was deleted or merged into another."""
        return self._record(f"/contacts/{quote(contact_id, safe='')}", "reading a contact")

    def company(self, company_id: str) -> Record:
        """Return a company. Raises NotFoundError where it was deleted."""
        return self._record(f"/companies/{quote(company_id, safe='')}", "reading a company")

    def me(self) -> Record:
        """Return the admin that the token speaks for, with the workspace under "app"."""
        return self._record("/me", "asking who we are")

    def _post(self, path: str, doing: str, body: Record) -> Record:
        answer = self._http.call("POST", path, doing, json=body, is_read=True).json()
        if not isinstance(answer, dict):
            raise AnswerError(VENDOR, doing, "no record")
        return answer

    def _record(self, path: str, doing: str) -> Record:
        found = self._http.get(path, doing)
        if not isinstance(found, dict):
            raise AnswerError(VENDOR, doing, "no record")
        return found


def _changed(since_s: int, until_s: int) -> Record:
    """Return the search for updated_at within since_s <= … < until_s.

    ">" is documented as "greater (or equal)": one second earlier, both readings find all.
    """
    bounds = [
        {"field": "updated_at", "operator": ">", "value": since_s - 1},
        {"field": "updated_at", "operator": "<", "value": until_s},
    ]
    return {
        "query": {"operator": "AND", "value": bounds},
        "sort": {"field": "updated_at", "order": "ascending"},
    }
