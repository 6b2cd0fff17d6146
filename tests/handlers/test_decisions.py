"""Buttons under a piece, pressed by one person, by two at once, and delivered twice."""

from __future__ import annotations

import json
import threading
from pathlib import Path
from typing import Any

import pytest

from bot.services.ingest import withdraw
from integrations.slack.blocks import ids
from tests.handlers.world import ANNA, BEN, NOW, OWNERS, PRODUCT, World, shown


@pytest.fixture
def card(world: World) -> dict[str, Any]:
    """Return the card of piece 1, which is proposed for FLD-1."""
    ticket = world.ticket("FLD-1", "Export all rows")
    return world.suggest(world.piece("The export drops rows after page two."), ticket)


def as_seen(message: dict[str, Any]) -> dict[str, Any]:
    """Return the message as it was shown, whatever becomes of it."""
    return dict(json.loads(json.dumps(message)))


def test_attaching_stores_who_decided_and_shows_it_on_the_card_at_once(
    world: World, card: dict[str, Any]
) -> None:
    answer = world.presses(ANNA, card, ids.ATTACH)

    assert world.states(1) == {"FLD-1": "attached"}
    (message,) = world.messages(OWNERS)
    assert "Attached to" in shown(message)
    assert f"<@{ANNA}>" in shown(message)
    assert answer == ""


def test_a_decision_lets_the_ticket_follow(world: World, card: dict[str, Any]) -> None:
    world.presses(ANNA, card, ids.ATTACH)

    assert "annotate" in world.queue.names()


def test_not_feedback_rejects_the_proposal_and_undo_takes_it_back(world: World, card: dict[str, Any]) -> None:
    world.presses(ANNA, card, ids.NOT_FEEDBACK)
    assert world.states(1) == {"FLD-1": "rejected"}

    world.presses(ANNA, world.messages(OWNERS)[0], ids.UNDO)

    assert "No ticket fits" in shown(world.messages(OWNERS)[0])


def test_undo_detaches_and_the_piece_is_matched_anew(world: World, card: dict[str, Any]) -> None:
    world.presses(ANNA, card, ids.ATTACH)

    world.presses(BEN, world.messages(OWNERS)[0], ids.UNDO)

    assert world.states(1) == {"FLD-1": "detached"}
    with world.context.reading() as unit:
        assert [v.feedback_id for v in unit.pieces.due_for_matching()] == [1]


def test_the_second_of_two_people_is_told_what_the_first_decided(world: World, card: dict[str, Any]) -> None:
    seen = as_seen(card)
    world.presses(ANNA, seen, ids.NOT_FEEDBACK)
    world.slack.space.channels[OWNERS].messages[0]["blocks"] = seen[
        "blocks"
    ]  # Ben's client shows the old card

    answer = world.presses(BEN, seen, ids.ATTACH)

    assert world.states(1) == {"FLD-1": "rejected"}
    assert "This has changed since you saw it. It is set aside as not feedback." in answer


def test_the_second_who_wanted_the_same_learns_who_was_first(world: World, card: dict[str, Any]) -> None:
    seen = as_seen(card)
    world.presses(ANNA, seen, ids.ATTACH)
    world.slack.space.channels[OWNERS].messages[0]["blocks"] = seen["blocks"]

    answer = world.presses(BEN, seen, ids.ATTACH)

    assert f"It is attached to FLD-1, by <@{ANNA}>." in answer
    with world.context.reading() as unit:
        assert [m.decided_by for m in unit.matches.of_feedback(1)] == [ANNA]


def test_what_voc_attached_by_itself_meanwhile_is_told(world: World, card: dict[str, Any]) -> None:
    seen = as_seen(card)
    world.suggest(1, world.ticket("FLD-2", "Export to Excel"), attached=True)
    world.slack.space.channels[OWNERS].messages[0]["blocks"] = seen["blocks"]

    answer = world.presses(ANNA, seen, ids.ATTACH)

    assert "It is attached to FLD-2, by Voc itself." in answer


def test_a_double_click_says_nothing(world: World, card: dict[str, Any]) -> None:
    seen = as_seen(card)
    world.presses(ANNA, seen, ids.ATTACH)
    world.slack.space.channels[OWNERS].messages[0]["blocks"] = seen["blocks"]

    assert world.presses(ANNA, seen, ids.ATTACH) == ""


def test_a_proposal_that_changed_meanwhile_is_not_attached_by_an_old_button(
    world: World, card: dict[str, Any]
) -> None:
    seen = as_seen(card)
    world.suggest(1, world.ticket("FLD-2", "Export to Excel"))
    world.slack.space.channels[OWNERS].messages[0]["blocks"] = seen["blocks"]

    answer = world.presses(ANNA, seen, ids.ATTACH)

    assert "It is proposed for FLD-2" in answer
    assert "attached" not in world.states(1).values()


