"""Commands on themes: list, show, merge, split, dismiss, restore, ticket."""

from __future__ import annotations

import json
from collections.abc import Iterator
from typing import Any

from bot.commands.console import say
from bot.commands.store import BY_OPERATOR, opened
from bot.commands.ticketing import UNCONFIRMED
from bot.domain.theme import Theme, ThemeState, ThemeView
from bot.domain.voice import quoted
from bot.domain.week import week_of
from bot.services import theme_decisions
from bot.services.theme_keeping import keep_themes
from bot.services.theme_views import views

QUOTE_WORDS = 40


def list_themes(*, dismissed: bool, as_json: bool) -> None:
    """Print the themes that at least three people speak for, rising ones first."""
    bot, state = opened(), ThemeState.DISMISSED if dismissed else ThemeState.LIVING
    with bot.reading() as unit:
        shown = views(unit, week_of(bot.clock.now(), bot.settings.digest.zone), state)
    if as_json:
        say(json.dumps([_as_data(view) for view in shown], indent=2))
    elif not shown:
        say("No theme yet: nothing without a ticket was said alike by at least three people.")
    for view in () if as_json else shown:
        say("\n".join(_lines(view)))


def update() -> None:
    """Bring the themes up to date, and go on with tickets that were asked for."""
    bot = opened()
    keep_themes(bot.ticketing, bot.gatherer)
    with bot.reading() as unit:
        living = unit.themes.all([ThemeState.LIVING])
    say(f"{len(living)} themes. See: python -m bot themes list")


def show(theme_id: int) -> None:
    """Print how a theme stands and all of its pieces."""
    bot = opened()
    with bot.reading() as unit:
        theme = theme_decisions.current(unit, theme_id)
        voices = unit.pieces.voices(unit.themes.members([theme.id])[theme.id])
    say(f"{_called(theme)}. {theme_decisions.standing(theme)}")
    if theme.came_from is not None:
        say(f"It was a part of theme {theme.came_from}.")
    for voice in voices:
        quote = quoted(voice, QUOTE_WORDS)
        say(f"{voice.feedback_id:>8}  {voice.said_at:%Y-%m-%d}  “{quote.words}{'…' if quote.cut else ''}”")


def merge(theme_id: int, other_id: int) -> None:
    """Let the other theme's pieces belong to the first."""
    bot = opened()
    theme = theme_decisions.merge(bot.work, bot.clock, theme_id, other_id, BY_OPERATOR)
    say(f"{_called(theme)} has the pieces of theme {other_id} too.")


def split(theme_id: int, pieces: list[int]) -> None:
    """Make a theme of some of a theme's pieces."""
    from bot.services.theme_splitting import split as split_off

    bot = opened()
    made = split_off(bot.work, bot.clock, theme_id, pieces, BY_OPERATOR)
    say(f"{_called(made)} is split off. It is shown once three people speak for it.")


def dismiss(theme_id: int) -> None:
    """Set a theme aside."""
    bot = opened()
    decided = theme_decisions.dismiss(bot.work, bot.clock, theme_id, BY_OPERATOR)
    say(f"{_called(decided.theme)} is set aside. Back with: python -m bot themes restore {decided.theme.id}")


def restore(theme_id: int) -> None:
    """Bring a theme back."""
    bot = opened()
    say(f"{_called(theme_decisions.restore(bot.work, bot.clock, theme_id, BY_OPERATOR).theme)} is back.")


def ticket(theme_id: int, project: str, title: str) -> None:
    """Create a ticket of a theme."""
    from bot.services.theme_tickets import create_ticket

    bot = opened()
    done = create_ticket(bot.ticketing, theme_id, project, BY_OPERATOR, title)
    if done.ticket is None:
        say(UNCONFIRMED)
    else:
        say(f"{done.ticket.key} is created with {done.pieces} pieces attached. {done.ticket.url}".rstrip())


def _called(theme: Theme) -> str:
    return f"Theme {theme.id}" + (f" ({theme.name})" if theme.name else "")


def _lines(view: ThemeView) -> Iterator[str]:
    rising = ", RISING" if view.is_rising else ""
    yield f"{view.theme.id:>6}  {view.theme.name or 'said in different words'}"
    companies = f", {view.reach.companies} companies" if view.reach.companies else ""
    yield f"        {view.pieces} pieces, {view.reach.people} people{companies}"
    yield f"        a week: {' '.join(map(str, view.trend))}{rising}"
    yield f"        “{view.quote.words}{'…' if view.quote.cut else ''}”"


def _as_data(view: ThemeView) -> dict[str, Any]:
    theme = view.theme
    return {
        "id": theme.id,
        "name": theme.name,
        "state": theme.state.value,
        "came_from": theme.came_from,
        "first_heard": theme.first_heard.isoformat(),
        "last_heard": theme.last_heard.isoformat(),
        "pieces": list(view.feedback_ids),
        "people": view.reach.people,
        "companies": view.reach.companies,
        "trend": list(view.trend),
        "is_rising": view.is_rising,
        "quote": view.quote.words,
    }
