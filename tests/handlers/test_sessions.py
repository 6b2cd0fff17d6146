"""A review session: ten pieces, one a page, each decided by a press, with undo for each at the end."""

from __future__ import annotations

from typing import Any

import pytest

from bot.services.cards import show_marked
from bot.services.inbox import show_inboxes
from bot.services.marks import CARD, mark
from integrations.slack.blocks import ids
from tests.handlers.world import ANNA, BEN, OWNERS, World, shown

WORDS = (
    "The export drops rows after page two.",
    "Exports stop in the middle of the file.",
    "We can not export our bookings at all.",
)


@pytest.fixture
def pieces(world: World) -> list[int]:
    """Return three pieces proposed for FLD-1, which wait in the owners' channel."""
    ticket, other = world.ticket("FLD-1", "Export all rows"), world.ticket("FLD-2", "Export to Excel")
    world.ticket("FLD-3", "Dark mode")
    found = [world.piece(words, person=str(n)) for n, words in enumerate(WORDS)]
    for piece in found:
        world.decide(piece, ticket, other)
    refresh(world, *found)
    return found


def refresh(world: World, *pieces: int) -> None:
    """Let the channel's message follow."""
    with world.context.work() as unit:
        for piece in pieces:
            mark(unit, CARD, piece, world.clock.now())
        unit.commit()
    show_marked(world.context.presenter)
    show_inboxes(world.context.presenter)


def inbox(world: World) -> dict[str, Any]:
    return world.messages(OWNERS)[-1]


def block_of(view: dict[str, Any], action_id: str) -> str:
    """Return the id of the block that holds the element."""
    for block in view["blocks"]:
        elements = [*block.get("elements", []), block.get("accessory") or {}]
        if any(element.get("action_id") == action_id for element in elements):
            return str(block["block_id"])
    raise AssertionError(f"{action_id} is not shown")


def press(world: World, user: str, action_id: str, value: str | None = None) -> str:
    """Press the button in the open dialog, or choose; return what the dialog shows then."""
    view = world.modal(user)
    outcome = world.slack.interactor.act_in_view(
        user, view["id"], block_of(view, action_id), action_id, value
    )
    world.pool.settle()
    assert outcome["status"] == "ok"
    return shown(world.modal(user))


def page_of(world: World, user: str) -> int:
    """Return the piece whose page is shown."""
    return int(block_of(world.modal(user), ids.SESSION_SKIP).split("-")[1])


def fill(world: World, user: str, **values: str) -> dict[str, Any]:
    """Submit the dialog that lies on top."""
    names = {name: getattr(ids, name.upper()) for name in values}
    typed = {names[name]: {names[name]: value} for name, value in values.items()}
    outcome = world.slack.interactor.submit(user, world.modal(user)["id"], typed)
    if "errors" not in outcome:
        world.pool.settle()
    return outcome


def test_each_press_decides_and_shows_the_next_and_the_end_sums_up(world: World, pieces: list[int]) -> None:
    world.presses(ANNA, inbox(world), ids.REVIEW)
    first = shown(world.modal(ANNA))

    second = press(world, ANNA, ids.SESSION_ATTACH)
    press(world, ANNA, ids.SESSION_ASIDE)
    end = press(world, ANNA, ids.SESSION_SKIP)

    assert "1 of 3" in first
    assert "Is this about \nFLD-1 Export all rows" in first
    assert "2 of 3" in second
    states = [world.states(piece)["FLD-1"] for piece in pieces]
    assert sorted(states) == ["attached", "rejected", "suggested"]
    assert "2 decided · 1 still waits" in end
    assert "Attached to FLD-1" in end
    assert "Set aside as not feedback" in end
    assert "1 skipped: it waits as before." in end


