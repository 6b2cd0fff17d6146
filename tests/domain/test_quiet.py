"""Quiet hours, also in nights in which clocks change."""

from __future__ import annotations

from datetime import UTC, datetime, time, timedelta
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.domain.quiet import QuietHours

ZONES = st.sampled_from(["Europe/Berlin", "America/New_York", "Australia/Lord_Howe", "UTC"])
# Around each change of clocks in 2026 and 2027, and any other time.
CHANGES = ("2026-03-08", "2026-03-29", "2026-10-25", "2026-11-01", "2027-04-04", "2027-10-03")
NEAR = st.builds(
    lambda day, minutes: datetime.fromisoformat(f"{day}T00:00Z") + timedelta(minutes=minutes),
    st.sampled_from(CHANGES),
    st.integers(-1440, 2880),
)
ANY = st.datetimes(datetime(2026, 1, 1), datetime(2028, 12, 31), timezones=st.just(UTC))  # noqa: DTZ001
TIMES = st.times().map(lambda at: at.replace(second=0, microsecond=0))


@given(NEAR | ANY, TIMES, TIMES, ZONES)
def test_they_end_later_than_now_and_on_their_hour(now: datetime, start: time, end: time, zone: str) -> None:
    over_at = QuietHours(start, end, zone).over_at(now)

    assert over_at is None or now < over_at <= now + timedelta(hours=25, minutes=30)


@pytest.mark.parametrize(
    ("now", "over_at"),
    [
        (datetime(2026, 10, 25, 0, 10, tzinfo=UTC), datetime(2026, 10, 25, 0, 30, tzinfo=UTC)),
        (datetime(2026, 10, 25, 1, 10, tzinfo=UTC), datetime(2026, 10, 25, 1, 30, tzinfo=UTC)),
        (datetime(2026, 10, 25, 1, 40, tzinfo=UTC), None),
    ],
)
def test_an_end_that_comes_twice_in_the_night_is_the_one_to_come(
    now: datetime, over_at: datetime | None
) -> None:
    assert now.astimezone(ZoneInfo("Europe/Berlin")).hour == 2

    assert QuietHours(time(22), time(2, 30), "Europe/Berlin").over_at(now) == over_at
