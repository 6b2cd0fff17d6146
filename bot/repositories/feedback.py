"""What comes in: conversations, the people in them, and the pieces that are cut from them."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Protocol

from bot.domain.customer import Company, Person, Revenue
from bot.domain.feedback import (
    AuthorRole,
    ContextFact,
    Conversation,
    Exclusion,
    Feedback,
    Rating,
    ReceivedCompany,
    ReceivedPerson,
)
from bot.domain.match import Verdict
from bot.domain.quote import Quote, Redaction
from bot.domain.voice import Voice


@dataclass(frozen=True, slots=True, kw_only=True)
class TurnDraft:
    """A turn ready to be stored. redacted: overwrite every earlier revision, keep none of the old words."""

    external_id: str
    role: AuthorRole
    said_at: datetime
    original: str
    text: str
    redactions: tuple[Redaction, ...] = ()
    public: bool = True
    redacted: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class ConversationDraft:
    """A conversation ready to be stored; it replaces the one of the same (source, external_id)."""

    source: str
    external_id: str
    person_id: int
    created_at: datetime
    updated_at: datetime
    turns: tuple[TurnDraft, ...]
    subject: str = ""
    url: str = ""
    channel: str = ""
    inbox: str = ""
    tags: tuple[str, ...] = ()
    language: str = "und"
    rating: Rating | None = None
    context: tuple[ContextFact, ...] = ()
    keep_missing_turns: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class PieceDraft:
    """A piece ready to be stored under its ordinal."""

    ordinal: int
    quote: Quote
    said_at: datetime
    words_hash: str
    excluded: Exclusion | None = None


@dataclass(frozen=True, slots=True)
class Attributes:
    """What a source's custom fields say of a person or company, after mapping.

    origin: e.g. "zendesk organization_fields.plan".
    """

    plan: str = ""
    segment: str = ""
    revenue: Revenue | None = None
    origin: str = ""


class Conversations(Protocol):
    """Conversations and their turns."""

    def save(self, draft: ConversationDraft, now: datetime) -> tuple[Conversation, bool]:
        """Insert or replace; return the stored conversation and whether a turn, tag, rating or inbox changed.

        An edited turn gets a new revision; a redacted one overwrites all of its revisions; a missing one is
        dropped from the newest view (its revisions stay) unless keep_missing_turns. A conversation that was
        gone is back. Text is kept letter by letter; only NUL and half surrogate pairs become U+FFFD.
        """
        ...

    def get(self, conversation_id: int) -> Conversation:
        """Return it with the newest revision of each turn. Raises KeyError."""
        ...

    def find(self, source: str, external_id: str) -> Conversation | None:
        """Return the conversation, or None."""
        ...

    def mark_gone(self, source: str, external_ids: Sequence[str], now: datetime) -> list[int]:
        """Mark as deleted at the source and return the affected conversation ids."""
        ...

    def external_ids(self, source: str, *, after: str = "", limit: int = 1000) -> list[str]:
        """Return ids that are not gone, in order, to reconcile with the source."""
        ...

    def addresses(self, external_ids: Sequence[str]) -> Mapping[int, str]:
        """Return the addresses of the conversations with these ids at any source, by their ids here."""
        ...

    def at(self, url: str) -> list[int]:
        """Return the conversations, not gone, that have this web address, by id."""
        ...

    def count(self, source: str | None = None) -> int:
        """Return how many are stored and not gone."""
        ...


class People(Protocol):
    """People and companies, joined by identity."""

    def company(
        self, source: str, received: ReceivedCompany, attributes: Attributes, now: datetime
    ) -> Company:
        """Return the company by (source, external id), else by a domain, else a new one, with new facts."""
        ...

    def person(
        self,
        source: str,
        received: ReceivedPerson,
        company_id: int | None,
        attributes: Attributes,
        now: datetime,
    ) -> Person:
        """Return the person by (source, external id), else by e-mail, else a new one.

        Where two stored people turn out to be one, the older survives and takes the other's conversations.
        Without a company_id the company is found by the e-mail's domain (never a public mail domain).
        """
        ...

    def know_company(self, source: str, external_id: str, name: str) -> None:
        """Let the source's id stand for the one known company of that name, in any letter case.

        Nothing happens where the id is known already, or none or several go by the name.
        """
        ...

    def get(self, person_id: int) -> Person:
        """Return the person with their company. Raises KeyError."""
        ...

    def employer(self, company_id: int) -> Company:
        """Return the company. Raises KeyError."""
        ...


class Pieces(Protocol):
    """Feedback and its read model, the voice."""

    def put(self, conversation_id: int, drafts: Sequence[PieceDraft], now: datetime) -> list[Feedback]:
        """Store the conversation's pieces by ordinal; those of missing ordinals become GONE.

        A piece whose words_hash or exclusion changed is due for matching again (unless excluded). What a
        person took as NOT_FEEDBACK stays so until its words change.
        """
        ...

    def exclude(self, feedback_id: int, why: Exclusion | None) -> None:
        """Set a piece aside, or take it back with None (then it is due for matching)."""
        ...

    def of_conversation(self, conversation_id: int) -> list[Feedback]:
        """Return the conversation's pieces by ordinal."""
        ...

    def voice(self, feedback_id: int) -> Voice:
        """Return one piece as a voice. Raises KeyError."""
        ...

    def voices(self, feedback_ids: Sequence[int]) -> list[Voice]:
        """Return them in the order of the ids; unknown ids are left out."""
        ...

    def due_for_matching(self, *, after: int = 0, limit: int = 200) -> list[Voice]:
        """Return pieces without a verdict on their words, by id; none excluded or attached by a person."""
        ...

    def record_verdict(self, feedback_id: int, verdict: Verdict, words_hash_of: str, now: datetime) -> bool:
        """Store the matcher's answer beside the piece; it is then no longer due.

        Returns False where it is no answer for the piece as it is now: set aside, or of other words.
        """
        ...

    def verdict(self, feedback_id: int) -> Verdict | None:
        """Return the stored answer."""
        ...

    def make_unmatched_due(self, since: datetime) -> None:
        """Let the matcher look again at pieces said since then that have no ticket, attached or suggested."""
        ...

    def make_due(self, feedback_ids: Sequence[int]) -> None:
        """Let the matcher look at them again."""
        ...

    def heard(self, start: datetime, end: datetime, *, include_excluded: bool = False) -> list[Voice]:
        """Return the voices said in [start, end), oldest first."""
        ...

    def counts(self) -> Mapping[str, int]:
        """Return counts: pieces, due, excluded:<reason>, and of the rest attached, suggested, unmatched."""
        ...
