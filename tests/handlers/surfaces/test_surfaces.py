"""Over any store, in every language, everything that is shown keeps Slack's rules and ours."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import replace
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any, get_args

import pytest
from hypothesis import HealthCheck, Phase, given, settings
from hypothesis import strategies as st

from bot.domain.message import Message
from bot.i18n import LANGUAGES, speaking
from handlers.commands import VERBS
from handlers.slack_app import LISTENERS, Listener
from integrations.slack.blocks import ids
from integrations.slack.blocks.render import render
from tests.handlers.deliveries.rows import NOTHING
from tests.handlers.surfaces.crawling import Crawler
from tests.handlers.surfaces.stores import Stranger, show
from tests.handlers.test_new_tickets import BUG, MANY, TASK
from tests.handlers.world import ANNA, BEN, World
from tests.integrations.slack.samples import messages
from tests.integrations.slack.world import ADA
from tests.slack_check.check import Check

CHLOE = "U0CHLOE001"
SEED, THOUSANDS = 7, 2_000
SPOKEN = {ANNA: "en-GB", BEN: "de-DE", CHLOE: "fr-FR"}
# How each verb is typed: as it is meant, and as it is not.
COMMANDS: dict[str, list[str]] = {
    "help": ["", "help", "help ticket", "helq"],
    "status": ["status"],
    "search": ["search", "search export", 'search "missing rows" since:30d source:zendesk', "search zzzz"],
    "ticket": ["ticket", "ticket FLD-1", "ticket NONE-1"],
    "customer": ["customer", "customer missing", "customer a"],
    "top": ["top", "top 30d", "top 7d by companies", "top 5 parsecs"],
    "themes": ["themes"],
    "inbox": ["inbox"],
    "add": ["add", 'add "The export is slow." for Acme'],
    "attach": ["attach", "attach 1 FLD-1", "attach 1 NONE-1"],
    "unlink": ["unlink", "unlink 1"],
    "subscribe": ["subscribe", "subscribe list", "subscribe project:FLD", "subscribe prject:FLD"],
    "digest": [
        "digest",
        "digest preview",
        "digest schedule mon 9:00 Europe/Berlin",
        "digest now",
        "digest long",
        "digest history",
    ],
    "unsubscribe": ["unsubscribe"],
}
# A seed says nothing by being smaller, so none is looked for.
EASY = settings(
    phases=(Phase.explicit, Phase.reuse, Phase.generate),
    suppress_health_check=[HealthCheck.too_slow, HealthCheck.data_too_large, HealthCheck.filter_too_much],
)


@pytest.fixture(scope="module")
def thousands(handlers_template: Path, tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, list[int]]:
    """Return a file with a store of thousands to copy, and the ids of its pieces."""
    folder = tmp_path_factory.mktemp("thousands")
    world = World(folder, handlers_template)
    pieces = Stranger(SEED).fill(world, THOUSANDS)
    world.close()
    return folder / "voc.db", pieces


@contextmanager
def strange_world(template: Path, seed: int, size: int, *, stored: Sequence[int] = ()) -> Iterator[World]:
    """Yield a workspace of three people and three languages, over a strange store.

    stored: the ids of the pieces where the template has been filled already.
    """
    with TemporaryDirectory() as folder:
        world = World(Path(folder), template)
        world.tracker.forms = {form.kind: form for form in (replace(TASK, fields=(*TASK.fields, MANY)), BUG)}
        people: list[dict[str, Any]] = [
            {"id": user, "name": user.lower(), "real_name": user, "tz": "Europe/Berlin", "locale": locale}
            for user, locale in SPOKEN.items()
        ]
        world.slack.load({"users": people})
        try:
            show(world, stored or Stranger(seed).fill(world, size))
            yield world
        finally:
            world.close()


def look_at_all(template: Path, seed: int, size: int, user: str, *, stored: Sequence[int] = ()) -> Crawler:
    with strange_world(template, seed, size, stored=stored) as world:
        crawler = Crawler(world, user, Stranger(seed).words(), is_backwards=seed % 2 == 1)
        crawler.type_all(COMMANDS)
        crawler.open_home()
        crawler.choose_shortcuts(str(one.name) for one in LISTENERS if one.kind == "shortcut")
        crawler.open_home()
        crawler.press_all()
    return crawler


def _is_of(listener: Listener, label: str) -> bool:
    kind, _, name = label.partition(" ")
    return kind == listener.kind and re.match(listener.name, name) is not None


def test_every_verb_is_typed() -> None:
    assert COMMANDS.keys() == VERBS.keys()
    assert set(LANGUAGES) == {locale[:2] for locale in SPOKEN.values()}


@pytest.mark.slow
@pytest.mark.timeout(600)
def test_everything_that_can_be_done_is_done(handlers_template: Path) -> None:
    crawlers = [look_at_all(handlers_template, seed, 30, user) for seed, user in enumerate(SPOKEN)]

    seen = {label for crawler in crawlers for label in crawler.seen}
    modals = {view for crawler in crawlers for view in crawler.views}

    wanted = [one for one in LISTENERS if one.kind not in ("event", "command") and one.label not in NOTHING]
    assert [one.label for one in wanted if not any(_is_of(one, label) for label in seen)] == []
    named = {value for name, value in vars(ids).items() if name.endswith("_VIEW")}
    assert modals >= named | {str(one.name) for one in LISTENERS if one.kind == "view"}


@settings(EASY, max_examples=2)
@given(st.integers(0, 2**32), st.sampled_from([0, 1, 9]), st.sampled_from(list(SPOKEN)))
def test_any_store_is_shown(handlers_template: Path, seed: int, size: int, user: str) -> None:
    assert look_at_all(handlers_template, seed, size, user).seen


@pytest.mark.slow
@pytest.mark.timeout(900)
@settings(EASY, max_examples=40)
@given(st.integers(0, 2**32), st.sampled_from([0, 1, 30]), st.sampled_from(list(SPOKEN)))
def test_many_stores_are_shown(handlers_template: Path, seed: int, size: int, user: str) -> None:
    assert look_at_all(handlers_template, seed, size, user).seen


@pytest.mark.slow
@pytest.mark.timeout(900)
@pytest.mark.parametrize("user", SPOKEN)
def test_a_store_of_thousands_is_shown(thousands: tuple[Path, list[int]], user: str) -> None:
    file, pieces = thousands

    assert look_at_all(file, SEED, THOUSANDS, user, stored=pieces).seen


@pytest.mark.parametrize("kind", get_args(Message), ids=lambda kind: str(kind.__name__))
@settings(EASY, max_examples=1)
@given(data=st.data())
def test_every_kind_of_message_is_among_those_that_are_rendered(kind: type, data: st.DataObject) -> None:
    assert render(data.draw(messages().filter(lambda made: isinstance(made, kind))))


@settings(EASY, max_examples=40)
@given(messages(), st.sampled_from(LANGUAGES))
def test_every_message_keeps_the_rules_in_every_language(
    slack_check: Check, message: Message, language: str
) -> None:
    with speaking(language):
        posts = render(message)

    for post in posts:
        shown = {"text": post.text, "blocks": post.blocks}
        assert slack_check.faults("chat.update", shown, {ADA}) == []
