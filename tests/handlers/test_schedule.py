"""What people type for a digest's day, time and zone."""

from __future__ import annotations

from collections.abc import Callable
from contextlib import suppress
from datetime import UTC, datetime
from zoneinfo import ZoneInfo, available_timezones

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.engine.cron import next_time
from bot.errors import RequestError
from bot.i18n import LANGUAGES, speaking
from handlers.commands.schedule import DAYS, Schedule, schedule_of

days = st.integers(0, 6)
times = st.tuples(st.integers(0, 23), st.integers(0, 59))
zones = st.sampled_from(sorted(available_timezones()))
cases = st.sampled_from([str.lower, str.upper, str.title])


@pytest.mark.parametrize(
    ("typed", "expected"),
    [
        ("mon 9:00", Schedule(0, 9, 0)),
        ("Monday 9", Schedule(0, 9, 0)),
        ("mondays 09:05", Schedule(0, 9, 5)),
        ("fri 5:30pm europe/berlin", Schedule(4, 17, 30, "Europe/Berlin")),
        ("fri 5:30 pm Europe/Berlin", Schedule(4, 17, 30, "Europe/Berlin")),
        ("we 12am", Schedule(2, 0, 0)),
        ("th 12 pm", Schedule(3, 12, 0)),
        ("sunday 23.59 utc", Schedule(6, 23, 59, "UTC")),
    ],
)
def test_days_times_and_zones_are_read_as_people_write_them(typed: str, expected: Schedule) -> None:
    assert schedule_of(typed) == expected


@given(days, st.integers(2, 9), times, zones, cases)
def test_every_abbreviated_day_every_time_and_every_zone_is_understood(
    day: int, letters: int, time: tuple[int, int], zone: str, case: Callable[[str], str]
) -> None:
    hour, minute = time

    schedule = schedule_of(f"{case(DAYS[day][:letters])} {hour}:{minute:02} {case(zone)}")

    assert schedule == Schedule(day, hour, minute, schedule.zone)
    assert schedule.zone.lower() == zone.lower()


@given(days, times, st.sampled_from([*LANGUAGES, "en-US"]))
def test_what_voc_itself_says_of_a_schedule_is_understood(day: int, time: tuple[int, int], tag: str) -> None:
    schedule = Schedule(day, *time)

    with speaking(tag):
        assert schedule_of(schedule.said) == schedule


@given(days, times)
def test_the_cron_expression_falls_on_that_day_at_that_time(day: int, time: tuple[int, int]) -> None:
    schedule = Schedule(day, *time)

    next_at = next_time(schedule.cron, "Europe/Berlin", datetime(2026, 11, 18, tzinfo=UTC))

    local = next_at.astimezone(ZoneInfo("Europe/Berlin"))
    assert (local.weekday(), local.hour, local.minute) == (day, *time)


@given(st.text(max_size=60))
def test_whatever_is_typed_is_a_schedule_or_a_refusal_in_words(typed: str) -> None:
    with suppress(RequestError):
        schedule = schedule_of(typed)

        assert 0 <= schedule.hour < 24
        assert 0 <= schedule.minute < 60


@pytest.mark.parametrize(
    "typed", ["", "mon", "m 9:00", "someday 9:00", "mon 24:00", "mon 9:60", "mon 13pm", "mon 9:00 UTC now"]
)
def test_what_is_no_schedule_is_refused_with_an_example(typed: str) -> None:
    with pytest.raises(RequestError, match=r"/voc digest schedule mon 9:00"):
        schedule_of(typed)


def test_a_misspelt_zone_is_offered_the_nearest() -> None:
    with pytest.raises(RequestError, match="Did you mean Europe/Berlin"):
        schedule_of("mon 9:00 Europe/Berln")


def test_a_difference_in_hours_is_near_no_zone() -> None:
    with pytest.raises(RequestError, match="It is a name such as Europe/Berlin"):
        schedule_of("mon 9:00 UTC+2")
