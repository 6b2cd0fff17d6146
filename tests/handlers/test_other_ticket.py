"""The dialog "another ticket": opened, searched, submitted."""

from __future__ import annotations

from typing import Any

import pytest

from integrations.slack.blocks import ids
from tests.handlers.world import ANNA, BEN, OWNERS, PRODUCT, World, shown


@pytest.fixture
def card(world: World) -> dict[str, Any]:
    """Return the card of piece 1: proposed for FLD-1, FLD-2 next best."""
    first, second = world.ticket("FLD-1", "Export all rows"), world.ticket("FLD-2", "Export to Excel")
    world.ticket("FLD-3", "Dark mode")
    return world.suggest(world.piece("The export drops rows after page two."), first, second)


def search(world: World, user: str, words: str) -> list[str]:
    """Type words into the open dialog's field and return the keys that it offers."""
    outcome = world.slack.interactor.suggest(user, world.modal(user)["id"], ids.TICKET, ids.TICKET, words)
    assert outcome["status"] == "ok"
    return [option["value"] for option in outcome["options"]]


def choose(world: World, user: str, key: str) -> dict[str, Any]:
    """Submit the open dialog with the ticket chosen."""
    view = world.modal(user)
    outcome = world.slack.interactor.submit(user, view["id"], {ids.TICKET: {ids.TICKET: key}})
    world.pool.settle()
    return outcome


def test_what_is_near_comes_first_and_words_search_all_by_key_and_title(
    world: World, card: dict[str, Any]
) -> None:
    world.presses(ANNA, card, ids.OTHER_TICKET)

    near = search(world, ANNA, "")
    by_title, by_key = search(world, ANNA, "dark"), search(world, ANNA, "fld-1")

    assert (near, by_title, by_key) == (["FLD-2"], ["FLD-3"], ["FLD-1"])


def test_submitting_attaches_the_chosen_ticket_and_shows_it(world: World, card: dict[str, Any]) -> None:
    world.presses(ANNA, card, ids.OTHER_TICKET)
    search(world, ANNA, "dark")

    outcome = choose(world, ANNA, "FLD-3")

    assert outcome == {"status": "ok"}
    assert world.slack.space.modals[ANNA] == []
    assert world.states(1)["FLD-3"] == "attached"
    assert "FLD-3 Dark mode" in shown(world.messages(OWNERS)[0])
    assert world.slack.space.ephemerals == []


def test_submitting_without_a_choice_keeps_it_open_and_says_why(world: World, card: dict[str, Any]) -> None:
    world.presses(ANNA, card, ids.OTHER_TICKET)
    search(world, ANNA, "no such ticket at all")

    outcome = world.slack.interactor.submit(ANNA, world.modal(ANNA)["id"])

    assert list(outcome["errors"]) == [ids.TICKET]
    assert len(world.slack.space.modals[ANNA]) == 1


def test_overruling_somebody_names_them(world: World, card: dict[str, Any]) -> None:
    world.presses(BEN, card, ids.OTHER_TICKET)
    world.presses(ANNA, card, ids.ATTACH)
    search(world, BEN, "fld-2")

    choose(world, BEN, "FLD-2")

    (told,) = world.slack.space.ephemerals
    assert told["user"] == BEN
    assert f"It is attached to FLD-2, by <@{BEN}>. Before: It is attached to FLD-1, by <@{ANNA}>." in shown(
        told
    )


def test_a_tickets_address_finds_it(world: World, card: dict[str, Any]) -> None:
    world.presses(ANNA, card, ids.OTHER_TICKET)
    search(world, ANNA, "https://acme.atlassian.net/browse/FLD-2?focusedId=1")

    choose(world, ANNA, "FLD-2")

    assert world.states(1)["FLD-2"] == "attached"


def test_a_ticket_that_went_away_meanwhile_is_told(world: World, card: dict[str, Any]) -> None:
    world.presses(ANNA, card, ids.OTHER_TICKET)
    search(world, ANNA, "")
    with world.context.work() as unit:
        ticket = unit.tickets.by_key("FLD-2")
        assert ticket is not None
        unit.tickets.mark_gone(ticket.ref, world.clock.now())
        unit.commit()

    choose(world, ANNA, "FLD-2")

    assert "No ticket FLD-2 is known" in shown(world.slack.space.ephemerals[-1])
    assert world.states(1) == {"FLD-1": "suggested"}


def test_from_a_digest_it_answers_where_it_was_opened(world: World) -> None:
    world.ticket("FLD-3", "Dark mode")
    world.piece("Please add a dark mode to the app.")
    world.piece("Please let me print my tours as one page.", person="2")
    world.says(ANNA, "digest schedule mon 9:00")
    world.says(ANNA, "digest now")
    digest = next(m for m in world.messages(PRODUCT) if "Without a ticket" in shown(m))
    world.presses(BEN, digest, ids.OTHER_TICKET, PRODUCT)
    search(world, BEN, "dark")

    choose(world, BEN, "FLD-3")

    told = world.slack.space.ephemerals[-1]
    assert (told["user"], told["channel"]) == (BEN, PRODUCT)
    assert f"It is attached to FLD-3, by <@{BEN}>." in shown(told)
