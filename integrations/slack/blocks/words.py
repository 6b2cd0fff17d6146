"""Numbers, days and people in Voc's English."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, datetime
from zoneinfo import ZoneInfo

from bot.domain.annotation import Reach
from bot.domain.customer import Revenue
from bot.domain.match import Reason
from bot.domain.voice import QuotedVoice
from bot.domain.week import Week
from integrations.slack.blocks.elements import Json, line, link, literal, quote, text

FACT_MOST = 60  # characters of a role, a company's name and the like
PLURALS = {"person": "people", "company": "companies"}


def count(number: int, noun: str) -> str:
    """Return e.g. "1 person" or "2 people"."""
    return f"{number:,} {noun if number == 1 else PLURALS.get(noun, noun + 's')}"


def reach(who: Reach) -> str:
    """Return e.g. "5 people, 3 companies (EUR 120k a year)"; no companies where none is known."""
    companies = f", {count(who.companies, 'company')}" if who.companies else ""
    revenue = " + ".join(money(sum_) for sum_ in who.revenue[:3])
    return count(who.people, "person") + companies + (f" ({revenue} a year)" if revenue else "")


def money(revenue: Revenue) -> str:
    """Return the amount to about three figures, e.g. "EUR 1.2M"."""
    amount = revenue.amount
    for size, unit in ((1_000_000, "M"), (1_000, "k")):
        if amount >= size:
            return f"{revenue.currency} {f'{amount / size:.1f}'.removesuffix('.0')}{unit}"
    return f"{revenue.currency} {amount:.0f}"


def day(moment: date) -> str:
    """Return e.g. "9 Nov"."""
    return f"{moment.day} {moment:%b}"


def week_name(week: Week) -> str:
    """Return e.g. "16–22 Nov 2026" or "28 Sep – 4 Oct 2026"."""
    first, last = week.monday, week.last_day
    if first.month == last.month:
        return f"{first.day}–{day(last)} {last.year}"
    return f"{day(first)} – {day(last)} {last.year}"


def trend(pieces: Sequence[int]) -> str:
    """Return e.g. "3 → 5 → 9, rising"; the numbers are pieces a week, this week last.

    One piece more or less than the usual of four weeks is no change.
    """
    numbers = " → ".join(str(n) for n in pieces[-5:])
    before = sorted(pieces[:-1][-4:])
    if not before:
        return f"{numbers}, first week"
    usual = before[len(before) // 2]
    change = pieces[-1] - usual
    return f"{numbers}, {'rising' if change > 1 else 'falling' if change < -1 else 'steady'}"


def weekly(pieces: Sequence[int], *, is_rising: bool) -> str:
    """Return e.g. "0 → 1 → 5, rising": pieces a week, this week last."""
    return " → ".join(map(str, pieces[-5:])) + (", rising" if is_rising else "")


def reasons(found: Sequence[Reason]) -> str:
    """Return why a pair scored as it did, e.g. "same words: “export”, “rows”"; "" without reasons."""
    return "; ".join(literal(reason.said, 160) for reason in found[:3])


def who(voice: QuotedVoice, zone: str = "UTC", *, most: int = 4) -> str:
    """Return who said it and when, e.g. "Buyer, Acme, Team plan, customer since 2023 · 19 Nov 2026".

    most: how many facts of the person.
    """
    facts = [
        voice.role,
        voice.company,
        f"{voice.plan} plan" if voice.plan else "",
        f"customer since {voice.since.year}" if voice.since else "",
        voice.segment,
    ]
    known = [literal(fact, FACT_MOST) for fact in facts if fact.strip()][:most]
    said = local(voice.said_at, zone)
    return f"{', '.join(known) or 'A customer'} · {day(said)} {said.year}"


def local(moment: datetime, zone: str) -> date:
    """Return the day that the moment falls on in the zone."""
    return moment.astimezone(ZoneInfo(zone)).date()


def quotation(voice: QuotedVoice, zone: str = "UTC", *, most: int, facts: int = 4) -> list[Json]:
    """Return the voice as rich text: the words, then who, with a link. most: characters; facts: of who."""
    words = literal(voice.words, most)
    if voice.cut and not words.endswith("…"):
        words += " […]"
    said_by = [text(who(voice, zone, most=facts), italic=True)]
    if voice.url:
        said_by += [text(" · "), link("open", voice.url)]
    return [quote(words), line(*said_by)]
