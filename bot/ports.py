"""What the product needs of the outside world.

One suite in tests/contracts runs every adapter of each port.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import TYPE_CHECKING, Protocol

from bot.domain.annotation import Annotation, Evidence, TicketDraft
from bot.domain.feedback import ReceivedConversation
from bot.domain.message import Message, MessageRef
from bot.domain.ticket import ReceivedTicket, TicketRef

if TYPE_CHECKING:
    import numpy as np
    import numpy.typing as npt

    Vectors = npt.NDArray[np.float32]


class Clock(Protocol):
    """The time."""

    def now(self) -> datetime:
        """Return this moment, aware, in UTC."""
        ...


@dataclass(frozen=True, slots=True)
class Finding:
    """One line of a health check. remedy: the next step for the operator, "" when all is well."""

    is_ok: bool
    what: str
    remedy: str = ""


@dataclass(frozen=True, slots=True)
class Unreadable:
    """An item that the vendor answered in an unexpected shape: kept by id, counted, shown."""

    external_id: str
    why: str


@dataclass(frozen=True, slots=True, kw_only=True)
class FeedbackPage:
    """A page of changes. cursor: closes the page; saved with it, reading goes on after it.

    gone: deleted at the source.
    """

    conversations: tuple[ReceivedConversation, ...]
    cursor: str
    gone: tuple[str, ...] = ()
    unreadable: tuple[Unreadable, ...] = ()


class FeedbackSource(Protocol):
    """A support tool, read only. At least once, in order of change, ids stable, times aware UTC."""

    @property
    def name(self) -> str:
        """The source's name, e.g. "zendesk"."""
        ...

    def start(self, since: datetime) -> str:
        """Return the cursor that reads everything changed at or after `since`. No network."""
        ...

    def pages(self, after: str) -> Iterator[FeedbackPage]:
        """Yield what changed after the cursor until nothing more is there now.

        Raises TransientError, AccessError; AnswerError when the vendor repeats a page token.
        """
        ...

    def fetch(self, external_id: str) -> ReceivedConversation:
        """Return one conversation as it is now. Raises NotFoundError when it was deleted."""
        ...

    def estimate(self, since: datetime) -> int | None:
        """Return about how many conversations changed since, None where the vendor can't say."""
        ...

    def check(self) -> Sequence[Finding]:
        """Return what works and what is missing (token, scopes, reach); never raises IntegrationError."""
        ...


@dataclass(frozen=True, slots=True, kw_only=True)
class TicketPage:
    """A page of tickets that changed. cursor as for FeedbackPage."""

    tickets: tuple[ReceivedTicket, ...]
    cursor: str
    unreadable: tuple[Unreadable, ...] = ()


class TicketTracker(Protocol):
    """A ticket tracker. refs hold immutable ids; keys are for people.

    Every write raises TransientError (not done), UncertainError (maybe done), AccessError, NotFoundError or
    AnswerError.
    """

    @property
    def name(self) -> str:
        """The tracker's name, e.g. "jira"."""
        ...

    def changed_since(self, cursor: str | None) -> Iterator[TicketPage]:
        """Yield the mapped projects' tickets changed since the cursor, all of them for None.

        Repeats only the boundary.
        """
        ...

    def get(self, key_or_id: str) -> ReceivedTicket:
        """Return one ticket by key or immutable id. Raises NotFoundError."""
        ...

    def annotate(self, ref: TicketRef, annotation: Annotation, known: str | None) -> str:
        """Write the ticket's one living annotation and return its id.

        known: the id from last time: that one is edited, without mailing watchers; recreated if it is gone.
        """
        ...

    def find_annotation(self, ref: TicketRef) -> str | None:
        """Return the id of our living annotation on the ticket, found by its marker, or None."""
        ...

    def link(self, ref: TicketRef, evidence: Evidence) -> str:
        """Attach the evidence, or update it where its key is already there; return the vendor's id."""
        ...

    def unlink(self, ref: TicketRef, evidence_key: str) -> None:
        """Remove the evidence; no error when it is not there."""
        ...

    def create(self, draft: TicketDraft) -> ReceivedTicket:
        """Create a ticket that carries the draft's key."""
        ...

    def find_created(self, draft_key: str) -> ReceivedTicket | None:
        """Return the ticket created with that key, or None."""
        ...

    def check(self) -> Sequence[Finding]:
        """Return what works and what is missing; never raises IntegrationError."""
        ...


