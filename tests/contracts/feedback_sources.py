"""Each support tool under the contract: its stand-in, and how its people write, reply and delete."""

from __future__ import annotations

from abc import ABC, abstractmethod
from collections.abc import Sequence
from datetime import UTC, datetime, timedelta
from itertools import count
from typing import Any, ClassVar

from bot.domain.feedback import ReceivedConversation
from bot.ports import FeedbackPage, FeedbackSource
from integrations.credentials import StaticCredentials
from integrations.intercom.source import IntercomSource
from integrations.sandbox.client import SandboxClient
from integrations.sandbox.clock import SandboxClock
from integrations.sandbox.intercom.stand_in import TOKEN as INTERCOM_TOKEN
from integrations.sandbox.intercom.stand_in import IntercomStandIn
from integrations.sandbox.serving import Sandbox
from integrations.sandbox.stand_in import StandIn
from integrations.sandbox.zendesk.access import ADMIN_TOKEN
from integrations.sandbox.zendesk.stand_in import ZendeskStandIn
from integrations.zendesk.source import ZendeskSource

NOW = datetime(2026, 3, 2, 12, 0, tzinfo=UTC)
PER_PAGE = 3


def conversations(pages: Sequence[FeedbackPage]) -> list[ReceivedConversation]:
    """Return the pages' conversations in order."""
    return [found for page in pages for found in page.conversations]


def ids(pages: Sequence[FeedbackPage]) -> list[str]:
    """Return the ids of the pages' conversations in order."""
    return [found.external_id for found in conversations(pages)]


class SourceUnderTest(ABC):
    """A support tool with one customer, one agent and one bot; time moves only when told to."""

    stand_in: ClassVar[type[StandIn]]
    vendor: ClassVar[str]
    listing: ClassVar[str]  # the path that pages() asks, as a regular expression
    endless: ClassVar[dict[str, Any]]  # a page whose token never changes
    listless: ClassVar[str] = "{}"  # an answer without what was asked for
    tells_deletions: ClassVar[bool]
    has_notes: ClassVar[bool] = True  # that only colleagues see
    redacts: ClassVar[bool] = True  # words by themselves, the conversation staying
    estimates: ClassVar[bool] = True
    unknown: ClassVar[str] = "999999"
    # What fails in the middle of the pages, and after how many calls.
    broken_off: ClassVar[tuple[str, int]]

    def __init__(self) -> None:
        self.clock = SandboxClock(NOW, frozen=True)
        self.sandbox = Sandbox([type(self).stand_in], clock=self.clock, profile="vendor")
        self.client = SandboxClient(self.sandbox.start())
        self.url = self.sandbox.urls[self.vendor]
        self.slept: list[float] = []
        self.ids = count(1)
        self.open()

    def sleep(self, seconds: float) -> None:
        """Wait, in the stand-ins' time."""
        self.slept.append(seconds)
        self.clock.advance(seconds)

    def read(self, after: str | None = None) -> list[FeedbackPage]:
        """Return all pages after the cursor, by default from a day before NOW."""
        source = self.source()
        return list(source.pages(after or source.start(NOW - timedelta(days=1))))

    def write_some(self, number: int = 8, *, apart_s: float = 5) -> list[str]:
        """Let the customer write so many times, let it settle, and return the ids."""
        written = []
        for n in range(number):
            written.append(self.write(f"Words {n}"))
            self.clock.advance(apart_s)
        self.settle()
        return written

    def end_of_url(self, external_id: str) -> str:
        """Return how the conversation's address ends."""
        return external_id

    def settle(self) -> None:
        """Let enough time pass for the tool to show what was done."""
        self.clock.advance(300)

    @abstractmethod
    def open(self) -> None:
        """Make the account, its people and its company (Acme, acme.example)."""

    @abstractmethod
    def source(self, *, token: str | None = None, url: str | None = None) -> FeedbackSource:
        """Return the adapter, with pages of PER_PAGE."""

    @abstractmethod
    def write(self, words: str, *, agent_says: str = "", bot_says: str = "") -> str:
        """Let the customer write, others answer in public and the agent leave a note; return the id."""

    @abstractmethod
    def reply(self, external_id: str, words: str) -> None:
        """Let the customer add words."""

    @abstractmethod
    def delete(self, external_id: str) -> None:
        """Delete the conversation."""

    @abstractmethod
    def black_out(self, external_id: str, words: str) -> None:
        """Redact the customer's words."""

    @abstractmethod
    def spoil(self, external_id: str) -> None:
        """Make the tool answer this conversation in a shape that it should not have."""


