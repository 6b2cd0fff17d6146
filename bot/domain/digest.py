"""The weekly digest as numbers and quotes: a snapshot that reads the same whenever it is opened."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from bot.domain.annotation import Reach
from bot.domain.precision import NONE_YET, Share
from bot.domain.ticket import TicketStage
from bot.domain.voice import QuotedVoice
from bot.domain.week import Week


@dataclass(frozen=True, slots=True)
class Counts:
    """What one week brought. pieces: feedback; conversations: what they came in."""

    conversations: int
    pieces: int
    people: int
    companies: int


@dataclass(frozen=True, slots=True, kw_only=True)
class TopTicket:
    """One of the week's loudest tickets.

    week: this week's reach; total: since ever; trend: pieces a week, oldest first, this week last;
    carried_by: the company or companies behind most of it, "" when it is broad; quotes: best first, at most
    five.
    """

    ticket_id: int
    key: str
    title: str
    url: str
    status: str
    stage: TicketStage
    week: Reach
    total: Reach
    trend: tuple[int, ...]
    quotes: tuple[QuotedVoice, ...]
    carried_by: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Unticketed:
    """Something said without a ticket this week: a theme, or a single voice. theme_id: 0 for the latter.

    name: in its members' own words; all_pieces, all_people: in the weeks of the trend.
    """

    pieces: int
    reach: Reach
    quote: QuotedVoice
    feedback_ids: tuple[int, ...]
    is_rising: bool = False
    theme_id: int = 0
    name: str = ""
    all_pieces: int = 0
    all_people: int = 0


@dataclass(frozen=True, slots=True, kw_only=True)
class Subscription:
    """What a channel wants to hear, and when. cron: five fields in zone; projects: empty for all.

    next_at: when the next digest is due; paused_until: None when it runs.
    """

    id: int
    channel: str
    name: str
    cron: str
    zone: str
    projects: tuple[str, ...] = ()
    next_at: datetime | None = None
    paused_until: datetime | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class DigestSnapshot:
    """One channel's week, frozen. usual: medians of the four weeks before; None where there is no history.

    failed_sources: sources that did not answer lately; trend_weeks: the Mondays of each top ticket's trend.
    quotes_verified: (right, all) of the quotes in this digest that are found, letter by letter, in the stored
    turns. links_checked: how many of the last automatic links that people checked stood.
    """

    week: Week
    built_at: datetime
    counts: Counts
    before: Counts | None
    usual: Counts | None
    voice: QuotedVoice | None
    top: tuple[TopTicket, ...]
    unticketed: tuple[Unticketed, ...]
    failed_sources: tuple[str, ...] = ()
    arrived_late: int = 0
    set_aside: int = 0
    links_undone: int = 0
    quotes_verified: tuple[int, int] = (0, 0)
    attach_is_measured: bool = False
    links_checked: Share = NONE_YET
    projects: tuple[str, ...] = ()

    @property
    def is_quiet(self) -> bool:
        """Whether nothing was said in the week."""
        return self.counts.pieces == 0
