"""Cron expressions in local time, over daylight-saving changes."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.engine.cron import next_time, parse
from bot.errors import RequestError

BERLIN = ZoneInfo("Europe/Berlin")


def at(text: str) -> datetime:
    return datetime.fromisoformat(text).replace(tzinfo=UTC)


def local_runs(cron: str, start: datetime, how_many: int, zone: str = "Europe/Berlin") -> list[str]:
    runs, moment = [], start
    for _ in range(how_many):
        moment = next_time(cron, zone, moment)
        runs.append(f"{moment.astimezone(ZoneInfo(zone)):%a %m-%d %H:%M}")
    return runs


def test_nine_o_clock_stays_nine_o_clock_over_the_change_to_summer_time() -> None:
    moments = [next_time("0 9 * * mon", "Europe/Berlin", at(day)) for day in ("2026-03-20", "2026-03-27")]

    assert moments == [at("2026-03-23T08:00"), at("2026-03-30T07:00")]


def test_nine_o_clock_stays_nine_o_clock_over_the_change_to_winter_time() -> None:
    moments = [next_time("0 9 * * mon", "Europe/Berlin", at(day)) for day in ("2026-10-16", "2026-10-23")]

    assert moments == [at("2026-10-19T07:00"), at("2026-10-26T08:00")]


def test_a_time_that_the_change_leaves_out_comes_as_much_later_as_the_clocks_jump() -> None:
    runs = local_runs("30 2 * * *", at("2026-03-27T12:00"), 3)

    assert runs == ["Sat 03-28 02:30", "Sun 03-29 03:30", "Mon 03-30 02:30"]


def test_a_time_that_comes_twice_counts_once() -> None:
    runs = local_runs("30 2 * * *", at("2026-10-24T12:00"), 2)
    again = next_time("30 2 * * *", "Europe/Berlin", at("2026-10-25T01:15"))  # 2:15 for the second time

    assert runs == ["Sun 10-25 02:30", "Mon 10-26 02:30"]
    assert again == at("2026-10-26T01:30")


def test_the_next_time_is_strictly_later() -> None:
    nine = at("2026-03-02T08:00")

    assert next_time("0 9 * * *", "Europe/Berlin", nine) == nine + timedelta(days=1)
    assert next_time("0 9 * * *", "Europe/Berlin", nine - timedelta(seconds=1)) == nine


@pytest.mark.parametrize(
    ("field", "days"),
    [
        ("0", "Sun"),
        ("7", "Sun"),
        ("1", "Mon"),
        ("MON", "Mon"),
        ("5-7", "Fri Sat Sun"),
        ("fri-mon", "Fri Sat Sun Mon"),
        ("1-5/2", "Mon Wed Fri"),
        ("1,4", "Mon Thu"),
        ("*/3", "Sun Wed Sat"),
        ("0-7", "Sun Mon Tue Wed Thu Fri Sat"),
    ],
)
def test_days_of_the_week_are_numbered_as_in_cron(field: str, days: str) -> None:
    runs = local_runs(f"0 9 * * {field}", at("2026-03-02T12:00"), 7)

    assert {run[:3] for run in runs} == set(days.split())


def test_either_day_will_do_where_both_are_given() -> None:
    runs = local_runs("0 9 13 * fri", at("2026-04-08T12:00"), 4)

    assert runs == ["Fri 04-10 09:00", "Mon 04-13 09:00", "Fri 04-17 09:00", "Fri 04-24 09:00"]


@pytest.mark.parametrize(
    "cron",
    [
        "",
        "soon",
        "0 9 * *",
        "0 9 * * mon extra",
        "60 9 * * *",
        "0 25 * * *",
        "0 9 * * 8",
        "0 9 * * funday",
        "0 9 * * */0",
        "0 9 last * *",
        "0 9 30 2 *",
        "mon 9 * * *",
        "5-1 9 * * *",
    ],
)
def test_nonsense_is_refused_in_words_for_people(cron: str) -> None:
    with pytest.raises(RequestError):
        parse(cron, "UTC")


@pytest.mark.parametrize("zone", ["", "Mars/Olympus", "../../etc/passwd", "Europe"])
def test_an_unknown_zone_is_refused(zone: str) -> None:
    with pytest.raises(RequestError, match="time zone"):
        parse("0 9 * * *", zone)


@given(
    hour=st.integers(4, 23),
    day=st.integers(0, 6),
    after=st.integers(0, 15 * 365 * 24 * 60).map(
        lambda minutes: at("2020-01-01") + timedelta(minutes=minutes)
    ),
    zone=st.sampled_from(["Europe/Berlin", "America/New_York", "Australia/Lord_Howe", "Asia/Kolkata", "UTC"]),
)
def test_a_weekly_time_comes_within_a_week_at_its_local_hour(
    hour: int, day: int, after: datetime, zone: str
) -> None:
    found = next_time(f"0 {hour} * * {day}", zone, after)

    local = found.astimezone(ZoneInfo(zone))
    assert after < found <= after + timedelta(days=7, hours=1)
    assert (local.hour, local.minute, local.isoweekday() % 7) == (hour, 0, day)
