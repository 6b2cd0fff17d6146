"""Each ticket tracker under the contract: its stand-in, and what its people do to tickets."""

from __future__ import annotations

from abc import ABC, abstractmethod
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Any, ClassVar

from bot.domain.annotation import Annotation, Evidence, Reach, TicketDraft
from bot.domain.quote import Span
from bot.domain.ticket import TicketRef
from bot.domain.voice import QuotedVoice
from bot.ports import TicketTracker
from integrations.sandbox.client import SandboxClient
from integrations.sandbox.clock import SandboxClock
from integrations.sandbox.serving import Sandbox
from integrations.sandbox.stand_in import StandIn

NOW = datetime(2026, 11, 23, 12, 0, tzinfo=UTC)
PER_PAGE = 3

QUOTE = QuotedVoice(
    feedback_id=7,
    turn_external_id="t1",
    spans=(Span(0, 31),),
    words="The map stays white after sync.",
    cut=False,
    said_at=NOW - timedelta(days=2),
    company="Acme",
    role="Dispatcher",
    plan="Team",
    since=NOW - timedelta(days=400),
    url="https://help.acme.example/tickets/7",
)
ANNOTATION = Annotation(
    reach=Reach(people=3, companies=2),
    new_this_month=Reach(people=1, companies=1),
    pieces=4,
    quotes=(QUOTE,),
    context=(("device", (("Pixel 8", 2),)),),
    first_heard=NOW - timedelta(days=40),
    last_heard=NOW - timedelta(days=2),
)
EVIDENCE = Evidence(key="voc:feedback:7", title="The map stays white", url="https://voc.example/7")
DRAFT = TicketDraft(
    key="draft:9", project="FLD", title="White map", body="Two lines\nof text", labels=("from voc",)
)


@dataclass(frozen=True)
class Shown:
    """A living annotation as readers see it. mails: how many watchers were written to because of it."""

    id: str
    text: str
    mails: int


class TrackerUnderTest(ABC):
    """A tracker with the projects FLD (mapped) and OPS (not mapped); time moves only when told to."""

    stand_in: ClassVar[type[StandIn]]
    vendor: ClassVar[str]
    listing: ClassVar[str]  # the path that changed_since() asks, as a regular expression
    endless: ClassVar[dict[str, Any]]  # a page whose token never changes
    writes: ClassVar[dict[str, tuple[str, str]]]  # each kind of write: method and path
    annotates: ClassVar[bool] = True  # False where links show all of it by themselves
    repeatable: ClassVar[frozenset[str]]  # writes that the vendor takes twice as once
    edits_quietly: ClassVar[bool] = True  # whether an edited annotation can mail nobody

    def __init__(self) -> None:
        self.clock = SandboxClock(NOW, frozen=True)
        self.sandbox = Sandbox([type(self).stand_in], clock=self.clock, profile="vendor")
        self.client = SandboxClient(self.sandbox.start())
        self.url = self.sandbox.urls[self.vendor]
        self.slept: list[float] = []

    def sleep(self, seconds: float) -> None:
        """Wait, in the stand-ins' time."""
        self.slept.append(seconds)
        self.clock.advance(seconds)

    def settle(self) -> None:
        """Let enough time pass for the tracker's search to know what was done."""
        self.clock.advance(300)

    def fails(self, write: str, do: str, **rule: Any) -> None:
        """Let that kind of write fail once."""
        method, path = self.writes[write]
        self.client.fault(do, vendor=self.vendor, method=method, path=path, **rule)

    def fails_listing(self, do: str, **rule: Any) -> None:
        """Let what changed_since() asks fail."""
        self.client.fault(do, vendor=self.vendor, path=self.listing, **rule)

    def shown(self, key: str) -> str:
        """Return our words on the ticket, wherever it shows them."""
        if self.annotates:
            return "\n".join(shown.text for shown in self.annotations(key))
        return "\n".join(self.links(key).values())

    @abstractmethod
    def tracker(
        self, *, token: str | None = None, url: str | None = None, timeout_s: float = 30
    ) -> TicketTracker:
        """Return the adapter, with pages of PER_PAGE."""

    @abstractmethod
    def write(self, key: str, title: str = "A title", body: str = "A body") -> str:
        """Make a ticket, or change the one with that key, now; return its immutable id."""

    @abstractmethod
    def finish(self, key: str) -> None:
        """Let somebody finish the ticket."""

    @abstractmethod
    def move(self, key: str, to: str) -> None:
        """Let somebody move the ticket, which gives it another key."""

    @abstractmethod
    def delete(self, key: str) -> None:
        """Let somebody delete the ticket."""

    @abstractmethod
    def comment(self, key: str, words: str) -> None:
        """Let somebody comment on the ticket."""

    @abstractmethod
    def remove_annotations(self, key: str) -> None:
        """Let somebody remove our annotations."""

    @abstractmethod
    def spoil(self, key: str) -> None:
        """Make the tracker answer this ticket in a shape that it should not have."""

    @abstractmethod
    def annotations(self, key: str) -> list[Shown]:
        """Return our living annotations on the ticket."""

    @abstractmethod
    def links(self, key: str) -> dict[str, str]:
        """Return the evidence on the ticket: key to title."""

    @abstractmethod
    def require_fields(self) -> Mapping[str, str | tuple[str, ...]]:
        """Let the project require a field of each kind that there is; return an answer to each, by id."""

    @abstractmethod
    def values(self, key: str) -> dict[str, Any]:
        """Return what the ticket's required fields hold."""

    @abstractmethod
    def titles(self) -> Sequence[str]:
        """Return the titles of all tickets."""


def ref_of(site: TrackerUnderTest, key: str = "FLD-1") -> TicketRef:
    """Make a ticket and return its ref."""
    return TicketRef(site.vendor, site.write(key))


def write_some(site: TrackerUnderTest, number: int = 8) -> list[str]:
    """Make tickets, one after the other, and return their keys."""
    keys = [f"FLD-{n}" for n in range(1, number + 1)]
    for key in keys:
        site.write(key)
        site.clock.advance(5)
    site.settle()
    return keys
