"""What goes wrong is told where the person looks, in words that help, and logged once."""

from __future__ import annotations

import json
import logging
from collections.abc import Mapping
from typing import Any

import pytest

from bot.errors import AccessError, AnswerError, NotFoundError, TransientError, UncertainError
from handlers import surfaces
from handlers.errors import told
from handlers.interaction import words
from integrations.sandbox.slack.responses import LASTS_S, USES
from integrations.slack.blocks import ids
from integrations.slack.blocks.elements import plain
from tests.handlers.world import ANNA, OWNERS, PRIVATE, PRODUCT, World, shown

KNOWN = "interaction refused by Slack"


@pytest.fixture
def card(world: World) -> dict[str, Any]:
    """Return the card of piece 1, proposed for FLD-1."""
    return world.suggest(world.piece("The export drops rows."), world.ticket("FLD-1", "Export all rows"))


def refuse(world: World, method: str, error: str, *, status: int = 200, **rule: Any) -> None:
    """Let Slack answer the method's calls with the error."""
    body = json.dumps({"ok": False, "error": error})
    rules = {"do": "status", "status": status, "body": body, "times": None, **rule}
    world.sandbox.faults.add({"vendor": "slack", "path": f"/api/{method}", **rules})


def events(caplog: pytest.LogCaptureFixture) -> list[str]:
    """Return what was logged of failures."""
    return [r.getMessage() for r in caplog.records if r.levelno >= logging.WARNING]


@pytest.mark.parametrize(
    ("error", "how", "said"),
    [
        ("message_not_found", {}, "That message is gone"),
        ("channel_not_found", {}, "type /invite @voc there"),
        ("is_archived", {}, "archived, so nothing can be posted there"),
        ("not_in_channel", {}, "Type /invite @voc there and try again"),
        ("msg_blocks_too_long", {}, "longer than Slack takes"),
        ("ratelimited", {"status": 429, "retry_after_s": 90}, "Try again in 90 s."),
        ("token_revoked", {}, "Whoever runs Voc has to install it again"),
    ],
)
def test_each_refusal_of_slacks_is_told_to_the_person_alone_with_what_helps_and_logged_once(
    world: World,
    card: dict[str, Any],
    caplog: pytest.LogCaptureFixture,
    error: str,
    how: Mapping[str, Any],
    said: str,
) -> None:
    refuse(world, "views.open", error, **how)
    before = len(world.messages(OWNERS))

    answer = world.presses(ANNA, card, ids.OTHER_TICKET)

    assert said in answer
    assert "reference" not in answer
    assert events(caplog) == [KNOWN]
    assert len(world.messages(OWNERS)) == before


@pytest.mark.parametrize("why", ["used up", "expired"])
def test_where_its_own_address_is_over_an_answer_is_shown_in_the_channel(world: World, why: str) -> None:
    form = command(world, PRODUCT)
    rights = list(world.slack.space.responses.values())[-1]
    rights.uses = USES if why == "used up" else 0
    rights.expires_at -= LASTS_S + 1 if why == "expired" else 0

    world.deliver_form(form)

    assert "The digest comes here" in shown(world.slack.space.ephemerals[-1])
    assert world.slack.space.ephemerals[-1]["channel"] == PRODUCT


def test_where_the_channel_is_closed_to_voc_too_the_person_gets_a_direct_message(world: World) -> None:
    form = command(world, PRIVATE, "status")
    list(world.slack.space.responses.values())[-1].uses = USES

    world.deliver_form(form)

    (direct,) = [c for c in world.slack.space.channels.values() if c.user == ANNA]
    assert len(direct.messages) == 1
    assert world.slack.space.ephemerals == []


def test_an_answer_that_may_have_been_shown_is_not_shown_a_second_time(world: World) -> None:
    form = command(world, PRODUCT, "status")
    world.sandbox.faults.add({"do": "lost", "vendor": "slack", "path": "/response/.*"})

    world.deliver_form(form)

    assert len(world.slack.space.ephemerals) == 1
    assert not [c for c in world.slack.space.channels.values() if c.user]


def test_a_press_that_slack_let_expire_is_to_be_pressed_again(world: World, card: dict[str, Any]) -> None:
    refuse(world, "views.open", "expired_trigger_id")

    assert "Press again" in world.presses(ANNA, card, ids.OTHER_TICKET)
    assert "Press again" in told(AnswerError("slack", "opening a dialog", "expired_trigger_id"), "shortcut x")


def test_a_dialog_that_is_open_says_it_itself_and_keeps_what_was_typed(world: World) -> None:
    field = {"type": "plain_text_input", "action_id": "words"}
    typed = {"type": "input", "block_id": "b", "label": plain("Words"), "element": field}
    made = {"type": "modal", "title": plain("Add"), "submit": plain("Save"), "blocks": [typed]}
    trigger = world.slack.space.new_trigger(ANNA)
    view = world.context.slack.write("views.open", "opening", trigger_id=trigger, view=made)["view"]
    world.slack.interactor.fill(view["id"], {"b": {"words": "export"}})
    said = surfaces.reply(world.context.slack, {"type": "block_actions", "view": view}, "", ANNA)

    said(words("That did not work."))
    again = world.modal(ANNA)

    assert [block["block_id"] for block in again["blocks"]] == [surfaces.SAID_BLOCK, "b"]
    assert "That did not work." in shown(again["blocks"][0])
    assert again["state"]["values"]["b"]["words"]["value"] == "export"


@pytest.mark.parametrize(
    ("fault", "said"),
    [
        (TransientError("jira", "reading"), "Jira does not answer right now"),
        (UncertainError("jira", "creating"), "Jira did not say whether that was done"),
        (NotFoundError("jira", "reading"), "Jira no longer has that"),
        (AccessError("jira", "reading", "403", remedy="ask an admin"), "What helps: ask an admin"),
        (AnswerError("jira", "reading", "not an object"), "Something went wrong"),
        (ZeroDivisionError("somebody's words"), "Something went wrong"),
    ],
    ids=lambda value: type(value).__name__,
)
def test_what_is_nobodys_fault_here_has_a_reference_under_which_the_log_has_it(
    fault: Exception, said: str, caplog: pytest.LogCaptureFixture
) -> None:
    answer = told(fault, "command /voc")

    (record,) = caplog.records
    assert said in answer
    assert f"(reference {vars(record)['reference']})" in answer
    assert "somebody" not in answer


def test_what_nobody_asked_for_is_logged_and_told_to_nobody(caplog: pytest.LogCaptureFixture) -> None:
    answers = [told(ZeroDivisionError(), "event message", is_asked=False)]
    answers.append(told(AccessError("slack", "reading", "not_in_channel"), "event x", is_asked=False))

    assert answers == ["", ""]
    assert events(caplog) == ["interaction failed", KNOWN]


def command(world: World, channel: str, text: str = "digest schedule mon 9:00") -> dict[str, str]:
    """Return a command's form, not sent yet; its response_url is the newest."""
    return {
        "team_id": str(world.slack.space.team["id"]),
        "channel_id": channel,
        "user_id": ANNA,
        "command": "/voc",
        "text": text,
        "response_url": world.response_url(ANNA, channel),
        "trigger_id": world.slack.space.new_trigger(ANNA),
    }
