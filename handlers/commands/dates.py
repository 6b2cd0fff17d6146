"""Days and spans as people type them: `30d`, `2 weeks`, `3m`, `1y`, `2026-10-01`, `today`, `yesterday`."""

from __future__ import annotations

import re
from collections.abc import Callable
from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo

from bot.errors import RequestError

SPAN = re.compile(
    r"(?P<number>\d{1,4})\s*(?P<unit>days?|weeks?|months?|years?|[dwmy])", re.ASCII | re.IGNORECASE
)
DAYS = {"d": 1, "w": 7, "m": 30, "y": 365}
LONGEST = timedelta(days=100 * 365)  # nobody was heard before, and no calendar goes back for ever
NAMED = {"today": 0, "yesterday": 1}


def span_of(typed: str) -> timedelta | None:
    """Return how long e.g. "30d" or "2 weeks" is, None for no span. A month is 30 days, a year 365."""
    found = SPAN.fullmatch(typed)
    if found is None:
        return None
    span = timedelta(days=int(found["number"]) * DAYS[found["unit"][0].lower()])
    return span if timedelta() < span <= LONGEST else None


def since_of(typed: str, now: datetime, zone: str) -> datetime:
    """Return the moment from which on `since:` means: a span ago, or the day's beginning in the zone."""
    return _moment("since", typed, now, lambda day: _midnight(day, zone), zone)


def until_of(typed: str, now: datetime, zone: str) -> datetime:
    """Return the moment before which `until:` means: a span ago, or the day's end in the zone."""
    return _moment("until", typed, now, lambda day: _midnight(day + timedelta(days=1), zone), zone)


def _moment(key: str, typed: str, now: datetime, of: Callable[[date], datetime], zone: str) -> datetime:
    try:
        if (span := span_of(typed)) is not None:
            return now - span
        if (ago := NAMED.get(typed.lower())) is not None:
            return of(now.astimezone(ZoneInfo(zone)).date() - timedelta(days=ago))
        return of(date.fromisoformat(typed))
    except (ValueError, OverflowError) as exc:
        raise RequestError(
            "`{key}:{typed}` is no day. Write for example `{key}:30d`, `{key}:2w` or `{key}:2026-10-01`.",
            key=key,
            typed=typed[:40],
        ) from exc


def _midnight(day: date, zone: str) -> datetime:
    return datetime.combine(day, time(), ZoneInfo(zone)).astimezone(UTC)
