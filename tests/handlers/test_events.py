"""Events are handled once, however often Slack delivers them; nobody hears of those of no use."""

from __future__ import annotations

import json
import logging
import time
from typing import Any

import pytest
import requests

from bot.errors import RequestError
from handlers.context import Context
from handlers.interaction import Interaction
from handlers.slack_app import Listener, handle
from integrations.sandbox.slack.sending import signed
from tests.handlers.world import ANNA, PRODUCT, SECRET, World, shown


class Seen:
    """A listener's work that keeps what it is given, or fails."""

    def __init__(self, fault: Exception | None = None) -> None:
        self.acts: list[Interaction] = []
        self._fault = fault

    def __call__(self, context: Context, act: Interaction) -> None:
        self.acts.append(act)
        if self._fault:
            raise self._fault


def _callback(world: World, reaction: str = "memo", user: str = ANNA) -> dict[str, Any]:
    ts = world.slack.talking.say(ANNA, PRODUCT, "The export")
    callback = world.slack.talking.react(user, PRODUCT, ts, reaction)
    assert callback is not None
    return callback


def _post(world: World, body: dict[str, Any], **headers: str) -> requests.Response:
    text = json.dumps(body)
    head = {"Content-Type": "application/json", **signed(SECRET, text, int(time.time())), **headers}
    return requests.post(f"{world.url}/slack/events", data=text, headers=head, timeout=5)


def test_slacks_question_whether_the_address_is_ours_is_answered(world: World) -> None:
    answer = _post(world, {"token": "x", "type": "url_verification", "challenge": "3eZbrw1a"})

    assert answer.status_code == 200
    assert "3eZbrw1a" in answer.text


def test_an_event_delivered_again_is_handled_once_and_logged(
    world: World, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level(logging.INFO)
    callback, seen = _callback(world), Seen()
    listener = Listener("event", "reaction_added", seen)

    for _ in range(3):
        handle(world.context, listener, callback)
    statuses = [world.slack.events.repeat(callback)] + [d["status"] for d in world.slack.space.deliveries]
    world.hears()

    assert [(act.user, act.channel, act.is_own) for act in seen.acts] == [(ANNA, PRODUCT, True)]
    assert set(statuses) == {"ok"}
    assert "delivery repeated" in caplog.messages
    (again,) = (r for r in caplog.records if r.message == "event delivered again")
    assert vars(again)["retry"] == "1"


def test_what_the_bot_does_itself_and_what_is_of_no_concern_is_ignored(world: World) -> None:
    own, other, seen = _callback(world), _callback(world), Seen()
    own["event"]["user"] = world.slack.space.app["user_id"]

    handle(world.context, Listener("event", "reaction_added", seen), own)
    handle(world.context, Listener("event", "x", seen, concerns=lambda context, body: False), other)

    assert seen.acts == []


def test_a_failure_is_told_to_nobody_but_a_refusal_to_whoever_acted(
    world: World, caplog: pytest.LogCaptureFixture
) -> None:
    broken, refused = Seen(ValueError("no")), Seen(RequestError("Not here."))

    handle(world.context, Listener("event", "reaction_added", broken), _callback(world))
    handle(world.context, Listener("event", "reaction_added", refused), _callback(world))

    assert [shown(m).splitlines()[0] for m in world.slack.space.ephemerals] == ["Not here."]
    assert "interaction failed" in caplog.messages


def test_an_event_of_no_use_is_acknowledged_so_that_slack_does_not_repeat_it(world: World) -> None:
    event = {"type": "emoji_changed", "event_ts": "1.2"}
    limited = {"type": "app_rate_limited", "minute_rate_limited": 1, "team_id": "T1", "api_app_id": "A1"}

    answers = [_post(world, {"type": "event_callback", "event_id": "Ev1", "event": event})]
    answers.append(_post(world, limited))

    assert [answer.status_code for answer in answers] == [200, 200]
