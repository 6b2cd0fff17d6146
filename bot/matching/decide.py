"""What to do with scored candidates."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

from bot.domain.match import Candidate, Decision, Verdict

MOST_OTHERS = 4


@dataclass(frozen=True, slots=True)
class Thresholds:
    """From which score on a pair is attached or suggested: 0 <= suggest <= attach <= 1, else ValueError.

    earned: projects whose own answers set another score for attaching.
    """

    attach: float = 0.9
    suggest: float = 0.3
    earned: Mapping[str, float] = field(default_factory=dict)

    def __post_init__(self) -> None:
        if not 0.0 <= self.suggest <= self.attach <= 1.0:
            raise ValueError(f"0 <= suggest <= attach <= 1 must hold, not {self.suggest}, {self.attach}")

    def attach_in(self, project: str) -> float:
        """Return from which score on a pair of that project is attached, never below a proposal's."""
        return max(self.earned.get(project, self.attach), self.suggest)


def decide(
    ordered: Sequence[Candidate], thresholds: Thresholds, model: str = "", project: str = ""
) -> Verdict:
    """Return the verdict on one piece. ordered: its candidates, best first; project: the best one's.

    A score holds the margin to the second best already: of two tickets that fit alike, neither scores high.
    """
    if not ordered:
        return Verdict(Decision.UNMATCHED, None, model=model)
    best, others = ordered[0], tuple(ordered[1 : 1 + MOST_OTHERS])
    if best.score >= thresholds.attach_in(project):
        return Verdict(Decision.ATTACHED, best, others, model)
    is_worth_asking = best.score >= thresholds.suggest
    return Verdict(Decision.SUGGESTED if is_worth_asking else Decision.UNMATCHED, best, others, model)
