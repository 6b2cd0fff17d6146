"""Numbers, sums and days as the language spoken now writes them (Unicode's CLDR, by Babel)."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, datetime, time

from babel import dates, lists, numbers

from bot.domain.customer import Revenue
from bot.domain.precision import Share
from bot.i18n import locale, t


def decimal(number: float) -> str:
    """Return e.g. "12,345"."""
    return numbers.format_decimal(number, locale=locale())


def percent(share: float, digits: int = 0) -> str:
    """Return e.g. "87%" for 0.87. digits: after the point."""
    pattern = locale().percent_formats[None].pattern
    if digits:
        pattern = pattern.replace("0", "0." + "0" * digits)
    return numbers.format_percent(share, pattern, locale=locale())


def share(of: Share) -> str:
    """Return e.g. "59 of 59"."""
    return t("{right} of {all}", right=decimal(of.right), all=decimal(of.of))


def money(revenue: Revenue) -> str:
    """Return the amount to about three figures with its ISO code, e.g. "EUR 1.2M": many sums are in $."""
    sum_ = round(revenue.amount) if revenue.amount >= 1_000 else revenue.amount
    amount = numbers.format_compact_decimal(sum_, locale=locale(), fraction_digits=1)
    if amount.isdecimal():  # German has no short form of thousands, and Babel groups none of their digits
        amount = decimal(int(amount))
    return t("{currency} {amount}", currency=revenue.currency, amount=amount)


def day(moment: date) -> str:
    """Return e.g. "9 Nov"."""
    return dates.format_skeleton("MMMd", moment, locale=locale())


def full_day(moment: date) -> str:
    """Return e.g. "9 Nov 2026"."""
    return dates.format_skeleton("yMMMd", moment, locale=locale())


def days(first: date, last: date) -> str:
    """Return e.g. "16–22 Nov 2026"."""
    return dates.format_interval(first, last, "yMMMd", locale=locale())


def month(day: date) -> str:
    """Return e.g. "November 2026"."""
    return dates.format_skeleton("yMMMM", day, locale=locale())


def language_name(tag: str) -> str:
    """Return e.g. "German", "" for a language without a name."""
    return str(locale().languages.get(tag, ""))


def moment(local: datetime) -> str:
    """Return a local moment in full, e.g. "Monday 30 November 2026 at 09:00"."""
    return t("{day} at {time}", day=dates.format_date(local, "full", locale=locale()), time=clock(local))


def clock(local: time | datetime) -> str:
    """Return e.g. "09:00" or "9:00 AM"."""
    return dates.format_time(local, "short", locale=locale())


def weekday(number: int) -> str:
    """Return a day's name, Monday being 0."""
    return str(dates.get_day_names("wide", locale=locale())[number])


def listed(words: Sequence[str]) -> str:
    """Return e.g. "Acme and Bolt"."""
    return lists.format_list(list(words), locale=locale())
