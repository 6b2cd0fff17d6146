"""What the use cases need of storage: one unit of work, and a repository for each kind of row.

All times are aware UTC. A unit of work is short: none is open across a network call.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from contextlib import AbstractContextManager
from dataclasses import dataclass
from datetime import datetime
from typing import Protocol, Self

from bot.domain.customer import Company, Person, Revenue
from bot.domain.digest import DigestSnapshot, Subscription
from bot.domain.effect import Effect, EffectState
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
from bot.domain.match import Match, MatchState, Reason, Verdict
from bot.domain.quote import Quote, Redaction
from bot.domain.ticket import ReceivedTicket, Ticket, TicketRef
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
    """What a source's custom fields say of a person or company, after mapping. origin: "zendesk organization_fields.plan, …"."""

    plan: str = ""
    segment: str = ""
    revenue: Revenue | None = None
    origin: str = ""


class Conversations(Protocol):
    """Conversations and their turns."""

    def save(self, draft: ConversationDraft, now: datetime) -> tuple[Conversation, bool]:
        """Insert or replace; return the stored conversation and whether a turn, tag, rating or inbox changed.

        An edited turn gets a new revision; a redacted one overwrites all of its revisions; a missing one is dropped from the
        newest view (its revisions stay) unless keep_missing_turns. A conversation that was gone is back.
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

    def count(self, source: str | None = None) -> int:
        """Return how many are stored and not gone."""
        ...


class People(Protocol):
    """People and companies, joined by identity."""

    def company(self, source: str, received: ReceivedCompany, attributes: Attributes, now: datetime) -> Company:
        """Return the company by (source, external id), else by a domain, else a new one; facts are brought up to date."""
        ...

    def person(
        self, source: str, received: ReceivedPerson, company_id: int | None, attributes: Attributes, now: datetime
    ) -> Person:
        """Return the person by (source, external id), else by e-mail, else a new one.

        Where two stored people turn out to be one, the older survives and takes the other's conversations.
        Without a company_id the company is found by the e-mail's domain (never a public mail domain).
        """
        ...

    def get(self, person_id: int) -> Person:
        """Return the person with their company. Raises KeyError."""
        ...


class Pieces(Protocol):
    """Feedback and its read model, the voice."""

    def put(self, conversation_id: int, drafts: Sequence[PieceDraft], now: datetime) -> list[Feedback]:
        """Store the conversation's pieces by ordinal; those of missing ordinals become GONE.

        A piece whose words_hash or exclusion changed is due for matching again (unless excluded).
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
        """Return pieces without a verdict on their present words, by id, not excluded, not attached by a person."""
        ...

    def record_verdict(self, feedback_id: int, verdict: Verdict, words_hash_of: str, now: datetime) -> None:
        """Store the matcher's answer beside the piece; it is then no longer due."""
        ...

    def verdict(self, feedback_id: int) -> Verdict | None:
        """Return the stored answer."""
        ...

    def make_unmatched_due(self, since: datetime) -> None:
        """Let the matcher look again at pieces said since then that have neither an attached nor a suggested ticket."""
        ...

    def make_due(self, feedback_ids: Sequence[int]) -> None:
        """Let the matcher look at them again."""
        ...

    def heard(
        self, start: datetime, end: datetime, *, include_excluded: bool = False
    ) -> list[Voice]:
        """Return the voices said in [start, end), oldest first."""
        ...

    def counts(self) -> Mapping[str, int]:
        """Return counts: pieces, due, excluded:<reason>, attached, suggested, unmatched (not excluded; by best present state)."""
        ...


class Tickets(Protocol):
    """Tickets of all trackers."""

    def save(self, received: ReceivedTicket, now: datetime) -> tuple[Ticket, bool]:
        """Insert or replace by (tracker, external id); return it and whether something that matching or people see changed."""
        ...

    def get(self, ticket_id: int) -> Ticket:
        """Return the ticket. Raises KeyError."""
        ...

    def by_key(self, key: str) -> Ticket | None:
        """Return the ticket with that present key, in any letter case."""
        ...

    def by_ref(self, ref: TicketRef) -> Ticket | None:
        """Return the ticket of that address."""
        ...

    def many(self, ticket_ids: Sequence[int]) -> list[Ticket]:
        """Return the tickets in the order of the ids."""
        ...

    def matchable(self, *, closed_since: datetime, after: int = 0, limit: int = 500) -> list[Ticket]:
        """Return open tickets and those resolved since then, not gone, by id."""
        ...

    def changed_after(self, moment: datetime, *, limit: int = 500) -> list[Ticket]:
        """Return tickets stored or changed here after that moment, by that time."""
        ...

    def search(self, words: str, *, limit: int = 20) -> list[Ticket]:
        """Return tickets whose key or title holds the words, key matches first, then newest."""
        ...

    def mark_gone(self, ref: TicketRef, now: datetime) -> None:
        """Mark as no longer visible."""
        ...

    def count(self) -> int:
        """Return how many are stored and not gone."""
        ...


