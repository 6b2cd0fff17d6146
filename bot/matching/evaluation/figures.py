"""The figures of an evaluation, each a function of how often each judged piece counts."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np

from bot.matching.decide import Thresholds
from bot.matching.evaluation.bootstrap import Draws, Figure, Portion, unknown
from bot.matching.metrics import weighted_auc, weighted_average_precision

if TYPE_CHECKING:
    from bot.matching.evaluation.judged import Case, Ranked
    from bot.matching.evaluation.ours import Decided
    from bot.matching.metrics import Doubles

TOPS = (1, 3, 10)
EDGES = np.linspace(0, 1, 11).round(1)


def retrieval(case: Case, ranked: Ranked) -> dict[str, Figure]:
    """Return how high the first fitting ticket stands, over the pieces that some ticket fits."""
    within, places = case.answerable, ranked.places
    hits: dict[str, Figure] = {f"top{top}": Portion(within & (places <= top), within) for top in TOPS}
    return hits | {"mrr": Portion(within / places, within)}


def pairs(case: Case, ranked: Ranked) -> dict[str, Figure]:
    """Return what the scores of judged pairs are worth; unknown where all of them fit, or none."""
    owners, fits = case.pairs
    if fits.all() or not fits.any():
        return dict.fromkeys(("auc", "average_precision", "brier"), unknown)

    def average_precision(weights: Doubles, /) -> Doubles:
        return weighted_average_precision(fits, ranked.scores, weights[:, owners])

    errors = np.bincount(owners, (ranked.scores - fits) ** 2, len(case.judged))
    brier = Portion(errors, np.bincount(owners, minlength=len(case.judged)))
    return {"auc": auc(case, ranked), "average_precision": average_precision, "brier": brier}


def auc(case: Case, ranked: Ranked) -> Figure:
    """Return the chance that a pair that fits scores above one that does not."""
    owners, fits = case.pairs
    return lambda weights: weighted_auc(fits, ranked.scores, weights[:, owners])


def decision(case: Case, made: Decided) -> dict[str, Figure]:
    """Return what attaching by itself gets right; what truth.csv does not call fitting is wrong."""
    every, answerable = np.ones(len(case.judged), dtype=np.bool_), case.answerable
    attached, right = made.attached, made.attached & made.right
    return {
        "precision": Portion(right, attached),
        "recall": Portion(right, answerable),
        "coverage": Portion(attached, every),
        "coverage_of_answerable": Portion(attached & answerable, answerable),
        "wrong_attach_share": Portion(attached & ~right, every),
        "wrong_attach_share_of_unanswerable": Portion(attached & ~answerable, ~answerable),
    }


def calibration(made: Decided, draws: Draws) -> dict[str, Any]:
    """Return whether the first candidate's score is the share that is right.

    gap: between the mean score and the share that is right, of those at or above the default threshold.
    """
    told = draws.told({"brier": Portion((made.stated - made.right) ** 2, np.ones(draws.pieces))})
    told["gap"], told["interval95"]["gap"] = _gap(made, draws)
    return told | {"bins": _bins(made, draws)}


def _gap(made: Decided, draws: Draws) -> tuple[float | None, list[float] | None]:
    """Return the gap's size and its interval."""
    sure = made.stated >= Thresholds().attach
    stated, real = Portion(made.stated * sure, sure), Portion(made.right & sure, sure)
    told = draws.told({"stated": stated, "real": real, "gap": difference(stated, real)})
    if told["gap"] is None:
        return None, None
    low, high = told["interval95"]["gap"]
    if told["real"] in {0.0, 1.0}:  # the draws can't differ in what is right, other pieces could
        least, most = told["interval95"]["real"]
        low, high = min(low, told["stated"] - most), max(high, told["stated"] - least)
    return abs(told["gap"]), [round(size, 4) for size in (max(low, -high, 0.0), max(-low, high))]


def difference(one: Figure, other: Figure) -> Figure:
    """Return one figure less the other, on the same pieces."""
    return lambda weights: one(weights) - other(weights)


def _bins(made: Decided, draws: Draws) -> list[dict[str, Any]]:
    """Return the reliability curve; None where no score lies in the tenth. The last holds 1.0 too."""
    tenths = np.digitize(made.stated, EDGES[1:-1])
    within = {str(tenth): tenths == tenth for tenth in range(len(EDGES) - 1)}
    real = draws.told({tenth: Portion(made.right & inside, inside) for tenth, inside in within.items()})
    return [
        {
            "lower": float(lower),
            "upper": float(upper),
            "n": int(inside.sum()),
            "stated": round(float(made.stated[inside].mean()), 4) if inside.any() else None,
            "real": real[tenth],
            "interval95": {"real": real["interval95"][tenth]},
        }
        for (tenth, inside), lower, upper in zip(within.items(), EDGES, EDGES[1:], strict=False)
    ]
