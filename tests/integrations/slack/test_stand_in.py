"""The stand-in refuses what Slack refuses, in Slack's words."""

from __future__ import annotations

from typing import Any

import pytest
import requests

from tests.integrations.slack.web import Web
from tests.integrations.slack.world import ADA, ARCHIVED, CHANNEL, PRIVATE, STRANGE, Slack, slack_world

INPUT = {
    "type": "input",
    "label": {"type": "plain_text", "text": "x"},
    "element": {"type": "plain_text_input"},
}
LONG = {"type": "section", "text": {"type": "plain_text", "text": "&" * 2_999}}
MODAL = {"type": "modal", "title": {"type": "plain_text", "text": "T"}, "blocks": [{"type": "divider"}]}


def _post(web: Web, slack: Slack, **arguments: Any) -> dict[str, Any]:
    slack.clock.advance(1.5)  # one message a second in a channel
    return web("chat.postMessage", **{"channel": CHANNEL, "text": "hello", **arguments})


@pytest.mark.parametrize(
    ("token", "error"),
    [(None, "not_authed"), ("xoxb-wrong", "invalid_auth"), ("xapp-sandbox", "not_allowed_token_type")],
)
def test_a_token_is_needed(web: Web, token: str | None, error: str) -> None:
    assert web.raw("auth.test", token).json() == {"ok": False, "error": error}


def test_an_unknown_method_is_named(web: Web) -> None:
    assert web("chat.shout")["error"] == "unknown_method"


def test_a_missing_scope_is_named_with_those_at_hand(slack: Slack, web: Web) -> None:
    slack.stand_in.load({"app": {"scopes": ["commands"]}})

    answer = web.raw("chat.postMessage", channel=CHANNEL, text="x")

    assert answer.json() == {
        "ok": False,
        "error": "missing_scope",
        "needed": "chat:write",
        "provided": "commands",
    }
    assert answer.headers["x-oauth-scopes"] == "commands"
    assert answer.headers["x-accepted-oauth-scopes"] == "chat:write"


@pytest.mark.parametrize(
    ("channel", "error"),
    [
        ("C0NOWHERE1", "channel_not_found"),
        (PRIVATE, "channel_not_found"),
        (STRANGE, "not_in_channel"),
        (ARCHIVED, "is_archived"),
    ],
)
def test_channels_that_the_app_may_not_post_to(slack: Slack, web: Web, channel: str, error: str) -> None:
    assert _post(web, slack, channel=channel)["error"] == error


def test_a_public_channel_takes_posts_with_the_public_scope_and_reads_after_joining(
    slack: Slack, web: Web
) -> None:
    assert web.form("conversations.history", channel=STRANGE)["error"] == "not_in_channel"
    slack.stand_in.load({"app": {"scopes": [*slack.stand_in.space.app["scopes"], "chat:write.public"]}})

    assert _post(web, slack, channel=STRANGE)["ok"]
    assert web("conversations.join", channel=STRANGE)["ok"]
    assert len(web.form("conversations.history", channel=STRANGE)["messages"]) == 1


@pytest.mark.parametrize(
    ("content", "error"),
    [
        ({"text": ""}, "no_text"),
        ({"blocks": [{"type": "section"}]}, "invalid_blocks"),
        ({"blocks": [{"type": "divider"}] * 51}, "invalid_blocks"),
        ({"blocks": [{"type": "hologram"}]}, "invalid_blocks"),
        ({"blocks": [{"type": "divider", "block_id": "same"}] * 2}, "invalid_blocks"),
        ({"blocks": [INPUT]}, "invalid_blocks"),
        ({"blocks": [LONG]}, "msg_blocks_too_long"),
        ({"metadata": {"event_type": "x"}}, "invalid_metadata_format"),
        ({"metadata": {"event_type": "x", "event_payload": {"k": "v" * 9_000}}}, "metadata_too_large"),
        ({"blocks": "{"}, "invalid_arguments"),
    ],
)  # fmt: skip
def test_content_that_does_not_fit_is_refused_and_nothing_is_posted(
    slack: Slack, web: Web, content: dict[str, Any], error: str
) -> None:
    assert _post(web, slack, **content)["error"] == error
    assert slack.messages() == []


def test_two_posts_within_a_second_in_one_channel_are_too_many(slack: Slack, web: Web) -> None:
    _post(web, slack)

    refused = web.raw("chat.postMessage", channel=CHANNEL, text="again")

    assert (refused.status_code, refused.json()) == (429, {"ok": False, "error": "ratelimited"})
    assert int(refused.headers["Retry-After"]) >= 1


def test_tier_three_takes_fifty_a_minute(slack: Slack, web: Web) -> None:
    statuses = [web.raw("conversations.info", channel=CHANNEL).status_code for _ in range(51)]

    assert statuses == [200] * 50 + [429]


def test_the_open_profile_has_no_limits() -> None:
    with slack_world(profile="open") as slack:
        web = Web(slack)
        assert all(web("chat.postMessage", channel=CHANNEL, text=str(n))["ok"] for n in range(5))


def test_timestamps_never_repeat_even_when_the_clock_stands_still(slack: Slack) -> None:
    stamps = [slack.stand_in.space.next_ts() for _ in range(100)]

    assert len(set(stamps)) == 100
    assert stamps == sorted(stamps)


def test_metadata_is_shown_only_when_asked_for(slack: Slack, web: Web) -> None:
    _post(web, slack, metadata={"event_type": "voc", "event_payload": {"key": "k"}})

    (without,) = web.form("conversations.history", channel=CHANNEL)["messages"]
    (with_it,) = web.form("conversations.history", channel=CHANNEL, include_all_metadata=True)["messages"]

    assert "metadata" not in without
    assert with_it["metadata"]["event_payload"] == {"key": "k"}


