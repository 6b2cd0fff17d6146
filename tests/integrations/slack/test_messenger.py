"""What the messenger does on Slack beyond the contract: names, scopes, each fault of each write."""

from __future__ import annotations

import logging
from typing import Any

import pytest

from bot.domain.message import DigestPost, Message, MessageRef, Notice, TicketVoices
from bot.errors import AccessError, AnswerError, NotFoundError, TransientError, UncertainError
from integrations.slack.client import SlackApi, web_client
from integrations.slack.messenger import SlackMessenger
from integrations.slack.uploading import file_name
from tests.integrations.slack.samples import (
    HOSTILE,
    card,
    snapshot,
    ticket_line,
    top_ticket,
    unticketed,
    voice,
)
from tests.integrations.slack.world import ADA, ARCHIVED, CHANNEL, PRIVATE, STRANGE, Slack

PNG = b"\x89PNG\r\n\x1a\n"


def test_a_channel_is_found_by_its_name_and_asked_for_once(slack: Slack) -> None:
    messenger = slack.messenger()

    refs = [messenger.post("#product", Notice("x"), key=str(n)) for n in range(2)]

    assert {ref.channel for ref in refs} == {CHANNEL}
    lists = [r for r in slack.sandbox.ledger.rows("slack") if r["path"] == "/api/conversations.list"]
    assert len(lists) == 1


def test_a_name_that_no_channel_has_is_not_found(slack: Slack) -> None:
    with pytest.raises(NotFoundError, match="#nowhere"):
        slack.messenger().post("nowhere", Notice("x"), key="k")


@pytest.mark.parametrize(
    ("channel", "remedy"), [(STRANGE, "/invite @voc"), (PRIVATE, "/invite @voc"), (ARCHIVED, "unarchive")]
)
def test_a_closed_channel_is_refused_with_what_to_do(slack: Slack, channel: str, remedy: str) -> None:
    with pytest.raises(AccessError) as refused:
        slack.messenger().post(channel, Notice("x"), key="k")

    assert remedy in refused.value.remedy


def test_a_missing_scope_is_named(slack: Slack) -> None:
    slack.stand_in.load({"app": {"scopes": ["chat:write"]}})

    with pytest.raises(AccessError, match="missing_scope channels:history"):
        slack.messenger().find(CHANNEL, "k", since=slack.clock.now())


def test_the_check_names_each_missing_scope_and_each_channel_that_is_closed(slack: Slack) -> None:
    scopes = [s for s in slack.stand_in.space.app["scopes"] if s != "files:write"]
    slack.stand_in.load({"app": {"scopes": scopes}})

    needs = {"files:write": "the digest's chart", "chat:write": "posting"}
    findings = slack.messenger(channels=("#product", STRANGE, PRIVATE), scopes=needs).check()

    assert [f.is_ok for f in findings] == [True, False, True, False, False]
    assert "files:write is missing, needed for the digest's chart" in findings[1].what
    assert "#strange does not have Voc in it" in findings[3].what
    assert all(f.remedy for f in findings if not f.is_ok)


def test_the_check_takes_people_for_whom_proposals_come_and_tells_what_helps_an_archived_channel(
    slack: Slack,
) -> None:
    messenger = slack.messenger(channels=(ADA, ARCHIVED))

    _, person, archived = messenger.check()

    assert person.is_ok
    assert messenger.is_in(messenger.channel_id(ADA))
    assert not archived.is_ok
    assert "Unarchive it" in archived.remedy


@pytest.mark.parametrize("do", ["503", "reset", "lost", "half"])
def test_a_message_to_one_person_that_fails_midway_is_uncertain(slack: Slack, do: str) -> None:
    _fault(slack, "chat.postEphemeral", do)

    with pytest.raises(UncertainError):
        slack.messenger().ephemeral(CHANNEL, ADA, Notice("x"))


@pytest.mark.parametrize("do", ["503", "reset", "lost", "half", "429"])
def test_a_message_is_deleted_through_any_fault(slack: Slack, do: str) -> None:
    ref = slack.messenger().post(CHANNEL, Notice("x"), key="k")
    _fault(slack, "chat.delete", do)

    slack.messenger().delete(ref)

    assert slack.messages() == []


@pytest.mark.parametrize("do", ["503", "reset", "lost", "half"])
def test_an_image_that_fails_before_it_is_shared_may_be_sent_again(slack: Slack, do: str) -> None:
    rule: dict[str, Any] = {"do": "status", "status": 503} if do == "503" else {"do": do}
    slack.sandbox.faults.add({"vendor": "slack", "path": "/upload/.*", **rule})

    with pytest.raises(TransientError):
        slack.messenger().upload_image(CHANNEL, PNG, key="k", title="t", alt_text="a")
    slack.messenger().upload_image(CHANNEL, PNG, key="k", title="t", alt_text="a")

    assert len(slack.messages()) == 1


@pytest.mark.parametrize("do", ["503", "reset", "lost", "half"])
def test_an_image_that_fails_while_it_is_shared_is_uncertain_and_shared_at_most_once(
    slack: Slack, do: str
) -> None:
    _fault(slack, "files.completeUploadExternal", do)

    with pytest.raises(UncertainError):
        slack.messenger().upload_image(CHANNEL, PNG, key="k", title="t", alt_text="a")

    assert len(slack.messages()) == (1 if do in ("lost", "half") else 0)


def test_an_images_long_description_is_cut_to_what_slack_takes(slack: Slack) -> None:
    slack.messenger().upload_image(CHANNEL, PNG, key="k", title="t", alt_text="a" * 1_500)

    assert slack.messages()[0]["files"][0]["alt_txt"] == "a" * 1_000


