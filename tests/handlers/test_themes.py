"""/voc themes and the buttons of a theme, as signed requests."""

from __future__ import annotations

from typing import Any

import pytest

from bot.domain.theme import Seat, ThemeState
from integrations.slack.blocks import ids
from tests.handlers.test_other_ticket import choose, search
from tests.handlers.world import ANNA, BEN, NOW, PRODUCT, World, shown

WORDS = "Please add a dark mode to the app, my eyes hurt at night."


@pytest.fixture
def theme(world: World) -> int:
    """Return a theme of three people, one in each of the last three whole weeks."""
    pieces = [
        world.piece(f"{WORDS} {n}", person=str(n), company=f"C{n}", days_ago=7 * n + 3) for n in range(3)
    ]
    with world.context.work() as unit:
        made = unit.themes.add(
            name="dark mode, eyes", terms=(), first_heard=NOW, last_heard=NOW, now=NOW, central=pieces
        )
        unit.themes.place(dict.fromkeys(pieces, made.id), Seat.CLUSTERED)
        unit.commit()
    return made.id


def answer(world: World, user: str = ANNA) -> dict[str, Any]:
    """Ask for the themes and return the message that answers."""
    world.says(user, "themes")
    return dict(world.slack.space.ephemerals[-1])


def state(world: World, theme: int) -> ThemeState:
    with world.context.reading() as unit:
        return unit.themes.get(theme).state


def press(world: World, user: str, message: dict[str, Any], action: str) -> str:
    """Press a button of an answer that only this person sees."""
    return world.presses(user, message, action, PRODUCT)


def test_it_says_plainly_when_there_is_none(world: World) -> None:
    world.piece(WORDS)

    said = world.says(ANNA, "themes")

    assert "No theme yet" in said
    assert "1 piece without a ticket is in no theme so far." in said


def test_it_lists_name_people_trend_and_a_quote(world: World, theme: int) -> None:
    said = world.says(ANNA, "themes")

    for part in ("dark mode, eyes", "3 pieces from 3 people, 3 companies", "→ 1 → 1 → 1 → 0", WORDS):
        assert part in said


def test_two_people_are_never_shown(world: World, theme: int) -> None:
    with world.context.work() as unit:
        unit.themes.leave([1])
        unit.commit()

    assert "No theme yet" in world.says(ANNA, "themes")


def test_words_after_it_are_told_to_be_too_many(world: World) -> None:
    assert "takes no words" in world.says(ANNA, "themes please")


def test_not_us_sets_it_aside_and_undo_brings_it_back(world: World, theme: int) -> None:
    said = press(world, BEN, answer(world, BEN), ids.THEME_DISMISS)
    dismissed = state(world, theme)

    press(world, BEN, world.slack.space.ephemerals[-1], ids.THEME_RESTORE)

    assert "“dark mode, eyes” is set aside as not yours" in said
    assert (dismissed, state(world, theme)) == (ThemeState.DISMISSED, ThemeState.LIVING)


def test_all_of_it_is_attached_to_a_ticket_that_is_searched_for(world: World, theme: int) -> None:
    world.ticket("FLD-3", "Dark mode")
    press(world, ANNA, answer(world), ids.THEME_ATTACH)
    search(world, ANNA, "dark")

    choose(world, ANNA, "FLD-3")

    assert [world.states(piece) for piece in (1, 2, 3)] == [{"FLD-3": "attached"}] * 3
    assert "Attached to FLD-3 Dark mode: 3 pieces." in shown(world.slack.space.ephemerals[-1])
    assert state(world, theme) is ThemeState.TICKETED
    assert "annotate" in world.queue.names()


def test_a_ticket_is_created_with_the_title_that_was_typed(world: World, theme: int) -> None:
    press(world, ANNA, answer(world), ids.THEME_CREATE)
    view = world.modal(ANNA)
    offered = {b["block_id"]: b["element"] for b in view["blocks"] if b["type"] == "input"}

    world.slack.interactor.submit(ANNA, view["id"], {ids.TITLE: {ids.TITLE: "Night colours"}})
    world.pool.settle()

    assert offered[ids.PROJECT]["initial_option"]["value"] == "FLD"
    assert offered[ids.TITLE]["initial_value"] == "Dark mode, eyes"
    assert WORDS in offered[ids.DESCRIPTION]["initial_value"]
    assert [world.states(piece) for piece in (1, 2, 3)] == [{"FLD-100": "attached"}] * 3
    assert "Attached to FLD-100 Night colours: 3 pieces." in shown(world.modal(ANNA))


def test_a_ticket_without_a_title_is_asked_for_one(world: World, theme: int) -> None:
    press(world, ANNA, answer(world), ids.THEME_CREATE)

    outcome = world.slack.interactor.submit(ANNA, world.modal(ANNA)["id"], {ids.TITLE: {ids.TITLE: " "}})

    assert outcome["errors"] == {ids.TITLE: "Give the ticket a title."}


def test_an_old_button_tells_what_has_changed(world: World, theme: int) -> None:
    seen = answer(world)
    with world.context.work() as unit:
        unit.themes.change(theme, state=ThemeState.TICKETED)
        unit.commit()
    said = press(world, ANNA, seen, ids.THEME_DISMISS)

    assert "This has changed since you saw it. The theme has a ticket." in said


def test_a_digest_tells_of_the_theme_and_its_buttons_act_on_it(world: World, theme: int) -> None:
    world.says(ANNA, "digest schedule mon 9:00")
    world.says(ANNA, "digest now")
    digest = next(m for m in world.messages(PRODUCT) if "Without a ticket" in shown(m))

    said = press(world, BEN, digest, ids.THEME_DISMISS)

    assert "dark mode, eyes" in shown(digest)
    assert "is set aside" in said
    assert state(world, theme) is ThemeState.DISMISSED
