"""The digest as numbers and quotes: a snapshot that reads the same whenever it is opened."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, datetime
from enum import StrEnum

from bot.domain.annotation import Reach
from bot.domain.period import Period, Rhythm
from bot.domain.precision import NONE_YET, Share
from bot.domain.scope import EVERYTHING, Scope
from bot.domain.ticket import TicketStage
from bot.domain.voice import QuotedVoice

PREVIEW = 0


class Length(StrEnum):
    """How much a digest tells."""

    SHORT = "short"
    NORMAL = "normal"
    LONG = "long"


@dataclass(frozen=True, slots=True)
class Counts:
    """What one period brought. pieces: feedback; conversations: what they came in."""

    conversations: int
    pieces: int
    people: int
    companies: int


@dataclass(frozen=True, slots=True, kw_only=True)
class TopTicket:
    """One of the period's loudest tickets.

    week: this period's reach; total: since ever; trend: pieces a week, oldest first, the last whole week
    last; carried_by: the company or two behind most of it, none when it is broad; quotes: best first, at most
    five; pieces: of this period.
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
    carried_by: tuple[str, ...] = ()
    pieces: int = 0


@dataclass(frozen=True, slots=True, kw_only=True)
class Unticketed:
    """Something said without a ticket: a theme, or a single voice. theme_id: 0 for the latter.

    name: in its members' own words; all_pieces, all_people: in the weeks of the trend; quote: None where all
    that could be quoted was told lately.
    """

    pieces: int
    reach: Reach
    quote: QuotedVoice | None
    is_rising: bool = False
    theme_id: int = 0
    name: str = ""
    all_pieces: int = 0
    all_people: int = 0


@dataclass(frozen=True, slots=True)
class TicketName:
    """A ticket as a line names it."""

    key: str
    title: str
    url: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Waiting:
    """Whom nobody told that their ticket was done in the period. tickets: those of most people first."""

    pieces: int
    reach: Reach
    tickets: tuple[TicketName, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Quiet:
    """The group of customers that was heard least. kind: "segment", "plan", "language" or "source"."""

    kind: str
    name: str
    people: int
    voice: QuotedVoice | None


@dataclass(frozen=True, slots=True, kw_only=True)
class Thanks:
    """A thank-you, and the ticket that it is for."""

    ticket: TicketName
    voice: QuotedVoice


@dataclass(frozen=True, slots=True, kw_only=True)
class Interview:
    """A customer worth talking to, and why.

    pieces: said in the period; tickets: keys of those that they are about; has_workaround: whether they say
    how they get by; is_quoted: whether the voice's words are shown, which they are not twice in a digest.
    is_awaited: whether the first of the tickets is open and the one that most people spoke of. earlier: what
    they said before, None where nobody looked; since: when they first did.
    """

    person_id: int
    voice: QuotedVoice
    pieces: int
    tickets: tuple[str, ...] = ()
    has_workaround: bool = False
    is_quoted: bool = True
    is_awaited: bool = False
    earlier: int | None = None
    since: datetime | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Subscription:
    """What a channel wants to hear, and when. cron: five fields in zone, of which the rhythm takes its turns.

    first_period: the Monday from which two weeks are counted; language: "" for the settings' own; person:
    whom it belongs to in a direct message, "" for a channel; next_at: when the next digest is due;
    paused_until: None when it runs; alerts: whether themes that rise are told of in between.
    """

    id: int
    channel: str
    name: str
    cron: str
    zone: str
    scope: Scope = EVERYTHING
    rhythm: Rhythm = Rhythm.WEEKLY
    first_period: date | None = None
    language: str = ""
    length: Length = Length.NORMAL
    person: str = ""
    alerts: bool = False
    next_at: datetime | None = None
    paused_until: datetime | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class DigestSnapshot:
    """One channel's period, frozen. before: the period before it; usual: medians of the four before it.

    Both are None where there is no history. failed_sources: sources that did not answer lately.
    quotes_verified: (right, all) of the quotes in this digest that are found, letter by letter, in the stored
    turns. links_checked: how many of the last automatic links that people checked stood. language: that it is
    told in, "" for the settings' own. revision: 1 as first posted; PREVIEW where it was only looked at, and
    then subscription_id is the preview's own number.
    """

    period: Period
    built_at: datetime
    counts: Counts
    before: Counts | None
    usual: Counts | None
    voice: QuotedVoice | None
    top: tuple[TopTicket, ...]
    unticketed: tuple[Unticketed, ...]
    waiting: Waiting | None = None
    thanks: Thanks | None = None
    quiet: Quiet | None = None
    interview: Interview | None = None
    failed_sources: tuple[str, ...] = ()
    arrived_late: int = 0
    set_aside: int = 0
    links_undone: int = 0
    quotes_verified: tuple[int, int] = (0, 0)
    attach_is_measured: bool = False
    links_checked: Share = NONE_YET
    scope: Scope = EVERYTHING
    rhythm: Rhythm = Rhythm.WEEKLY
    language: str = ""
    length: Length = Length.NORMAL
    subscription_id: int = 0
    revision: int = 1

    @property
    def is_quiet(self) -> bool:
        """Whether nothing was said in the period, and nobody waits to be told."""
        return self.counts.pieces == 0 and self.waiting is None

    @property
    def quotes(self) -> tuple[QuotedVoice, ...]:
        """Return every quote that the message or its thread may show."""
        return tuple(self._quotes())

    def _quotes(self) -> Iterator[QuotedVoice]:
        yield from (q for t in self.top for q in t.quotes)
        shown = [self.voice, *(u.quote for u in self.unticketed)]
        shown += [self.thanks.voice if self.thanks else None, self.quiet.voice if self.quiet else None]
        if self.interview and self.interview.is_quoted:
            shown.append(self.interview.voice)
        yield from (quote for quote in shown if quote is not None)
