"""Threads as a source of feedback: what a channel's listing tells, page by page."""

from __future__ import annotations

import json
from collections.abc import Sequence
from datetime import timedelta
from typing import Any

import pytest

from bot.domain.capture import Capture, ChannelRules
from bot.domain.feedback import AuthorRole, ReceivedConversation
from bot.errors import AnswerError, NotFoundError, TransientError
from bot.ports import FeedbackPage
from integrations.slack.directory import Directory
from integrations.slack.threads import ROOTS_A_PAGE, SlackThreads
from tests.integrations.slack.world import ADA, ARCHIVED, CHANNEL, NOW, STRANGE, Slack

BEN, CARA, OTHER = "U0BEN00001", "U0CARA0001", "C0OTHER001"


@pytest.fixture
def people(slack: Slack) -> Slack:
    """Return the workspace with Cara, of another organisation, and one more channel."""
    slack.stand_in.load(
        {
            "users": [{"id": CARA, "name": "cara", "team_id": "T0OTHER001"}],
            "channels": [{"id": OTHER, "name": "other"}],
        }
    )
    return slack


def threads(slack: Slack, *channels: str, captured: Capture | None = None, **rules: Any) -> SlackThreads:
    api = slack.api()
    directory = Directory(api, slack.clock)
    return SlackThreads(
        api,
        lambda channel: directory,
        channels=[ChannelRules(channel=c, is_feedback=True, **rules) for c in channels or (CHANNEL,)],
        channel_id=slack.messenger().channel_id,
        clock=slack.clock,
        captured=lambda external_id: captured,
    )


def read(source: SlackThreads, after: str = "") -> tuple[list[ReceivedConversation], str]:
    pages = list(source.pages(after or source.start(NOW - timedelta(days=1))))
    return [found for page in pages for found in page.conversations], pages[-1].cursor


def words(found: Sequence[ReceivedConversation]) -> list[list[str]]:
    return [[turn.original for turn in one.turns] for one in found]


def test_new_threads_come_once_then_again_with_replies_and_edits(people: Slack) -> None:
    source, talk = threads(people), people.stand_in.talking
    first = talk.say(CARA, CHANNEL, "One")
    people.clock.advance(60)
    talk.say(CARA, CHANNEL, "Two")
    begun, cursor = read(source)
    people.clock.advance(60)
    talk.say(ADA, CHANNEL, "Why?", thread=first)

    answered, cursor = read(source, cursor)
    people.clock.advance(60)
    talk.edit(CARA, CHANNEL, first, "One!")
    edited, _ = read(source, cursor)

    assert words(begun) == [["One"], ["Two"]]
    assert words(answered)[-1] == ["One", "Why?"]
    assert words(edited)[-1] == ["One!", "Why?"]
    assert (len(answered), len(edited)) == (2, 1)  # the other one stood at the boundary


def test_many_threads_come_in_pages_and_reading_goes_on_from_any(people: Slack) -> None:
    source = threads(people)
    for number in range(ROOTS_A_PAGE + 2):
        people.stand_in.talking.say(CARA, CHANNEL, f"Words {number}")

    pages = list(source.pages(source.start(NOW - timedelta(days=1))))
    rest, _ = read(source, pages[0].cursor)

    assert [len(page.conversations) for page in pages] == [ROOTS_A_PAGE, 2, 0]
    assert words(rest)[1:] == words(pages[1].conversations)


def test_a_channel_that_fails_loses_nothing_of_it_nor_of_the_one_before(people: Slack) -> None:
    source, talk = threads(people, CHANNEL, OTHER), people.stand_in.talking
    talk.say(CARA, OTHER, "Other")
    talk.say(CARA, CHANNEL, "One")
    people.fault("status", "conversations.history", status=500, skip=1, times=None)
    pages: list[FeedbackPage] = []

    with pytest.raises(TransientError):
        pages.extend(source.pages(source.start(NOW - timedelta(days=1))))
    people.sandbox.faults.clear()
    rest, _ = read(source, pages[-1].cursor)

    assert words(pages[-1].conversations) == [["One"]]
    assert ["Other"] in words(rest)


