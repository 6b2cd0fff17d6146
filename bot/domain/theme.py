"""What customers say that has no ticket yet: themes, who inherits one, and when one rises."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from collections.abc import Set as AbstractSet
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from math import sqrt
from statistics import fmean, pstdev

from bot.domain.annotation import Reach
from bot.domain.voice import QuotedVoice, Voice

FEWEST_PEOPLE = 3
RISING_WEEKS, FEWEST_WEEKS, FEWEST_PIECES, DEVIATIONS = 8, 4, 3, 2.0
HEIR_SHARE = 0.3


class ThemeState(StrEnum):
    """Where a theme stands. CREATING: a ticket was asked for, and is being made of it."""

    LIVING = "living"
    DISMISSED = "dismissed"
    MERGED = "merged"
    CREATING = "creating"
    TICKETED = "ticketed"


class Seat(StrEnum):
    """How a piece came to its place. A LIVE one is looked at anew when all is clustered, a HELD one never."""

    LIVE = "live"
    CLUSTERED = "clustered"
    HELD = "held"


@dataclass(frozen=True, slots=True, kw_only=True)
class Theme:
    """One stored theme. terms: comparable forms of the name's parts.

    is_settled: whether all pieces were clustered since it was found; central: those that say it most; into:
    the theme that it was merged into, None where its members scattered; came_from: the one that it was a part
    of; ticket_id: where it is TICKETED; project, title: of the ticket that is wanted; attempts: to create it
    that were refused; decided_by: who brought it into this state.
    """

    id: int
    name: str
    terms: tuple[str, ...]
    state: ThemeState
    made_at: datetime
    first_heard: datetime
    last_heard: datetime
    is_settled: bool = False
    central: tuple[int, ...] = ()
    into: int | None = None
    came_from: int | None = None
    ticket_id: int | None = None
    project: str = ""
    title: str = ""
    attempts: int = 0
    decided_by: str = ""

    @property
    def is_named_by_hand(self) -> bool:
        """Whether a person gave the name: one that is found in the members' words has terms."""
        return bool(self.name) and not self.terms


@dataclass(frozen=True, slots=True, kw_only=True)
class ThemeView:
    """A theme as it is shown. trend: pieces a week, oldest first, this week last."""

    theme: Theme
    pieces: int
    reach: Reach
    trend: tuple[int, ...]
    is_rising: bool
    quote: QuotedVoice
    feedback_ids: tuple[int, ...]


def is_rising(weekly: Sequence[int], conversations: Sequence[int]) -> bool:
    """Return whether the last week is out of the ordinary: in number, and as a rate per conversation.

    weekly: the theme's pieces, conversations: all that were heard; a week each, oldest first, the one in
    question last. Its own eight weeks before are what is usual; weeks without any conversation tell nothing,
    and with fewer than four that do, nothing rises. Two standard deviations, where the deviation is at least
    that of counting (the root of the mean): eight quiet weeks alike would else make any one piece a rise.
    """
    *earlier, (now, heard) = list(zip(weekly, conversations, strict=True))
    usual = [(pieces, of) for pieces, of in earlier[-RISING_WEEKS:] if of]
    if now < FEWEST_PIECES or not heard or len(usual) < FEWEST_WEEKS:
        return False
    counts = [float(pieces) for pieces, _ in usual]
    expected = [pieces * heard / of for pieces, of in usual]  # had those weeks been as busy as this one
    return now > _limit(counts) and now > _limit(expected)


def _limit(usual: Sequence[float]) -> float:
    mean = fmean(usual)
    return mean + DEVIATIONS * max(pstdev(usual), sqrt(mean))


def is_enough(voices: Iterable[Voice]) -> bool:
    """Return whether enough people speak for a theme."""
    return len({voice.person.id for voice in voices}) >= FEWEST_PEOPLE


def heirs(known: Mapping[int, AbstractSet[int]], found: Sequence[AbstractSet[int]]) -> dict[int, int]:
    """Return which known theme each new cluster is, by its place in found.

    known: members by theme. A cluster may be a theme of whose members it holds at least three tenths; the
    pair with the most members in common comes first, on a tie the older theme (the lower number), and each
    theme and each cluster is given once. Names count for nothing.
    """
    pairs = []
    for theme, members in known.items():
        for place, cluster in enumerate(found):
            common = len(members & cluster)
            if common and common >= HEIR_SHARE * len(members):
                pairs.append((-common, theme, place))
    given: dict[int, int] = {}
    for _, theme, place in sorted(pairs):
        if place not in given and theme not in given.values():
            given[place] = theme
    return given


def origin(cluster: AbstractSet[int], known: Mapping[int, AbstractSet[int]]) -> int | None:
    """Return the known theme that most of a cluster's members came from, None where most came from none."""
    best = min(known, key=lambda theme: (-len(known[theme] & cluster), theme), default=None)
    if best is None or 2 * len(known[best] & cluster) <= len(cluster):
        return None
    return best