class Zendesk(SourceUnderTest):
    """Zendesk Support."""

    stand_in = ZendeskStandIn
    vendor = "zendesk"
    listing = "/api/v2/incremental/tickets/cursor"
    broken_off = (listing, 2)
    endless: ClassVar[dict[str, Any]] = {"tickets": [], "after_cursor": "again", "end_of_stream": False}
    tells_deletions = True

    def open(self) -> None:
        """One customer (10), one agent (11), one automation that writes in the agent's name."""
        organization = {"id": 5, "name": "Acme", "domain_names": ["acme.example"]}
        customer = {"id": 10, "name": "Cleo", "email": "cleo@acme.example", "organization_id": 5}
        agent = {"id": 11, "name": "Ann", "email": "ann@own.example", "role": "agent"}
        tokens = [
            {"token": "agent", "user_id": 11},
            {"token": "no-scope", "user_id": 1, "scopes": ["users:read"]},
        ]
        self.client.load(
            "zendesk",
            {"organizations": [organization], "users": [customer, agent], "access_tokens": tokens},
        )

    def source(self, *, token: str | None = None, url: str | None = None) -> ZendeskSource:
        """Return the adapter."""
        credentials = StaticCredentials.bearer(token or ADMIN_TOKEN)
        return ZendeskSource(url or self.url, credentials, self.clock, sleep=self.sleep, per_page=PER_PAGE)

    def write(self, words: str, *, agent_says: str = "", bot_says: str = "") -> str:
        """Make a ticket."""
        ticket_id = next(self.ids)
        comments: list[dict[str, Any]] = [{"body": words}]
        if agent_says:
            comments.append({"body": agent_says, "author_id": 11})
            comments.append({"body": f"Note: {agent_says}", "author_id": 11, "public": False})
        if bot_says:
            comments.append({"body": bot_says, "author_id": 11, "via": {"channel": "rule"}})
        self.client.load(
            "zendesk", {"tickets": [{"id": ticket_id, "requester_id": 10, "comments": comments}]}
        )
        return str(ticket_id)

    def reply(self, external_id: str, words: str) -> None:
        """Add a comment."""
        self.client.load("zendesk", {"update": [{"id": int(external_id), "comments": [{"body": words}]}]})

    def delete(self, external_id: str) -> None:
        """Delete softly."""
        self.client.load("zendesk", {"delete": [int(external_id)]})

    def black_out(self, external_id: str, words: str) -> None:
        """Redact a string."""
        self.client.load("zendesk", {"redact": [{"ticket_id": int(external_id), "text": words}]})

    def spoil(self, external_id: str) -> None:
        """Lose the time of creation."""
        self.client.load("zendesk", {"update": [{"id": int(external_id), "created_at": None}]})


class Intercom(SourceUnderTest):
    """Intercom."""

    stand_in = IntercomStandIn
    vendor = "intercom"
    listing = "/conversations/search"
    broken_off = (listing, 2)
    endless: ClassVar[dict[str, Any]] = {
        "conversations": [],
        "pages": {"type": "pages", "next": {"per_page": PER_PAGE, "starting_after": "again"}},
    }
    tells_deletions = False

    def open(self) -> None:
        """One contact of Acme; the admin and the bot need no record."""
        company = {"id": "co1", "name": "Acme", "website": "https://www.acme.example/shop"}
        contact = {"id": "c1", "name": "Cleo", "email": "cleo@acme.example", "companies": ["co1"]}
        tokens = [{"token": "no-people", "permissions": ["conversations"]}]
        self.client.load("intercom", {"companies": [company], "contacts": [contact], "access_tokens": tokens})

    def source(self, *, token: str | None = None, url: str | None = None) -> IntercomSource:
        """Return the adapter."""
        return IntercomSource(
            url or self.url, token or INTERCOM_TOKEN, self.clock, sleep=self.sleep, per_page=PER_PAGE
        )

    def write(self, words: str, *, agent_says: str = "", bot_says: str = "") -> str:
        """Start a conversation."""
        conversation_id = str(next(self.ids))
        admin = {"type": "admin", "id": "2", "name": "Ann", "email": "ann@own.example"}
        bot = {"type": "bot", "id": "3", "name": "Fin", "email": "bot@own.example", "from_ai_agent": True}
        parts: list[dict[str, Any]] = []
        if agent_says:
            parts.append({"body": f"<p>{agent_says}</p>", "author": admin})
            parts.append({"body": f"<p>Note: {agent_says}</p>", "author": admin, "part_type": "note"})
        if bot_says:
            parts.append({"body": f"<p>{bot_says}</p>", "author": bot})
        row = {
            "id": conversation_id,
            "contact_id": "c1",
            "source": {"body": f"<p>{words}</p>"},
            "parts": parts,
        }
        self.client.load("intercom", {"conversations": [row]})
        return conversation_id

    def reply(self, external_id: str, words: str) -> None:
        """Add a part."""
        self.client.load(
            "intercom", {"update": [{"id": external_id, "parts": [{"body": f"<p>{words}</p>"}]}]}
        )

    def delete(self, external_id: str) -> None:
        """Delete for good."""
        self.client.load("intercom", {"delete": [external_id]})

    def black_out(self, external_id: str, words: str) -> None:
        """Redact the source: a part or a source goes as a whole."""
        self.client.load("intercom", {"redact": [{"conversation_id": external_id}]})

    def spoil(self, external_id: str) -> None:
        """Lose the time of creation."""
        self.client.load("intercom", {"update": [{"id": external_id, "created_at": None}]})
