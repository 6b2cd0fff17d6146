"""Weeks as people mean them: Monday 00:00 to Sunday 24:00 in a channel's own time zone."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo


@dataclass(frozen=True, slots=True, order=True)
class Week:
    """One local week. monday: its first day; zone: IANA name.

    167, 168 or 169 hours long, as daylight saving has it.
    """

    monday: date
    zone: str

    def __post_init__(self) -> None:
        """Raise ValueError unless monday is a Monday."""
        if self.monday.weekday() != 0:
            raise ValueError(f"a week starts on a Monday, not {self.monday:%A} {self.monday}")

    @property
    def start(self) -> datetime:
        """Monday 00:00 local, as aware UTC."""
        return datetime.combine(self.monday, time(), ZoneInfo(self.zone)).astimezone(UTC)

    @property
    def end(self) -> datetime:
        """The next Monday 00:00 local, as aware UTC; not part of the week."""
        return self.after(1).start

    @property
    def last_day(self) -> date:
        """Its Sunday."""
        return self.monday + timedelta(days=6)

    def after(self, weeks: int) -> Week:
        """Return the week that many weeks later (earlier if negative)."""
        return Week(self.monday + timedelta(weeks=weeks), self.zone)

    def holds(self, moment: datetime) -> bool:
        """Return whether the aware moment lies in this week."""
        return self.start <= moment < self.end


def week_of(moment: datetime, zone: str) -> Week:
    """Return the local week that holds the aware moment. Raises ValueError for a naive one."""
    if moment.tzinfo is None:
        raise ValueError(f"a moment must be aware, not {moment}")
    day = moment.astimezone(ZoneInfo(zone)).date()
    return Week(day - timedelta(days=day.weekday()), zone)
