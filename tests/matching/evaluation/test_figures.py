"""Each figure against its value by hand."""

from __future__ import annotations

import math

import pytest

from bot.matching.evaluation import figures
from bot.matching.evaluation.bootstrap import Draws
from tests.matching.evaluation.folders import case, decisions, ranking

FOUR = case({1: True, 2: False}, {2: False, 3: True}, {1: False}, {})
DRAWS = Draws(4, 1)


def test_retrieval_counts_only_pieces_that_a_ticket_fits() -> None:
    found = DRAWS.told(figures.retrieval(FOUR, ranking([1, 4, math.inf, math.inf], [])))

    assert {name: found[name] for name in ("top1", "top3", "top10", "mrr")} == {
        "top1": 0.5, "top3": 0.5, "top10": 1.0, "mrr": 0.625,
    }  # fmt: skip


def test_pairs_tell_what_scores_are_worth() -> None:
    found = DRAWS.told(figures.pairs(FOUR, ranking([1, 4, math.inf, math.inf], [0.9, 0.4, 0.6, 0.3, 0.2])))

    assert found["auc"] == pytest.approx(4 / 6, abs=1e-4)  # 0.9 is above all three, 0.3 above 0.2 alone
    assert found["average_precision"] == pytest.approx((1 / 1 + 2 / 4) / 2)
    assert found["brier"] == pytest.approx((0.1**2 + 0.4**2 + 0.6**2 + 0.7**2 + 0.2**2) / 5)


def test_pairs_of_one_kind_tell_nothing() -> None:
    found = Draws(1, 1).told(figures.pairs(case({1: True}), ranking([1], [0.9])))

    assert found == {
        "auc": None, "average_precision": None, "brier": None,
        "interval95": {"auc": None, "average_precision": None, "brier": None},
    }  # fmt: skip


def test_decisions_are_counted_over_the_pieces_that_each_figure_names() -> None:
    made = decisions([0.95, 0.92, 0.97, 0.2], [True, False, False, False], [True, True, True, False])

    found = DRAWS.told(figures.decision(FOUR, made))

    del found["interval95"]
    assert found == {
        "precision": 0.3333,  # 1 of 3 attached
        "recall": 0.5,  # 1 of 2 that a ticket fits
        "coverage": 0.75,
        "coverage_of_answerable": 1.0,
        "wrong_attach_share": 0.5,
        "wrong_attach_share_of_unanswerable": 0.5,  # 1 of 2 that no ticket fits
    }


def test_calibration_compares_what_is_stated_with_what_is_right() -> None:
    made = decisions([0.95, 0.92, 1.0, 0.2], [True, False, False, False], [True, True, True, False])

    found = figures.calibration(made, DRAWS)

    assert found["brier"] == pytest.approx((0.05**2 + 0.92**2 + 1.0**2 + 0.2**2) / 4, abs=1e-4)
    assert found["gap"] == pytest.approx((0.95 + 0.92 + 1.0) / 3 - 1 / 3, abs=1e-4)
    assert [(one["lower"], one["upper"]) for one in found["bins"]][:2] == [(0.0, 0.1), (0.1, 0.2)]
    assert [one["n"] for one in found["bins"]] == [0, 0, 1, 0, 0, 0, 0, 0, 0, 3]
    assert (found["bins"][9]["stated"], found["bins"][9]["real"]) == (0.9567, 0.3333)
    assert (found["bins"][2]["stated"], found["bins"][2]["real"]) == (0.2, 0.0)
    assert (found["bins"][0]["stated"], found["bins"][0]["real"]) == (None, None)


def test_a_score_on_an_edge_belongs_to_the_bin_above() -> None:
    tenths = [0.1, 0.2, 0.3, 0.4, 0.5, 0.6, 0.7, 0.8, 0.9, 1.0]
    made = decisions(tenths, [True] * 10, [False] * 10)

    bins = figures.calibration(made, Draws(10, 1))["bins"]

    assert [one["n"] for one in bins] == [0, 1, 1, 1, 1, 1, 1, 1, 1, 2]


@pytest.mark.parametrize(("stated", "right"), [(0.91, 9), (0.99, 9), (0.9, 9)])
def test_a_gap_has_a_size_and_no_sign(stated: float, right: int) -> None:
    made = decisions([stated] * 10, [True] * right + [False] * (10 - right), [True] * 10)

    found = figures.calibration(made, Draws(10, 1))

    low, high = found["interval95"]["gap"]
    assert found["gap"] == pytest.approx(abs(stated - right / 10))
    assert 0.0 == low <= found["gap"] <= high


def test_a_gap_of_pieces_that_are_all_right_is_not_surer_than_their_number_allows() -> None:
    found = figures.calibration(decisions([0.95] * 20, [True] * 20, [True] * 20), Draws(20, 1))

    assert found["gap"] == pytest.approx(0.05)
    assert found["interval95"]["gap"] == [0.0, pytest.approx(0.95 - 0.8316, abs=1e-4)]


def test_without_a_sure_one_there_is_no_gap() -> None:
    found = figures.calibration(decisions([0.5], [True], [False]), Draws(1, 1))

    assert (found["gap"], found["interval95"]["gap"]) == (None, None)