class Matches(Protocol):
    """Pairs of piece and ticket, and each decision's trace."""

    def decide(
        self,
        feedback_id: int,
        ticket_id: int,
        state: MatchState,
        *,
        score: float,
        reasons: Sequence[Reason],
        by: str,
        now: datetime,
    ) -> Match:
        """Set the pair's state and keep a trace row (who, when, before, after). At most one ATTACHED ticket a piece: the others
        of the piece that are ATTACHED or SUGGESTED become DETACHED (attached ones) or are dropped (suggested ones)."""
        ...

    def of_feedback(self, feedback_id: int) -> list[Match]:
        """Return all pairs of the piece, attached first, then by score."""
        ...

    def attached_to(self, ticket_id: int) -> list[Voice]:
        """Return the voices attached to the ticket, not excluded, newest first."""
        ...
    def confirmed_pairs(self) -> list[tuple[int, int]]:
        """Return (feedback_id, ticket_id) of all pairs that a person attached, not excluded, by feedback id."""
        ...

    def withdraw_automatic(self, feedback_id: int, *, keep: int | None, now: datetime) -> list[int]:
        """Drop the piece's pairs that Voc itself suggested or attached, but the one to the ticket `keep`; return the tickets
        that lost an attached one. People's decisions stay."""
        ...

    def tickets_of(self, feedback_ids: Sequence[int]) -> Mapping[int, int]:
        """Return the ticket that each piece is attached to; pieces without one are left out. One query a thousand ids."""
        ...

    def refused_by(self, feedback_ids: Sequence[int]) -> Mapping[int, frozenset[int]]:
        """Return the tickets that a person rejected or detached, by piece: pairs that never return."""
        ...

    def undone(self, start: datetime, end: datetime) -> int:
        """Return how many automatic attachments a person undid in [start, end)."""
        ...


class Effects(Protocol):
    """The ledger of outward acts."""

    def want(self, kind: str, target: str, key: str, wanted: str, now: datetime) -> Effect:
        """Ask for the act with that content hash: a new PENDING row; a DONE row of another hash becomes PENDING; others keep
        their state and take the new hash."""
        ...

    def find(self, kind: str, target: str, key: str) -> Effect | None:
        """Return the row."""
        ...

    def of(self, kind: str, target: str) -> list[Effect]:
        """Return all rows of a kind for a target, by id."""
        ...

    def claim(self, effect_id: int, *, until: datetime, now: datetime) -> Effect | None:
        """Take the act for ourselves until then, if it is due: PENDING or UNCERTAIN with next_at reached, or CLAIMED with its
        lease over. Returns the row as it was before the claim, or None when another holds it or it is not due. Atomic."""
        ...

    def settle(
        self,
        effect_id: int,
        state: EffectState,
        now: datetime,
        *,
        result: str | None = None,
        done: str | None = None,
        next_at: datetime | None = None,
        note: str = "",
    ) -> None:
        """Close the claim. A DONE whose `done` differs from the row's `wanted` by now becomes PENDING again."""
        ...

    def release(self, effect_id: int, now: datetime) -> None:
        """Give a claim back untouched: nothing was sent."""
        ...

    def due(self, now: datetime, kinds: Sequence[str] = (), *, limit: int = 200) -> list[Effect]:
        """Return rows that may be claimed now, oldest next_at first."""
        ...

    def done_between(self, kind: str, target: str, start: datetime, end: datetime) -> int:
        """Return how many acts of a kind for a target were first done in [start, end)."""
        ...

    def counts(self) -> Mapping[tuple[str, EffectState], int]:
        """Return the number of rows by kind and state."""
        ...


@dataclass(frozen=True, slots=True, kw_only=True)
class SourceHealth:
    """How a source (or tracker) is doing. failures: in a row since the last success; told_at: when its owner was told."""

    name: str
    cursor: str = ""
    last_success_at: datetime | None = None
    last_change_at: datetime | None = None
    failures: int = 0
    error: str = ""
    told_at: datetime | None = None
    next_at: datetime | None = None


