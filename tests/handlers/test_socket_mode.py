"""Socket Mode reaches the same listeners as HTTP does, over a real websocket."""

from __future__ import annotations

import time
from collections.abc import Iterator

import pytest

from bot.errors import AccessError
from handlers.slack_app import listen
from integrations.slack.blocks import ids
from tests.handlers.world import ANNA, OWNERS, World, shown


@pytest.fixture
def connected(world: World) -> Iterator[World]:
    """Return the workspace with the app on a socket, its HTTP endpoint gone."""
    world.slack.space.bot["url"] = "http://127.0.0.1:9/"
    close = listen(world.bolt, world.slack.space.app["app_token"])
    until = time.monotonic() + 5
    while not world.slack.sockets.is_connected and time.monotonic() < until:
        time.sleep(0.01)
    yield world
    close()


def test_a_command_is_answered(connected: World) -> None:
    assert "/voc help" in connected.says(ANNA, "help")


def test_a_connection_that_slack_asks_to_renew_is_renewed_and_answers(connected: World) -> None:
    was_renewed = connected.slack.sockets.refresh(within_s=10)

    assert was_renewed
    assert "/voc help" in connected.says(ANNA, "help")


def test_an_event_is_acknowledged_and_its_retry_is_told_as_over_http(
    connected: World, caplog: pytest.LogCaptureFixture
) -> None:
    people = connected.slack.talking
    callback = people.react(ANNA, OWNERS, people.say(ANNA, OWNERS, "The export"), "memo")
    assert callback is not None

    again = connected.slack.events.repeat(callback)
    connected.hears()

    assert [d["status"] for d in connected.slack.space.deliveries] == ["ok"] * 3
    assert again == "ok"
    (retry,) = (r for r in caplog.records if r.message == "event delivered again")
    assert (vars(retry)["retry"], vars(retry)["reason"]) == ("1", "http_timeout")


def test_a_dialog_is_kept_open_until_a_ticket_is_chosen_and_then_decides(connected: World) -> None:
    connected.ticket("FLD-2", "Excel")
    card = connected.suggest(connected.piece("The export drops rows."), connected.ticket("FLD-1", "Export"))
    person = connected.slack.interactor
    connected.presses(ANNA, card, ids.OTHER_TICKET)
    view = connected.modal(ANNA)["id"]

    empty = person.submit(ANNA, view)
    person.suggest(ANNA, view, ids.TICKET, ids.TICKET, "excel")
    chosen = person.submit(ANNA, view, {ids.TICKET: {ids.TICKET: "FLD-2"}})
    connected.pool.settle()

    assert ids.TICKET in empty["errors"]
    assert chosen == {"status": "ok"}
    assert "FLD-2 Excel" in shown(connected.messages(OWNERS)[0])


def test_a_wrong_token_is_told_as_such(world: World) -> None:
    with pytest.raises(AccessError, match="opening the socket was refused"):
        listen(world.bolt, "xapp-wrong")
