"""When a cron expression falls due next, in a zone's local time across daylight-saving changes."""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from apscheduler.triggers.cron import CronTrigger

from bot.errors import RequestError

DAYS = ("sun", "mon", "tue", "wed", "thu", "fri", "sat")  # as cron counts them; APScheduler's 0 is Monday
MONTHS = tuple("jan feb mar apr may jun jul aug sep oct nov dec".split())
_NAMES = "|".join((*DAYS, *MONTHS))
_FIELD = re.compile(rf"(?:\*|(?:\d+|{_NAMES})(?:-(?:\d+|{_NAMES}))?)(?:/[1-9]\d*)?")
_SOMETIMES = datetime(2000, 1, 1, tzinfo=UTC)


@dataclass(frozen=True, slots=True)
class Schedule:
    """A parsed cron expression in its zone. triggers: on the wall clock, as if it were UTC's.

    So a time that a change of clocks leaves out comes as much later as they jump, and one that comes twice
    counts the first time: APScheduler in the zone itself leaves the one out and fires twice at the other.
    """

    triggers: tuple[CronTrigger, ...]
    zone: ZoneInfo

    def next_after(self, moment: datetime) -> datetime | None:
        """Return the first time strictly after the aware moment, in UTC, or None where there is none."""
        wall = moment.astimezone(self.zone).replace(tzinfo=UTC)
        found = self._next_on_wall(wall)
        while found is not None and (at := self._moment(found)) <= moment:
            found = self._next_on_wall(found)
        return None if found is None else at

    def _next_on_wall(self, wall: datetime) -> datetime | None:
        start = wall + timedelta(microseconds=1)
        times = [trigger.get_next_fire_time(None, start) for trigger in self.triggers]
        return min((time for time in times if time is not None), default=None)

    def _moment(self, wall: datetime) -> datetime:
        """Return when the wall clock first shows that; in a gap, as the clocks before it would have it."""
        return wall.replace(tzinfo=self.zone, fold=0).astimezone(UTC)


def parse(cron: str, zone: str) -> Schedule:
    """Return the schedule of five cron fields in an IANA zone.

    Days of the week are cron's: 0 and 7 are Sunday, names count too. Where both the day of the month and the
    day of the week are given, either will do, as in cron. Raises RequestError for anything that is not one.
    """
    try:
        local = ZoneInfo(zone)
    except (ZoneInfoNotFoundError, ValueError, OSError) as exc:
        raise RequestError(f"There is no time zone “{zone}”. Give one such as Europe/Berlin.") from exc
    fields = cron.lower().split()
    if len(fields) != 5 or not all(_FIELD.fullmatch(p) for field in fields for p in field.split(",")):
        raise _nonsense(cron)
    schedule = Schedule(tuple(_triggers(cron, fields)), local)
    if schedule.next_after(_SOMETIMES) is None:
        raise RequestError(f"“{cron}” names a day that never comes.")
    return schedule


def next_time(cron: str, zone: str, after: datetime) -> datetime:
    """Return when the expression falls due next after the aware moment, in UTC. Raises RequestError."""
    found = parse(cron, zone).next_after(after)
    if found is None:
        raise RequestError(f"“{cron}” has no time after {after:%Y-%m-%d}.")
    return found


def _triggers(cron: str, fields: list[str]) -> list[CronTrigger]:
    minute, hour, day, month, weekday = fields
    days = [(day, weekday)]
    if not (day.startswith("*") or weekday.startswith("*")):
        days = [(day, "*"), ("*", weekday)]
    try:
        return [
            CronTrigger(minute=minute, hour=hour, day=d, month=month, day_of_week=_weekdays(w), timezone=UTC)
            for d, w in days
        ]
    except (ValueError, TypeError) as exc:
        raise _nonsense(cron) from exc


def _weekdays(field: str) -> str:
    """Return cron's days of the week as APScheduler's names. Raises ValueError for a day that is none."""
    found: set[int] = set()
    for part in field.split(","):
        span, _, step = part.partition("/")
        first, _, last = ("0", "-", "6") if span == "*" else span.partition("-")
        start = _weekday(first)
        end = _weekday(last) if last else 6 if step else start
        found.update(day % 7 for day in range(start, end + 1 if end >= start else end + 8, int(step or 1)))
    return ",".join(DAYS[day] for day in sorted(found))


def _weekday(text: str) -> int:
    number = DAYS.index(text) if text in DAYS else int(text)
    if number > 7:
        raise ValueError(f"{text} is no day of the week")
    return number


def _nonsense(cron: str) -> RequestError:
    return RequestError(f"“{cron}” is no schedule. Give five fields such as “0 9 * * mon”: Mondays at 9:00.")