def test_the_message_follows_and_offers_undo_to_the_one_who_decided_in_it(
    world: World, pieces: list[int]
) -> None:
    before = shown(inbox(world))
    answer = world.presses(ANNA, inbox(world), ids.ATTACH)
    attached = [piece for piece in pieces if world.states(piece)["FLD-1"] == "attached"]
    refresh(world)
    after = shown(inbox(world))

    world.presses(ANNA, world.slack.space.ephemerals[-1], ids.UNDO)
    refresh(world)

    assert "3 proposals wait for a decision" in before
    assert "It is attached to FLD-1" in answer
    assert len(attached) == 1
    assert "2 proposals wait" in after
    assert "3 proposals wait" in shown(inbox(world))
    assert len(world.messages(OWNERS)) == 1


def test_another_ticket_is_found_as_one_types_and_attached_by_choosing(
    world: World, pieces: list[int]
) -> None:
    world.presses(ANNA, inbox(world), ids.REVIEW)
    piece, view = page_of(world, ANNA), world.modal(ANNA)
    block = block_of(view, ids.TICKET)

    near = world.slack.interactor.suggest(ANNA, view["id"], block, ids.TICKET, "")
    found = world.slack.interactor.suggest(ANNA, view["id"], block, ids.TICKET, "dark")
    press(world, ANNA, ids.TICKET, "FLD-3")

    assert [option["value"] for option in near["options"]] == ["FLD-2"]
    assert [option["value"] for option in found["options"]] == ["FLD-3"]
    assert world.states(piece) == {"FLD-1": "rejected", "FLD-3": "attached"}
    assert "2 of 3" in shown(world.modal(ANNA))


def test_of_two_people_at_once_the_second_sees_what_the_first_did(world: World, pieces: list[int]) -> None:
    world.presses(ANNA, inbox(world), ids.REVIEW)
    world.presses(BEN, inbox(world), ids.REVIEW)
    piece = page_of(world, ANNA)
    press(world, ANNA, ids.SESSION_ASIDE)

    seen = press(world, BEN, ids.SESSION_ATTACH)

    assert world.states(piece) == {"FLD-1": "rejected"}
    assert "Somebody else was first. It is set aside as not feedback." in seen
    assert "2 of 3" in seen
    press(world, BEN, ids.SESSION_SKIP)
    assert "Decided meanwhile by somebody else" in press(world, BEN, ids.SESSION_SKIP)


def test_a_press_delivered_twice_decides_once(world: World, pieces: list[int]) -> None:
    world.presses(ANNA, inbox(world), ids.REVIEW)
    view = world.modal(ANNA)
    block = block_of(view, ids.SESSION_ATTACH)
    press(world, ANNA, ids.SESSION_ATTACH)
    sent = world.slack.space.new_trigger(ANNA)
    again = {
        "type": "block_actions",
        "team": {"id": world.slack.space.team["id"], "domain": "acme"},
        "user": {"id": ANNA, "team_id": world.slack.space.team["id"]},
        "trigger_id": sent,
        "container": {"type": "view", "view_id": view["id"]},
        "view": view,
        "actions": [{"type": "button", "action_id": ids.SESSION_ATTACH, "block_id": block, "value": "1"}],
    }

    world.deliver(again)
    world.deliver(again)

    assert sum("attached" in world.states(piece).values() for piece in pieces) == 1
    assert "2 of 3" in shown(world.modal(ANNA))


def test_undo_at_the_end_lets_the_proposal_wait_again(world: World, pieces: list[int]) -> None:
    world.presses(ANNA, inbox(world), ids.REVIEW)
    for action in (ids.SESSION_ATTACH, ids.SESSION_ASIDE, ids.SESSION_SKIP):
        press(world, ANNA, action)

    press(world, ANNA, ids.SESSION_UNDO)
    end = press(world, ANNA, ids.SESSION_UNDO)

    assert [world.states(piece)["FLD-1"] for piece in pieces] == ["suggested"] * 3
    assert end.count("Taken back") == 2
    assert "3 still wait" in end
    assert "1 of 3" in press(world, ANNA, ids.SESSION_MORE)


