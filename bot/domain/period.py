"""Which days a digest tells of, and when its turn is: weeks, two weeks, or calendar months."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from enum import StrEnum
from zoneinfo import ZoneInfo

from bot.domain.week import Week, week_of

FORTNIGHT = timedelta(days=14)
SHORTEST_MONTH = 28

NextTime = Callable[[str, str, datetime], datetime]  # (cron, zone, after) to the schedule's next moment


class Rhythm(StrEnum):
    """How often a digest comes."""

    WEEKLY = "weekly"
    FORTNIGHTLY = "every two weeks"
    MONTHLY = "monthly"


@dataclass(frozen=True, slots=True, order=True)
class Period:
    """Whole local days. first, last: both within; zone: IANA name."""

    first: date
    last: date
    zone: str

    @property
    def start(self) -> datetime:
        """The first day's 00:00 local, as aware UTC."""
        return _midnight(self.first, self.zone)

    @property
    def end(self) -> datetime:
        """The 00:00 local after the last day, as aware UTC; not part of it."""
        return _midnight(self.last + timedelta(days=1), self.zone)

    @property
    def days(self) -> int:
        """How many days it has."""
        return (self.last - self.first).days + 1

    @property
    def last_week(self) -> Week:
        """The last whole week that is over when the period is: trends are told by the week."""
        sunday = self.last - timedelta(days=(self.last.weekday() + 1) % 7)
        return Week(sunday - timedelta(days=6), self.zone)

    def holds(self, moment: datetime) -> bool:
        """Return whether the aware moment lies in it."""
        return self.start <= moment < self.end

    def before(self, many: int = 1) -> Period:
        """Return the period that many before this one."""
        if self.days >= SHORTEST_MONTH:
            return _month(self.first, -many, self.zone)
        back = many * timedelta(days=self.days)
        return Period(self.first - back, self.last - back, self.zone)


def day_of(moment: datetime, zone: str) -> Period:
    """Return the local day in which the aware moment lies."""
    day = moment.astimezone(ZoneInfo(zone)).date()
    return Period(day, day, zone)


def week_period(week: Week) -> Period:
    """Return the week as a period."""
    return Period(week.monday, week.last_day, week.zone)


def last_period(rhythm: Rhythm, moment: datetime, zone: str, first: date | None = None) -> Period:
    """Return the last period that was over at the aware moment.

    first: the Monday from which two weeks are counted; without it they end with the last whole week.
    """
    if rhythm is Rhythm.MONTHLY:
        return _month(moment.astimezone(ZoneInfo(zone)).date(), -1, zone)
    monday = week_of(moment, zone).monday
    if rhythm is Rhythm.WEEKLY:
        return week_period(Week(monday, zone).after(-1))
    start = monday - FORTNIGHT - ((monday - first) % FORTNIGHT if first else timedelta())
    return Period(start, start + FORTNIGHT - timedelta(days=1), zone)


def is_turn(rhythm: Rhythm, moment: datetime, zone: str, first: date | None) -> bool:
    """Return whether a digest comes at this moment of a weekly schedule: the first in a new period."""
    if rhythm is Rhythm.MONTHLY:
        return moment.astimezone(ZoneInfo(zone)).day <= 7
    if rhythm is Rhythm.WEEKLY or first is None:
        return True
    return (week_of(moment, zone).monday - first) % FORTNIGHT == timedelta()


def next_turn(
    next_time: NextTime, cron: str, zone: str, rhythm: Rhythm, first: date | None, after: datetime
) -> datetime:
    """Return the schedule's next moment after the aware one that is the rhythm's turn."""
    at = next_time(cron, zone, after)
    while not is_turn(rhythm, at, zone, first):
        at = next_time(cron, zone, at)
    return at


def _month(day: date, later: int, zone: str) -> Period:
    """Return the calendar month so many after the day's."""
    first, following = _first_of_month(day, later), _first_of_month(day, later + 1)
    return Period(first, following - timedelta(days=1), zone)


def _first_of_month(day: date, later: int) -> date:
    years, month = divmod(day.month - 1 + later, 12)
    return date(day.year + years, month + 1, 1)


def _midnight(day: date, zone: str) -> datetime:
    return datetime.combine(day, time(), ZoneInfo(zone)).astimezone(UTC)
