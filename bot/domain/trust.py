"""When Voc may attach by itself: thresholds that answers have earned, and which links are put to a person."""

from __future__ import annotations

import hashlib
import math
from collections import Counter
from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import datetime

from bot.domain.precision import NONE_YET, Share, least_to_reach

AUDITS_WEIGHED = 200  # the newest: what was so a year ago closes no switch
GRID = 100  # thresholds are hundredths


@dataclass(frozen=True, slots=True)
class Label:
    """One judged decision: its score, and whether the person agreed."""

    score: float
    is_right: bool


@dataclass(frozen=True, slots=True)
class Earned:
    """A threshold with the answers at or above it, which reach the wanted precision."""

    threshold: float
    shown: Share


@dataclass(frozen=True, slots=True, kw_only=True)
class Trust:
    """What a project's answers have shown, as of the last look.

    threshold: from which score on Voc attaches, None for the shipped one. shown: answers at or above it.
    is_measured: whether these are enough to tell. turned_at, turned_by: when Voc itself last opened or closed
    the switch, and the figure that did it. closed_at: what was answered before then counts no more.
    is_told: whether the owners know of the last turn.
    """

    project: str
    threshold: float | None = None
    shown: Share = NONE_YET
    is_measured: bool = False
    turned_at: datetime | None = None
    turned_by: Share = NONE_YET
    closed_at: datetime | None = None
    is_told: bool = True

    @property
    def has_closed(self) -> bool:
        """Whether the last turn was a closing."""
        return self.turned_at is not None and self.turned_at == self.closed_at


def earned(labels: Collection[Label], target: float) -> Earned | None:
    """Return the lowest threshold at which the answers reach the target, None where none does.

    Tried downwards from the highest that has enough answers, and no further than the first that fails: as the
    order is fixed beforehand, the chance of taking a wrong one stays that of a single try.
    """
    right, of = Counter[int](), Counter[int]()
    for label in labels:
        step = math.floor(label.score * GRID + 1e-9)  # 0.29 × 100 is a hair under 29
        of[step] += 1
        right[step] += label.is_right
    found, least, shown = None, least_to_reach(target), NONE_YET
    for step in sorted(of, reverse=True):
        shown = Share(shown.right + right[step], shown.of + of[step])
        if shown.of < least:
            continue
        if not shown.reaches(target):
            break
        found = Earned(step / GRID, shown)
    return found


def shown_at(labels: Collection[Label], threshold: float) -> Share:
    """Return how many of the answers at or above the threshold are right."""
    above = [label.is_right for label in labels if label.score >= threshold]
    return Share(sum(above), len(above))


@dataclass(frozen=True, slots=True)
class Sampling:
    """Which automatic links are put to a person. share: of all; a_week: at least so many; seed: any words."""

    share: float = 0.1
    a_week: int = 5
    seed: str = "voc"

    def rank(self, feedback_id: int) -> float:
        """Return the piece's place, 0.0 to 1.0, the same for ever and told by nothing that it says."""
        digest = hashlib.sha256(f"{self.seed}:{feedback_id}".encode()).digest()
        return int.from_bytes(digest[:8]) / 2**64

    def of_week(self, feedback_ids: Collection[int], *, is_over: bool) -> Sequence[int]:
        """Return the pieces to ask about, of one week's links: those of the lowest ranks.

        Only a week that is over is filled up to its least number: before, a later link may rank lower.
        """
        ordered = sorted(set(feedback_ids), key=self.rank)
        within = sum(self.rank(piece) < self.share for piece in ordered)
        return ordered[: max(within, self.a_week) if is_over else within]
