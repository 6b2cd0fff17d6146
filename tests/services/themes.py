"""Short ways to themes: three people who want a dark mode, and others who want something else."""

from __future__ import annotations

from datetime import datetime

from bot.domain.theme import Theme, ThemeState, ThemeView
from bot.domain.week import week_of
from bot.services.theme_views import views
from bot.services.themes import Gatherer
from tests.builders import BOLT, LAST_WEEK, conversation, person
from tests.fakes.embedder import wordllama
from tests.services.conftest import Store

DARK = (
    "Please add a dark mode to the app, my eyes hurt at night.",
    "A dark mode for the app would help my eyes in the evening.",
    "My eyes hurt from the white app at night, is a dark mode planned?",
    "We need a dark mode in the app, the white screen hurts our eyes.",
    "Dark mode please! The app is too bright for my eyes at night.",
    "When will the app get a dark mode? My eyes hurt in the night shift.",
)
PRINTER = (
    "The invoice prints only half of the page on our label printer.",
    "Our label printer cuts the invoice in half when it prints.",
    "Printing an invoice on the label printer loses half of the page.",
    "Half of each invoice page is missing when the label printer prints it.",
)


def gatherer_of(store: Store) -> Gatherer:
    embedder = wordllama()
    return Gatherer(store.work, store.work, store.clock, lambda: embedder)


def say(store: Store, *texts: str, first: int = 0, said_at: datetime = LAST_WEEK) -> list[int]:
    """Let as many people say the texts, one each, and return the pieces."""
    said = [
        conversation(text, f"{first + n}", said_at, customer=person(f"p{first + n}", BOLT))
        for n, text in enumerate(texts)
    ]
    return store.add(*said)


def shown(store: Store) -> list[ThemeView]:
    with store.work() as unit:
        return views(unit, week_of(store.clock.now(), "UTC").after(-1))


def themes(store: Store, *states: ThemeState) -> list[Theme]:
    with store.work() as unit:
        return unit.themes.all(states or list(ThemeState))


def pieces_of(store: Store, theme_id: int) -> list[int]:
    with store.work() as unit:
        return list(unit.themes.members([theme_id])[theme_id])


def next_day(store: Store) -> None:
    """Let the next update cluster all anew."""
    store.clock.advance(days=1)