class Sources(Protocol):
    """Cursors and the health of what is read."""

    def get(self, name: str) -> SourceHealth:
        """Return its row, a fresh one if there is none."""
        ...

    def save_cursor(self, name: str, cursor: str, now: datetime, *, last_change_at: datetime | None = None) -> None:
        """Store the cursor that closes the page saved in this same transaction."""
        ...

    def succeeded(self, name: str, now: datetime) -> None:
        """A whole run went through."""
        ...

    def failed(self, name: str, error: str, now: datetime) -> None:
        """A run ended with an error (its class and doing, never customer data)."""
        ...

    def told(self, name: str, now: datetime | None) -> None:
        """The owner channel was told of the failure, or (None) of the recovery."""
        ...

    def schedule(self, name: str, next_at: datetime) -> None:
        """Set when it is due next."""
        ...

    def all(self) -> list[SourceHealth]:
        """Return all rows by name."""
        ...

    def set_aside(self, name: str, external_id: str, why: str, now: datetime) -> None:
        """Keep the id of an item that could not be read."""
        ...

    def readable_again(self, name: str, external_id: str) -> None:
        """Forget that an item could not be read."""
        ...

    def count_set_aside(self, name: str | None = None) -> int:
        """Return how many items could not be read."""
        ...


class Subscriptions(Protocol):
    """Which channel hears what, when; and the digests that were built for it."""

    def put(
        self, channel: str, name: str, *, cron: str, zone: str, projects: Sequence[str], next_at: datetime | None
    ) -> Subscription:
        """Insert or replace by (channel, name)."""
        ...

    def find(self, channel: str, name: str) -> Subscription | None:
        """Return the subscription."""
        ...

    def get(self, subscription_id: int) -> Subscription:
        """Return the subscription. Raises KeyError."""
        ...

    def all(self) -> list[Subscription]:
        """Return all, by channel and name."""
        ...

    def due(self, now: datetime) -> list[Subscription]:
        """Return those whose next_at has come and that are not paused."""
        ...

    def set_next(self, subscription_id: int, next_at: datetime) -> None:
        """Set when it is due next."""
        ...

    def save_snapshot(
        self, subscription_id: int, period_start: datetime, revision: int, snapshot: DigestSnapshot
    ) -> None:
        """Store a built digest. Raises AlreadyExists for the same (subscription, period, revision)."""
        ...

    def snapshot(self, subscription_id: int, period_start: datetime) -> DigestSnapshot | None:
        """Return the newest revision for the period, equal to what was stored, or None."""
        ...

    def quoted_since(self, subscription_id: int, since: datetime) -> frozenset[int]:
        """Return ids of pieces that this subscription's digests quoted since then."""
        ...

    def remember_quotes(self, subscription_id: int, period_start: datetime, feedback_ids: Sequence[int]) -> None:
        """Note which pieces a digest quoted."""
        ...


@dataclass(frozen=True, slots=True, kw_only=True)
class Switches:
    """What a project allows. by: the admin who overrode, "" when earned or off."""

    project: str
    attach: bool = False
    write: bool = False
    by: str = ""


class Projects(Protocol):
    """The two switches of each project."""

    def switches(self, project: str) -> Switches:
        """Return them; both off for a project that was never set."""
        ...

    def set(self, project: str, *, attach: bool, write: bool, by: str, now: datetime) -> None:
        """Set both."""
        ...

    def all(self) -> list[Switches]:
        """Return all that were ever set, by project."""
        ...


class Credentials(Protocol):
    """Rotating tokens, encrypted."""

    def get(self, integration: str, account: str) -> bytes | None:
        """Return the sealed value."""
        ...

    def put(self, integration: str, account: str, sealed: bytes, now: datetime) -> None:
        """Replace the sealed value."""
        ...


class Deliveries(Protocol):
    """Events and interactions that were seen."""

    def is_new(self, source: str, delivery_id: str, now: datetime) -> bool:
        """Remember the delivery and return True, or return False if it was seen before."""
        ...

    def forget_before(self, moment: datetime) -> None:
        """Drop old rows."""
        ...


class Vectors(Protocol):
    """Embeddings by text hash, so that a restart does not make them anew."""

    def get_many(self, keys: Sequence[str]) -> Mapping[str, bytes]:
        """Return the vectors that are stored (float32 rows as bytes)."""
        ...

    def put_many(self, rows: Mapping[str, bytes]) -> None:
        """Store vectors; known keys stay as they are."""
        ...


class UnitOfWork(AbstractContextManager["UnitOfWork"], Protocol):
    """One transaction: rolled back unless committed. A broken unique key raises AlreadyExists."""

    conversations: Conversations
    people: People
    pieces: Pieces
    tickets: Tickets
    matches: Matches
    effects: Effects
    sources: Sources
    subscriptions: Subscriptions
    projects: Projects
    credentials: Credentials
    deliveries: Deliveries
    vectors: Vectors

    def __enter__(self) -> Self:
        """Begin."""
        ...

    def commit(self) -> None:
        """Make it last."""
        ...


Work = Callable[[], UnitOfWork]
