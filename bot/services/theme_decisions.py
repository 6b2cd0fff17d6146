"""What people decide about a theme: merge, not us, bring back. It outlasts any clustering."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from bot.domain.theme import Seat, Theme, ThemeState
from bot.errors import RequestError
from bot.i18n import later, t
from bot.ports import Clock
from bot.repositories import UnitOfWork, Work

UNKNOWN = later("This theme is no longer known to Voc.")
OPEN = (ThemeState.LIVING,)


@dataclass(frozen=True, slots=True)
class DecidedTheme:
    """The theme after a decision. is_done: False where it was so already."""

    theme: Theme
    is_done: bool


def merge(work: Work, clock: Clock, theme_id: int, other_id: int, by: str) -> Theme:
    """Let the other theme's pieces belong to the first, for good; return the first.

    Raises RequestError for themes that are unknown, the same, or have had another decision.
    """
    with work() as unit:
        unit.take_turn()
        theme, other = current(unit, theme_id), current(unit, other_id)
        if theme.id == other.id:
            raise RequestError("These are one theme already.")
        must_be(theme, OPEN)
        must_be(other, OPEN)
        members = unit.themes.members([theme.id, other.id])
        pieces = [*members[theme.id], *members[other.id]]
        unit.themes.place(dict.fromkeys(pieces, theme.id), Seat.HELD)
        facts = {
            "first_heard": min(theme.first_heard, other.first_heard),
            "last_heard": max(theme.last_heard, other.last_heard),
        }
        gone = ThemeState.MERGED
        unit.themes.decide(
            other.id, "merged", by=by, now=clock.now(), state=gone, other=theme.id, into=theme.id
        )
        merged = unit.themes.change(theme.id, **facts)
        unit.commit()
    return merged


def dismiss(work: Work, clock: Clock, theme_id: int, by: str) -> DecidedTheme:
    """Take the theme as not ours: it is not shown again, and what is said like it joins it silently."""
    return _set(work, clock, theme_id, by, "dismissed", ThemeState.LIVING, ThemeState.DISMISSED)


def restore(work: Work, clock: Clock, theme_id: int, by: str) -> DecidedTheme:
    """Bring a dismissed theme back."""
    return _set(work, clock, theme_id, by, "restored", ThemeState.DISMISSED, ThemeState.LIVING)


def current(unit: UnitOfWork, theme_id: int) -> Theme:
    """Return the theme, or what it was merged into. Raises RequestError for an unknown one."""
    try:
        theme = unit.themes.get(theme_id)
    except KeyError as exc:
        raise RequestError(UNKNOWN) from exc
    return theme if theme.into is None else current(unit, theme.into)


def must_be(theme: Theme, states: Sequence[ThemeState]) -> None:
    """Raise RequestError, saying how the theme stands, unless it is in one of the states."""
    if theme.state not in states:
        raise RequestError("This has changed since you saw it. {standing}", standing=standing(theme))


def standing(theme: Theme) -> str:
    """Return in a sentence how the theme stands."""
    match theme.state:
        case ThemeState.LIVING:
            return t("The theme has no ticket and waits for a decision.")
        case ThemeState.DISMISSED:
            return t("The theme is set aside as not yours.")
        case ThemeState.CREATING:
            return t("A ticket in {project} is being made of the theme.", project=theme.project)
        case ThemeState.TICKETED:
            return t("The theme has a ticket.")
        case ThemeState.MERGED:
            return t("The theme’s pieces are in others by now.")


def _set(
    work: Work, clock: Clock, theme_id: int, by: str, what: str, before: ThemeState, after: ThemeState
) -> DecidedTheme:
    with work() as unit:
        unit.take_turn()
        theme = current(unit, theme_id)
        if theme.state is after:
            return DecidedTheme(theme, False)
        must_be(theme, [before])
        hold(unit, theme)
        decided = unit.themes.decide(theme.id, what, by=by, now=clock.now(), state=after)
        unit.commit()
    return DecidedTheme(decided, True)


def hold(unit: UnitOfWork, theme: Theme) -> None:
    """Keep the theme's present pieces where they are: a person decided about these."""
    pieces = unit.themes.members([theme.id])[theme.id]
    unit.themes.place(dict.fromkeys(pieces, theme.id), Seat.HELD)
