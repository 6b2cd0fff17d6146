"""Themes as they are shown: who speaks, how often a week, whether that is out of the ordinary, one quote."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from bot.domain.digest import Unticketed
from bot.domain.period import Period
from bot.domain.scope import Listening
from bot.domain.theme import (
    FEWEST_PEOPLE,
    RISING_WEEKS,
    Theme,
    ThemeState,
    ThemeView,
    is_rising,
)
from bot.domain.voice import Voice
from bot.domain.week import Week
from bot.repositories import Heard, Said, UnitOfWork
from bot.repositories.themes import Voices
from bot.services.annotation import reach_of
from bot.services.quotes import IN_A_DIGEST, Quoting, chosen
from bot.services.reach import reach_among

QUOTE_WORDS, UNTICKETED, SAMPLE = 40, 2, 40
Loose = tuple[Unticketed, Sequence[Said]]  # with the pieces behind it
HIDDEN = (ThemeState.DISMISSED, ThemeState.CREATING, ThemeState.TICKETED)


@dataclass(frozen=True, slots=True)
class Ranked:
    """A theme in the order in which they are shown."""

    theme: Theme
    voices: Voices
    is_rising: bool


def weeks_until(week: Week) -> list[Week]:
    """Return the week after those that are its usual."""
    return [week.after(-n) for n in reversed(range(RISING_WEEKS + 1))]


def views(unit: UnitOfWork, week: Week, state: ThemeState = ThemeState.LIVING) -> list[ThemeView]:
    """Return the themes that enough people speak for, in the order to show them."""
    return viewed(unit, ranked(unit, week, state))


def ranked(unit: UnitOfWork, week: Week, state: ThemeState = ThemeState.LIVING) -> list[Ranked]:
    """Return the themes that enough people speak for: rising ones first, then those of most people."""
    themes = {theme.id: theme for theme in unit.themes.all([state])}
    weeks = weeks_until(week)
    conversations = unit.telling.conversations(Listening(), weeks)
    found = [
        Ranked(themes[voices.theme_id], voices, is_rising(voices.weekly, conversations))
        for voices in unit.themes.voices(list(themes), [(one.start, one.end) for one in weeks])
        if voices.people >= FEWEST_PEOPLE
    ]
    return sorted(found, key=lambda r: (not r.is_rising, -r.voices.people, -r.voices.pieces, r.theme.id))


def viewed(unit: UnitOfWork, found: Sequence[Ranked]) -> list[ThemeView]:
    """Return what is shown of some themes."""
    ids = [one.theme.id for one in found]
    members, reach = unit.themes.members(ids), unit.themes.reach(ids)
    quoted = {theme.id: _quoted(theme, members[theme.id]) for theme in (one.theme for one in found)}
    known = {v.feedback_id: v for v in unit.pieces.voices([p for some in quoted.values() for p in some])}
    return [
        ThemeView(
            theme=one.theme,
            pieces=one.voices.pieces,
            reach=reach[one.theme.id],
            trend=one.voices.weekly,
            is_rising=one.is_rising,
            quote=chosen([known[piece] for piece in quoted[one.theme.id]], 1, QUOTE_WORDS)[0],
            feedback_ids=tuple(members[one.theme.id]),
        )
        for one in found
    ]


def unticketed(unit: UnitOfWork, within: Listening, period: Period, quoting: Quoting) -> list[Loose]:
    """Return what was said without a ticket in the period, with the pieces: themes, or single voices.

    Rising is judged by the scope's own weeks and conversations. A single voice stands in for a theme only
    where there is none: a small workspace would else read nothing here, and a large one only noise.
    """
    weeks = weeks_until(period.last_week)
    heard = unit.telling.themes(within, weeks)
    living = unit.themes.all([ThemeState.LIVING]) if heard else []
    themes = [t for t in living if t.id in heard and heard[t.id].people >= FEWEST_PEOPLE]
    conversations = unit.telling.conversations(within, weeks) if themes else []
    rising = {t.id: is_rising(heard[t.id].weekly, conversations) for t in themes}
    themes.sort(key=lambda t: (not rising[t.id], -heard[t.id].people, -heard[t.id].pieces, t.id))
    told: list[Loose] = []
    for theme in themes:
        if len(told) < UNTICKETED and (said := unit.hearing.said(within, period, theme_id=theme.id)):
            told.append((_of_theme(unit, within, period, quoting, theme, said, heard, rising), said))
    return told or _singles(unit, within, period, quoting)


def _of_theme(
    unit: UnitOfWork,
    within: Listening,
    period: Period,
    quoting: Quoting,
    theme: Theme,
    said: Sequence[Said],
    heard: Mapping[int, Heard],
    rising: Mapping[int, bool],
) -> Unticketed:
    some = quoting.fresh(unit.telling.sample(within, period, SAMPLE, theme_id=theme.id))
    central = [voice for voice in some if voice.feedback_id in theme.central]
    return Unticketed(
        pieces=len(said),
        reach=reach_among(unit, said),
        quote=next(iter(quoting.take(central or some, 1, IN_A_DIGEST)), None),
        is_rising=rising[theme.id],
        theme_id=theme.id,
        name=theme.name,
        all_pieces=heard[theme.id].pieces,
        all_people=heard[theme.id].people,
    )


def _singles(unit: UnitOfWork, within: Listening, period: Period, quoting: Quoting) -> list[Loose]:
    some = unit.telling.sample(within, period, SAMPLE, is_loose=True)
    places = unit.themes.of([voice.feedback_id for voice in some])
    hidden = {theme.id for theme in unit.themes.all(HIDDEN)}
    open_ = {place.feedback_id for place in places if place.theme_id not in hidden}
    single = [voice for voice in quoting.fresh(some) if voice.feedback_id in open_]
    single.sort(key=lambda v: (v.language != quoting.language, -quoting.worth(v), v.feedback_id))
    return [
        (Unticketed(pieces=1, reach=reach_of([voice]), quote=quote), [_said(voice)])
        for voice in single[:UNTICKETED]
        for quote in quoting.take([voice], 1, IN_A_DIGEST)
    ]


def _said(voice: Voice) -> Said:
    company = voice.person.company
    return Said(voice.feedback_id, voice.conversation_id, voice.person.id, company.id if company else 0)


def _quoted(theme: Theme, members: Sequence[int]) -> Sequence[int]:
    """Return the pieces of which one is quoted: those that say most plainly what all say."""
    return [piece for piece in members if piece in theme.central] or members
