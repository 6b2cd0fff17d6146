"""The weights that turn signals into a score: data, read from a versioned file."""

from __future__ import annotations

import json
import math
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np
import numpy.typing as npt

from bot.matching.signals import SIGNALS

if TYPE_CHECKING:
    from bot.matching.signals import Candidates

Doubles = npt.NDArray[np.float64]

MODEL_FILE = Path(__file__).with_name("model.json")
FEATURES = ("one", "rank", "margin", "log_members")
LEAST_MARGIN, ALONE = (
    -3.0,
    1.0,
)  # several tickets may fit, so far behind is no worse than behind; without a rival


@dataclass(frozen=True, slots=True)
class Model:
    """Two linear layers. rank: weights of SIGNALS; calibrate: of FEATURES, of which the rank is one."""

    name: str
    rank: Doubles
    calibrate: Doubles

    def scores(self, found: Candidates) -> Doubles:
        """Return each candidate's probability of being what the piece is about."""
        return probabilities(features(found, self.rank) @ self.calibrate)


def load_model(path: Path = MODEL_FILE) -> Model:
    """Return the model in the file: JSON with name, rank {signal: weight}, calibrate {feature: weight}."""
    data = json.loads(path.read_text("utf-8"))
    return model_of(data["name"], data)


def model_of(name: str, weights: Mapping[str, Mapping[str, float]]) -> Model:
    """Return the model of those weights, by layer and name.

    Raises ValueError where they are of other names than this release weighs.
    """
    for layer, names in (("rank", SIGNALS), ("calibrate", FEATURES)):
        if weights[layer].keys() != {*names}:
            raise ValueError(f"{name} has other {layer} weights than {', '.join(names)}")
    rank, calibrate = (
        np.array([weights[layer][of] for of in names], dtype=np.float64)
        for layer, names in (("rank", SIGNALS), ("calibrate", FEATURES))
    )
    return Model(name, rank, calibrate)


def weights_of(model: Model) -> dict[str, dict[str, float]]:
    """Return the model's weights by layer and name."""
    return {
        "rank": dict(zip(SIGNALS, model.rank.tolist(), strict=True)),
        "calibrate": dict(zip(FEATURES, model.calibrate.tolist(), strict=True)),
    }


def probabilities(logits: Doubles) -> Doubles:
    """Return the logistic function of the logits, 0.0 to 1.0."""
    return 1 / (1 + np.exp(-np.clip(logits, -30, 30)))


def features(found: Candidates, rank: Doubles) -> Doubles:
    """Return float64[candidates, FEATURES]. margin: the rank above the best rival's."""
    ranks = found.signals.astype(np.float64) @ rank
    return np.stack([np.ones(len(ranks)), ranks, _margins(ranks), np.log1p(found.members)], axis=1)


def signals(found: Candidates, at: int) -> dict[str, float]:
    """Return what the at-th candidate's score was made of, by name: what a refit needs of it."""
    measured = dict(zip(SIGNALS, found.signals[at].tolist(), strict=True))
    measured["log_members"] = math.log1p(found.members[at])
    return {name: round(value, 6) for name, value in measured.items()}


def _margins(ranks: Doubles) -> Doubles:
    if len(ranks) < 2:
        return np.full(len(ranks), ALONE)
    second, first = np.partition(ranks, -2)[-2:]
    rivals = np.where(np.arange(len(ranks)) == ranks.argmax(), second, first)
    return np.asarray(np.maximum(ranks - rivals, LEAST_MARGIN))
