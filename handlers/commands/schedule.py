"""When a digest comes, as a person types it: `mon 9:00`, `friday 5:30pm Europe/Berlin`."""

from __future__ import annotations

import re
from dataclasses import dataclass
from difflib import get_close_matches
from zoneinfo import available_timezones

from bot.errors import RequestError

DAYS = ("Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday", "Sunday")
TIME = re.compile(r"(?P<hour>\d{1,2})(?:[:.](?P<minute>\d{2}))?\s*(?P<half>am|pm)?", re.ASCII)
EXAMPLE = "Say for example `/voc digest schedule mon 9:00` or `/voc digest schedule mon 9:00 Europe/Berlin`."


@dataclass(frozen=True, slots=True)
class Schedule:
    """A day and time of each week. day: 0 is Monday; zone: an IANA name, "" where none was given."""

    day: int
    hour: int
    minute: int
    zone: str = ""

    @property
    def cron(self) -> str:
        """The five fields; the day by name, since numbers mean different days to different readers."""
        return f"{self.minute} {self.hour} * * {DAYS[self.day][:3].lower()}"

    def __str__(self) -> str:
        """Return e.g. "Mondays at 9:00"."""
        return f"{DAYS[self.day]}s at {self.hour}:{self.minute:02}"


def schedule_of(typed: str) -> Schedule:
    """Return the day, time and zone that were typed. Raises RequestError, with an example."""
    given = typed.split()
    if len(given) < 2:
        raise RequestError(f"A digest needs a day and a time. {EXAMPLE}")
    if len(given) > 2 and given[2].lower() in ("am", "pm"):
        given[1:3] = [given[1] + given[2]]
    if len(given) > 3:
        raise RequestError(f"A day, a time and perhaps a time zone are enough. {EXAMPLE}")
    hour, minute = _time_of(given[1])
    return Schedule(_day_of(given[0]), hour, minute, _zone_of(given[2]) if len(given) == 3 else "")


def _day_of(typed: str) -> int:
    name = typed.lower().rstrip(",.")
    name = name.removesuffix("s") if name.endswith("days") else name
    for number, day in enumerate(DAYS):
        if len(name) >= 2 and day.lower().startswith(name):
            return number
    raise RequestError(f"“{typed}” is no day of the week. {EXAMPLE}")


def _time_of(typed: str) -> tuple[int, int]:
    found = TIME.fullmatch(typed.lower())
    if found is None:
        raise RequestError(f"“{typed}” is no time. {EXAMPLE}")
    hour, minute, half = int(found["hour"]), int(found["minute"] or 0), found["half"]
    is_right = minute < 60 and (1 <= hour <= 12 if half else hour < 24)
    if not is_right:
        raise RequestError(f"“{typed}” is no time. {EXAMPLE}")
    return (hour % 12 + 12 * (half == "pm") if half else hour), minute


def _zone_of(typed: str) -> str:
    zones = {name.lower(): name for name in available_timezones()}
    if (known := zones.get(typed.lower())) is not None:
        return known
    cities = {name.rpartition("/")[2].lower(): name for name in sorted(zones.values(), reverse=True)}
    near = get_close_matches(typed.lower().rpartition("/")[2], cities, 1, 0.7)
    offer = f" Did you mean {cities[near[0]]}?" if near else " It is a name such as Europe/Berlin."
    raise RequestError(f"“{typed}” is no time zone.{offer}")
