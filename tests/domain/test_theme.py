"""Themes: when one rises, and who inherits one."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from bot.domain.theme import FEWEST_PIECES, heirs, is_rising, origin

WEEKS = st.lists(st.integers(0, 12), min_size=8, max_size=8)
BUSY = [100] * 9
MEMBERS = st.sets(st.integers(0, 30), min_size=1, max_size=12)


def test_three_pieces_after_quiet_weeks_rise() -> None:
    assert is_rising([0, 0, 0, 0, 0, 0, 0, 0, 3], BUSY)


def test_what_is_usual_does_not_rise_though_it_is_much() -> None:
    assert not is_rising([9, 12, 8, 11, 9, 10, 12, 9, 12], BUSY)


def test_one_more_than_in_weeks_that_were_all_alike_is_no_rise() -> None:
    assert not is_rising([3] * 8 + [4], BUSY)


def test_nothing_rises_in_a_workspace_of_three_weeks() -> None:
    assert not is_rising([0] * 8 + [9], [0, 0, 0, 0, 0, 50, 50, 50, 50])


def test_a_busier_week_is_no_rise_where_the_theme_grew_no_more_than_all() -> None:
    assert is_rising([2] * 8 + [8], BUSY)
    assert not is_rising([2] * 8 + [8], [*BUSY[:8], 400])


def test_a_thin_week_does_not_make_a_rate_of_a_few_a_rise() -> None:
    assert not is_rising([8] * 8 + [9], [*BUSY[:8], 10])


@given(WEEKS, st.integers(0, FEWEST_PIECES - 1))
def test_fewer_than_three_pieces_never_rise(earlier: list[int], now: int) -> None:
    assert not is_rising([*earlier, now], BUSY)


@given(WEEKS, st.integers(0, 40), st.integers(0, 20))
def test_more_pieces_never_end_a_rise(earlier: list[int], now: int, more: int) -> None:
    assert is_rising([*earlier, now + more], BUSY) or not is_rising([*earlier, now], BUSY)


@given(WEEKS, st.integers(0, 40), st.integers(1, 200))
def test_more_conversations_never_make_a_rise(earlier: list[int], now: int, more: int) -> None:
    is_busier = is_rising([*earlier, now], [*BUSY[:8], 100 + more])

    assert is_rising([*earlier, now], BUSY) or not is_busier


@given(WEEKS.flatmap(lambda weeks: st.tuples(st.just(weeks), st.permutations(weeks))), st.integers(0, 40))
def test_the_order_of_the_earlier_weeks_does_not_count(two: tuple[list[int], list[int]], now: int) -> None:
    one, other = two

    assert is_rising([*one, now], BUSY) == is_rising([*other, now], BUSY)


@given(WEEKS, st.integers(0, 40))
def test_what_is_no_more_than_the_busiest_usual_week_never_rises(earlier: list[int], now: int) -> None:
    mean = sum(earlier) / len(earlier)

    assert not (is_rising([*earlier, now], BUSY) and now <= mean)


@given(st.dictionaries(st.integers(1, 9), MEMBERS, max_size=5), st.lists(MEMBERS, max_size=6))
def test_each_theme_and_each_cluster_is_given_once_and_they_share_members(
    known: dict[int, set[int]], found: list[set[int]]
) -> None:
    given_ = heirs(known, found)

    assert len(set(given_.values())) == len(given_)
    assert all(known[theme] & found[place] for place, theme in given_.items())


@given(st.lists(MEMBERS, min_size=1, max_size=5))
def test_what_did_not_change_keeps_its_identity(groups: list[set[int]]) -> None:
    apart = [members - set().union(*groups[:at]) for at, members in enumerate(groups)]
    known = {at: members for at, members in enumerate(apart) if members}

    assert heirs(known, list(known.values())) == dict(enumerate(known))


def test_a_theme_that_splits_lives_on_in_its_largest_part() -> None:
    parts = [set(range(4)), set(range(4, 10))]

    assert heirs({7: set(range(10))}, parts) == {1: 7}
    assert origin(parts[0], {7: set(range(10))}) == 7


def test_of_themes_that_become_one_the_larger_lives_on() -> None:
    assert heirs({1: {1, 2}, 2: {3, 4, 5}}, [{1, 2, 3, 4, 5}]) == {0: 2}


def test_a_theme_that_grows_tenfold_is_the_same() -> None:
    assert heirs({1: {1, 2, 3}}, [set(range(30))]) == {0: 1}


def test_a_few_that_went_elsewhere_do_not_take_the_theme_with_them() -> None:
    assert heirs({1: set(range(10))}, [{0, 1, 20, 21, 22}]) == {}