@dataclass(frozen=True, slots=True)
class Posted:
    """A message that was found or made, with the thread it started or joined."""

    ref: MessageRef
    thread: str | None = None


class Messenger(Protocol):
    """A chat. One visible message per call, within the vendor's limits by construction.

    Writes raise as TicketTracker's do.
    """

    @property
    def name(self) -> str:
        """The messenger's name, e.g. "slack"."""
        ...

    def post(self, channel: str, message: Message, *, key: str, thread: str | None = None) -> MessageRef:
        """Post a message findable by key; what is too long goes on in its thread. thread: the parent's id."""
        ...

    def find(
        self, channel: str, key: str, *, since: datetime, thread: str | None = None
    ) -> MessageRef | None:
        """Return our message with that key posted at or after `since`, or None.

        Raises AccessError if it can't look.
        """
        ...

    def update(self, ref: MessageRef, message: Message, *, key: str) -> None:
        """Show the message anew in place. The same content twice is harmless."""
        ...

    def delete(self, ref: MessageRef) -> None:
        """Remove our message; no error when it is gone."""
        ...

    def ephemeral(self, channel: str, user: str, message: Message) -> None:
        """Show a message to one person only; may be shown twice or not at all after a fault."""
        ...

    def upload_image(
        self, channel: str, image: bytes, *, key: str, title: str, alt_text: str, thread: str | None = None
    ) -> str:
        """Share a PNG with alt text and return the file's id; the file's name carries the key."""
        ...

    def find_image(self, channel: str, key: str, *, since: datetime, thread: str | None = None) -> str | None:
        """Return the id of the image shared with that key, or None."""
        ...

    def channel_id(self, channel: str) -> str:
        """Return the immutable id of a channel given by id or #name. Raises NotFoundError."""
        ...

    def permalink(self, ref: MessageRef) -> str:
        """Return the message's web address."""
        ...

    def check(self) -> Sequence[Finding]:
        """Return what works and what is missing; never raises IntegrationError."""
        ...


@dataclass(frozen=True, slots=True)
class Tokens:
    """The tokens of some texts, one text after the other, of each its first 128 at most.

    counts: how many each text has. Of each token: ids: its number in the vocabulary, 0 or more; vectors: a
    unit row, as long as the embedder likes; weights: how telling it is, 0.0 to 1.0.
    """

    counts: npt.NDArray[np.int64]
    ids: npt.NDArray[np.int32]
    vectors: Vectors
    weights: npt.NDArray[np.float32]


@dataclass(frozen=True, slots=True)
class Reading:
    """What an embedder makes of texts. vectors: as `embed` gives; tokens: None where it has none to give."""

    vectors: Vectors
    tokens: Tokens | None = None


class Embedder(Protocol):
    """Texts to vectors. Unit rows, the same text the same row. Safe for several threads.

    No network unless the operator chose one that uses it.
    """

    @property
    def name(self) -> str:
        """The model's name with its version: vectors of another name are made anew."""
        ...

    @property
    def dimensions(self) -> int:
        """Length of a row."""
        ...

    @property
    def languages(self) -> frozenset[str]:
        """What it understands, as BCP 47 primary tags: in others likeness is mostly shared small words."""
        ...

    def embed(self, texts: Sequence[str]) -> Vectors:
        """Return float32[len(texts), dimensions]; a text without known words gives a zero row."""
        ...

    def read(self, texts: Sequence[str]) -> Reading:
        """Return the texts' vectors with those of their tokens, for little more than the vectors alone."""
        ...


@dataclass(frozen=True, slots=True, kw_only=True)
class Task:
    """One unit of work. key: waiting tasks of one key are one, and two of them never run at once."""

    name: str
    key: str
    arguments: Mapping[str, str] = field(default_factory=dict)


class WorkQueue(Protocol):
    """Durable work: a submission survives a kill once submit has returned."""

    def submit(self, task: Task, *, not_before: datetime | None = None) -> None:
        """Add the task; it merges with a waiting one of its key, and the earlier not_before wins."""
        ...
