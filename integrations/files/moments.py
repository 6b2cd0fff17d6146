"""Times as files write them. Which is the day and which the month, and the zone, is never guessed."""

from __future__ import annotations

import re
from collections.abc import Callable
from datetime import UTC, datetime
from zoneinfo import ZoneInfo

from integrations.files.file_map import UNIX, FileMap

ISO = re.compile(r"\d{4}-\d\d-\d\d([T ]\d\d:\d\d.*)?", re.DOTALL)
NOT_ISO = 'Write it as 2026-11-23T09:00:00+01:00, or set e.g. time_format = "%d/%m/%Y" in the map'


class NoMoment(ValueError):
    """A text is no time. remedy: what to do."""

    def __init__(self, problem: str, remedy: str) -> None:
        super().__init__(problem)
        self.remedy = remedy


def moment_reader(chosen: FileMap) -> Callable[[str], datetime]:
    """Return what reads a text as a moment in UTC; it raises NoMoment."""
    form, zone = chosen.time_format, ZoneInfo(chosen.zone) if chosen.zone else None

    def read(text: str) -> datetime:
        try:
            moment = _naive_or_aware(text, form)
            if moment.tzinfo is None and zone is None:
                raise NoMoment(
                    "is a time without an offset", 'Set the zone in the map, e.g. zone = "Europe/Berlin"'
                )
            return (moment if moment.tzinfo else moment.replace(tzinfo=zone)).astimezone(UTC)
        except NoMoment:
            raise
        except (ValueError, OverflowError, OSError) as exc:
            told = f"is no time of the form {form}" if form else "is no ISO 8601 time"
            raise NoMoment(told, "Correct it there, or time_format in the map" if form else NOT_ISO) from exc

    return read


def _naive_or_aware(text: str, form: str | None) -> datetime:
    if form in UNIX:
        return datetime.fromtimestamp(float(text) / UNIX[form], UTC)
    if form:
        return datetime.strptime(text, form)  # noqa: DTZ007 - the zone is the caller's business
    if not ISO.fullmatch(text):
        raise ValueError("not ISO 8601 in its common form")
    return datetime.fromisoformat(text)
