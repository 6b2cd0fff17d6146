"""The weights that turn signals into an order and a score: data, read from versioned files."""

from __future__ import annotations

import json
import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np
import numpy.typing as npt

from bot.matching.growing import Whole, greatest
from bot.matching.signals import SIGNALS, SIMILAR

if TYPE_CHECKING:
    from bot.matching.signals import Candidates

Doubles = npt.NDArray[np.float64]
Mask = npt.NDArray[np.bool_]

WEIGHTS = Path(__file__).with_name("weights")  # a file an embedder
DEFAULT = WEIGHTS / "minilm.json"  # for an embedder that none was fitted on
FEATURES = (
    *("one", "ahead", "untaught_ahead", "behind", "attached"),
    *("log_members", "near", "very_near", "head", "told"),
)
LEAST_MARGIN = -2.0  # several tickets may fit, so far behind is no worse than behind
ALONE = 1.0  # the margin without a rival
DIGITS = 6  # further ones of a rank or a score change with what is measured at once
MOST_MEMBERS = 100  # that the lessons know of: what more of them would tell is not known
_DENSE, _COVERED, _HEAD = (SIGNALS.index(name) for name in ("dense", "covered", "head"))


@dataclass(frozen=True, slots=True)
class Model:
    """Two linear layers. rank: weights of SIGNALS, to order; calibrate: of FEATURES, to tell how likely."""

    name: str
    rank: Doubles
    calibrate: Doubles

    def ranks(self, found: Candidates) -> Doubles:
        """Return each candidate's rank: the higher, the sooner it is what the piece is about."""
        return np.asarray(found.signals.astype(np.float64) @ self.rank)

    def scores(self, found: Candidates) -> Doubles:
        """Return each candidate's probability of being what the piece is about."""
        return self.weigh([found])[1]

    def weigh(self, found: Sequence[Candidates]) -> tuple[Doubles, Doubles]:
        """Return the ranks and the scores of several pieces' candidates, one piece's after the other's."""
        measured = np.concatenate([one.signals for one in found]).astype(np.float64)
        log_members = np.log1p(np.concatenate([one.members for one in found]))
        ranks = np.asarray(measured @ self.rank)
        margins = _margins_in_runs(ranks, np.array([len(one.members) for one in found]))
        return ranks, probabilities(_features(measured, log_members, margins) @ self.calibrate)


def load_model(embedder: str = "") -> Model:
    """Return the shipped model for the embedder of that name, the default's where none was fitted on it."""
    for path in sorted(WEIGHTS.glob("*.json")):
        if json.loads(path.read_text("utf-8"))["embedder"] == embedder:
            return read_model(path)
    return read_model(DEFAULT)


def read_model(path: Path) -> Model:
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


def features(signals: Doubles, log_members: Doubles, rank: Doubles, there: Mask) -> Doubles:
    """Return float64[…, candidates, FEATURES]. signals: float64[…, candidates, SIGNALS].

    there: False in what only pads.
    """
    return _features(signals, log_members, _margins(np.where(there, signals @ rank, -np.inf)))


def _features(signals: Doubles, log_members: Doubles, margins: Doubles) -> Doubles:
    """Return the features. margins: the rank above the best rival's.

    A ticket with attached pieces is judged by how near it is and by what the head believes, one without by
    how much of its title is told. What the first one's lead is worth, a later one's lag does not tell.
    """
    attached = (log_members > 0).astype(np.float64)
    columns = {
        "one": np.ones_like(log_members),
        "ahead": attached * np.maximum(margins, 0),
        "untaught_ahead": (1 - attached) * np.maximum(margins, 0),
        "behind": np.minimum(margins, 0),
        "attached": attached,
        "log_members": np.minimum(log_members, math.log1p(MOST_MEMBERS)),
        "near": attached * signals[..., _DENSE],
        "very_near": attached * np.maximum(signals[..., _DENSE] - SIMILAR, 0),
        "head": signals[..., _HEAD],
        "told": (1 - attached) * signals[..., _COVERED],
    }
    return np.stack([columns[name] for name in FEATURES], axis=-1)


def signals(found: Candidates, places: Sequence[int]) -> list[dict[str, float]]:
    """Return what the scores of the candidates at these places were made of, by name, as a refit needs it."""
    rows = found.signals[places].astype(np.float64).round(DIGITS).tolist()
    many = [round(math.log1p(members), DIGITS) for members in found.members[places].tolist()]
    return [
        dict(zip((*SIGNALS, "log_members"), (*row, log), strict=True))
        for row, log in zip(rows, many, strict=True)
    ]


def _margins_in_runs(ranks: Doubles, sizes: Whole) -> Doubles:
    """Return how far each rank is above its best rival's in its run."""
    first, starts, owners = (
        greatest(ranks, sizes),
        np.cumsum(sizes) - sizes,
        np.repeat(np.arange(len(sizes)), sizes),
    )
    places = np.flatnonzero(ranks == first[owners])
    best = places[np.searchsorted(places, starts[sizes > 0])]
    others = ranks.copy()
    others[best] = -np.inf
    rivals = first[owners]
    rivals[best] = greatest(others, sizes)[sizes > 0]
    return np.where(np.isfinite(rivals), np.maximum(ranks - rivals, LEAST_MARGIN), ALONE)


def _margins(ranks: Doubles) -> Doubles:
    """Return how far each rank is above its best rival's. ranks: -inf where nothing is."""
    if ranks.shape[-1] < 2:
        return np.full(ranks.shape, ALONE)
    second, first = np.moveaxis(np.partition(ranks, -2, axis=-1)[..., -2:], -1, 0)
    is_first = np.arange(ranks.shape[-1]) == ranks.argmax(axis=-1)[..., None]
    rivals = np.where(is_first, second[..., None], first[..., None])
    with np.errstate(invalid="ignore"):  # of what only pads
        margins = np.maximum(ranks - rivals, LEAST_MARGIN)
    return np.where(np.isfinite(rivals), margins, ALONE)
