"""Rate limits of the stand-ins: sliding windows by limit and subject."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from integrations.sandbox.clock import SandboxClock
from integrations.sandbox.limits import Limit, Limiter

NOW = datetime(2026, 11, 23, 9, tzinfo=UTC)
LIMIT = Limit("calls", 3, 10.0, "a page")


def limiter(profile: str = "vendor") -> tuple[Limiter, SandboxClock]:
    clock = SandboxClock(NOW, frozen=True)
    return Limiter(clock, profile), clock


@given(st.lists(st.floats(0, 8), max_size=60))
def test_no_window_ever_takes_more_than_its_calls(waits: list[float]) -> None:
    limits, clock = limiter()
    taken: list[float] = []

    for wait in waits:
        clock.advance(wait)
        if limits.take(LIMIT) is None:
            taken.append(clock.now().timestamp())

    assert all(later - earlier > LIMIT.per_s - 1e-3 for earlier, later in zip(taken, taken[3:], strict=False))


@given(st.lists(st.floats(0, 3), min_size=4, max_size=30))
def test_whoever_waits_as_told_is_taken(waits: list[float]) -> None:
    limits, clock = limiter()

    for wait in waits:
        clock.advance(wait)
        if refusal := limits.take(LIMIT):
            assert 1 <= refusal.retry_after_s <= LIMIT.per_s + 1
            clock.advance(refusal.retry_after_s)
            assert limits.take(LIMIT) is None


def test_subjects_and_limits_are_counted_apart() -> None:
    limits, _ = limiter()

    first = [limits.take(LIMIT, "a") is None for _ in range(4)]

    assert first == [True, True, True, False]
    assert limits.take(LIMIT, "b") is None
    assert limits.take(Limit("others", 1, 10.0, "a page"), "a") is None


def test_a_refused_call_does_not_count() -> None:
    limits, clock = limiter()

    for _ in range(20):
        limits.take(LIMIT)
    clock.advance(LIMIT.per_s)

    assert limits.left(LIMIT) == 3


def test_the_open_profile_refuses_nothing_and_there_is_no_third() -> None:
    limits, _ = limiter("open")

    assert {limits.take(LIMIT) for _ in range(100)} == {None}
    with pytest.raises(ValueError, match="profile"):
        limiter("closed")