@pytest.mark.parametrize("asked_s", [8, 30])
def test_a_write_is_given_up_long_before_the_claim_that_it_is_done_under(slack: Slack, asked_s: int) -> None:
    slack.fault("status", "chat.postMessage", status=429, retry_after_s=asked_s, times=9)
    began = slack.clock.now()

    with pytest.raises(TransientError):
        slack.messenger().post(CHANNEL, Notice("x"), key="k")

    assert (slack.clock.now() - began).total_seconds() <= 10


def test_a_wait_longer_than_a_minute_is_left_for_the_next_run(slack: Slack) -> None:
    slack.fault("status", "chat.postMessage", status=429, retry_after_s=300)

    with pytest.raises(TransientError) as limited:
        slack.messenger().post(CHANNEL, Notice("x"), key="k")

    assert limited.value.retry_after_s == 300


def test_nobody_home_is_transient_as_nothing_was_sent(slack: Slack) -> None:
    client = web_client("xoxb-sandbox", "http://127.0.0.1:1/api")
    messenger = SlackMessenger(SlackApi(lambda: client, sleep=slack.clock.advance), clock=slack.clock)

    with pytest.raises(TransientError):
        messenger.post(CHANNEL, Notice("x"), key="k")


def test_an_unknown_refusal_is_an_answer_error_with_slacks_code(slack: Slack) -> None:
    body = '{"ok": false, "error": "too_many_cooks"}'
    slack.fault("status", "chat.postMessage", status=200, body=body)

    with pytest.raises(AnswerError, match="too_many_cooks"):
        slack.messenger().post(CHANNEL, Notice("x"), key="k")


def test_slacks_own_internal_error_leaves_a_write_uncertain(slack: Slack) -> None:
    slack.fault("status", "chat.postMessage", status=200, body='{"ok": false, "error": "fatal_error"}')

    with pytest.raises(UncertainError):
        slack.messenger().post(CHANNEL, Notice("x"), key="k")


def test_a_cursor_that_comes_again_stops_the_search(slack: Slack) -> None:
    page = '{"ok": true, "messages": [], "response_metadata": {"next_cursor": "again"}}'
    slack.fault("status", "conversations.history", status=200, body=page, times=None)

    with pytest.raises(AnswerError, match="repeats"):
        slack.messenger().find(CHANNEL, "k", since=slack.clock.now())


def test_a_thread_that_is_gone_holds_nothing_of_ours(slack: Slack) -> None:
    found = slack.messenger().find(CHANNEL, "k", since=slack.clock.now(), thread="1.000001")

    assert found is None


def test_another_apps_metadata_is_not_ours(slack: Slack) -> None:
    metadata = {"event_type": "other", "event_payload": {"key": "k"}}
    slack.api().write("chat.postMessage", "posting", channel=CHANNEL, text="x", metadata=metadata)

    assert slack.messenger().find(CHANNEL, "k", since=slack.clock.now()) is None


def test_keys_that_look_alike_name_different_files() -> None:
    assert file_name("chart:1/2") != file_name("chart:1-2")
    assert file_name("ключ" * 100).startswith("voc-")
    assert len(file_name("x" * 1_000)) < 120


def test_neither_words_nor_tokens_are_logged(slack: Slack, caplog: pytest.LogCaptureFixture) -> None:
    caplog.set_level(logging.DEBUG)
    slack.fault("status", "chat.postMessage", status=500, body="<html>a secret of theirs</html>")

    with pytest.raises(UncertainError) as lost:
        slack.messenger().post(CHANNEL, Notice("my secret"), key="k")

    said = caplog.text + str(lost.value)
    assert "secret" not in said
    assert "xoxb" not in said


def test_a_reference_to_a_message_of_another_channel_is_not_found(slack: Slack) -> None:
    with pytest.raises(NotFoundError):
        slack.messenger().update(MessageRef(CHANNEL, "1.000001"), Notice("x"), key="k")


@pytest.mark.parametrize("words", HOSTILE, ids=range(len(HOSTILE)))
def test_hostile_words_are_posted_and_ping_nobody(slack: Slack, words: str) -> None:
    said = voice(words, company=words, role=words)
    ticket = top_ticket(title=words, quotes=(said,), carried_by=(words,))
    digest = DigestPost(snapshot(voice=said, top=(ticket,), unticketed=(unticketed(quote=said),)))
    posted: list[Message] = [
        digest,
        TicketVoices(ticket),
        card(voice=said, ticket=ticket_line(title=words)),
        Notice(f"Said: {words}"),
    ]

    for number, message in enumerate(posted):
        slack.messenger().post(CHANNEL, message, key=str(number))

    assert len(slack.messages()) >= len(posted)
    assert {name for message in slack.messages() for name in message["mentions"]} == set()


def _fault(slack: Slack, method: str, do: str) -> None:
    if do.isdigit():
        slack.fault("status", method, status=int(do), retry_after_s=2 if do == "429" else None)
    else:
        slack.fault(do, method)


@pytest.mark.parametrize(
    ("channel", "name", "is_in"),
    [
        (CHANNEL, "#product", True),
        (STRANGE, "#strange", False),
        (ARCHIVED, "#old", False),
        (PRIVATE, PRIVATE, False),
    ],
)
def test_where_voc_is_in_and_what_it_is_called(slack: Slack, channel: str, name: str, is_in: bool) -> None:
    messenger = slack.messenger()

    assert (messenger.channel_name(channel), messenger.is_in(channel)) == (name, is_in)
