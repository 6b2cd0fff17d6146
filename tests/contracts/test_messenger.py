"""What every Messenger promises."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from bot.domain.message import MessageRef, Notice
from bot.errors import AccessError, NotFoundError, TransientError, UncertainError
from tests.contracts.messengers import MESSENGERS, READ, SHARE, WRITE, Harness

PNG = b"\x89PNG\r\n\x1a\n" + b"\0" * 64


@pytest.fixture(params=MESSENGERS, ids=lambda make: make.__name__)
def chat(request: pytest.FixtureRequest) -> Iterator[Harness]:
    with request.param() as harness:
        yield harness


def test_a_post_is_one_visible_message(chat: Harness) -> None:
    ref = chat.messenger.post(chat.channel, Notice("Hello <!channel>"), key="greeting")

    assert [(m.id, m.words) for m in chat.seen()] == [(ref.id, "Hello <!channel>")]


def test_a_message_is_found_by_its_key_alone(chat: Harness) -> None:
    since = chat.now()
    chat.messenger.post(chat.channel, Notice("one"), key="first")
    ref = chat.messenger.post(chat.channel, Notice("two"), key="second")

    assert chat.messenger.find(chat.channel, "second", since=since) == ref
    assert chat.messenger.find(chat.channel, "third", since=since) is None


def test_a_reply_is_found_in_its_thread(chat: Harness) -> None:
    since = chat.now()
    parent = chat.messenger.post(chat.channel, Notice("parent"), key="parent")
    reply = chat.messenger.post(chat.channel, Notice("reply"), key="reply", thread=parent.id)

    assert chat.messenger.find(chat.channel, "reply", since=since, thread=parent.id) == reply
    assert chat.seen()[1].thread == parent.id


def test_a_message_is_found_behind_many_others(chat: Harness) -> None:
    since = chat.now()
    ref = chat.messenger.post(chat.channel, Notice("wanted"), key="wanted")
    for number in range(210):
        chat.messenger.post(chat.channel, Notice("noise"), key=f"noise {number}")

    assert chat.messenger.find(chat.channel, "wanted", since=since) == ref


@pytest.mark.parametrize("do", ["lost", "half"])
def test_a_lost_answer_is_uncertain_and_the_message_is_there_once(chat: Harness, do: str) -> None:
    since = chat.now()
    chat.fault(WRITE, do)

    with pytest.raises(UncertainError):
        chat.messenger.post(chat.channel, Notice("once"), key="once")

    assert len(chat.seen()) == 1
    found = chat.messenger.find(chat.channel, "once", since=since)
    assert found is not None
    assert found.id == chat.seen()[0].id


@pytest.mark.parametrize("do", ["503", "reset", "slow"])
def test_a_write_that_failed_midway_is_never_sent_again_by_itself(chat: Harness, do: str) -> None:
    chat.fault(WRITE, do)

    with pytest.raises(UncertainError):
        chat.messenger.post(chat.channel, Notice("once"), key="once")

    assert len(chat.seen()) <= 1


def test_a_limit_is_waited_for_as_long_as_asked_and_the_message_is_there_once(chat: Harness) -> None:
    began = chat.now()
    chat.fault(WRITE, "429")

    chat.messenger.post(chat.channel, Notice("once"), key="once")

    assert len(chat.seen()) == 1
    assert (chat.now() - began).total_seconds() >= 3


@pytest.mark.parametrize("do", ["429", "503", "reset", "half", "lost", "slow"])
def test_a_faulty_read_is_tried_again(chat: Harness, do: str) -> None:
    since = chat.now()
    ref = chat.messenger.post(chat.channel, Notice("here"), key="here")
    chat.fault(READ, do)

    assert chat.messenger.find(chat.channel, "here", since=since) == ref


@pytest.mark.parametrize("do", ["503", "lost", "reset"])
def test_a_faulty_update_is_tried_again(chat: Harness, do: str) -> None:
    ref = chat.messenger.post(chat.channel, Notice("before"), key="k")
    chat.fault(WRITE, do)

    chat.messenger.update(ref, Notice("after"), key="k")

    assert [m.words for m in chat.seen()] == ["after"]


def test_an_update_changes_the_message_in_place_and_keeps_its_key(chat: Harness) -> None:
    since = chat.now()
    ref = chat.messenger.post(chat.channel, Notice("before"), key="k")

    chat.messenger.update(ref, Notice("after"), key="k")
    chat.messenger.update(ref, Notice("after"), key="k")

    assert [(m.id, m.words) for m in chat.seen()] == [(ref.id, "after")]
    assert chat.messenger.find(chat.channel, "k", since=since) == ref


def test_updating_a_message_that_is_gone_is_not_found(chat: Harness) -> None:
    ref = chat.messenger.post(chat.channel, Notice("here"), key="k")
    chat.messenger.delete(ref)

    with pytest.raises(NotFoundError):
        chat.messenger.update(ref, Notice("after"), key="k")


def test_deleting_twice_is_no_error(chat: Harness) -> None:
    ref = chat.messenger.post(chat.channel, Notice("here"), key="k")

    chat.messenger.delete(ref)
    chat.messenger.delete(ref)

    assert chat.seen() == []


def test_what_is_too_long_goes_on_in_the_thread_whole(chat: Harness) -> None:
    words = " ".join(f"word{number}" for number in range(6_000))

    ref = chat.messenger.post(chat.channel, Notice(words), key="long")

    first, *rest = chat.seen()
    assert first.id == ref.id
    assert len(rest) >= 3
    assert {m.thread for m in rest} == {ref.id}
    assert "\n".join(m.words for m in [first, *rest]).split() == words.split()


def test_a_lost_answer_in_a_continuation_doubles_nothing(chat: Harness) -> None:
    chat.fault(WRITE, "second lost")

    chat.messenger.post(chat.channel, Notice("word " * 3_000), key="long")

    assert len(chat.seen()) == 2


def test_a_message_to_one_person_is_seen_by_nobody_else(chat: Harness) -> None:
    chat.messenger.ephemeral(chat.channel, chat.person, Notice("for you"))

    assert chat.seen() == []
    assert chat.seen_by_person() == ["for you"]


def test_an_image_is_shared_once_with_its_alt_text_and_found_by_its_key(chat: Harness) -> None:
    since = chat.now()
    parent = chat.messenger.post(chat.channel, Notice("parent"), key="parent")

    made = chat.messenger.upload_image(
        chat.channel, PNG, key="chart:1", title="Voices", alt_text="Voices a week: 3, 5, 9", thread=parent.id
    )

    image = chat.seen()[1]
    assert (image.thread, image.alt_texts) == (parent.id, ("Voices a week: 3, 5, 9",))
    assert chat.messenger.find_image(chat.channel, "chart:1", since=since, thread=parent.id) == made
    assert chat.messenger.find_image(chat.channel, "chart:2", since=since, thread=parent.id) is None


def test_an_image_whose_answer_is_lost_is_uncertain_and_found(chat: Harness) -> None:
    since = chat.now()
    chat.fault(SHARE, "lost")

    with pytest.raises(UncertainError):
        chat.messenger.upload_image(chat.channel, PNG, key="chart", title="Voices", alt_text="Voices a week")

    assert len(chat.seen()) == 1
    assert chat.messenger.find_image(chat.channel, "chart", since=since)


def test_an_image_that_is_removed_leaves_nothing_and_twice_is_no_error(chat: Harness) -> None:
    since = chat.now()
    parent = chat.messenger.post(chat.channel, Notice("parent"), key="parent")
    made, other = (
        chat.messenger.upload_image(
            chat.channel, PNG, key=key, title="Voices", alt_text="Voices a week", thread=parent.id
        )
        for key in ("chart:1", "chart:2")
    )

    for _ in range(2):
        chat.messenger.delete_image(chat.channel, made, since=since, thread=parent.id)

    assert chat.messenger.find_image(chat.channel, "chart:1", since=since, thread=parent.id) is None
    assert chat.messenger.find_image(chat.channel, "chart:2", since=since, thread=parent.id) == other
    assert len(chat.seen()) == 2


def test_a_reply_to_a_thread_that_is_gone_is_not_found_and_leaves_nothing(chat: Harness) -> None:
    parent = chat.messenger.post(chat.channel, Notice("parent"), key="parent")
    chat.messenger.delete(parent)

    with pytest.raises(NotFoundError):
        chat.messenger.post(chat.channel, Notice("reply"), key="reply", thread=parent.id)

    assert chat.seen() == []


def test_a_channel_that_we_are_not_in_is_refused_with_a_remedy(chat: Harness) -> None:
    with pytest.raises(AccessError) as refused:
        chat.messenger.post(chat.closed_channel, Notice("hello"), key="k")

    assert refused.value.remedy


def test_a_revoked_token_is_refused_with_a_remedy(chat: Harness) -> None:
    chat.revoke()

    with pytest.raises(AccessError) as refused:
        chat.messenger.post(chat.channel, Notice("hello"), key="k")
    findings = chat.messenger.check()

    assert refused.value.remedy
    assert [f.is_ok for f in findings] == [False]
    assert findings[0].remedy


def test_a_far_end_that_stays_away_leaves_the_write_uncertain_and_the_read_for_later(chat: Harness) -> None:
    for _ in range(8):
        chat.fault(READ, "503")

    with pytest.raises(TransientError):
        chat.messenger.find(chat.channel, "k", since=chat.now())


def test_a_channels_id_is_told_whether_it_is_named_or_given_by_id(chat: Harness) -> None:
    ids = [chat.messenger.channel_id(given) for given in (chat.channel_name, chat.channel)]

    assert ids == [chat.channel] * 2
    with pytest.raises(NotFoundError):
        chat.messenger.channel_id("#no-such-channel")


def test_a_permalink_is_a_web_address(chat: Harness) -> None:
    ref = chat.messenger.post(chat.channel, Notice("here"), key="k")

    assert chat.messenger.permalink(ref).startswith("http")
    with pytest.raises(NotFoundError):
        chat.messenger.permalink(MessageRef(ref.channel, "1.000001"))


def test_a_healthy_messenger_says_so(chat: Harness) -> None:
    assert all(finding.is_ok for finding in chat.messenger.check())


def test_a_channel_is_called_as_people_call_it_and_we_are_in_it(chat: Harness) -> None:
    assert chat.messenger.channel_name(chat.channel) in (chat.channel_name, chat.channel)
    assert chat.messenger.is_in(chat.channel)
    assert chat.messenger.channel_name("C0NOWHERE1") == "C0NOWHERE1"
