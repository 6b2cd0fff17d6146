"""Every listener acknowledges before it does anything that can take time."""

from __future__ import annotations

import json
import re
import threading
import time
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from types import SimpleNamespace
from typing import Any, cast

import pytest
from slack_bolt import App, BoltRequest

from bot.domain.asking import TicketForm
from handlers.context import Context
from handlers.slack_app import LISTENERS, Listener, slack_app
from integrations.slack.blocks import ids
from integrations.slack.blocks.modals import another_ticket_view, piece_theme_view
from integrations.slack.blocks.new_ticket import NewTicket, new_ticket_view

WITHIN_S = 1.0


class Stuck:
    """A port of which no call ever returns, until the test is over."""

    def __init__(self) -> None:
        self.over, self.entered = threading.Event(), threading.Event()

    def __call__(self, *args: Any, **kwargs: Any) -> Any:
        self.entered.set()
        self.over.wait(30)
        raise RuntimeError("the test is over")

    def __getattr__(self, name: str) -> Any:
        return self

    def known_language(self, user: str) -> str:
        """Return nothing: what is remembered takes no call."""
        return ""


@pytest.fixture
def stuck() -> Stuck:
    return Stuck()


@pytest.fixture
def app(stuck: Stuck) -> Iterator[App]:
    """Return the app on ports that never answer; fewer threads for work than there are listeners."""
    open_to_all: dict[str, object] = dict.fromkeys(("editors", "admins"), frozenset())
    open_to_all |= {"teams": None, "language": "en"}
    context = SimpleNamespace(**dict.fromkeys(Context.__dataclass_fields__, stuck) | open_to_all)
    with ThreadPoolExecutor(2) as executor:
        yield slack_app(cast("Context", context), "http://127.0.0.1:9/api", executor)
        stuck.over.set()


def request_for(listener: Listener) -> BoltRequest:
    """Return a request that the listener takes."""
    head = {
        "team": {"id": "T1", "domain": "acme"},
        "user": {"id": "U1", "team_id": "T1"},
        "trigger_id": "1.2.3",
        "api_app_id": "A1",
    }
    entered = {name: {name: {"value": "x"}} for name in (ids.TITLE, ids.DESCRIPTION, ids.NAME)}
    entered |= {name: {name: _option()} for name in (ids.TICKET, ids.PROJECT, ids.THEME)}
    forms = {
        ids.PIECE_THEME_VIEW: piece_theme_view(7, "{}", []),
        ids.NEW_TICKET_VIEW: new_ticket_view(NewTicket(project="FLD-1", projects=["FLD-1"]), TicketForm()),
    }
    view = forms.get(str(listener.name), another_ticket_view(7, None))
    view |= {"id": "V1", "hash": "1.a", "state": {"values": entered}}
    is_pattern = isinstance(listener.name, re.Pattern)
    name = "anything_else" if is_pattern else str(listener.name)
    if listener.kind == "command":
        form = f"command={name}&text=status&user_id=U1&team_id=T1&channel_id=C1&trigger_id=1.2.3"
        return BoltRequest(body=form, headers={"content-type": ["application/x-www-form-urlencoded"]})
    if listener.kind == "event":
        return BoltRequest(
            body=event_callback({"type": name, "user": "U1", "channel": "C1"}), mode="socket_mode"
        )
    payload: dict[str, Any] = {**head, "type": "block_actions", "channel": {"id": "C1"}}
    payload |= {"container": {"message_ts": "1.0", "channel_id": "C1"}, "view": view}
    payload["actions"] = [{"type": "button", "action_id": name, "block_id": "card-7-0", "value": "7"}]
    if listener.kind == "view":
        payload = {**head, "type": "view_submission", "view": view}
    return BoltRequest(body={"payload": json.dumps(payload)} | payload, mode="socket_mode")


def event_callback(event: dict[str, Any]) -> dict[str, Any]:
    return {"type": "event_callback", "team_id": "T1", "api_app_id": "A1", "event_id": "Ev1", "event": event}


def _option() -> dict[str, Any]:
    return {"type": "external_select", "selected_option": {"value": "FLD-1", "text": {}}}


# What a select offers is itself the acknowledgement, and an event is kept before.
AT_ONCE = [one for one in LISTENERS if one.kind != "options" and (one.kind != "event" or one.is_idle)]


@pytest.mark.parametrize("listener", AT_ONCE, ids=lambda x: f"{x.kind} {x.name}")
def test_it_acknowledges_within_a_second_while_no_port_answers(listener: Listener, app: App) -> None:
    started = time.monotonic()

    answer = app.dispatch(request_for(listener))

    assert answer.status == 200
    assert time.monotonic() - started < WITHIN_S


def test_acknowledgements_do_not_queue_behind_work_that_is_stuck(app: App, stuck: Stuck) -> None:
    for listener in AT_ONCE:
        app.dispatch(request_for(listener))
    assert stuck.entered.wait(5)
    started = time.monotonic()

    answers = [app.dispatch(request_for(listener)).status for listener in AT_ONCE]

    assert answers == [200] * len(AT_ONCE)
    assert time.monotonic() - started < WITHIN_S


def test_no_listener_is_registered_beside_the_table(app: App) -> None:
    assert len(app._listeners) == len(LISTENERS)


def test_what_no_listener_takes_is_answered_404_and_its_body_is_not_logged(
    app: App, caplog: pytest.LogCaptureFixture
) -> None:
    payload = {"type": "message_action", "callback_id": "x", "team": {"id": "T1"}, "user": {"id": "U1"}}
    body = payload | {"message": {"text": "a customer’s words"}}

    answer = app.dispatch(BoltRequest(body=body, mode="socket_mode"))

    assert answer.status == 404
    assert "unknown interaction ignored" in caplog.messages
    assert "a customer’s words" not in caplog.text
