"""What Slack refuses beyond the shape of a call: views, choices, people, pages and time."""

from __future__ import annotations

from typing import Any

import pytest

from tests.integrations.slack.web import Web
from tests.integrations.slack.world import ADA, CHANNEL, Slack

BEN, BOT, GONE = "U0BEN00001", "U0BOT00001", "U0GONE0001"
HOUR = 3_600
Json = dict[str, Any]


def plain(words: str) -> Json:
    return {"type": "plain_text", "text": words}


def modal(*blocks: Json, **facts: Any) -> Json:
    return {"type": "modal", "title": plain("T"), "blocks": list(blocks) or [{"type": "divider"}], **facts}


def option(value: str, words: str = "") -> Json:
    return {"text": plain(words or value), "value": value}


def asking(element: Json, **facts: Any) -> Json:
    return modal(
        {"type": "input", "label": plain("L"), "element": element, **facts},
        submit=plain("S"),
        close=plain("C"),
    )


def opened(slack: Slack, web: Web, view: Json, method: str = "views.open") -> Json:
    return web(method, trigger_id=slack.stand_in.space.new_trigger(ADA), view=view)


@pytest.mark.parametrize("method", ["views.open", "views.push", "views.publish"])
def test_a_view_is_at_most_250_kilobytes(slack: Slack, web: Web, method: str) -> None:
    row = {"type": "section", "text": plain("x" * 3_000)}
    much = modal(*[row] * 90)
    if method == "views.publish":
        answer = web(method, user_id=ADA, view={"type": "home", "blocks": much["blocks"]})
    else:
        answer = opened(slack, web, much, method)

    assert answer["error"] == "view_too_large"


def test_an_external_id_is_of_one_view_that_is_shown(slack: Slack, web: Web) -> None:
    first = opened(slack, web, modal(external_id="one"))
    second = opened(slack, web, modal(external_id="one"), "views.push")
    slack.stand_in.interactor.close(ADA, first["view"]["id"])

    again = opened(slack, web, modal(external_id="one"))

    assert (second["error"], again["ok"]) == ("duplicate_external_id", True)
    assert web("views.update", external_id="one", view=modal(external_id="one"))["ok"]


def test_a_dialog_that_was_closed_cannot_be_changed(slack: Slack, web: Web) -> None:
    view = opened(slack, web, modal())["view"]
    slack.stand_in.interactor.close(ADA, view["id"])

    assert web("views.update", view_id=view["id"], view=modal())["error"] == "not_found"


def test_three_dialogs_lie_on_one_another_at_most(slack: Slack, web: Web) -> None:
    opened(slack, web, modal())
    pushed = [opened(slack, web, modal(), "views.push") for _ in range(3)]

    assert [answer.get("error") for answer in pushed] == [None, None, "push_limit_reached"]


@pytest.mark.parametrize("kind", ["static_select", "radio_buttons"])
def test_what_is_chosen_at_first_is_one_of_the_options_whole(slack: Slack, web: Web, kind: str) -> None:
    def ask(chosen: Json) -> Json:
        element = {"type": kind, "action_id": "a", "options": [option("x"), option("y")]}
        return opened(slack, web, asking({**element, "initial_option": chosen}))

    assert ask(option("y"))["ok"]
    assert ask(option("z"))["error"] == "invalid_arguments"
    assert ask(option("y", "otherwise called"))["error"] == "invalid_arguments"


def test_so_are_several_that_are_chosen_at_first(slack: Slack, web: Web) -> None:
    element = {"type": "multi_static_select", "action_id": "a", "options": [option("x"), option("y")]}

    good = opened(slack, web, asking({**element, "initial_options": [option("x")]}))
    bad = opened(slack, web, asking({**element, "initial_options": [option("x"), option("z")]}))

    assert good["ok"]
    assert bad["error"] == "invalid_arguments"


def test_a_message_does_not_choose_what_it_does_not_offer(slack: Slack, web: Web) -> None:
    element = {"type": "static_select", "action_id": "a", "options": [option("x")]}
    blocks = [{"type": "actions", "elements": [{**element, "initial_option": option("z")}]}]

    assert web("chat.postMessage", channel=CHANNEL, text="x", blocks=blocks)["error"] == "invalid_blocks"


def test_one_field_at_most_has_the_cursor_at_first(slack: Slack, web: Web) -> None:
    field = {"type": "plain_text_input", "action_id": "a", "focus_on_load": True}
    block = {"type": "input", "label": plain("L"), "element": field}

    one = opened(slack, web, modal(block, submit=plain("S")))
    two = opened(slack, web, modal(block, block, submit=plain("S")))

    assert one["ok"]
    assert two["error"] == "invalid_arguments"


def test_a_page_is_asked_for_within_the_hour(slack: Slack, web: Web) -> None:
    slack.stand_in.load({"channels": [{"id": f"C0MANY0{n:03}", "name": f"many-{n}"} for n in range(5)]})
    first = web.form("conversations.list", limit=3)
    cursor = first["response_metadata"]["next_cursor"]

    slack.clock.advance(HOUR - 1)
    in_time = web.form("conversations.list", limit=3, cursor=cursor)
    slack.clock.advance(2)
    late = web.form("conversations.list", limit=3, cursor=cursor)

    assert in_time["ok"]
    assert late["error"] == "invalid_cursor"


def test_a_message_is_changed_as_long_as_the_workspace_lets_people_change_theirs(
    slack: Slack, web: Web
) -> None:
    posted = web("chat.postMessage", channel=CHANNEL, text="x")
    change = {"channel": CHANNEL, "ts": posted["ts"], "text": "y"}
    slack.stand_in.load({"team": {"edit_window_s": 60}})

    slack.clock.advance(59)
    in_time = web("chat.update", **change)
    slack.clock.advance(2)
    late = web("chat.update", **change)

    assert in_time["ok"]
    assert late["error"] == "edit_window_closed"


def test_only_who_is_in_the_channel_is_shown_something_there(slack: Slack, web: Web) -> None:
    slack.stand_in.space.channels[CHANNEL].people = [ADA]

    answers = [web("chat.postEphemeral", channel=CHANNEL, user=one, text="x") for one in (ADA, BEN, "U0NO")]

    assert [answer.get("error") for answer in answers] == [
        None,
        "user_not_in_channel",
        "user_not_in_channel",
    ]


def test_nobody_writes_to_a_bot_or_to_who_is_gone(slack: Slack, web: Web) -> None:
    people = [{"id": BOT, "name": "bot", "is_bot": True}, {"id": GONE, "name": "gone", "deleted": True}]
    slack.stand_in.load({"users": people})

    answers = [web("conversations.open", users=one) for one in (BEN, BOT, GONE)]

    assert [answer.get("error") for answer in answers] == [None, "cannot_dm_bot", "user_disabled"]


def test_what_one_person_is_shown_in_a_thread_needs_one_that_was_answered(slack: Slack, web: Web) -> None:
    roots = [slack.stand_in.talking.say(ADA, CHANNEL, "Hi") for _ in range(2)]
    slack.stand_in.talking.say(ADA, CHANNEL, "Yes?", thread=roots[0])

    answers = [
        web("chat.postEphemeral", channel=CHANNEL, user=ADA, text="x", thread_ts=root) for root in roots
    ]

    assert [one["ok"] for one in answers] == [True, True]
    assert [one["thread_ts"] for one in slack.stand_in.space.ephemerals] == [roots[0]]
