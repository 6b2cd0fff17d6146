from __future__ import annotations

from datetime import UTC, date, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.domain.week import Week, week_of

ZONES = st.sampled_from(
    ["UTC", "Europe/Berlin", "America/Sao_Paulo", "Asia/Kathmandu", "Pacific/Auckland", "Africa/Cairo"]
)
MOMENTS = st.dates(date(2000, 1, 1), date(2060, 1, 1)).flatmap(
    lambda day: st.times().map(lambda clock: datetime.combine(day, clock, UTC))
)


@given(MOMENTS, ZONES)
def test_each_moment_lies_in_exactly_one_week(moment: datetime, zone: str) -> None:
    week = week_of(moment, zone)

    assert week.holds(moment)
    assert not week.after(1).holds(moment)
    assert not week.after(-1).holds(moment)


@given(MOMENTS, ZONES)
def test_weeks_join_without_a_gap(moment: datetime, zone: str) -> None:
    week = week_of(moment, zone)

    assert week.end == week.after(1).start
    assert timedelta(hours=167) <= week.end - week.start <= timedelta(hours=169)


def test_daylight_saving_makes_a_week_an_hour_longer() -> None:
    week = Week(date(2026, 10, 19), "Europe/Berlin")

    assert week.end - week.start == timedelta(hours=169)
    assert week.last_day == date(2026, 10, 25)


def test_sunday_night_in_one_zone_is_monday_in_another() -> None:
    moment = datetime(2026, 11, 22, 23, 30, tzinfo=UTC)

    assert week_of(moment, "UTC").monday == date(2026, 11, 16)
    assert week_of(moment, "Europe/Berlin").monday == date(2026, 11, 23)


def test_a_week_that_begins_on_another_day_is_refused() -> None:
    with pytest.raises(ValueError, match="Monday"):
        Week(date(2026, 11, 17), "UTC")


def test_a_moment_without_a_zone_is_refused() -> None:
    with pytest.raises(ValueError, match="aware"):
        week_of(datetime(2026, 11, 17), "UTC")  # noqa: DTZ001
