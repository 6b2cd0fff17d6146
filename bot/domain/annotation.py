"""What a ticket shows of its customers: one description, rendered by each tracker in its own markup."""

from __future__ import annotations

import hashlib
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

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


@dataclass(frozen=True, slots=True, kw_only=True)
class Annotation:
    """A ticket's living comment, at most twelve lines.

    new_this_month: what the last 30 days added; context: (kind, values by how often), as stated by the
    customers.
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

    @property
    def content_hash(self) -> str:
        """Changes when something that a reader sees has changed."""
        return hashlib.sha256(repr(self).encode()).hexdigest()[:32]


@dataclass(frozen=True, slots=True, kw_only=True)
class Evidence:
    """One piece as a link on its ticket. key: stable for the piece, so that a repeat is an update."""

    key: str
    title: str
    url: str
    summary: str = ""
    is_answered: bool = False

    @property
    def content_hash(self) -> str:
        """Changes when the link must be written again."""
        return hashlib.sha256(repr(self).encode()).hexdigest()[:32]


@dataclass(frozen=True, slots=True, kw_only=True)
class TicketDraft:
    """A ticket to be created. key: ours, so that an uncertain creation can be searched for."""

    key: str
    project: str
    title: str
    body: str
    labels: tuple[str, ...] = ()


def cut_at_word(text: str, most: int, mark: str = "…") -> str:
    """Return text, or its beginning up to a word's end with mark, of at most `most` characters in all.

    Raises ValueError when `most` leaves no room for mark.
    """
    if most < len(mark):
        raise ValueError(f"{most} characters leave no room for {mark!r}")
    if len(text) <= most:
        return text
    head, follows = text[: most - len(mark)], text[most - len(mark)]
    words = head.rsplit(None, 1)
    at_end = follows.isspace() or head[-1:].isspace()
    kept = head if at_end or len(words) < 2 else words[0]
    return kept.rstrip() + mark


def one_line(text: str) -> str:
    """Return text with each run of white space as one space."""
    return " ".join(text.split())


def revenue_of(companies: Sequence[tuple[int, Revenue | None]]) -> tuple[Revenue, ...]:
    """Return revenue summed per currency over (company id, revenue), each company once, highest first."""
    once = {company: revenue for company, revenue in companies if revenue is not None}
    sums: dict[str, Revenue] = {}
    for revenue in once.values():
        known = sums.get(revenue.currency)
        amount = revenue.amount + (known.amount if known else 0)
        sums[revenue.currency] = Revenue(amount, revenue.currency)
    return tuple(sorted(sums.values(), key=lambda r: (-r.amount, r.currency)))
