"""Intercom as a FeedbackSource: conversation search by time of change, then each conversation whole."""

from __future__ import annotations

import json
import time
from collections.abc import Callable, Iterator, Sequence
from datetime import datetime
from functools import lru_cache

from bot.domain.feedback import ReceivedConversation
from bot.errors import AccessError, AnswerError, IntegrationError, NotFoundError
from bot.ports import Clock, FeedbackPage, Finding, Unreadable
from integrations.intercom.client import REMEDY, VENDOR, IntercomClient, Record
from integrations.intercom.mapping import company_id, conversation, customer_id
from integrations.records import UNEXPECTED_SHAPE

PER_PAGE = 150
SETTLED_S = 120  # the search index follows changes by some seconds: what is newer waits for the next run
REMEMBERED = 2_000  # contacts, and as many companies, in one run


class IntercomSource:
    """Reads conversations. Cursor: {"updated_at": Unix seconds}, all before it is read."""

    name = VENDOR

    def __init__(
        self,
        base_url: str,
        token: str,
        clock: Clock,
        *,
        sleep: Callable[[float], None] = time.sleep,
        per_page: int = PER_PAGE,
    ) -> None:
        self._client = IntercomClient(base_url, token, clock, sleep=sleep)
        self._clock, self._per_page = clock, per_page

    def start(self, since: datetime) -> str:
        """Return the cursor for everything changed at or after `since`."""
        return _cursor(int(since.timestamp()))

    def pages(self, after: str) -> Iterator[FeedbackPage]:
        """Yield a FeedbackPage for each page of a search whose upper bound stands still."""
        since_s: int = json.loads(after)["updated_at"]
        until_s = int(self._clock.now().timestamp()) - SETTLED_S
        if until_s <= since_s:
            return
        reader = _Reader(self._client)
        reached, is_ordered = since_s - 1, True
        for found, has_more in self._client.search_pages(since_s, until_s, self._per_page):
            changed = [row.get("updated_at") for row in found]
            times = [stamp for stamp in changed if isinstance(stamp, int)]
            # The order is asked for, but documented nowhere: without it, only the whole window may be closed.
            is_ordered = is_ordered and times == sorted(times) and (not times or times[0] >= reached)
            reached = max([reached, *times])
            closed = max(reached, since_s) if is_ordered else since_s
            yield reader.page(found, _cursor(closed if has_more else until_s))

    def fetch(self, external_id: str) -> ReceivedConversation:
        """Return one conversation as it is now."""
        try:
            return _Reader(self._client).read(external_id)
        except UNEXPECTED_SHAPE as exc:
            detail = type(exc).__name__
            raise AnswerError(VENDOR, "reading a conversation", detail, external_id=external_id) from exc

    def estimate(self, since: datetime) -> int | None:
        """Return the search's count of conversations changed since."""
        return self._client.count(int(since.timestamp()), int(self._clock.now().timestamp()) + 1)

    def check(self) -> Sequence[Finding]:
        """Return whether the token works and may read conversations, people and companies."""
        now_s = int(self._clock.now().timestamp())
        steps: tuple[tuple[str, Callable[[], object]], ...] = (
            ("Intercom accepts the token", self._client.me),
            ("the token may read conversations", lambda: self._client.count(now_s - 60, now_s)),
            # That there is no such person does not matter.
            ("the token may read people and companies", lambda: _or_none(self._client.contact, "check")),
        )
        found: list[Finding] = []
        for what, step in steps:
            try:
                step()
            except IntegrationError as exc:
                remedy = REMEDY if isinstance(exc, AccessError) else "Try again in some minutes"
                return [*found, Finding(False, f"not so: {what} ({exc})", remedy)]
            found.append(Finding(True, what))
        return found


class _Reader:
    """Reads conversations whole, remembering the people and companies of one run."""

    def __init__(self, client: IntercomClient) -> None:
        self._client = client
        self._contact = lru_cache(REMEMBERED)(lambda found: _or_none(client.contact, found))
        self._company = lru_cache(REMEMBERED)(lambda found: _or_none(client.company, found))
        self._workspace = lru_cache(1)(lambda: client.me().get("app") or {})

    def page(self, listed: Sequence[Record], cursor: str) -> FeedbackPage:
        """Return the listed conversations whole, closed by the cursor."""
        found: list[ReceivedConversation] = []
        gone: list[str] = []
        unreadable: list[Unreadable] = []
        for row in listed:
            external_id = str(row.get("id", ""))
            try:
                found.append(self.read(external_id))
            except NotFoundError:
                gone.append(external_id)
            except (*UNEXPECTED_SHAPE, AnswerError) as exc:
                unreadable.append(Unreadable(external_id, type(exc).__name__))
        return FeedbackPage(
            conversations=tuple(found), cursor=cursor, gone=tuple(gone), unreadable=tuple(unreadable)
        )

    def read(self, external_id: str) -> ReceivedConversation:
        """Return one conversation. Raises as mapping.conversation and the client do."""
        found = self._client.conversation(external_id)
        contact_id = customer_id(found)
        contact = self._contact(contact_id) if contact_id else None
        works_for = company_id(found, contact)
        company = self._company(works_for) if works_for else None
        return conversation(found, contact, company, self._workspace())


def _or_none(read: Callable[[str], Record], record_id: str) -> Record | None:
    try:
        return read(record_id)
    except NotFoundError:
        return None


def _cursor(updated_at: int) -> str:
    return json.dumps({"updated_at": updated_at})
