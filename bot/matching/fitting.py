"""The weights that lessons teach: first those that order, then those that tell how likely."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

import numpy as np

from bot.matching.model import FEATURES, Doubles, Model, features, probabilities
from bot.matching.newton import minimum
from bot.matching.signals import SIGNALS

if TYPE_CHECKING:
    from bot.matching.lessons import Lesson
    from bot.matching.newton import Slope

TAUGHT = 5  # candidates a piece that the calibration learns from: those that a person would see
# A weight that the lessons don't move is about one over how far its signal spreads: equal weights of what is
# comparable carry over to other trackers better than most that were fitted. Source: Dawes 1979.
PRIOR = {
    "dense": 8.0,
    "dense_title": 4.0,
    "cover": 12.0,
    "covered": 4.0,
    "bm25": 8.0,
    "tfidf": 4.0,
    "grams": 8.0,
    "head": 4.0,
}
PULL = 0.005  # towards it, against 60 lessons' worth of evidence
RIDGE = 1e-3  # only so that there is always one least point


def fit_rank(taught: Sequence[Lesson]) -> Doubles:
    """Return the weights of SIGNALS that make the right candidates likeliest (conditional logit)."""
    useful = [one for one in taught if one.right.any() and not one.right.all()]
    prior = np.array([PRIOR[name] for name in SIGNALS])

    def slope(weights: Doubles) -> Slope:
        away = weights - prior
        value, gradient, curve = PULL / 2 * float(away @ away), PULL * away, PULL * np.eye(len(weights))
        for one in useful:
            signals = one.found.signals.astype(np.float64)
            logits = signals @ weights
            chance = np.exp(logits - logits.max())
            chance /= chance.sum()
            right = chance[one.right] / chance[one.right].sum()
            mean = chance @ signals
            value -= one.weight * float(np.log(chance[one.right].sum()))
            gradient = gradient + one.weight * (mean - right @ signals[one.right])
            curve = curve + one.weight * ((signals.T * chance) @ signals - np.outer(mean, mean))
        return value, gradient, curve

    return minimum(slope, prior)


def fit_calibration(taught: Sequence[Lesson], rank: Doubles) -> Doubles:
    """Return the weights of FEATURES that make the score a probability (logistic regression)."""
    rows, right, weight = [], [], []
    for one in taught:
        signals, there = one.found.signals.astype(np.float64), np.ones(len(one.right), dtype=np.bool_)
        top = np.argsort(-(signals @ rank), kind="stable")[:TAUGHT]
        rows.append(features(signals, np.log1p(one.found.members), rank, there)[top])
        right.append(one.right[top])
        weight.append(np.full(len(top), one.weight))
    x, y, w = np.concatenate(rows), np.concatenate(right).astype(np.float64), np.concatenate(weight)

    def slope(weights: Doubles) -> Slope:
        logits = x @ weights
        chance = probabilities(logits)
        value = float(w @ (np.logaddexp(0.0, logits) - y * logits)) + RIDGE / 2 * float(weights @ weights)
        curve = (x.T * (w * chance * (1 - chance))) @ x + RIDGE * np.eye(len(weights))
        return value, x.T @ (w * (chance - y)) + RIDGE * weights, curve

    return minimum(slope, np.zeros(len(FEATURES)))


def fit(taught: Sequence[Lesson]) -> Model:
    """Return the model that the lessons teach."""
    rank = fit_rank(taught)
    return Model("unnamed", rank, fit_calibration(taught, rank))