def test_history_comes_in_pages_and_leaves_replies_out(slack: Slack, web: Web) -> None:
    stamps = [_post(web, slack, text=str(n))["ts"] for n in range(3)]
    _post(web, slack, thread_ts=stamps[0])

    first = web.form("conversations.history", channel=CHANNEL, limit=2)
    rest = web.form(
        "conversations.history", channel=CHANNEL, limit=2, cursor=first["response_metadata"]["next_cursor"]
    )

    assert [m["ts"] for m in first["messages"] + rest["messages"]] == stamps[::-1]
    assert (first["has_more"], rest["has_more"]) == (True, False)
    assert rest["messages"][0]["reply_count"] == 1
    assert web.form("conversations.history", channel=CHANNEL, cursor="nonsense")["error"] == "invalid_cursor"
    assert web.form("conversations.history", channel=CHANNEL, oldest=stamps[2])["messages"] == []


def test_a_thread_that_is_not_there_gives_a_message_of_its_own(slack: Slack, web: Web) -> None:
    answer = _post(web, slack, thread_ts="1.000001")

    assert "thread_ts" not in answer["message"]
    assert web.form("conversations.replies", channel=CHANNEL, ts="1.000001")["error"] == "thread_not_found"


def test_an_update_of_text_alone_removes_the_blocks_and_is_marked(slack: Slack, web: Web) -> None:
    ts = _post(web, slack, blocks=[{"type": "divider"}])["ts"]

    web("chat.update", channel=CHANNEL, ts=ts, text="changed")

    (message,) = slack.messages()
    assert "blocks" not in message
    assert message["edited"]
    assert web("chat.update", channel=CHANNEL, ts=ts, text="x" * 4_001)["error"] == "msg_too_long"
    assert web("chat.update", channel=CHANNEL, ts="1.2", text="x")["error"] == "message_not_found"


def test_only_the_apps_own_messages_can_be_changed(slack: Slack, web: Web) -> None:
    slack.stand_in.space.channels[CHANNEL].messages.append(
        {"type": "message", "user": ADA, "text": "hi", "ts": "5.0"}
    )

    assert web("chat.update", channel=CHANNEL, ts="5.0", text="x")["error"] == "cant_update_message"
    assert web("chat.delete", channel=CHANNEL, ts="5.0")["error"] == "cant_delete_message"


def test_a_deleted_parent_leaves_a_tombstone_while_it_has_replies(slack: Slack, web: Web) -> None:
    ts = _post(web, slack)["ts"]
    _post(web, slack, thread_ts=ts)

    web("chat.delete", channel=CHANNEL, ts=ts)

    assert [m.get("subtype") for m in slack.messages()] == ["tombstone", None]


def test_an_upload_needs_all_three_steps_in_order(slack: Slack, web: Web) -> None:
    place = web.form("files.getUploadURLExternal", filename="a.png", length="3", alt_txt="A chart")
    files = [{"id": place["file_id"]}]

    early = web("files.completeUploadExternal", files=files, channel_id=CHANNEL)
    wrong = requests.post(place["upload_url"], data=b"four", timeout=5)
    sent = requests.post(place["upload_url"], data=b"png", timeout=5)
    done = web("files.completeUploadExternal", files=files, channel_id=CHANNEL)

    assert (early["error"], wrong.status_code, sent.status_code) == ("file_not_found", 400, 200)
    assert done["ok"]
    assert [f["name"] for f in slack.messages()[0]["files"]] == ["a.png"]


def test_a_trigger_opens_one_modal_within_three_seconds(slack: Slack, web: Web) -> None:
    used, late = slack.stand_in.space.new_trigger(ADA), slack.stand_in.space.new_trigger(ADA)

    assert web("views.open", trigger_id=used, view=MODAL)["ok"]
    assert web("views.open", trigger_id=used, view=MODAL)["error"] == "exchanged_trigger_id"
    slack.clock.advance(3.5)
    assert web("views.open", trigger_id=late, view=MODAL)["error"] == "expired_trigger_id"
    assert web("views.open", trigger_id="made-up", view=MODAL)["error"] == "invalid_trigger_id"


@pytest.mark.parametrize(
    "change",
    [
        {"title": {"type": "plain_text", "text": "x" * 25}},
        {"private_metadata": "x" * 3_001},
        {"type": "window"},
        {"blocks": [INPUT]},
    ],
)  # fmt: skip
def test_views_that_do_not_fit_are_refused(slack: Slack, web: Web, change: dict[str, Any]) -> None:
    answer = web("views.open", trigger_id=slack.stand_in.space.new_trigger(ADA), view={**MODAL, **change})

    assert answer["error"] == "invalid_arguments"
    assert answer["response_metadata"]["messages"]


def test_an_update_with_an_old_hash_conflicts(slack: Slack, web: Web) -> None:
    view = web("views.open", trigger_id=slack.stand_in.space.new_trigger(ADA), view=MODAL)["view"]

    assert web("views.update", view_id=view["id"], hash=view["hash"], view=MODAL)["ok"]
    assert web("views.update", view_id=view["id"], hash=view["hash"], view=MODAL)["error"] == "hash_conflict"


@pytest.mark.shows_slack("mention.many")
def test_mentions_are_counted_where_slack_would_notify(slack: Slack, web: Web) -> None:
    _post(web, slack, text="<!channel> and <@U0ADA00001|ada>, not &lt;!here&gt; or @here")
    _post(web, slack, text="@here", link_names=True)

    assert [m["mentions"] for m in slack.messages()] == [["@channel", "@U0ADA00001"], ["@here"]]
