"""Exact bounds of a share: what they promise for any figures, and the figures that documents name."""

from __future__ import annotations

import math

import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

from bot.domain.precision import Share, least_to_reach

SHARES = st.integers(0, 400).flatmap(lambda of: st.builds(Share, st.integers(0, of), st.just(of)))
TARGETS = st.floats(0.5, 0.995)


def tail(least: int, of: int, chance: float) -> float:
    """Return the probability of at least so many right, summed term by term in whole numbers' binomials."""
    return math.fsum(math.comb(of, k) * chance**k * (1 - chance) ** (of - k) for k in range(least, of + 1))


@given(SHARES)
def test_bounds_hold_the_share_between_them_and_an_interval_is_wider(share: Share) -> None:
    low, high = share.interval

    seen = share.right / share.of if share.of else 0.5
    assert 0.0 <= low <= share.lower <= seen <= share.upper <= high <= 1.0


@given(SHARES)
def test_at_a_bound_what_was_seen_is_just_as_rare_as_was_asked(share: Share) -> None:
    assume(0 < share.right < share.of)

    assert tail(share.right, share.of, share.lower) == pytest.approx(0.05, rel=1e-6)
    assert 1 - tail(share.right + 1, share.of, share.upper) == pytest.approx(0.05, rel=1e-6)


@given(SHARES)
def test_bounds_of_right_and_of_wrong_mirror_each_other(share: Share) -> None:
    mirrored = Share(share.of - share.right, share.of)

    assert share.upper == pytest.approx(1 - mirrored.lower, abs=1e-12)


@given(SHARES)
def test_one_more_right_raises_both_bounds_and_one_more_wrong_lowers_them(share: Share) -> None:
    right, wrong = Share(share.right + 1, share.of + 1), Share(share.right, share.of + 1)

    assert wrong.lower <= share.lower <= right.lower
    assert wrong.upper <= share.upper <= right.upper


@given(TARGETS)
def test_the_least_number_reaches_the_target_and_one_less_does_not(target: float) -> None:
    least = least_to_reach(target)

    assert Share(least, least).reaches(target)
    assert not Share(least - 1, least - 1).reaches(target)


def test_59_of_59_reaches_95_percent_and_58_of_58_does_not() -> None:
    assert least_to_reach(0.95) == 59
    assert Share(59, 59).reaches(0.95)
    assert not Share(58, 58).reaches(0.95)


@pytest.mark.parametrize(
    ("share", "interval"),
    [  # from published tables of the exact interval
        (Share(0, 10), (0.0, 0.3085)),
        (Share(5, 10), (0.1871, 0.8129)),
        (Share(10, 10), (0.6915, 1.0)),
        (Share(95, 100), (0.8872, 0.9836)),
    ],
)
def test_intervals_are_those_of_the_tables(share: Share, interval: tuple[float, float]) -> None:
    assert share.interval == pytest.approx(interval, abs=5e-5)


def test_nothing_judged_tells_nothing() -> None:
    assert (Share(0, 0).lower, Share(0, 0).upper) == (0.0, 1.0)


def test_large_numbers_are_bounded_as_well() -> None:
    low, high = Share(950_000, 1_000_000).interval

    assert low == pytest.approx(0.95 - 1.96 * math.sqrt(0.95 * 0.05 / 1e6), abs=2e-6)
    assert high == pytest.approx(0.95 + 1.96 * math.sqrt(0.95 * 0.05 / 1e6), abs=2e-6)


@pytest.mark.parametrize(("right", "of"), [(-1, 5), (6, 5), (1, 0)])
def test_a_share_of_more_than_all_is_none(right: int, of: int) -> None:
    with pytest.raises(ValueError, match="right <= of"):
        Share(right, of)
