"""Themes as they are shown: who speaks, how often a week, whether that is out of the ordinary, one quote."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass

from bot.domain.digest import Unticketed
from bot.domain.theme import RISING_WEEKS, Theme, ThemeState, ThemeView, is_enough, is_rising
from bot.domain.voice import QuotedVoice, Voice, quoted
from bot.domain.week import Week
from bot.repositories import UnitOfWork
from bot.services.annotation import reach_of
from bot.services.quotes import chosen
from bot.text.clarity import clarity

QUOTE_WORDS = 40
LANGUAGE = "en"  # of Voc's own words: a quote that leads is in the language that the channel reads
HIDDEN = (ThemeState.DISMISSED, ThemeState.CREATING, ThemeState.TICKETED)


@dataclass(frozen=True, slots=True)
class Weeks:
    """The weeks by which a theme is judged, oldest first, with how many conversations each brought."""

    weeks: Sequence[Week]
    conversations: Sequence[int]


def weeks_until(week: Week) -> list[Week]:
    """Return the week after those that are its usual."""
    return [week.after(-n) for n in reversed(range(RISING_WEEKS + 1))]


def views(unit: UnitOfWork, week: Week, state: ThemeState = ThemeState.LIVING) -> list[ThemeView]:
    """Return the themes that enough people speak for: rising ones first, then those of most people."""
    themes = unit.themes.all([state])
    members = unit.themes.members([theme.id for theme in themes])
    known = {v.feedback_id: v for v in unit.pieces.voices([p for pieces in members.values() for p in pieces])}
    weeks = weeks_until(week)
    heard = Weeks(weeks, unit.themes.conversations([(w.start, w.end) for w in weeks]))
    voices = {theme.id: [known[piece] for piece in members[theme.id]] for theme in themes}
    return sorted_views(themes, voices, heard)


def sorted_views(
    themes: Sequence[Theme], voices: Mapping[int, Sequence[Voice]], heard: Weeks
) -> list[ThemeView]:
    """Return the views of the themes that enough of these voices speak for, in the order to show them."""
    made = [_view(theme, said, heard) for theme in themes if is_enough(said := voices.get(theme.id, ()))]
    return sorted(made, key=lambda v: (not v.is_rising, -v.reach.people, -v.pieces, v.theme.id))


def unticketed(
    unit: UnitOfWork, loose: Sequence[Voice], heard: Weeks, quoted_above: Collection[int], most: int
) -> tuple[Unticketed, ...]:
    """Return what was said without a ticket in the last of the weeks: themes, or single voices without any.

    loose: all voices of the weeks without a ticket. A single voice stands in for a theme only where there is
    none: a small workspace would else read nothing here, and a large one only noise.
    """
    places = unit.themes.of([v.feedback_id for v in loose])
    theme_of = {place.feedback_id: place.theme_id for place in places}
    voices: dict[int, list[Voice]] = {}
    for voice in loose:
        if (theme_id := theme_of.get(voice.feedback_id)) is not None:
            voices.setdefault(theme_id, []).append(voice)
    spoke = [v for v in sorted_views(unit.themes.all([ThemeState.LIVING]), voices, heard) if v.trend[-1]]
    week = heard.weeks[-1]
    if spoke:
        return tuple(_of_theme(view, voices[view.theme.id], week, quoted_above) for view in spoke[:most])
    hidden = {theme.id for theme in unit.themes.all(HIDDEN)}
    said = [v for v in loose if week.holds(v.said_at) and v.feedback_id in theme_of]
    single = [v for v in said if theme_of[v.feedback_id] not in hidden]
    single.sort(key=lambda v: (v.feedback_id in quoted_above, *readable_first(v), v.feedback_id))
    return tuple(_single(voice) for voice in single[:most])


def readable_first(voice: Voice) -> tuple[bool, float]:
    """Return what sorts the quotes that a reader takes in most easily to the front."""
    return voice.language != LANGUAGE, -clarity(voice.words)


def _view(theme: Theme, voices: Sequence[Voice], heard: Weeks) -> ThemeView:
    trend = tuple(sum(week.holds(v.said_at) for v in voices) for week in heard.weeks)
    return ThemeView(
        theme=theme,
        pieces=len(voices),
        reach=reach_of(voices),
        trend=trend,
        is_rising=is_rising(trend, heard.conversations),
        quote=_quote(theme, voices),
        feedback_ids=tuple(v.feedback_id for v in voices),
    )


def _of_theme(
    view: ThemeView, voices: Sequence[Voice], week: Week, quoted_above: Collection[int]
) -> Unticketed:
    said = [v for v in voices if week.holds(v.said_at)]
    new = [v for v in said if v.feedback_id not in quoted_above]
    return Unticketed(
        pieces=len(said),
        reach=reach_of(said),
        quote=_quote(view.theme, new or said),
        feedback_ids=tuple(v.feedback_id for v in said),
        is_rising=view.is_rising,
        theme_id=view.theme.id,
        name=view.theme.name,
        all_pieces=view.pieces,
        all_people=view.reach.people,
    )


def _single(voice: Voice) -> Unticketed:
    quote = quoted(voice, QUOTE_WORDS)
    return Unticketed(pieces=1, reach=reach_of([voice]), quote=quote, feedback_ids=(voice.feedback_id,))


def _quote(theme: Theme, voices: Sequence[Voice]) -> QuotedVoice:
    """Return the clearest quote of those that say most plainly what all say."""
    central = [v for v in voices if v.feedback_id in theme.central]
    return chosen(central or voices, 1, QUOTE_WORDS)[0]
