"""What an interval promises."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from bot.matching.evaluation.bootstrap import DRAWS, Draws, Portion, unknown
from bot.matching.evaluation.figures import auc, difference
from tests.matching.evaluation.folders import case, ranking


@settings(max_examples=30)
@given(st.lists(st.tuples(st.booleans(), st.booleans()), min_size=1, max_size=40), st.integers(0, 9))
def test_an_interval_holds_its_figure_and_lies_within_0_and_1(
    pieces: list[tuple[bool, bool]], seed: int
) -> None:
    whole, part = (np.array(column) for column in zip(*pieces, strict=True))

    told = Draws(len(pieces), seed).told({"share": Portion(part & whole, whole)})

    interval = told["interval95"]["share"]
    assert (interval is None) == (told["share"] is None) == (not whole.any())
    if interval is not None:
        assert 0.0 <= interval[0] <= told["share"] <= interval[1] <= 1.0
        assert interval[0] < interval[1]


def test_an_interval_has_the_width_that_theory_gives() -> None:
    hits = np.arange(1_000) < 300
    error = (0.3 * 0.7 / 1_000) ** 0.5

    low, high = Draws(1_000, 7).told({"share": Portion(hits, np.ones(1_000))})["interval95"]["share"]

    assert low == pytest.approx(0.3 - 1.96 * error, abs=0.003)
    assert high == pytest.approx(0.3 + 1.96 * error, abs=0.003)


@pytest.mark.parametrize(("n", "least"), [(1, 0.025), (20, 0.8316), (59, 0.9394), (119, 0.9695)])
def test_where_all_are_right_the_interval_is_the_exact_one(n: int, least: float) -> None:
    all_right = Draws(n, 1).told({"share": Portion(np.ones(n), np.ones(n))})
    none_right = Draws(n, 1).told({"share": Portion(np.zeros(n), np.ones(n))})

    assert all_right["interval95"]["share"] == [pytest.approx(least, abs=1e-4), 1.0]
    assert none_right["interval95"]["share"] == [0.0, pytest.approx(1 - least, abs=1e-4)]


def test_pieces_are_drawn_and_not_pairs() -> None:
    one, many = case(*[{1: True, 2: False}] * 40), case(*[{1: True, 2: False, 3: False, 4: False}] * 40)
    scores = np.random.default_rng(3).random(40)
    spread = ranking([1] * 40, np.stack([scores, 1 - scores], axis=1).ravel().tolist())
    repeated = ranking([1] * 40, np.stack([scores, *[1 - scores] * 3], axis=1).ravel().tolist())

    told = Draws(40, 1).told({"one": auc(one, spread), "many": auc(many, repeated)})

    assert told["one"] == told["many"]
    assert told["interval95"]["one"] == pytest.approx(told["interval95"]["many"], abs=1e-4)


def test_the_same_seed_gives_the_same_intervals_and_another_seed_others() -> None:
    figure = {"share": Portion(np.arange(30) < 11, np.ones(30))}

    first, again, other = (Draws(30, seed).told(figure)["interval95"]["share"] for seed in (5, 5, 6))

    assert first == again
    assert abs(first[0] - other[0]) < 0.1


def test_a_paired_difference_is_surer_than_two_intervals_and_has_the_winner_s_sign() -> None:
    hard = np.random.default_rng(2).random(200) < 0.5
    ours, theirs = Portion(hard, np.ones(200)), Portion(hard & (np.arange(200) % 4 > 0), np.ones(200))

    told = Draws(200, 1).told({
        "ours": ours, "theirs": theirs,
        "better": difference(ours, theirs), "worse": difference(theirs, ours),
    })  # fmt: skip

    alone, paired = told["interval95"], told["interval95"]["better"]
    assert told["better"] == pytest.approx(told["ours"] - told["theirs"], abs=1e-4)
    assert alone["theirs"][1] > alone["ours"][0]
    assert 0 < paired[0] < told["better"] < paired[1]
    assert [-bound for bound in alone["worse"][::-1]] == pytest.approx(paired, abs=1e-4)


def test_draws_in_which_a_figure_can_t_be_told_are_left_out() -> None:
    told = Draws(2, 1).told({"first": Portion([1, 0], [1, 0]), "none": unknown})

    assert told == {"first": 1.0, "none": None, "interval95": {"first": [0.025, 1.0], "none": None}}
    assert DRAWS == 2_000


def test_no_pieces_give_no_figure() -> None:
    assert Draws(0, 1).told({"share": Portion([], [])}) == {"share": None, "interval95": {"share": None}}