def test_two_people_who_press_at_the_same_moment_decide_once(world: World, card: dict[str, Any]) -> None:
    together = threading.Barrier(2)

    def press(user: str, action_id: str) -> None:
        together.wait()
        block = card["blocks"][-1]["block_id"]
        world.slack.interactor.press(user, OWNERS, card["ts"], block, action_id)

    people = [
        threading.Thread(target=press, args=(ANNA, ids.ATTACH)),
        threading.Thread(target=press, args=(BEN, ids.NOT_FEEDBACK)),
    ]
    for person in people:
        person.start()
    for person in people:
        person.join()
    world.pool.settle()
    world.pool.settle()

    (late,) = world.slack.space.ephemerals
    outcome = world.states(1)
    assert late["user"] == (BEN if outcome == {"FLD-1": "attached"} else ANNA)
    assert "This has changed since you saw it" in shown(late)


def test_a_press_that_slack_delivers_twice_counts_once(world: World, card: dict[str, Any]) -> None:
    world.presses(ANNA, card, ids.ATTACH)
    attached = world.messages(OWNERS)[0]
    payload = press_payload(world, as_seen(attached), ids.UNDO)
    world.deliver(payload)
    world.suggest(1, world.ticket("FLD-2", "Export to Excel"))

    world.deliver(payload)

    assert world.states(1) == {"FLD-2": "suggested", "FLD-1": "detached"}
    assert world.slack.space.ephemerals == []


def test_people_of_another_workspace_cannot_decide(world: World, card: dict[str, Any]) -> None:
    payload = press_payload(world, card, ids.ATTACH)
    payload["user"]["team_id"] = "T0ELSEWHERE"

    world.deliver(payload)

    assert world.states(1) == {"FLD-1": "suggested"}
    assert "Only members of this workspace" in shown(world.slack.space.ephemerals[-1])


def test_where_there_are_editors_nobody_else_decides(tmp_path: Path, handlers_template: Path) -> None:
    world = World(tmp_path, handlers_template, editors=frozenset({ANNA}))
    try:
        card = world.suggest(world.piece("The export drops rows."), world.ticket("FLD-1", "Export"))

        assert "Only Voc’s editors" in world.presses(BEN, card, ids.ATTACH)
        assert world.states(1) == {"FLD-1": "suggested"}
        world.presses(ANNA, card, ids.ATTACH)
        assert world.states(1) == {"FLD-1": "attached"}
    finally:
        world.close()


def test_words_that_were_removed_at_the_source_leave_nothing_to_decide(
    world: World, card: dict[str, Any]
) -> None:
    seen = as_seen(card)
    with world.context.work() as unit:
        withdraw(unit, "zendesk", [unit.conversations.external_ids("zendesk")[0]], NOW)
        unit.commit()

    answer = world.presses(ANNA, seen, ids.ATTACH)

    assert "removed at their source" in answer
    assert "Withdrawn" in shown(world.messages(OWNERS)[0])


def test_a_button_in_a_digest_is_answered_to_the_one_who_pressed(world: World) -> None:
    world.piece("Please add a dark mode to the app.")
    world.piece("Please let me print my tours as one page.", person="2")
    world.says(ANNA, "digest schedule mon 9:00")
    world.says(ANNA, "digest now")
    digest = next(m for m in world.messages(PRODUCT) if "Without a ticket" in shown(m))

    answer = world.presses(BEN, digest, ids.NOT_FEEDBACK, PRODUCT)

    assert "It is set aside as not feedback." in answer


def press_payload(world: World, message: dict[str, Any], action_id: str) -> dict[str, Any]:
    """Return Anna's press as Slack sends it."""
    block = next(
        b for b in message["blocks"] if any(e.get("action_id") == action_id for e in b.get("elements", []))
    )
    element = next(e for e in block["elements"] if e["action_id"] == action_id)
    team = world.slack.space.team["id"]

    return {
        "type": "block_actions",
        "team": {"id": team, "domain": "acme"},
        "user": {"id": ANNA, "name": "anna", "team_id": team},
        "trigger_id": world.slack.space.new_trigger(ANNA),
        "container": {"type": "message", "message_ts": message["ts"], "channel_id": OWNERS},
        "channel": {"id": OWNERS, "name": "voc"},
        "message": message,
        "response_url": world.response_url(ANNA, OWNERS),
        "actions": [{**element, "block_id": block["block_id"], "action_ts": "1.0"}],
    }
