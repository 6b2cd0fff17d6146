"""How a request must be made: its token, body, channel, file and view."""

from __future__ import annotations

from typing import Any

import pytest
import requests

from integrations.sandbox.slack.responses import new_response
from tests.integrations.slack.web import Web
from tests.integrations.slack.world import ADA, ARCHIVED, CHANNEL, STRANGE, Slack

SEARCH: dict[str, Any] = {
    "type": "input",
    "label": {"type": "plain_text", "text": "Search"},
    "element": {"type": "plain_text_input", "action_id": "a"},
}
MODAL: dict[str, Any] = {
    "type": "modal",
    "title": {"type": "plain_text", "text": "T"},
    "submit": {"type": "plain_text", "text": "S"},
    "blocks": [SEARCH],
}
LINE = {"type": "rich_text_section", "elements": [{"type": "text", "text": "x"}]}


@pytest.mark.parametrize("header", ["xoxb-sandbox", "Basic xoxb-sandbox", ""])
def test_a_token_counts_as_bearer_or_in_a_form_only(slack: Slack, header: str) -> None:
    sent: dict[str, Any] = {"headers": {"Authorization": header}, "timeout": 5}
    url = f"{slack.url}/api/auth.test"

    in_json = requests.post(url, json={"token": "xoxb-sandbox"}, **sent)
    in_address = requests.post(f"{url}?token=xoxb-sandbox", **sent)
    in_form = requests.post(url, data={"token": "xoxb-sandbox"}, **sent)

    assert [answer.json()["ok"] for answer in (in_json, in_address, in_form)] == [False, False, True]


@pytest.mark.parametrize("method", ["info", "history", "replies"])
def test_methods_that_read_see_nothing_of_a_json_body(web: Web, method: str) -> None:
    assert web(f"conversations.{method}", channel=CHANNEL, ts="1.2")["error"] == "invalid_arguments"


def test_channels_go_by_id(web: Web) -> None:
    assert web("chat.postMessage", channel="#product", text="x")["error"] == "channel_not_found"


def test_a_page_of_channels_may_come_short_with_others_to_follow(web: Web) -> None:
    every: dict[str, Any] = {"exclude_archived": True}

    first = web.form("conversations.list", limit=2, **every)
    last = web.form("conversations.list", limit=2, cursor=first["response_metadata"]["next_cursor"], **every)

    assert [c["id"] for c in first["channels"]] == [CHANNEL, STRANGE]
    assert (last["channels"], last["response_metadata"]) == ([], {"next_cursor": ""})
    assert web.form("conversations.list", limit=1_000)["error"] == "invalid_limit"


def test_a_message_in_an_archived_channel_can_not_be_changed(slack: Slack, web: Web) -> None:
    message = slack.stand_in.space.add_message(slack.stand_in.space.channels[ARCHIVED], text="old")

    assert web("chat.update", channel=ARCHIVED, ts=message["ts"], text="x")["error"] == "is_inactive"


def test_an_images_description_has_at_most_a_thousand_characters(web: Web) -> None:
    def asked(alt_txt: str) -> Any:
        arguments = {"filename": "a.png", "length": 3, "alt_txt": alt_txt}
        return web.form("files.getUploadURLExternal", **arguments).get("error")

    assert (asked("x" * 1_000), asked("x" * 1_001)) == (None, "alt_txt_too_large")


def test_a_file_is_shared_in_the_apps_own_channels_only(slack: Slack, web: Web) -> None:
    slack.stand_in.load({"app": {"scopes": [*slack.stand_in.space.app["scopes"], "chat:write.public"]}})
    place = web.form("files.getUploadURLExternal", filename="a.png", length="3", alt_txt="A chart")
    requests.post(place["upload_url"], data=b"png", timeout=5)

    answer = web("files.completeUploadExternal", files=[{"id": place["file_id"]}], channel_id=STRANGE)

    assert answer["error"] == "not_in_channel"
    assert slack.messages(STRANGE) == []


@pytest.mark.parametrize(
    "change",
    [
        {"private_metadata": {"card": 1}},
        {"colour": "red"},
        {"clear_on_close": "yes"},
        {"close": {"type": "mrkdwn", "text": "Close"}},
        {"close": {"type": "plain_text", "text": ""}},
        {"external_id": "x" * 256},
        {"blocks": [{**SEARCH, "element": {**SEARCH["element"], "max_length": 3_001}}]},
        {"blocks": [{**SEARCH, "element": {**SEARCH["element"], "dispatch_action_config": {}}}]},
        {
            "blocks": [
                {
                    **SEARCH,
                    "element": {
                        **SEARCH["element"],
                        "dispatch_action_config": {"trigger_actions_on": ["on_blur"]},
                    },
                }
            ]
        },
    ],
    ids=str,
)
def test_a_view_with_a_wrong_field_is_refused(slack: Slack, web: Web, change: dict[str, Any]) -> None:
    right = web("views.open", trigger_id=slack.stand_in.space.new_trigger(ADA), view=MODAL)
    wrong = web("views.open", trigger_id=slack.stand_in.space.new_trigger(ADA), view={**MODAL, **change})

    assert (right["ok"], wrong.get("error")) == (True, "invalid_arguments")


def test_a_home_takes_no_fields_of_a_modal(web: Web) -> None:
    home = {"type": "home", "blocks": [SEARCH]}

    assert web("views.publish", user_id=ADA, view=home)["ok"]
    assert not web("views.publish", user_id=ADA, view={**home, "title": MODAL["title"]})["ok"]


def test_a_list_of_rich_text_holds_lines_only(slack: Slack, web: Web) -> None:
    lines = {"type": "rich_text_list", "style": "bullet", "elements": [LINE]}

    def posted(shown: Any) -> bool:
        slack.clock.advance(1.5)
        blocks = [{"type": "rich_text", "elements": [shown]}]
        return bool(web("chat.postMessage", channel=CHANNEL, text="x", blocks=blocks)["ok"])

    assert posted(lines)
    assert not posted({**lines, "elements": [lines]})


def _answer(slack: Slack, response: str, **body: Any) -> tuple[int, str]:
    answer = requests.post(f"{slack.url}/response/{response}", json=body, timeout=5)
    return answer.status_code, answer.json().get("error", "")


def test_a_response_url_takes_five_answers(slack: Slack) -> None:
    response = new_response(slack.stand_in.space, CHANNEL, ADA)

    answers = [_answer(slack, response, text="x") for _ in range(6)]

    assert answers == [(200, "")] * 5 + [(404, "used_url")]
    assert len(slack.stand_in.space.ephemerals) == 5


def test_a_response_url_lasts_thirty_minutes(slack: Slack) -> None:
    response = new_response(slack.stand_in.space, CHANNEL, ADA)

    slack.clock.advance(30 * 60)
    in_time = _answer(slack, response, text="x")
    slack.clock.advance(1)

    assert (in_time, _answer(slack, response, text="x")) == ((200, ""), (404, "expired_url"))


@pytest.mark.parametrize(
    ("body", "error"),
    [
        ({}, "no_text"),
        ({"text": "x", "colour": "red"}, "invalid_payload"),
        ({"blocks": [{"type": "hologram"}]}, "invalid_blocks"),
    ],
)
def test_an_answer_that_does_not_fit_is_refused(slack: Slack, body: dict[str, Any], error: str) -> None:
    response = new_response(slack.stand_in.space, CHANNEL, ADA)

    assert _answer(slack, response, **body) == (400, error)
    assert slack.stand_in.space.ephemerals == []
