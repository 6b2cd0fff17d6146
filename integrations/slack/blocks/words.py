"""Numbers, days and people, in the language spoken now."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, datetime
from zoneinfo import ZoneInfo

from bot.domain.annotation import Reach
from bot.domain.match import Reason
from bot.domain.period import SHORTEST_MONTH, Period
from bot.domain.scope import Scope
from bot.domain.voice import QuotedVoice
from bot.i18n import forms, nlater, nt, t
from bot.i18n import reasons as why
from bot.text.sentences import best_end
from integrations.slack.blocks.elements import Json, line, link, literal, quote, text

FACT_MOST = 60  # characters of a role, a company's name and the like
GAP = " […]"
NOUNS = {
    "answer": nlater("{n} answer", "{n} answers"),
    "company": nlater("{n} company", "{n} companies"),
    "conversation": nlater("{n} conversation", "{n} conversations"),
    "day": nlater("{n} day", "{n} days"),
    "hour": nlater("{n} hour", "{n} hours"),
    "item": nlater("{n} item", "{n} items"),
    "link": nlater("{n} link", "{n} links"),
    "minute": nlater("{n} minute", "{n} minutes"),
    "person": nlater("{n} person", "{n} people"),
    "piece": nlater("{n} piece", "{n} pieces"),
    "problem": nlater("{n} problem", "{n} problems"),
    "proposal": nlater("{n} proposal", "{n} proposals"),
    "ticket": nlater("{n} ticket", "{n} tickets"),
    "time": nlater("{n} time", "{n} times"),
    "week": nlater("{n} week", "{n} weeks"),
}

KINDS = {
    "projects": nlater("project", "projects"),
    "areas": nlater("area", "areas"),
    "labels": nlater("label", "labels"),
    "segments": nlater("segment", "segments"),
    "sources": nlater("source", "sources"),
}


def count(number: int, noun: str) -> str:
    """Return e.g. "1 person" or "2 people". noun: one of NOUNS."""
    return nt(*NOUNS[noun], number)


def reach(who: Reach) -> str:
    """Return e.g. "5 people, 3 companies (€120K a year)"; no companies where none is known."""
    companies = f", {count(who.companies, 'company')}" if who.companies else ""
    yearly = f" ({revenue(who)})" if who.revenue else ""
    return count(who.people, "person") + companies + yearly


def revenue(who: Reach) -> str:
    """Return e.g. "EUR 120K a year", each currency by itself."""
    sums = " + ".join(forms.money(sum_) for sum_ in who.revenue[:3])
    return t("{revenue} a year", revenue=sums)


def called(name: str) -> str:
    """Return a source's name, or other words, as a line begins with them, e.g. "Zendesk"."""
    return name[:1].upper() + name[1:]


def day(moment: date) -> str:
    """Return e.g. "9 Nov"."""
    return forms.day(moment)


def period_name(period: Period) -> str:
    """Return e.g. "16–22 Nov 2026", or "November 2026" for a calendar month."""
    if period.days >= SHORTEST_MONTH:
        return forms.month(period.first)
    return forms.days(period.first, period.last)


def scope(wanted: Scope) -> str:
    """Return e.g. "projects APP, PAY · source zendesk"."""
    return " · ".join(
        f"{nt(*KINDS[kind], len(values))} {', '.join(literal(value, 40) for value in values[:10])}"
        for kind, values in wanted.given
        if values
    )


def language(tag: str) -> str:
    """Return the language's name, e.g. "German"; the tag itself where it has none."""
    return forms.language_name(tag) or literal(tag, 20)


def trend(pieces: Sequence[int]) -> str:
    """Return e.g. "3 → 5 → 9, rising"; the numbers are pieces a week, this week last.

    One piece more or less than the usual of four weeks is no change.
    """
    numbers = _arrows(pieces)
    before = sorted(pieces[:-1][-4:])
    if not before:
        return t("{numbers}, first week", numbers=numbers)
    change = pieces[-1] - before[len(before) // 2]
    if change > 1:
        return t("{numbers}, rising", numbers=numbers)
    return (
        t("{numbers}, falling", numbers=numbers) if change < -1 else t("{numbers}, steady", numbers=numbers)
    )


def weekly(pieces: Sequence[int], *, is_rising: bool) -> str:
    """Return e.g. "0 → 1 → 5, rising": pieces a week, this week last."""
    return t("{numbers}, rising", numbers=_arrows(pieces)) if is_rising else _arrows(pieces)


def reasons(found: Sequence[Reason]) -> str:
    """Return why a pair scored as it did, e.g. "same words: “export”, “rows”"; "" without reasons."""
    return "; ".join(literal(why.said(reason), 160) for reason in found[:3])


def who(voice: QuotedVoice, zone: str = "UTC", *, most: int = 4, is_recent: bool = False) -> str:
    """Return who said it and when, e.g. "Buyer, Acme, Team plan, customer since 2023 · 19 Nov 2026".

    most: how many facts of the person; is_recent: whether the year goes without saying.
    """
    facts = [
        voice.role,
        voice.company,
        t("{plan} plan", plan=voice.plan) if voice.plan else "",
        t("customer since {year}", year=voice.since.year) if voice.since else "",
        voice.segment,
    ]
    known = [literal(fact, FACT_MOST) for fact in facts if fact.strip()][:most]
    day = local(voice.said_at, zone)
    parts = [", ".join(known) or t("A customer"), forms.day(day) if is_recent else forms.full_day(day)]
    if voice.agreed:
        parts.append(nt("{n} other says the same", "{n} others say the same", voice.agreed))
    return " · ".join(parts)


def local(moment: datetime, zone: str) -> date:
    """Return the day that the moment falls on in the zone."""
    return moment.astimezone(ZoneInfo(zone)).date()


def local_moment(moment: datetime, zone: str) -> datetime:
    """Return the moment as the zone's clocks show it."""
    return moment.astimezone(ZoneInfo(zone))


def quotation(
    voice: QuotedVoice, zone: str = "UTC", *, most: int, facts: int = 4, is_recent: bool = False
) -> list[Json]:
    """Return the voice as rich text: the words, then who, with a link. most: characters; facts: of who."""
    if not voice.words:
        return [line(text(t("[withdrawn by the customer]"), italic=True))]
    words = _shortened(voice.words, most)
    if voice.cut and not words.endswith(("…", GAP)):
        words += GAP
    if voice.cut and voice.spans[0].start and words[0].islower():
        words = f"{GAP.strip()} {words}"  # a sentence that was cut at its beginning
    return [quote(words), attribution(voice, zone, facts=facts, is_recent=is_recent)]


def _shortened(words: str, most: int) -> str:
    """Return the words, cut after a sentence, else after a clause, else after a word."""
    shown, whole = literal(words, most), literal(words, len(words) + most)
    if shown == whole:
        return shown
    end = best_end(whole, len(shown) - len(GAP))
    return whole[:end] + GAP if end else shown


def attribution(voice: QuotedVoice, zone: str = "UTC", *, facts: int = 4, is_recent: bool = False) -> Json:
    """Return who said it, with a link, as a line."""
    said_by = [text(who(voice, zone, most=facts, is_recent=is_recent), italic=True)]
    if voice.url:
        said_by += [text(" · "), link(t("open"), voice.url)]
    return line(*said_by)


def _arrows(pieces: Sequence[int]) -> str:
    return " → ".join(map(forms.decimal, pieces[-5:]))
