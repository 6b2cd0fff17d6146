"""Reading Zendesk's REST API: one method a listing, records as the vendor gives them."""

from __future__ import annotations

import time
from collections.abc import Callable, Collection, Iterator, Mapping
from typing import Any
from urllib.parse import quote

from bot.errors import AnswerError
from integrations.credentials import Credentials
from integrations.http import VendorHttp
from integrations.pages import Tokens, chunks, rows

VENDOR = "zendesk"
REMEDY = "Connect again with an admin's account (the exports need one): python -m bot connect zendesk"
# The exports' default leaves out what AI agents handled.
EVERY_TICKET = {"support_type_scope": "all"}

Record = dict[str, Any]


class ZendeskClient:
    """The reads that the source needs. Raises what VendorHttp raises, and AnswerError for a missing list."""

    def __init__(
        self, base_url: str, credentials: Credentials, *, sleep: Callable[[float], None] = time.sleep
    ) -> None:
        self._http = VendorHttp(
            VENDOR, base_url, credentials.headers, renew=credentials.renew, sleep=sleep, remedy=REMEDY
        )
        self.base_url = self._http.base_url

    def ticket_pages(self, position: Mapping[str, Any], per_page: int) -> Iterator[tuple[Record, str | None]]:
        """Yield each page of the ticket export with the cursor that closes it.

        position: {"start_time": Unix seconds} or {"cursor": …}. The cursor is None only for an empty export.
        """
        doing = "exporting tickets"
        fixed = {**EVERY_TICKET, "per_page": per_page, "include": "users,organizations"}
        tokens = Tokens(VENDOR, doing)
        if "cursor" in position:
            tokens.next(position["cursor"])
        while True:
            page = self._http.get("/api/v2/incremental/tickets/cursor", doing, {**position, **fixed})
            rows(page, "tickets", VENDOR, doing)
            cursor = page.get("after_cursor")
            if page.get("end_of_stream") is True:
                yield page, cursor
                return
            if not isinstance(cursor, str):
                raise AnswerError(VENDOR, doing, "neither a cursor nor the end of the stream")
            position = {"cursor": tokens.next(cursor)}
            yield page, cursor

    def event_pages(self, start_time: int) -> Iterator[tuple[list[Record], int | None]]:
        """Yield ticket events with the second up to which they are complete, None at the stream's end."""
        doing = "exporting ticket events"
        tokens = Tokens(VENDOR, doing)
        while True:
            params = {
                "start_time": tokens.next(str(start_time)),
                "include": "comment_events",
                **EVERY_TICKET,
            }
            page = self._http.get("/api/v2/incremental/ticket_events", doing, params)
            events = rows(page, "ticket_events", VENDOR, doing)
            if page.get("end_of_stream") is True:
                yield events, None
                return
            if not isinstance(page.get("end_time"), int):
                raise AnswerError(VENDOR, doing, "neither a time nor the end of the stream")
            start_time = page["end_time"]
            yield events, start_time

    def ticket(self, ticket_id: str) -> Record:
        """Return one ticket. Raises NotFoundError where it was deleted."""
        found = self._part(f"/api/v2/tickets/{quote(ticket_id, safe='')}", "reading a ticket", "ticket")
        if not isinstance(found, dict):
            raise AnswerError(VENDOR, "reading a ticket", "no ticket", external_id=ticket_id)
        return found

    def comments(self, ticket_id: int) -> list[Record]:
        """Return all comments of a ticket, oldest first. Raises NotFoundError where it was deleted."""
        return list(self._listed(f"/api/v2/tickets/{ticket_id}/comments", "comments", "reading comments"))

    def brands(self) -> list[Record]:
        """Return the account's brands."""
        return list(self._listed("/api/v2/brands", "brands", "reading brands"))

    def users(self, ids: Collection[int]) -> list[Record]:
        """Return the people with these ids; those whom Zendesk no longer knows are missing."""
        return self._many("users", ids)

    def organizations(self, ids: Collection[int]) -> list[Record]:
        """Return the organisations with these ids; deleted ones are missing."""
        return self._many("organizations", ids)

    def me(self) -> Record:
        """Return the account that the token speaks for."""
        found = self._part("/api/v2/users/me", "asking who we are", "user")
        return found if isinstance(found, dict) else {}

    def count(self, query: str) -> int | None:
        """Return how many records the search finds."""
        found = self._part("/api/v2/search/count", "counting tickets", "count", {"query": query})
        return found if isinstance(found, int) else None

    def _part(self, path: str, doing: str, name: str, params: Mapping[str, Any] | None = None) -> Any:
        answer = self._http.get(path, doing, params)
        return answer.get(name) if isinstance(answer, dict) else None

    def _many(self, name: str, ids: Collection[int]) -> list[Record]:
        found: list[Record] = []
        for some in chunks(sorted(ids), 100):
            params = {"ids": ",".join(map(str, some))}
            answer = self._http.get(f"/api/v2/{name}/show_many", f"reading {name}", params)
            found += rows(answer, name, VENDOR, f"reading {name}")
        return found

    def _listed(self, path: str, name: str, doing: str) -> Iterator[Record]:
        tokens = Tokens(VENDOR, doing)
        params: dict[str, Any] = {"page[size]": 100}
        while True:
            answer = self._http.get(path, doing, params)
            yield from rows(answer, name, VENDOR, doing)
            meta = answer.get("meta") or {}
            if not meta.get("has_more"):
                return
            params["page[after]"] = tokens.next(str(meta.get("after_cursor")))
