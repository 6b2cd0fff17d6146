"""Slack's client as the stand-in plays it: signed requests, three seconds, answers by response_url."""

from __future__ import annotations

import json
import threading
from collections.abc import Callable, Iterator
from typing import Any

import pytest
import requests
from flask import Flask, jsonify, request
from slack_sdk.signature import SignatureVerifier

from integrations.slack.blocks.ids import TICKET
from integrations.slack.blocks.modals import another_ticket_view, read_other_ticket, ticket_options
from integrations.slack.blocks.render import render
from tests.integrations.slack.bot import running_bot
from tests.integrations.slack.samples import card, ticket_line
from tests.integrations.slack.world import ADA, CHANNEL, PRIVATE, Slack

Answer = Callable[[dict[str, Any]], Any]


class Bot:
    """A far end that checks signatures and answers as the test says."""

    def __init__(self) -> None:
        self.answer: Answer = lambda form: ""
        self.forms: list[dict[str, Any]] = []
        self.app = Flask("bot")
        self.app.add_url_rule("/slack/events", "events", self._events, methods=["POST"])

    @property
    def payload(self) -> dict[str, Any]:
        return dict(json.loads(self.forms[-1]["payload"]))

    def _events(self) -> Any:
        body = request.get_data(as_text=True)
        if not SignatureVerifier("s3cret").is_valid_request(body, dict(request.headers)):
            return "", 401
        self.forms.append(request.form.to_dict())
        return self.answer(self.forms[-1])


@pytest.fixture
def bot(slack: Slack) -> Iterator[Bot]:
    far_end = Bot()
    with running_bot(far_end.app) as url:
        slack.stand_in.load({"bot": {"url": f"{url}/slack/events", "signing_secret": "s3cret"}})
        yield far_end


def _respond(url: str, **body: Any) -> int:
    return requests.post(url, json=body, timeout=5).status_code


def _open_modal(slack: Slack) -> str:
    view = another_ticket_view(7, None)
    trigger = slack.stand_in.space.new_trigger(ADA)
    return str(slack.api().write("views.open", "opening", trigger_id=trigger, view=view)["view"]["id"])


def test_a_command_is_signed_and_its_answer_is_seen_by_one_person(slack: Slack, bot: Bot) -> None:
    bot.answer = lambda form: jsonify(text="all well")

    outcome = slack.stand_in.interactor.command(ADA, CHANNEL, "status")

    assert outcome == {"status": "ok"}
    assert [(e["user"], e["text"]) for e in slack.stand_in.dump()["ephemerals"]] == [(ADA, "all well")]
    assert slack.messages() == []


def test_a_wrong_secret_is_refused_by_the_far_end(slack: Slack, bot: Bot) -> None:
    slack.stand_in.load({"bot": {"signing_secret": "other"}})

    assert slack.stand_in.interactor.command(ADA, CHANNEL, "status") == {"status": "http_401"}


def test_a_late_acknowledgement_is_a_timeout(slack: Slack, bot: Bot) -> None:
    let_go = threading.Event()
    bot.answer = lambda form: str(let_go.wait(10))

    outcome = slack.stand_in.interactor.command(ADA, CHANNEL, "status")
    let_go.set()

    assert outcome == {"status": "operation_timeout"}
    assert slack.stand_in.dump()["interactions"][-1]["status"] == "operation_timeout"


def test_a_response_url_takes_five_answers_within_half_an_hour(slack: Slack, bot: Bot) -> None:
    slack.stand_in.interactor.command(ADA, CHANNEL, "one")
    slack.stand_in.interactor.command(ADA, CHANNEL, "two")
    first, second = (form["response_url"] for form in bot.forms)

    assert [_respond(first, text="x") for _ in range(6)] == [200] * 5 + [404]
    slack.clock.advance(31 * 60)
    assert _respond(second, text="late") == 404


def test_a_response_can_be_shared_replaced_and_taken_away(slack: Slack, bot: Bot) -> None:
    slack.stand_in.interactor.command(ADA, CHANNEL, "x")
    url = bot.forms[0]["response_url"]

    _respond(url, text="first")
    _respond(url, text="second", replace_original=True)
    _respond(url, text="for all", response_type="in_channel")
    assert [e["text"] for e in slack.stand_in.dump()["ephemerals"]] == ["second"]
    assert [m["text"] for m in slack.messages()] == ["for all"]
    _respond(url, delete_original=True)

    assert slack.stand_in.dump()["ephemerals"] == []
    assert _respond(url, blocks=[{"type": "hologram"}]) == 400


def test_a_press_names_the_button_and_the_message(slack: Slack, bot: Bot) -> None:
    ref = slack.messenger().post(CHANNEL, card(), key="card")
    block = slack.messages()[0]["blocks"][-1]["block_id"]

    slack.stand_in.interactor.press(ADA, CHANNEL, ref.id, block, "voc_attach")

    (action,) = bot.payload["actions"]
    assert (action["action_id"], action["value"], action["block_id"]) == ("voc_attach", "7", block)
    assert (bot.payload["container"]["message_ts"], bot.payload["user"]["id"]) == (ref.id, ADA)
    assert _respond(bot.payload["response_url"], text="done", replace_original=True) == 200
    assert [m["text"] for m in slack.messages()] == ["done"]


