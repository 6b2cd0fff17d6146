"""A theme is split by a person; apart from the other decisions, as its new name needs all of the words."""

from __future__ import annotations

from collections.abc import Collection

from bot.domain.theme import Seat, Theme, ThemeState
from bot.errors import RequestError
from bot.matching.naming import Lexicon
from bot.ports import Clock
from bot.repositories import Work
from bot.services.theme_decisions import current, must_be


def split(work: Work, clock: Clock, theme_id: int, feedback_ids: Collection[int], by: str) -> Theme:
    """Make a theme of some of a theme's pieces; the two stay apart for good. Return the new one.

    Raises RequestError where the pieces are not some of its own.
    """
    with work() as unit:
        unit.take_turn()
        theme, now = current(unit, theme_id), clock.now()
        must_be(theme, [ThemeState.LIVING])
        own = set(unit.themes.members([theme.id])[theme.id])
        apart = set(feedback_ids)
        if strange := sorted(apart - own):
            listed = ", ".join(map(str, strange[:5]))
            raise RequestError(
                "Theme {theme} has no piece {listed}. `themes show` lists its own.",
                theme=theme.id,
                listed=listed,
            )
        if not apart or apart == own:
            raise RequestError("Name some of the theme’s pieces, not all of them.")
        voices = unit.pieces.voices(sorted(own))
        name, said = Lexicon(voices).name(apart), [v.said_at for v in voices if v.feedback_id in apart]
        made = unit.themes.add(
            name=name.words,
            terms=name.terms,
            first_heard=min(said),
            last_heard=max(said),
            now=now,
            came_from=theme.id,
        )
        unit.themes.place(dict.fromkeys(apart, made.id) | dict.fromkeys(own - apart, theme.id), Seat.HELD)
        unit.themes.decide(theme.id, "split", by=by, now=now, state=theme.state, other=made.id)
        unit.commit()
    return made
