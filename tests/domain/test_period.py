"""Which days a digest tells of, and when: laws over zones, daylight-saving changes and rhythms."""

from __future__ import annotations

from datetime import UTC, date, datetime, time, timedelta
from itertools import pairwise
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.domain.period import Period, Rhythm, is_turn, last_period, next_turn, week_period
from bot.domain.week import Week, week_of
from bot.engine.cron import next_time
from handlers.commands.schedule import Schedule

ZONES = (
    "Europe/Berlin",
    "America/New_York",
    "America/Sao_Paulo",  # without daylight saving by now
    "Asia/Tehran",
    "Asia/Kolkata",
    "Australia/Lord_Howe",  # half an hour
    "Pacific/Auckland",
    "Africa/Cairo",
)
FIRST = date(2025, 12, 29)  # a Monday
moments = st.integers(0, 790 * 24 * 60).map(
    lambda minutes: datetime(2025, 12, 1, tzinfo=UTC) + timedelta(minutes=minutes)
)
zones, rhythms = st.sampled_from(ZONES), st.sampled_from(Rhythm)
schedules = st.builds(Schedule, st.integers(0, 6), st.integers(0, 23), st.sampled_from([0, 15, 30, 59]))


@given(rhythms, moments, zones)
def test_the_last_period_is_over_and_the_next_one_is_not(rhythm: Rhythm, at: datetime, zone: str) -> None:
    period = last_period(rhythm, at, zone, FIRST)
    following = period.before(-1)

    assert period.end == following.start
    assert period.end <= at < following.end
    assert following.before() == period
    assert not period.holds(period.end)
    assert period.holds(period.start)


@given(rhythms, moments, zones)
def test_periods_begin_and_end_at_local_midnight_and_hold_whole_weeks_or_months(
    rhythm: Rhythm, at: datetime, zone: str
) -> None:
    period = last_period(rhythm, at, zone, FIRST)

    starts = period.start.astimezone(ZoneInfo(zone))
    assert starts.date() == period.first
    assert (starts.hour, starts.minute) in ((0, 0), (1, 0))  # Cairo's Friday without a midnight
    match rhythm:
        case Rhythm.WEEKLY:
            assert (period.first.weekday(), period.days) == (0, 7)
        case Rhythm.FORTNIGHTLY:
            assert ((period.first - FIRST).days % 14, period.days) == (0, 14)
        case Rhythm.MONTHLY:
            assert (period.first.day, (period.last + timedelta(days=1)).day) == (1, 1)
    assert period.last_week.last_day <= period.last < period.last_week.last_day + timedelta(days=7)


@given(schedules, rhythms, zones, moments)
def test_each_period_has_one_turn_at_its_local_hour(
    schedule: Schedule, rhythm: Rhythm, zone: str, after: datetime
) -> None:
    at = next_turn(next_time, schedule.cron, zone, rhythm, FIRST, after)
    again = next_turn(next_time, schedule.cron, zone, rhythm, FIRST, at)

    told, then = (last_period(rhythm, one, zone, FIRST) for one in (at, again))
    assert then == told.before(-1)
    assert is_turn(rhythm, at, zone, FIRST)
    assert _is_local_hour(at, schedule, zone)


@pytest.mark.parametrize("zone", ZONES)
@pytest.mark.parametrize("hour", [0, 2, 3, 9])
def test_over_both_years_of_changes_a_digest_comes_each_week_once(zone: str, hour: int) -> None:
    schedule = Schedule(6, hour, 30)  # Sundays, when most clocks change
    at, told = datetime(2025, 12, 31, tzinfo=UTC), list[Period]()

    while at.year < 2028:
        at = next_turn(next_time, schedule.cron, zone, Rhythm.WEEKLY, None, at)
        told.append(last_period(Rhythm.WEEKLY, at, zone))
        assert _is_local_hour(at, schedule, zone)

    assert all(a.end == b.start for a, b in pairwise(told))
    assert len(told) == len(set(told))


def _is_local_hour(at: datetime, schedule: Schedule, zone: str) -> bool:
    """Return whether it is that hour there, or where clocks leave it out, as much later as they jump."""
    local = at.astimezone(ZoneInfo(zone))
    wanted = datetime.combine(local.date(), time(schedule.hour, schedule.minute), ZoneInfo(zone))
    return local.weekday() == schedule.day and at == wanted.astimezone(UTC)


def test_two_weeks_are_counted_from_the_first_and_a_month_is_the_calendars() -> None:
    monday = datetime(2026, 11, 23, 9, tzinfo=UTC)

    assert last_period(Rhythm.FORTNIGHTLY, monday, "UTC", date(2026, 11, 9)).first == date(2026, 11, 9)
    assert last_period(Rhythm.FORTNIGHTLY, monday, "UTC", date(2026, 11, 2)).first == date(2026, 11, 2)
    assert last_period(Rhythm.FORTNIGHTLY, monday, "UTC").last == date(2026, 11, 22)
    month = last_period(Rhythm.MONTHLY, monday, "UTC")
    assert (month.first, month.last) == (date(2026, 10, 1), date(2026, 10, 31))
    assert month.last_week == Week(date(2026, 10, 19), "UTC")
    assert week_period(week_of(monday, "UTC")).last_week == week_of(monday, "UTC")
