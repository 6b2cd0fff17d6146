"""Quiet hours in force: what an admin set in the chat, else the operator's settings."""

from __future__ import annotations

from datetime import datetime

from bot.domain.quiet import QuietHours
from bot.domain.route import Rules
from bot.errors import RequestError
from bot.i18n import later
from bot.ports import Clock
from bot.repositories import UnitOfWork, Work

NAME = "quiet_hours"
FORM = later("Quiet hours are two different times with a dash between, such as 18:00-8:00; empty for none.")


def quiet_hours(unit: UnitOfWork, rules: Rules) -> QuietHours | None:
    """Return the hours in force, None where it is never quiet."""
    chosen = unit.preferences.get(NAME)
    return rules.quiet if chosen is None else QuietHours.of(chosen, rules.zone)


def quiet_until(unit: UnitOfWork, rules: Rules, now: datetime) -> datetime | None:
    """Return when a review or an alert may be posted again, None where it may be now."""
    hours = quiet_hours(unit, rules)
    return hours.over_at(now) if hours else None


def hours_of(written: str, zone: str = "UTC") -> QuietHours | None:
    """Return the hours that are written, None for none. Raises RequestError for what is no such hours."""
    try:
        return QuietHours.of(written, zone)
    except ValueError as exc:
        raise RequestError(FORM) from exc


def set_quiet_hours(work: Work, clock: Clock, rules: Rules, written: str, by: str) -> None:
    """Set them. Raises RequestError for what is no such hours."""
    hours = hours_of(written, rules.zone)
    value = str(hours) if hours else ""
    with work() as unit:
        if unit.preferences.get(NAME) != value:
            unit.preferences.put(NAME, value, by=by, now=clock.now())
            unit.commit()