def test_a_ticket_is_created_of_the_page_with_the_quote_once_and_undo_says_that_it_stays(
    world: World, pieces: list[int]
) -> None:
    world.presses(ANNA, inbox(world), ids.REVIEW)
    piece = page_of(world, ANNA)
    form = press(world, ANNA, ids.SESSION_CREATE)
    described = next(b for b in world.modal(ANNA)["blocks"] if b["block_id"] == ids.DESCRIPTION)

    empty = fill(world, ANNA, title="  ")
    done = fill(world, ANNA, title="Exports lose rows")
    page = shown(world.modal(ANNA))
    press(world, ANNA, ids.SESSION_SKIP)
    press(world, ANNA, ids.SESSION_SKIP)
    end = press(world, ANNA, ids.SESSION_UNDO)

    assert "Create a ticket" in form
    assert described["element"]["initial_value"].startswith("“")
    assert (list(empty["errors"]), done) == ([ids.TITLE], {"status": "ok"})
    assert "Created FLD-100." in page
    [made] = [t for t in world.tracker.tickets.values() if t.title == "Exports lose rows"]
    assert "2 of 3" in page
    assert world.states(piece)[made.key] == "detached"
    assert f"The ticket {made.key} stays in the tracker." in end


def test_a_piece_begins_a_theme_and_another_joins_it(world: World, pieces: list[int]) -> None:
    world.presses(ANNA, inbox(world), ids.REVIEW)
    first = page_of(world, ANNA)
    press(world, ANNA, ids.SESSION_THEME)
    nameless = fill(world, ANNA, theme="new")
    fill(world, ANNA, theme="new", name="Lost rows")
    second = page_of(world, ANNA)
    press(world, ANNA, ids.SESSION_THEME)
    with world.context.reading() as unit:
        [theme] = [place.theme_id for place in unit.themes.of([first])]

    fill(world, ANNA, theme=str(theme))

    assert list(nameless["errors"]) == [ids.NAME]
    with world.context.reading() as unit:
        assert unit.themes.members([theme or 0])[theme or 0] == sorted([first, second])
    assert "3 of 3" in shown(world.modal(ANNA))


def test_a_page_can_be_put_to_the_channel(world: World, pieces: list[int]) -> None:
    world.presses(ANNA, inbox(world), ids.REVIEW)
    piece = page_of(world, ANNA)

    press(world, ANNA, ids.SESSION_ASK)
    refresh(world)

    card = world.messages(OWNERS)[-1]
    assert f"card-{piece}-" in str(card["blocks"])
    assert "2 of 3" in shown(world.modal(ANNA))


def test_a_dialog_that_was_closed_meanwhile_does_not_matter(world: World, pieces: list[int]) -> None:
    world.presses(ANNA, inbox(world), ids.REVIEW)
    piece, view = page_of(world, ANNA), world.modal(ANNA)
    before = len(world.slack.space.ephemerals)
    world.sandbox.faults.add(
        {
            "do": "status",
            "vendor": "slack",
            "path": "/api/views.update",
            "status": 200,
            "body": '{"ok": false, "error": "not_found"}',
        }
    )

    world.slack.interactor.act_in_view(
        ANNA, view["id"], block_of(view, ids.SESSION_ATTACH), ids.SESSION_ATTACH
    )
    world.pool.settle()

    assert world.states(piece)["FLD-1"] == "attached"
    assert len(world.slack.space.ephemerals) == before


def test_a_button_pressed_too_long_ago_says_so(world: World, pieces: list[int]) -> None:
    world.sandbox.faults.add(
        {
            "do": "status",
            "vendor": "slack",
            "path": "/api/views.open",
            "status": 200,
            "body": '{"ok": false, "error": "expired_trigger_id"}',
        }
    )

    assert "That took too long for Slack to open it." in world.presses(ANNA, inbox(world), ids.REVIEW)
