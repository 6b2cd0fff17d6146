"""What Voc says in a chat, as meaning: the messenger's adapter gives it its form, within the limits."""

from __future__ import annotations

import hashlib
from dataclasses import dataclass
from enum import StrEnum

from bot.domain.annotation import NOBODY, Reach
from bot.domain.digest import DigestSnapshot, TopTicket
from bot.domain.match import Reason
from bot.domain.voice import QuotedVoice


@dataclass(frozen=True, slots=True)
class MessageRef:
    """A posted message. channel and id exactly as the messenger returned them."""

    channel: str
    id: str

    @property
    def address(self) -> str:
        """The message in one text, as the effect ledger keeps it."""
        return f"{self.channel} {self.id}"

    @classmethod
    def at(cls, address: str) -> MessageRef:
        """Return the message of an address."""
        return cls(*address.split(" ", 1))


class CardState(StrEnum):
    """Where a reviewed piece stands; it decides the card's buttons."""

    SUGGESTED = "suggested"
    ATTACHED = "attached"
    UNMATCHED = "unmatched"
    NOT_FEEDBACK = "not feedback"
    WITHDRAWN = "withdrawn"


@dataclass(frozen=True, slots=True)
class TicketLine:
    """A ticket in one line."""

    key: str
    title: str
    url: str
    status: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Card:
    """One piece and its proposed or made match, with buttons. decided_by: "voc" or a chat user's id.

    is_unmeasured: True where automatic attaching runs by override, its precision not yet measured.
    is_audit: whether the link is of the sample that people are asked about, and nobody has answered yet.
    note: what happened in the tracker, "" for nothing, and note_key the ticket in it; a message to be said.
    """

    feedback_id: int
    state: CardState
    voice: QuotedVoice
    ticket: TicketLine | None
    score: float
    reasons: tuple[Reason, ...] = ()
    decided_by: str = ""
    is_unmeasured: bool = False
    is_audit: bool = False
    note: str = ""
    note_key: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Inbox:
    """What waits for a decision in a channel, or for a person: one message, kept true in place.

    owner: the channel or person as settings name it; first: the surest of the proposals.
    """

    owner: str
    waiting: int
    first: tuple[Card, ...] = ()


class Showing(StrEnum):
    """Where a digest is shown, which decides what can be pressed."""

    POSTED = "posted"
    PREVIEW = "preview"
    VERSION = "version"


@dataclass(frozen=True, slots=True)
class DigestPost:
    """The digest's one message; or the same shown to one person: before it is posted, or as it once was."""

    snapshot: DigestSnapshot
    showing: Showing = Showing.POSTED


@dataclass(frozen=True, slots=True)
class TicketVoices:
    """One reply in the digest's thread: up to five quotes on one ticket. language: "" for the usual one."""

    ticket: TopTicket
    zone: str = "UTC"
    language: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class ThemeAlert:
    """A theme that rises between digests, or does so no more, when only its name is told.

    pieces, reach: of the last seven days; trend: pieces each seven days, oldest first; language: "" for the
    usual one.
    """

    theme_id: int
    name: str
    is_rising: bool
    pieces: int = 0
    reach: Reach = NOBODY
    trend: tuple[int, ...] = ()
    quote: QuotedVoice | None = None
    zone: str = "UTC"
    language: str = ""


@dataclass(frozen=True, slots=True)
class Notice:
    """Plain words of Voc's own; shown as text, whatever they hold."""

    text: str


Message = Card | Inbox | DigestPost | TicketVoices | ThemeAlert | Notice


def content_hash(message: Message) -> str:
    """Return a hash that changes when the message must be shown anew."""
    return hashlib.sha256(repr(message).encode()).hexdigest()[:32]
