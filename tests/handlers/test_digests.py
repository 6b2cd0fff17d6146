"""A digest's buttons in Slack: the lists behind its numbers, its versions, and how it should be."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import Any

from bot.domain.digest import Length, Subscription
from bot.domain.scope import Scope
from handlers.slack_app import LISTENERS
from tests.handlers.test_commands import a_week_of_voices
from tests.handlers.world import ANNA, BEN, PRODUCT, World, shown


def digest_of(world: World) -> dict[str, Any]:
    """Return the digest as it was posted in the channel."""
    a_week_of_voices(world)
    world.says(ANNA, "digest schedule mon 9:00")
    world.says(ANNA, "digest now")
    return world.messages(PRODUCT)[0]


def subscription_of(world: World) -> Subscription:
    with world.context.reading() as unit:
        (subscription,) = unit.subscriptions.all()
    return subscription


def beside(message: Mapping[str, Any], words: str) -> tuple[str, str]:
    """Return (block id, action id) of the button that stands beside the words."""
    block = next(b for b in message["blocks"] if "accessory" in b and words in shown(b))
    return block["block_id"], block["accessory"]["action_id"]


def test_each_number_opens_its_list_which_stays_the_same_when_the_world_moves_on(world: World) -> None:
    message = digest_of(world)
    block_id, action_id = beside(message, "3 pieces")
    world.piece("Another word about the export.", person="9")

    world.slack.interactor.press(BEN, PRODUCT, message["ts"], block_id, action_id)
    world.pool.settle()
    pieces = world.modal(BEN)
    tab = next(b for b in pieces["blocks"] if b["type"] == "actions")
    world.slack.interactor.act_in_view(BEN, pieces["id"], tab["block_id"], "voc_list_tab:companies")
    world.pool.settle()
    companies = shown(world.modal(BEN)["blocks"])

    assert all(f"after page {n}" in shown(pieces["blocks"]) for n in (1, 2, 3))
    assert all(
        words in companies for words in ("3 people", "2 companies", "Acme · 2 pieces", "Bolt · 1 piece")
    )
    assert "Another word" not in companies


def test_a_previews_numbers_open_their_lists_too(world: World) -> None:
    a_week_of_voices(world)
    world.says(BEN, "digest preview")
    seen = world.slack.space.ephemerals[-1]
    world.piece("Another word about the export.", person="9")

    block_id, action_id = beside(seen, "3 pieces")
    world.slack.interactor.press(BEN, PRODUCT, seen["ts"], block_id, action_id)
    world.pool.settle()
    pieces = shown(world.modal(BEN)["blocks"])
    world.presses(BEN, seen, "voc_digest_list:0", channel=PRODUCT)
    asking = shown(world.modal(BEN)["blocks"])

    assert all(f"after page {n}" in pieces for n in (1, 2, 3))
    assert "Another word" not in pieces
    assert "FLD-1 Export all rows" in asking
    assert world.messages(PRODUCT) == []


def test_a_tickets_button_opens_who_asked_for_it(world: World) -> None:
    message = digest_of(world)

    world.presses(BEN, message, "voc_digest_list:0", channel=PRODUCT)

    assert "FLD-1 Export all rows" in shown(world.modal(BEN)["blocks"])


def test_shorter_and_longer_count_from_the_next_one_on(world: World) -> None:
    message = digest_of(world)

    shorter = world.presses(BEN, message, "voc_digest_shorter", channel=PRODUCT)
    length = subscription_of(world).length
    at_its_end = world.presses(BEN, message, "voc_digest_shorter", channel=PRODUCT)
    longer = world.presses(BEN, message, "voc_digest_longer", channel=PRODUCT)

    assert "short" in shorter
    assert "It is as short as it gets." in at_its_end
    assert (length, subscription_of(world).length) == (Length.SHORT, Length.NORMAL)
    assert "normal" in longer


def test_it_pauses_for_as_long_as_is_chosen_and_comes_back_at_its_hour(world: World) -> None:
    message = digest_of(world)
    world.presses(BEN, message, "voc_digest_pause", channel=PRODUCT)
    view = world.modal(BEN)["id"]

    world.slack.interactor.submit(BEN, view, {"voc_pause_for": {"voc_pause_for": "28"}})
    world.pool.settle()

    assert f"{subscription_of(world).next_at:%F %H:%M}" == "2026-12-21 08:00"
    assert "Paused" in shown(world.slack.space.ephemerals[-1])


def test_its_scope_is_chosen_of_what_is_known(world: World) -> None:
    message = digest_of(world)
    world.ticket("PAY-1", "Invoices", labels=("billing",))
    world.presses(BEN, message, "voc_digest_scope", channel=PRODUCT)
    view = world.modal(BEN)["id"]

    chosen = {"labels": {"voc_scope": ["billing"]}, "projects": {"voc_scope": ["FLD", "PAY"]}}
    world.slack.interactor.submit(BEN, view, chosen)
    world.pool.settle()

    assert subscription_of(world).scope == Scope(projects=("FLD", "PAY"), labels=("billing",))


def test_only_those_who_may_decide_change_a_channels_digest(tmp_path: Path, handlers_template: Path) -> None:
    world = World(tmp_path, handlers_template, editors=frozenset({ANNA}))
    try:
        message = digest_of(world)

        refused = world.presses(BEN, message, "voc_digest_shorter", channel=PRODUCT)

        assert "Only Voc’s editors" in refused
        assert subscription_of(world).length is Length.NORMAL
    finally:
        world.close()


def test_earlier_versions_are_read_from_the_history(world: World) -> None:
    digest_of(world)
    world.says(BEN, "digest history")
    history = world.slack.space.ephemerals[-1]
    block_id, action_id = beside(history, "9–15 Nov 2026")

    world.slack.interactor.press(BEN, PRODUCT, history["ts"], block_id, action_id)
    world.pool.settle()

    assert "3 conversations" in shown(world.modal(BEN)["blocks"])


def test_every_button_of_a_digest_has_a_listener(world: World) -> None:
    message = digest_of(world)
    elements = [e for b in message["blocks"] for e in [*b.get("elements", []), b.get("accessory") or {}]]
    names = [element["action_id"] for element in elements if "action_id" in element]

    for name in names:
        taken = next(
            one
            for one in LISTENERS
            if one.kind == "action"
            and (one.name == name or (not isinstance(one.name, str) and one.name.match(name)))
        )
        assert taken is not LISTENERS[-1], name