def test_an_answer_without_a_list_or_with_an_endless_token_stops_with_an_error(people: Slack) -> None:
    source = threads(people)
    people.fault("status", "conversations.history", status=200, body=json.dumps({"ok": True}))

    with pytest.raises(AnswerError):
        read(source)
    endless = {"ok": True, "messages": [], "response_metadata": {"next_cursor": "again"}}
    people.fault("status", "conversations.history", status=200, body=json.dumps(endless), times=None)
    with pytest.raises(AnswerError, match="repeats a page token"):
        read(source)


def test_everyone_speaks_for_customers_where_the_channel_is_so_set(people: Slack) -> None:
    root = people.stand_in.talking.say(ADA, CHANNEL, "Customers ask for dark mode.")
    people.stand_in.talking.say(BEN, CHANNEL, "Mine as well.", thread=root)

    (found,), _ = read(threads(people, takes_everyone=True))
    none, _ = read(threads(people))

    assert [turn.role for turn in found.turns] == [AuthorRole.CUSTOMER, AuthorRole.AGENT]
    assert none == []


def test_a_reply_that_is_also_sent_to_the_channel_is_of_its_thread_alone(people: Slack) -> None:
    source, talk = threads(people), people.stand_in.talking
    root = talk.say(CARA, CHANNEL, "The export fails")
    talk.say(CARA, CHANNEL, "And the import", thread=root, is_broadcast=True)

    found, _ = read(source)

    assert words(found) == [["The export fails", "And the import"]]


def test_what_slackbot_reminds_of_is_nobodys_feedback(people: Slack) -> None:
    people.stand_in.load({"users": [{"id": "USLACKBOT", "name": "slackbot"}]})
    people.stand_in.talking.say("USLACKBOT", CHANNEL, "Reminder: stand-up.")

    found, _ = read(threads(people, takes_everyone=True))

    assert found == []


def test_what_an_app_passed_on_is_a_customers_where_somebody_picked_it(people: Slack) -> None:
    form = {"bot_id": "B0FORM00001", "user": "U0FORM00001", "app_id": "A0FORM00001"}
    space = people.stand_in.space
    ts = space.add_message(space.channels[CHANNEL], text="From the form: no export", **form)["ts"]
    capture = Capture(external_id=f"{CHANNEL}:{ts}", by=ADA, picked={ts: ""}, customer="cleo@acme.example")

    found = threads(people, captured=capture).fetch(f"{CHANNEL}:{ts}")

    assert [turn.role for turn in found.turns] == [AuthorRole.CUSTOMER]
    assert found.customer.email == "cleo@acme.example"


def test_what_is_gone_is_not_found_and_what_may_not_be_seen_says_nothing_of_it(people: Slack) -> None:
    source = threads(people)

    with pytest.raises(NotFoundError):
        source.fetch(f"{CHANNEL}:1.000000")
    with pytest.raises(AnswerError, match="not_in_channel"):
        source.fetch(f"{STRANGE}:1.000000")
    with pytest.raises(AnswerError, match="channel_not_found"):
        source.fetch("C0NOWHERE1:1.000000")


def test_the_check_names_each_channel_with_what_helps(people: Slack) -> None:
    found = threads(people, CHANNEL, "#nowhere", STRANGE, ARCHIVED).check()

    assert [finding.is_ok for finding in found] == [True, False, False, True]
    assert [bool(finding.remedy) for finding in found] == [False, True, True, False]


def test_a_name_that_slack_does_not_know_is_asked_for_once_in_a_while(people: Slack) -> None:
    source = threads(people, "#nowhere")
    for _ in range(3):
        assert source.rules(CHANNEL) is None
    asked = [r for r in people.sandbox.ledger.rows("slack") if r["path"] == "/api/conversations.list"]
    people.stand_in.load({"channels": [{"id": "C0NOWHERE1", "name": "nowhere"}]})
    people.clock.advance(601)

    assert len(asked) == 1
    assert source.rules("C0NOWHERE1") is not None
