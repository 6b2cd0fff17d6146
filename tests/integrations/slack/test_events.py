"""The stand-in's events: only what was subscribed to and may be seen, delivered until acknowledged."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import pytest
from flask import Flask, Response, request
from slack_sdk.signature import SignatureVerifier

from tests.integrations.slack.bot import running_bot
from tests.integrations.slack.web import Web
from tests.integrations.slack.world import ADA, CHANNEL, PRIVATE, STRANGE, Slack

ALL = ["message.channels", "message.groups", "reaction_added", "reaction_removed", "link_shared"]
ALL += ["app_home_opened", "member_left_channel", "channel_archive", "channel_rename", "tokens_revoked"]
ALL += ["app_uninstalled", "channel_left"]
SCOPES = ["channels:history", "groups:history", "reactions:read", "links:read", "channels:read"]
BEN = "U0BEN00001"


class Far:
    """An app that checks signatures, keeps what it is sent, and answers with the next of its statuses."""

    def __init__(self) -> None:
        self.got: list[tuple[dict[str, Any], str, str]] = []
        self.answers: list[Response] = []
        self.app = Flask("bot")
        self.app.add_url_rule("/slack/events", "events", self._events, methods=["POST"])

    @property
    def events(self) -> list[dict[str, Any]]:
        return [body["event"] for body, _, _ in self.got]

    def _events(self) -> Response:
        if not SignatureVerifier("s3cret").is_valid_request(request.get_data(), dict(request.headers)):
            return Response(status=401)
        head = request.headers
        self.got.append(
            (request.get_json(), head.get("X-Slack-Retry-Num", ""), head.get("X-Slack-Retry-Reason", ""))
        )
        return self.answers.pop(0) if self.answers else Response(status=200)


@pytest.fixture
def far(slack: Slack) -> Iterator[Far]:
    end = Far()
    with running_bot(end.app) as url:
        slack.stand_in.load(
            {
                "bot": {"url": f"{url}/slack/events", "signing_secret": "s3cret"},
                "app": {"events": ALL, "scopes": SCOPES, "unfurl_domains": ["acme.example"]},
            }
        )
        yield end


def test_it_tells_of_what_is_written_changed_deleted_and_reacted_to(slack: Slack, far: Far) -> None:
    people = slack.stand_in.talking

    ts = people.say(ADA, CHANNEL, "The <export> & more")
    reply = people.say(BEN, CHANNEL, "Which one?", thread=ts)
    people.edit(ADA, CHANNEL, ts, "The import")
    people.react(BEN, CHANNEL, ts, "memo")
    people.unreact(BEN, CHANNEL, ts, "memo")
    people.remove(CHANNEL, reply)
    people.remove(CHANNEL, ts)

    kinds = [(event["type"], event.get("subtype")) for event in far.events]
    assert kinds == [
        ("message", None),
        ("message", None),
        ("message", "message_changed"),
        ("reaction_added", None),
        ("reaction_removed", None),
        ("message", "message_deleted"),
        ("message", "message_deleted"),
    ]
    assert far.events[0]["text"] == "The &lt;export&gt; &amp; more"
    assert (far.events[1]["thread_ts"], far.events[1]["parent_user_id"]) == (ts, ADA)
    assert far.events[2]["message"]["text"] == "The import"
    assert far.events[3]["item"] == {"type": "message", "channel": CHANNEL, "ts": ts}
    assert len({body["event_id"] for body, _, _ in far.got}) == len(far.got)


def test_a_deleted_message_with_replies_leaves_a_stone_behind(slack: Slack, far: Far) -> None:
    people = slack.stand_in.talking
    ts = people.say(ADA, CHANNEL, "The export")
    people.say(BEN, CHANNEL, "Which one?", thread=ts)

    people.remove(CHANNEL, ts)

    assert far.events[-1]["message"]["subtype"] == "tombstone"
    assert [m["text"] for m in slack.messages()] == ["This message was deleted.", "Which one?"]


def test_it_tells_nothing_of_other_channels_unasked_events_and_missing_scopes(slack: Slack, far: Far) -> None:
    people, app = slack.stand_in.talking, slack.stand_in.space.app
    people.say(ADA, STRANGE, "not a member there")
    people.say(ADA, PRIVATE, "nor here")
    app["scopes"] = ["groups:history"]
    ts = people.say(ADA, CHANNEL, "no scope for it")
    app["scopes"], app["events"] = SCOPES, ["message.groups"]
    people.react(ADA, CHANNEL, ts, "memo")
    people.open_home(ADA)

    assert far.got == []


def test_links_to_the_apps_domains_are_told_even_where_it_is_no_member(slack: Slack, far: Far) -> None:
    people = slack.stand_in.talking

    people.say(
        ADA, STRANGE, "https://jira.acme.example/browse/A-1 https://other.example/ https://notacme.example/"
    )

    (event,) = far.events
    assert event["links"] == [{"domain": "acme.example", "url": "https://jira.acme.example/browse/A-1"}]
    assert event["is_bot_user_member"] is False


def test_an_unfurl_is_of_links_in_that_message_and_of_whole_blocks(slack: Slack, far: Far, web: Web) -> None:
    url, people = "https://jira.acme.example/browse/A-1", slack.stand_in.talking
    ts, plain = people.say(ADA, CHANNEL, url), people.say(ADA, CHANNEL, "nothing")
    (told,) = [event for event in far.events if event["type"] == "link_shared"]
    block = {"type": "section", "text": {"type": "plain_text", "text": "asked for"}}
    good, by_id = {url: {"blocks": [block]}}, {"unfurl_id": told["unfurl_id"], "source": told["source"]}
    tries: list[dict[str, Any]] = [
        {**by_id, "unfurls": {}},
        {**by_id, "unfurls": {"https://acme.example/other": {"blocks": [block]}}},
        {**by_id, "unfurls": {url: {"text": "no blocks"}}},
        {**by_id, "unfurls": {url: {"blocks": [{"type": "hologram"}]}}},
        {"unfurl_id": "x", "source": "conversations_history", "unfurls": good},
        {"unfurl_id": told["unfurl_id"], "unfurls": good},
        {"channel": CHANNEL, "unfurls": good},
        {"channel": CHANNEL, "ts": plain, "unfurls": good},
    ]

    without = web("chat.unfurl", **by_id, unfurls=good)["error"]
    slack.stand_in.load({"app": {"scopes": [*SCOPES, "links:write"]}})
    refused = [web("chat.unfurl", **one)["error"] for one in tries]
    taken = [
        web("chat.unfurl", channel=CHANNEL, ts=ts, unfurls=good),
        web("chat.unfurl", **by_id, unfurls=good),
    ]

    assert without == "missing_scope"
    assert refused == [
        "missing_unfurls",
        "cannot_unfurl_url",
        "cannot_parse_attachment",
        "invalid_blocks",
        "invalid_unfurl_id",
        "missing_source",
        "missing_ts",
        "cannot_unfurl_message",
    ]
    assert [answer["ok"] for answer in taken] == [True, True]


def test_a_failed_delivery_is_tried_at_once_after_a_minute_and_after_five(slack: Slack, far: Far) -> None:
    far.answers = [Response(status=500)] * 4

    slack.stand_in.talking.say(ADA, CHANNEL, "The export")
    at_once = len(far.got)
    for seconds in (59, 1, 299, 1, 3600):
        slack.clock.advance(seconds)
        slack.stand_in.events.deliver_due()

    assert at_once == 2
    assert [(number, reason) for _, number, reason in far.got] == [
        ("", ""),
        ("1", "http_error"),
        ("2", "http_error"),
        ("3", "http_error"),
    ]
    assert len({body["event_id"] for body, _, _ in far.got}) == 1


def test_a_refusal_can_ask_for_no_further_try(slack: Slack, far: Far) -> None:
    far.answers = [Response(status=404, headers={"X-Slack-No-Retry": "1"})]

    slack.stand_in.talking.say(ADA, CHANNEL, "The export")

    assert len(far.got) == 1
    assert slack.stand_in.dump()["deliveries"][-1]["status"] == "no_retry"


def test_it_tells_of_the_home_and_of_what_happens_to_channels_and_the_app(slack: Slack, far: Far) -> None:
    people = slack.stand_in.talking

    people.open_home(ADA)
    people.leave(ADA, CHANNEL)
    people.rename(CHANNEL, "products")
    people.archive(ADA, CHANNEL)
    people.remove_app(ADA, CHANNEL)
    people.uninstall()

    assert [event["type"] for event in far.events] == [
        "app_home_opened",
        "member_left_channel",
        "channel_rename",
        "channel_archive",
        "member_left_channel",
        "channel_left",
        "tokens_revoked",
        "app_uninstalled",
    ]
    assert far.events[4]["user"] == slack.stand_in.space.app["user_id"]
    assert slack.stand_in.dump()["channels"][0]["name"] == "products"
