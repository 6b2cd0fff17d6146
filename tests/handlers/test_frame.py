"""Pages that are turned in place, and answers shared with the channel, once."""

from __future__ import annotations

from typing import Any

import pytest

from integrations.slack.blocks import ids
from tests.handlers.world import ANNA, BEN, PRIVATE, PRODUCT, World, shown

BACK, ON = f"{ids.SHOW}back", f"{ids.SHOW}on"


def answer(world: World, text: str, channel: str = PRODUCT) -> dict[str, Any]:
    """Ask, and return the message that answers."""
    world.says(ANNA, text, channel)
    return dict(world.slack.space.ephemerals[-1])


@pytest.fixture
def exports(world: World) -> list[int]:
    """Return seven pieces on exports, the oldest first."""
    return [
        world.piece(f"The export lost row {n} again.", person=str(n), days_ago=20 - n) for n in range(1, 8)
    ]


def test_pages_are_turned_in_place_and_back(world: World, exports: list[int]) -> None:
    first = answer(world, "search export")

    world.presses(ANNA, first, ON, PRODUCT)
    second = dict(world.slack.space.ephemerals[-1])
    world.presses(ANNA, second, BACK, PRODUCT)

    assert len(world.slack.space.ephemerals) == 1
    assert "Page 1 of 2" in shown(first)
    assert "Page 2 of 2" in shown(second)
    assert second["ts"] == first["ts"]
    said = shown(first) + shown(second)
    assert all(said.count(f"#{piece}\n") == 1 for piece in exports)
    assert shown(world.slack.space.ephemerals[-1]["blocks"][:-1]) == shown(first["blocks"][:-1])


@pytest.mark.parametrize("fault", ["used", "over"])
def test_where_slack_no_longer_lets_us_replace_the_answer_comes_anew(
    world: World, exports: list[int], fault: str
) -> None:
    first = answer(world, "search export")
    url = world.response_url(ANNA, PRODUCT)
    response = world.slack.space.responses[url.rpartition("/")[2]]
    response.uses, response.expires_at = (5, response.expires_at) if fault == "used" else (0, 0)
    value = next(e for e in first["blocks"][-1]["elements"] if e["action_id"] == ON)["value"]

    world.deliver(
        {
            "type": "block_actions",
            "user": {"id": ANNA, "team_id": world.slack.space.team["id"]},
            "team": {"id": world.slack.space.team["id"]},
            "channel": {"id": PRODUCT},
            "container": {"message_ts": first["ts"]},
            "response_url": url,
            "actions": [{"action_id": ON, "block_id": "frame", "value": value, "type": "button"}],
        }
    )

    assert len(world.slack.space.ephemerals) == 2
    assert "Page 2 of 2" in shown(world.slack.space.ephemerals[-1])


def test_an_answer_is_shared_once_by_whoever_presses_first_and_says_who(
    world: World, exports: list[int]
) -> None:
    first = answer(world, "search export since:30d")

    said = world.presses(ANNA, first, ids.SHARE, PRODUCT)
    again = world.presses(ANNA, first, ids.SHARE, PRODUCT)

    [posted] = world.messages(PRODUCT)
    assert "Shared: http" in said
    assert said.splitlines()[-1] == again.splitlines()[-1]
    assert f"Shared by <@{ANNA}>" in shown(posted)
    assert "/voc search export since:30d" in shown(posted)
    assert "The export lost row" in shown(posted)
    assert not any(block["type"] == "actions" for block in posted["blocks"])


def test_a_channel_without_voc_gets_the_line_that_invites_it_and_nothing_is_posted(
    world: World, exports: list[int]
) -> None:
    first = answer(world, "search export", PRIVATE)

    said = world.presses(ANNA, first, ids.SHARE, PRIVATE)

    assert "/invite @voc" in said
    assert world.messages(PRIVATE) == []


def test_where_another_organisation_reads_along_nothing_is_shared(world: World, exports: list[int]) -> None:
    world.slack.space.channels[PRODUCT].is_ext_shared = True
    first = answer(world, "search export")

    said = world.presses(ANNA, first, ids.SHARE, PRODUCT)

    assert "People of another organisation read this channel" in said
    assert world.messages(PRODUCT) == []


def test_between_two_people_nothing_is_offered_to_be_shared(world: World, exports: list[int]) -> None:
    direct = str(world.context.slack.upsert("conversations.open", "opening", users=ANNA)["channel"]["id"])

    first = answer(world, "search export", direct)
    world.presses(ANNA, first, ON, direct)

    for message in (first, world.slack.space.ephemerals[-1]):
        assert "Share here" not in shown(message)
        assert "Page" in shown(message)


def test_a_share_that_slack_refused_is_told_with_why_and_can_be_tried_again(
    world: World, exports: list[int]
) -> None:
    first = answer(world, "search lost")
    world.slack.space.app["scopes"].remove("chat:write")
    refused = world.presses(ANNA, first, ids.SHARE, PRODUCT)
    world.slack.space.app["scopes"].append("chat:write")
    world.clock.advance(3_600)

    said = world.presses(ANNA, first, ids.SHARE, PRODUCT)

    assert "It is not shared yet (missing_scope" in refused
    assert "Shared: http" in said
    assert len(world.messages(PRODUCT)) == 1


def test_acts_are_neither_shared_nor_repeated_by_a_button(world: World) -> None:
    recorded = answer(world, 'add "Please add a dark mode."')
    actions = {e["action_id"] for b in recorded["blocks"] for e in b.get("elements", []) if "action_id" in e}

    assert actions == {ids.ADD_UNDO}


def test_people_of_elsewhere_can_share_nothing(world: World, exports: list[int]) -> None:
    first = answer(world, "search export")
    value = next(e for e in first["blocks"][-1]["elements"] if e["action_id"] == ids.SHARE)["value"]
    for action in (ids.SHARE, ON):
        world.deliver(
            {
                "type": "block_actions",
                "user": {"id": BEN, "team_id": "T0ELSEWHERE"},
                "team": {"id": world.slack.space.team["id"]},
                "channel": {"id": PRODUCT},
                "container": {"message_ts": first["ts"]},
                "response_url": world.response_url(BEN, PRODUCT),
                "actions": [{"action_id": action, "block_id": "frame", "value": value, "type": "button"}],
            }
        )

    assert world.messages(PRODUCT) == []
    assert all("Only members of this workspace" in shown(m) for m in world.slack.space.ephemerals[1:])
