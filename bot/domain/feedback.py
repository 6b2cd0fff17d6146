"""What customers said: as received from a support tool, and as stored.

A conversation is made of turns. Feedback ("a piece") is one ask within it, as a quote of the customer's
turns.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from enum import StrEnum

from bot.domain.quote import Quote, Redaction


class AuthorRole(StrEnum):
    """Who wrote a turn. Only CUSTOMER turns may be quoted.

    An author that is not known is never a customer.
    """

    CUSTOMER = "customer"
    AGENT = "agent"
    BOT = "bot"
    UNKNOWN = "unknown"


class Markup(StrEnum):
    """How a turn's original is written."""

    PLAIN = "plain"
    HTML = "html"
    MRKDWN = "mrkdwn"  # Slack's


@dataclass(frozen=True, slots=True, kw_only=True)
class ReceivedCompany:
    """A company as the source names it. fields: flat custom fields, as text, e.g. {"plan": "Team"}.

    is_name_alone: whether a person called it so, and it is the known company of that name, if there is one.
    """

    external_id: str
    name: str
    domains: tuple[str, ...] = ()
    fields: Mapping[str, str] = field(default_factory=dict)
    is_name_alone: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class ReceivedPerson:
    """A person as the source names them. since: when they became known to the source."""

    external_id: str
    name: str = ""
    email: str = ""
    role: str = ""
    language: str = ""
    since: datetime | None = None
    company: ReceivedCompany | None = None
    fields: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True, slots=True, kw_only=True)
class ReceivedTurn:
    """One message of a conversation.

    original: as received; redacted: the vendor has blacked it out (wholly or partly). part: the words of it
    that a person picked as what was asked, cleaned; "" for all.
    """

    external_id: str
    role: AuthorRole
    said_at: datetime
    original: str
    markup: Markup = Markup.PLAIN
    author_id: str = ""
    public: bool = True
    redacted: bool = False
    part: str = ""


@dataclass(frozen=True, slots=True)
class Rating:
    """What the customer scored.

    score: on 1..scale, or 0..scale, as the vendor gives it; remark: their words, or "".
    """

    score: int
    scale: int
    remark: str = ""


# What support tools call the severities that should be looked at first.
SEVERITY, IMPORTANT = "severity", frozenset({"urgent", "high", "priority"})


@dataclass(frozen=True, slots=True)
class ContextFact:
    """One circumstance of use.

    kind: device, os, app_version, browser, locale, plan, severity; origin: where it was read.
    """

    kind: str
    value: str
    origin: str


@dataclass(frozen=True, slots=True, kw_only=True)
class ReceivedConversation:
    """A whole conversation as a source gives it now; it replaces what was stored under the same external_id.

    keep_missing_turns: True where the vendor shows only the newest turns, so older stored turns stay.
    """

    external_id: str
    created_at: datetime
    updated_at: datetime
    customer: ReceivedPerson
    turns: tuple[ReceivedTurn, ...]
    subject: str = ""
    url: str = ""
    channel: str = ""
    inbox: str = ""
    tags: tuple[str, ...] = ()
    rating: Rating | None = None
    context: tuple[ContextFact, ...] = ()
    keep_missing_turns: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Turn:
    """One stored turn. text: the cleaned words that quotes point into.

    Redactions: what leaves the house as a label.
    """

    id: int
    external_id: str
    revision: int
    role: AuthorRole
    said_at: datetime
    original: str
    text: str
    redactions: tuple[Redaction, ...] = ()
    public: bool = True


@dataclass(frozen=True, slots=True, kw_only=True)
class Conversation:
    """One stored conversation with the newest revision of each turn, in order."""

    id: int
    source: str
    external_id: str
    person_id: int
    created_at: datetime
    updated_at: datetime
    turns: tuple[Turn, ...]
    subject: str = ""
    url: str = ""
    channel: str = ""
    inbox: str = ""
    tags: tuple[str, ...] = ()
    language: str = "und"
    rating: Rating | None = None
    context: tuple[ContextFact, ...] = ()
    gone: bool = False


class Exclusion(StrEnum):
    """Why a piece is set aside: kept and counted, never matched or quoted."""

    STAFF = "own staff"
    TEST_ACCOUNT = "test account"
    TAG = "excluded tag"
    NO_WORDS = "no words"
    GONE = "deleted at the source"
    WITHDRAWN = "redacted at the source"
    NOT_FEEDBACK = "not feedback"

    @property
    def is_withdrawn(self) -> bool:
        """Whether the words are no longer to be shown to anybody."""
        return self in (Exclusion.GONE, Exclusion.WITHDRAWN)


@dataclass(frozen=True, slots=True, kw_only=True)
class Feedback:
    """One piece: one ask of one conversation, quoted. words_hash changes when its words do."""

    id: int
    conversation_id: int
    ordinal: int
    quote: Quote
    said_at: datetime
    words_hash: str
    excluded: Exclusion | None = None
