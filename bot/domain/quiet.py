"""Quiet hours: when nobody is to be called to a review."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, datetime, time, timedelta
from zoneinfo import ZoneInfo


@dataclass(frozen=True, slots=True)
class QuietHours:
    """From start to end each day, over midnight where the end comes first. zone: an IANA name."""

    start: time
    end: time
    zone: str = "UTC"

    @classmethod
    def of(cls, written: str, zone: str) -> QuietHours | None:
        """Return what is written as "18:00-8:00", None for "". Raises ValueError for any other form."""
        if not written.strip():
            return None
        start, _, end = written.replace("–", "-").partition("-")
        made = cls(_time(start), _time(end), zone)
        if made.start == made.end:
            raise ValueError("quiet hours must end at another time than they start")
        return made

    def over_at(self, now: datetime) -> datetime | None:
        """Return when they are over, None where it is not quiet now."""
        local = now.astimezone(ZoneInfo(self.zone))
        clock = local.time().replace(tzinfo=None)
        is_within = self.start <= clock < self.end
        if self.start > self.end:
            is_within = clock >= self.start or clock < self.end
        if not is_within:
            return None
        end = datetime.combine(local.date() + timedelta(days=clock >= self.end), self.end, local.tzinfo)
        # In the night when clocks are set back the end may come twice: the one that is still to come.
        both = (end.replace(fold=fold).astimezone(UTC) for fold in (0, 1))
        return next(at for at in both if at > now)

    def __str__(self) -> str:
        """Return e.g. "18:00-8:00"."""
        return f"{self.start.hour}:{self.start.minute:02}-{self.end.hour}:{self.end.minute:02}"


def _time(written: str) -> time:
    hour, _, minute = written.strip().partition(":")
    if not (hour.isdecimal() and (minute or "0").isdecimal()):
        raise ValueError(f"{written.strip()} is no time such as 18:00")
    return time(int(hour), int(minute or 0))
