"""Thresholds that answers earn, and samples that anybody can draw again."""

from __future__ import annotations

import random

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.domain.trust import Earned, Label, Sampling, earned, shown_at

LABELS = st.lists(st.builds(Label, st.floats(0, 1), st.booleans()), max_size=200)
ON_GRID = st.integers(0, 100).map(lambda step: step / 100)
LABELS_ON_GRID = st.lists(st.builds(Label, ON_GRID, st.booleans()), max_size=100)
PIECES = st.sets(st.integers(1, 10_000), max_size=300)
TARGET = 0.95


def labels(score: float, right: int, wrong: int = 0) -> list[Label]:
    return [Label(score, True)] * right + [Label(score, False)] * wrong


@given(LABELS, st.floats(0.5, 0.99))
def test_what_is_earned_is_shown_by_the_answers_at_or_above_it(given: list[Label], target: float) -> None:
    found = earned(given, target)

    if found is not None:
        assert shown_at(given, found.threshold) == found.shown
        assert found.shown.reaches(target)


@given(LABELS, st.randoms(use_true_random=False))
def test_the_order_of_the_answers_does_not_matter(given: list[Label], order: random.Random) -> None:
    assert earned(order.sample(given, len(given)), TARGET) == earned(given, TARGET)


@given(st.integers(0, 150), ON_GRID, LABELS_ON_GRID)
def test_no_threshold_lies_below_one_that_fails(right: int, score: float, more: list[Label]) -> None:
    answers = labels(score, right) + more

    found = earned(answers, TARGET)

    tried = [shown_at(answers, step / 100) for step in range(101) if found and step / 100 >= found.threshold]
    assert all(share.reaches(TARGET) for share in tried if share.of >= 59)


def test_59_right_answers_earn_a_threshold_and_58_do_not() -> None:
    assert earned(labels(0.93, 58), TARGET) is None
    assert earned(labels(0.93, 59), TARGET) == Earned(0.93, shown_at(labels(0.93, 59), 0.93))


def test_the_lowest_score_that_still_reaches_the_target_is_taken() -> None:
    found = earned(labels(0.97, 59) + labels(0.9, 40) + labels(0.8, 5, 15), TARGET)

    assert found is not None
    assert (found.threshold, str(found.shown)) == (0.9, "99 of 99")


def test_a_low_score_is_not_reached_over_one_that_fails() -> None:
    found = earned(labels(0.97, 59, 4) + labels(0.5, 5_000), TARGET)

    assert found is None


def test_too_few_high_scores_wait_for_lower_ones() -> None:
    found = earned(labels(0.99, 10) + labels(0.91, 49), TARGET)

    assert found is not None
    assert found.threshold == 0.91


@pytest.mark.parametrize("score", [0.29, 0.57, 0.58, 1.0])
def test_a_threshold_is_never_above_the_scores_that_earned_it(score: float) -> None:
    found = earned(labels(score, 59), TARGET)

    assert found is not None
    assert found.threshold == score


def test_a_wrong_threshold_is_earned_no_more_often_than_one_try_would() -> None:
    """Precision is just below the target at every score: each threshold that is found is a wrong one."""
    draw = random.Random(7)
    runs, wrong = 1_000, 0

    for _ in range(runs):
        answers = [Label(draw.uniform(0.5, 1), draw.random() < 0.949) for _ in range(300)]
        wrong += earned(answers, TARGET) is not None

    assert wrong / runs < 0.07  # 5 %, and three standard deviations


@given(PIECES, st.floats(0, 1), st.integers(0, 20), st.text(max_size=5))
def test_a_sample_is_the_same_whoever_draws_it_in_whatever_order(
    pieces: set[int], share: float, a_week: int, seed: str
) -> None:
    one = Sampling(share, a_week, seed).of_week(pieces, is_over=True)
    other = Sampling(share, a_week, seed).of_week(sorted(pieces), is_over=True)

    assert one == other
    assert len(one) >= min(a_week, len(pieces))
    assert set(one) <= pieces


@given(PIECES, st.integers(1, 10_000), st.floats(0, 1))
def test_what_was_asked_within_the_week_stays_asked_whatever_comes_later(
    pieces: set[int], later: int, share: float
) -> None:
    way = Sampling(share, 5)

    early = way.of_week(pieces, is_over=False)

    assert set(early) <= set(way.of_week(pieces | {later}, is_over=False))
    assert set(early) <= set(way.of_week(pieces | {later}, is_over=True))


def test_about_the_share_is_sampled_and_another_seed_samples_others() -> None:
    pieces = range(1, 10_001)

    one, other = (set(Sampling(0.1, 5, seed).of_week(pieces, is_over=True)) for seed in ("a", "b"))

    assert 900 < len(one) < 1_100
    assert 50 < len(one & other) < 160
