"""Events are handled once, however often Slack delivers them; nobody hears of those of no use."""

from __future__ import annotations

import json
import logging
import sqlite3
import time
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import timedelta
from typing import Any

import pytest
import requests

from bot.errors import RequestError
from bot.repositories import KeptEvent
from handlers import events
from handlers.context import Context
from handlers.handling import handle
from handlers.interaction import Interaction
from handlers.slack_app import Listener
from integrations.sandbox.slack.sending import signed
from tests.handlers.shop import HOUR, MINUTE, Shop
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


@contextmanager
def locked(world: World) -> Iterator[None]:
    """Let another process write to the store meanwhile."""
    other = sqlite3.connect(world.database.engine.url.database or "", isolation_level=None)
    other.execute("BEGIN IMMEDIATE")
    yield
    other.execute("ROLLBACK")
    other.close()


def _left(world: World) -> list[KeptEvent]:
    with world.context.reading() as unit:
        return unit.deliveries.unfinished(world.clock.now() + timedelta(days=1), limit=10)


def test_an_event_that_can_not_be_kept_at_once_is_not_acknowledged_and_handled_when_it_comes_again(
    world: World, caplog: pytest.LogCaptureFixture
) -> None:
    callback = _opened_home(world)
    world.slack.space.homes.clear()
    with locked(world):
        refused = _post(world, callback)
    acknowledged = _post(world, callback, **{"X-Slack-Retry-Num": "1", "X-Slack-Retry-Reason": "http_error"})
    world.pool.settle()

    assert (refused.status_code, acknowledged.status_code) == (503, 200)
    assert "event not kept, so not acknowledged: Slack sends it again" in caplog.messages
    assert world.slack.space.homes.keys() == {ANNA}
    assert _left(world) == []


def test_an_event_is_kept_from_before_its_acknowledgement_until_it_is_handled_without_words(
    world: World,
) -> None:
    callback = {**_fresh(world), "event": {"type": "message", "text": "secret", "channel": PRODUCT}}

    kept = [events.keep(world.context, callback) for _ in range(2)]
    [left] = _left(world)
    handle(world.context, Listener("event", "message", Seen()), callback)

    assert kept == [True, False]
    assert left.body["event"] == {"type": "message", "channel": PRODUCT}
    assert _left(world) == []
    assert events.keep(world.context, callback) is False


def test_what_a_process_did_not_come_to_is_handled_by_another_a_minute_later(world: World) -> None:
    callback, shop = _opened_home(world), Shop(world)
    world.slack.space.homes.clear()
    events.keep(world.context, callback)

    shop.tick()
    at_once = dict(world.slack.space.homes)
    shop.tick(MINUTE + MINUTE)

    assert at_once == {}
    assert world.slack.space.homes.keys() == {ANNA}
    assert _left(world) == []


def test_an_event_that_fails_for_an_hour_is_given_up(world: World, caplog: pytest.LogCaptureFixture) -> None:
    shop = Shop(world)
    events.keep(world.context, _fresh(world))

    shop.tick(2 * HOUR)

    assert "event given up" in caplog.messages
    assert _left(world) == []


def _fresh(world: World) -> dict[str, Any]:
    """Return what Slack tells of a reaction, as if it had not told of it: all that it told was dealt with."""
    callback = _callback(world)
    world.hears()
    return {**callback, "event_id": "Ev0ANEW0001"}


def _opened_home(world: World) -> dict[str, Any]:
    """Return what Slack tells of somebody who opens the tab, after it was dealt with."""
    world.slack.talking.open_home(ANNA)
    world.hears()
    return {**dict(world.slack.events.sent[-1]), "event_id": "Ev0ANEW0001"}
