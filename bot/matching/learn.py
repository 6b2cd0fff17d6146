"""Refit the model from a workspace's own answers: away from the shipped weights as far as answers tell.

Maximum a posteriori around the shipped weights, first the ranking's, then the probability's. The prior is
Gaussian and as heavy as PRIOR_ANSWERS average answers: its precision is their Fisher information at the
shipped weights, so no scale has to be chosen, and of n answers the data weigh n / (n + PRIOR_ANSWERS).
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

import numpy as np

from bot.domain.answer import Answer, AnswerKind
from bot.matching.model import Doubles, Mask, Model, features, probabilities
from bot.matching.newton import minimum
from bot.matching.signals import SIGNALS

if TYPE_CHECKING:
    from bot.matching.newton import Slope

PRIOR_ANSWERS = 100
HELD_OUT = 0.2  # of the answers, the newest: they teach nothing and judge the rest
LOG_MEMBERS = "log_members"
_LEAST_CURVE = 1e-6  # where answers never differ, the shipped weight stays


@dataclass(frozen=True, slots=True)
class Taught:
    """Answers side by side, oldest first, padded to the longest list of candidates.

    signals: float64[answers, candidates, SIGNALS]; log_members: of each candidate. there: which places are no
    padding; right: what the person chose; known: which candidates the answer tells of.
    """

    signals: Doubles
    log_members: Doubles
    there: Mask
    right: Mask
    known: Mask

    def __len__(self) -> int:
        return len(self.there)

    def part(self, start: int, end: int) -> Taught:
        """Return the answers from start to end."""
        at = slice(start, end)
        return Taught(self.signals[at], self.log_members[at], self.there[at], self.right[at], self.known[at])


@dataclass(frozen=True, slots=True)
class Learned:
    """A refitted model. answers: how many taught or judged it.

    before, after: mean log loss a candidate on the held-out answers, of the present model and of this one.
    """

    model: Model
    answers: int
    before: float
    after: float

    @property
    def is_better(self) -> bool:
        """Whether it beats the present model on answers that taught neither."""
        return self.after < self.before


def is_usable(answer: Answer) -> bool:
    """Return whether the answer's candidates carry what this version's model weighs."""
    names = {*SIGNALS, LOG_MEMBERS}
    found = answer.about.candidates
    return bool(found) and not answer.about.is_named and all(names <= one.signals.keys() for one in found)


def taught_by(answers: Sequence[Answer]) -> Taught:
    """Return the usable answers side by side.

    "Not that ticket" tells of the best candidate alone; every other answer tells of all of them: what was not
    chosen does not fit, and for words that are no feedback nothing does.
    """
    most = max((len(answer.about.candidates) for answer in answers), default=0)
    shape = (len(answers), most)
    signals, log_members = np.zeros((*shape, len(SIGNALS))), np.zeros(shape)
    there, right = np.zeros(shape, np.bool_), np.zeros(shape, np.bool_)
    for at, answer in enumerate(answers):
        found = answer.about.candidates
        signals[at, : len(found)] = [[one.signals[name] for name in SIGNALS] for one in found]
        log_members[at, : len(found)] = [one.signals[LOG_MEMBERS] for one in found]
        there[at, : len(found)] = True
        right[at, : len(found)] = [one.ticket_id == answer.ticket_id for one in found]
    known = there.copy()
    known[[answer.kind is AnswerKind.WRONG for answer in answers], 1:] = False
    return Taught(signals, log_members, there, right, known)


def refit(answers: Sequence[Answer], shipped: Model, present: Model, name: str) -> Learned:
    """Return what the answers teach, judged on the newest of them.

    answers: usable ones, oldest first, two or more. The model that was judged is the one that is returned: no
    later answer slips in unjudged, and of the next refit's judges none has taught the model to beat.
    """
    taught = taught_by(answers)
    end = len(taught) - max(1, round(HELD_OUT * len(taught)))
    rank = _fitted_rank(taught.part(0, end), shipped)
    calibrate = _fitted_calibration(taught.part(0, end), rank, shipped)
    model = replace(shipped, name=name, rank=rank, calibrate=calibrate)
    judges = taught.part(end, len(taught))
    return Learned(model, len(taught), loss(judges, present), loss(judges, model))


def loss(taught: Taught, model: Model) -> float:
    """Return the mean log loss a candidate: how surprised the model's probabilities are by the answers."""
    chance = probabilities(features_of(taught, model.rank) @ model.calibrate)[taught.known]
    told = np.where(taught.right[taught.known], chance, 1 - chance)
    return float(-np.log(told).mean())


def features_of(taught: Taught, rank: Doubles) -> Doubles:
    """Return float64[answers, candidates, FEATURES]; what stands in the padding means nothing."""
    return features(taught.signals, taught.log_members, rank, taught.there)


def _fitted_rank(taught: Taught, shipped: Model) -> Doubles:
    """Return the weights of SIGNALS that make the chosen candidates likeliest among their rivals."""
    useful = taught.right.any(axis=1) & (taught.there.sum(axis=1) > 1)
    signals, there = taught.signals[useful], taught.there[useful]
    chosen = signals[taught.right[useful]]

    def slope(weights: Doubles) -> Slope:
        logits = np.where(there, signals @ weights, -np.inf)
        highest = logits.max(axis=1, keepdims=True)
        chance = np.exp(logits - highest)
        sums = chance.sum(axis=1, keepdims=True)
        chance /= sums
        means = np.einsum("nk,nks->ns", chance, signals)
        value = (highest[:, 0] + np.log(sums[:, 0]) - chosen @ weights).sum()
        spread = np.einsum("nk,nks,nkt->st", chance, signals, signals) - means.T @ means
        return float(value), (means - chosen).sum(axis=0), spread

    return _posterior(slope, shipped.rank, int(useful.sum()))


def _fitted_calibration(taught: Taught, rank: Doubles, shipped: Model) -> Doubles:
    """Return the weights of FEATURES that make the score a probability."""
    x = features_of(taught, rank)[taught.known]
    y = taught.right[taught.known].astype(np.float64)

    def slope(weights: Doubles) -> Slope:
        logits = x @ weights
        chance = probabilities(logits)
        value = (np.logaddexp(0.0, logits) - y * logits).sum()
        return float(value), x.T @ (chance - y), (x.T * (chance * (1 - chance))) @ x

    return _posterior(slope, shipped.calibrate, len(taught))


def _posterior(slope: Callable[[Doubles], Slope], prior: Doubles, answers: int) -> Doubles:
    """Return the likeliest weights: all is convex."""
    if not answers:
        return prior
    stiffness = slope(prior)[2] * (PRIOR_ANSWERS / answers) + _LEAST_CURVE * np.eye(len(prior))

    def whole(weights: Doubles) -> Slope:
        value, gradient, curve = slope(weights)
        pull = stiffness @ (weights - prior)
        return value + float(pull @ (weights - prior)) / 2, gradient + pull, curve + stiffness

    return minimum(whole, prior)