def test_a_press_tells_of_what_is_private_only_its_kind(slack: Slack, bot: Bot) -> None:
    slack.stand_in.load({"channels": [{"id": PRIVATE, "name": "secret", "is_private": True}]})
    messenger = slack.messenger()

    for place in (PRIVATE, messenger.channel_id(ADA)):
        ref = messenger.post(place, card(), key="card")
        block = slack.messages(place)[0]["blocks"][-1]["block_id"]
        slack.stand_in.interactor.press(ADA, place, ref.id, block, "voc_attach")

    named = [json.loads(form["payload"])["channel"]["name"] for form in bot.forms]
    assert named == ["privategroup", "directmessage"]


def test_a_press_on_what_only_one_person_sees_does_not_carry_the_message(slack: Slack, bot: Bot) -> None:
    (page,) = render(card())
    bot.answer = lambda form: jsonify(text=page.text, blocks=page.blocks) if "command" in form else ""
    slack.stand_in.interactor.command(ADA, CHANNEL, "x")
    (seen,) = slack.stand_in.dump()["ephemerals"]

    slack.stand_in.interactor.press(ADA, CHANNEL, seen["ts"], seen["blocks"][-1]["block_id"], "voc_attach")

    assert bot.payload["container"]["is_ephemeral"] is True
    assert "message" not in bot.payload


def test_nobody_presses_a_button_that_is_not_there(slack: Slack, bot: Bot) -> None:
    ref = slack.messenger().post(CHANNEL, card(), key="card")

    with pytest.raises(ValueError, match="no element"):
        slack.stand_in.interactor.press(ADA, CHANNEL, ref.id, "elsewhere", "voc_attach")


def test_a_select_asks_with_what_was_typed_and_takes_only_what_was_offered(slack: Slack, bot: Bot) -> None:
    view, do = _open_modal(slack), slack.stand_in.interactor
    bot.answer = lambda form: jsonify(options=ticket_options([ticket_line()]))

    offered = do.suggest(ADA, view, TICKET, TICKET, "csv rows")

    assert (bot.payload["type"], bot.payload["value"]) == ("block_suggestion", "csv rows")
    assert [option["value"] for option in offered["options"]] == ["SHOP-12"]
    with pytest.raises(ValueError, match="no option SHOP-13"):
        do.fill(view, {TICKET: {TICKET: "SHOP-13"}})


@pytest.mark.parametrize("answer", [[], {"options": [{"value": "x"}]}, {"options": [{}] * 101}])
def test_options_of_another_form_are_refused(slack: Slack, bot: Bot, answer: Any) -> None:
    view = _open_modal(slack)
    bot.answer = lambda form: jsonify(answer)

    outcome = slack.stand_in.interactor.suggest(ADA, view, TICKET, TICKET, "")

    assert outcome["status"] == "invalid_options"


def test_a_submission_needs_its_required_fields_then_closes_the_modal(slack: Slack, bot: Bot) -> None:
    view, do = _open_modal(slack), slack.stand_in.interactor
    bot.answer = lambda form: jsonify(options=ticket_options([ticket_line()]))
    do.suggest(ADA, view, TICKET, TICKET, "")
    bot.answer = lambda form: ""

    assert do.submit(ADA, view)["status"] == "incomplete"
    assert do.submit(ADA, view, {TICKET: {TICKET: "SHOP-12"}}) == {"status": "ok"}

    chosen = read_other_ticket(bot.payload["view"])
    assert (chosen.feedback_id, chosen.choice, chosen.card) == (7, "SHOP-12", None)
    assert slack.stand_in.dump()["modals"][ADA] == []


def test_a_submission_can_be_answered_with_errors_or_another_view(slack: Slack, bot: Bot) -> None:
    view, do, block = _open_modal(slack), slack.stand_in.interactor, TICKET
    chosen = {block: {TICKET: "SHOP-12"}}
    answers: list[dict[str, Any]] = [
        {"response_action": "errors", "errors": {block: "gone"}},
        {"response_action": "errors", "errors": {"nowhere": "x"}},
        {"response_action": "update", "view": another_ticket_view(8, None)},
        {"response_action": "clear"},
    ]
    bot.answer = lambda form: jsonify(options=ticket_options([ticket_line()]))
    do.suggest(ADA, view, TICKET, TICKET, "")
    bot.answer = lambda form: jsonify(answers.pop(0))

    outcomes = [do.submit(ADA, view, chosen), do.submit(ADA, view), do.submit(ADA, view)]
    titles = slack.stand_in.dump()["views"][0]["private_metadata"]
    outcomes.append(do.submit(ADA, view))

    assert outcomes[0] == {"status": "ok", "errors": {block: "gone"}}
    assert [o["status"] for o in outcomes[1:]] == ["invalid_errors", "ok", "ok"]
    assert json.loads(titles)["feedback"] == 8
    assert slack.stand_in.dump()["modals"][ADA] == []
