"""What a ticket shows of its customers: one description, rendered by each tracker in its own markup."""

from __future__ import annotations

import hashlib
from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import date, datetime
from decimal import Decimal

from bot.domain.asking import Answers
from bot.domain.customer import Revenue
from bot.domain.voice import QuotedVoice


@dataclass(frozen=True, slots=True)
class Reach:
    """How many spoke. revenue: a year, one entry a currency, each company counted once.

    Shown side by side, never as one score.
    """

    people: int
    companies: int
    revenue: tuple[Revenue, ...] = ()


NOBODY = Reach(0, 0)


@dataclass(frozen=True, slots=True, kw_only=True)
class Annotation:
    """A ticket's living comment, at most twelve lines.

    new_this_month: what the last 30 days added; context: (kind, values by how often), as stated by the
    customers; workaround: what one of them does meanwhile; moved_to: the key of the ticket that took the
    voices over, in which case nothing else is shown.
    """

    reach: Reach
    new_this_month: Reach
    pieces: int
    quotes: tuple[QuotedVoice, ...]
    context: tuple[tuple[str, tuple[tuple[str, int], ...]], ...]
    first_heard: datetime
    last_heard: datetime
    heard_after_done: bool = False
    all_url: str = ""
    wrong_match_url: str = ""
    workaround: QuotedVoice | None = None
    moved_to: str = ""

    @property
    def content_hash(self) -> str:
        """Changes when something that a reader sees has changed."""
        return hashlib.sha256(repr(self).encode()).hexdigest()[:32]


@dataclass(frozen=True, slots=True, kw_only=True)
class Account:
    """The company that spoke, as a tracker with customer records of its own may keep it.

    key: stable for the company; domains: its mail domains, never a public mail provider's; revenue: a year.
    """

    key: str
    name: str
    domains: tuple[str, ...] = ()
    revenue: Revenue | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Evidence:
    """One piece as a link on its ticket. key: stable for the piece, so that a repeat is an update.

    words: the quote, redacted, longer than the title; said_at: when; account: None where none is known;
    is_answered: whether the customer was told.
    """

    key: str
    title: str
    url: str
    summary: str = ""
    is_answered: bool = False
    words: str = ""
    said_at: datetime | None = None
    account: Account | None = None
    is_important: bool = False

    @property
    def content_hash(self) -> str:
        """Changes when the link must be written again."""
        return hashlib.sha256(repr(self).encode()).hexdigest()[:32]


@dataclass(frozen=True, slots=True)
class TicketLink:
    """A link that a ticket carries, ours or another integration's. key: the evidence's, "" for another's."""

    url: str
    key: str = ""
    title: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Figures:
    """What a tracker may keep in number and date fields. revenue: a year, None for several currencies."""

    people: int
    companies: int
    revenue: Decimal | None
    last_heard: date

    @property
    def content_hash(self) -> str:
        """Changes when a field must be written again."""
        return hashlib.sha256(repr(self).encode()).hexdigest()[:32]


@dataclass(frozen=True, slots=True, kw_only=True)
class TicketDraft:
    """A ticket to be created. key: ours, so that an uncertain creation can be searched for.

    kind: the id of a kind of ticket, "" for the settings' own; fields: what the tracker asked for.
    """

    key: str
    project: str
    title: str
    body: str
    labels: tuple[str, ...] = ()
    kind: str = ""
    fields: Answers = field(default_factory=dict)


def revenue_of(companies: Sequence[tuple[int, Revenue | None]]) -> tuple[Revenue, ...]:
    """Return revenue summed per currency over (company id, revenue), each company once, highest first."""
    once = {company: revenue for company, revenue in companies if revenue is not None}
    sums: dict[str, Revenue] = {}
    for revenue in once.values():
        known = sums.get(revenue.currency)
        amount = revenue.amount + (known.amount if known else 0)
        sums[revenue.currency] = Revenue(amount, revenue.currency)
    return tuple(sorted(sums.values(), key=lambda r: (-r.amount, r.currency)))
