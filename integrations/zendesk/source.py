"""Zendesk Support as a FeedbackSource: the ticket export by cursor, each changed ticket whole."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterable, Iterator, Sequence
from datetime import UTC, datetime
from typing import Any

from bot.domain.feedback import ReceivedConversation
from bot.errors import AccessError, AnswerError, IntegrationError
from bot.ports import Clock, FeedbackPage, Finding, Unreadable
from integrations.credentials import Credentials
from integrations.pages import rows
from integrations.records import UNEXPECTED_SHAPE
from integrations.zendesk.client import REMEDY, VENDOR, Record, ZendeskClient
from integrations.zendesk.comments import read_comments
from integrations.zendesk.mapping import People, conversation, people_named

PER_PAGE = 500  # of at most 1,000: what is held in memory at once
SETTLED_S = 61  # the export refuses a start within the last minute
START, CURSOR = "start:", "cursor:"


class ZendeskSource:
    """Reads tickets as conversations. Cursors: "start:<Unix seconds>", then "cursor:<the vendor's>"."""

    name = VENDOR

    def __init__(
        self,
        base_url: str,
        credentials: Credentials,
        clock: Clock,
        *,
        sleep: Callable[[float], None] = time.sleep,
        per_page: int = PER_PAGE,
    ) -> None:
        self._client = ZendeskClient(base_url, credentials, sleep=sleep)
        self._clock, self._per_page = clock, per_page
        self._brands: dict[int, str] = {}

    def start(self, since: datetime) -> str:
        """Return the cursor for everything changed at or after `since`."""
        return f"{START}{int(since.timestamp())}"

    def pages(self, after: str) -> Iterator[FeedbackPage]:
        """Yield a FeedbackPage for each page of the export."""
        self._brands = {}
        for page, cursor in self._client.ticket_pages(self._position(after), self._per_page):
            yield self._page(page, f"{CURSOR}{cursor}" if cursor else after)

    def fetch(self, external_id: str) -> ReceivedConversation:
        """Return one ticket as it is now."""
        ticket = self._client.ticket(external_id)
        try:
            comments = self._client.comments(ticket["id"])
            people = self._people({}, [ticket], {ticket["id"]: comments})
            return conversation(ticket, comments, people, self._client.base_url)
        except UNEXPECTED_SHAPE as exc:
            raise AnswerError(
                VENDOR, "reading a ticket", type(exc).__name__, external_id=external_id
            ) from exc

    def estimate(self, since: datetime) -> int | None:
        """Return the search's count of tickets updated since."""
        moment = since.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%SZ")
        return self._client.count(f"type:ticket updated>={moment}")

    def check(self) -> Sequence[Finding]:
        """Return whether the token works, speaks for an admin, and may read the export."""
        try:
            role = self._client.me().get("role", "unknown")
        except IntegrationError as exc:
            return [Finding(False, f"Zendesk does not accept the token: {exc}", _remedy(exc))]
        found = [Finding(True, "Zendesk accepts the token")]
        if role != "admin":
            what = f"the token speaks for a user with the role {role}; the ticket export needs an admin"
            return [*found, Finding(False, what, REMEDY)]
        try:
            start = int(self._clock.now().timestamp()) - 2 * SETTLED_S
            next(self._client.ticket_pages({"start_time": start}, per_page=1))
        except IntegrationError as exc:
            return [*found, Finding(False, f"the ticket export can't be read: {exc}", _remedy(exc))]
        return [*found, Finding(True, "the token speaks for an admin and may read the ticket export")]

    def _position(self, after: str) -> dict[str, Any]:
        if after.startswith(CURSOR):
            return {"cursor": after.removeprefix(CURSOR)}
        newest = int(self._clock.now().timestamp()) - SETTLED_S
        return {"start_time": min(int(after.removeprefix(START)), newest)}

    def _page(self, page: Record, cursor: str) -> FeedbackPage:
        tickets = rows(page, "tickets", VENDOR, "exporting tickets")
        gone = [str(ticket.get("id")) for ticket in tickets if ticket.get("status") == "deleted"]
        live, unreadable = _sound([ticket for ticket in tickets if ticket.get("status") != "deleted"])
        comments = read_comments(self._client, live)
        told = [ticket for ticket in live if ticket["id"] in comments.of]
        people = self._people(page, told, comments.of)
        found: list[ReceivedConversation] = []
        for ticket in told:
            try:
                found.append(conversation(ticket, comments.of[ticket["id"]], people, self._client.base_url))
            except UNEXPECTED_SHAPE as exc:
                unreadable.append(Unreadable(str(ticket["id"]), type(exc).__name__))
        return FeedbackPage(
            conversations=tuple(found),
            cursor=cursor,
            gone=(*gone, *comments.gone),
            unreadable=(*unreadable, *comments.unreadable),
        )

    def _people(self, page: Record, tickets: Sequence[Record], comments: dict[int, list[Record]]) -> People:
        """Return everybody that the page names, from its sideloads and, for whom those leave out, by id."""
        users = _by_id(page.get("users") or ())
        missing = people_named(tickets, comments) - users.keys()
        users |= _by_id(self._client.users(missing))
        organizations = _by_id(page.get("organizations") or ())
        named = [ticket.get("organization_id") for ticket in tickets]
        named += [users.get(user_id, {}).get("organization_id") for user_id in people_named(tickets, {})]
        wanted = {found for found in named if isinstance(found, int)} - organizations.keys()
        organizations |= _by_id(self._client.organizations(wanted))
        brands = [ticket.get("brand_id") for ticket in tickets]
        if {found for found in brands if isinstance(found, int)} - self._brands.keys():
            self._brands = {
                key: str(brand.get("name")) for key, brand in _by_id(self._client.brands()).items()
            }
        return People(users, organizations, self._brands)


def _sound(tickets: Sequence[Record]) -> tuple[list[Record], list[Unreadable]]:
    """Return the tickets that can be followed further, and the others by id."""
    sound: list[Record] = []
    unreadable: list[Unreadable] = []
    for ticket in tickets:
        try:
            datetime.fromisoformat(ticket["created_at"])
            int(ticket["generated_timestamp"])
            int(ticket["id"])
            sound.append(ticket)
        except UNEXPECTED_SHAPE as exc:
            unreadable.append(Unreadable(str(ticket.get("id", "")), type(exc).__name__))
    return sound, unreadable


def _by_id(records: Iterable[Record]) -> dict[int, Record]:
    return {record["id"]: record for record in records if isinstance(record.get("id"), int)}


def _remedy(exc: IntegrationError) -> str:
    return exc.remedy if isinstance(exc, AccessError) else "Try again in some minutes"
