"""When a digest comes, as a person types it: `mon 9:00`, `friday 5:30pm Europe/Berlin every two weeks`."""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import time
from difflib import get_close_matches
from functools import cache
from zoneinfo import available_timezones

from bot.domain.digest import Subscription
from bot.domain.period import Rhythm
from bot.errors import RequestError
from bot.i18n import LANGUAGES, forms, language, later, speaking, t
from handlers.commands.parser import SHOWN

DAYS = ("Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday", "Sunday")
NAMES = tuple(day[:3].lower() for day in DAYS)
TIME = re.compile(r"(?P<hour>\d{1,2})(?:[:.h](?P<minute>\d{2})?)?\s*(?P<half>am|pm)?", re.ASCII)
RHYTHMS = (
    (Rhythm.FORTNIGHTLY, re.compile(r"\b(?:every (?:two|2|second|other) weeks?|fortnightly|biweekly)\b")),
    (Rhythm.MONTHLY, re.compile(r"\b(?:(?:every|once a|each) month|monthly)\b")),
    (Rhythm.WEEKLY, re.compile(r"\b(?:(?:every|once a|each) week|weekly)\b")),
)
FILLERS = frozenset("every on at jeden um uhr chaque le à".split())  # as in what Voc says itself
EXAMPLE = later(
    "Say for example `/voc digest schedule mon 9:00`, `mon 9:00 Europe/Berlin`, `mon 9:00 every two weeks`"
    " or `mon 9:00 monthly`."
)
SAID = {
    Rhythm.WEEKLY: later("every {day} at {time}"),
    Rhythm.FORTNIGHTLY: later("every other {day} at {time}"),
    Rhythm.MONTHLY: later("on the first {day} of each month at {time}"),
}
CRON = re.compile(r"(\d+) (\d+) \* \* (\w{3})")


@dataclass(frozen=True, slots=True)
class Schedule:
    """A day and time of each week, and which weeks. day: 0 is Monday; zone: "" where none was given."""

    day: int
    hour: int
    minute: int
    zone: str = ""
    rhythm: Rhythm = Rhythm.WEEKLY

    @property
    def cron(self) -> str:
        """The five fields; the day by name, since numbers mean different days to different readers."""
        return f"{self.minute} {self.hour} * * {NAMES[self.day]}"

    @property
    def said(self) -> str:
        """Return e.g. "every Monday at 09:00"."""
        day, at = forms.weekday(self.day), forms.clock(time(self.hour, self.minute))
        return t(SAID[self.rhythm], day=day, time=at)


def said(subscription: Subscription) -> str:
    """Return when its digest comes, e.g. "every Monday at 09:00"; an operator's own cron as it is."""
    found = CRON.fullmatch(subscription.cron)
    if found is None or found[3] not in NAMES:
        return subscription.cron
    minute, hour, day = int(found[1]), int(found[2]), NAMES.index(found[3])
    return Schedule(day, hour, minute, rhythm=subscription.rhythm).said


def schedule_of(typed: str) -> Schedule:
    """Return the day, time, zone and rhythm that were typed. Raises RequestError, with an example."""
    rhythm, left = _rhythm_of(typed)
    given = [word for word in left.split() if word.lower() not in FILLERS]
    if len(given) < 2:
        raise _no(later("A digest needs a day and a time."))
    if len(given) > 2 and given[2].lower() in ("am", "pm"):
        given[1:3] = [given[1] + given[2]]
    if len(given) > 3:
        raise _no(later("A day, a time, perhaps a time zone and how often are enough."))
    hour, minute = _time_of(given[1])
    zone = _zone_of(given[2]) if len(given) == 3 else ""
    return Schedule(_day_of(given[0]), hour, minute, zone, rhythm)


def _rhythm_of(typed: str) -> tuple[Rhythm, str]:
    """Return how often it is to come, with what else was typed."""
    for rhythm, pattern in RHYTHMS:
        if found := pattern.search(typed.lower()):
            return rhythm, f"{typed[: found.start()]} {typed[found.end() :]}"
    return Rhythm.WEEKLY, typed


def _day_of(typed: str) -> int:
    """Return the day that begins so, in the language spoken now or else another of Voc's."""
    name = typed.lower().rstrip(",.")
    name = name.removesuffix("s") if name.endswith("days") else name
    if len(name) >= 2:
        for tag in (language(), *LANGUAGES):
            for number, day in enumerate(_days(tag)):
                if day.startswith(name):
                    return number
    raise _no(later("“{typed}” is no day of the week."), typed=typed[:SHOWN])


@cache
def _days(tag: str) -> tuple[str, ...]:
    with speaking(tag):
        return tuple(forms.weekday(number).lower() for number in range(7))


def _time_of(typed: str) -> tuple[int, int]:
    found = TIME.fullmatch(typed.lower())
    hour = int(found["hour"]) if found else 24
    minute, half = (int(found["minute"] or 0), found["half"]) if found else (0, "")
    is_right = minute < 60 and (1 <= hour <= 12 if half else hour < 24)
    if not is_right:
        raise _no(later("“{typed}” is no time."), typed=typed[:SHOWN])
    return (hour % 12 + 12 * (half == "pm") if half else hour), minute


def _zone_of(typed: str) -> str:
    zones = {name.lower(): name for name in available_timezones()}
    if (known := zones.get(typed.lower())) is not None:
        return known
    cities = {name.rpartition("/")[2].lower(): name for name in sorted(zones.values(), reverse=True)}
    near = get_close_matches(typed.lower().rpartition("/")[2], cities, 1, 0.7)
    if near and not any(map(str.isdigit, typed)):  # UTC is not near UTC+2
        raise RequestError(
            "“{typed}” is no time zone. Did you mean {near}?", typed=typed[:SHOWN], near=cities[near[0]]
        )
    raise RequestError("“{typed}” is no time zone. It is a name such as Europe/Berlin.", typed=typed[:SHOWN])


def _no(why: str, **facts: object) -> RequestError:
    """Return the refusal, with an example. why: a message of the catalogues."""
    return RequestError("{why} {example}", why=t(why, **facts), example=t(EXAMPLE))
