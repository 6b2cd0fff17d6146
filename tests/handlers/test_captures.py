"""Messages and reactions in channels become feedback, and follow what people change."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pytest

from bot.domain.answer import AnswerKind
from bot.domain.capture import ME_TOO
from bot.domain.feedback import AuthorRole, Exclusion
from bot.domain.message import Notice
from bot.domain.voice import quoted
from bot.services import review
from bot.services.sync import sync
from handlers.threads import follow_thread
from integrations.slack.blocks import words
from tests.handlers.chat import ACME, CARA, CHANNELS, DAN, Chat
from tests.handlers.world import ANNA, BEN, OWNERS, PRODUCT, RULES, World, shown


@pytest.fixture
def chat(tmp_path: Path, handlers_template: Path) -> Iterator[Chat]:
    made = World(tmp_path, handlers_template, rules=replace(RULES, channels=CHANNELS))
    yield Chat(made)
    made.close()


def test_a_customers_message_is_feedback_and_its_thread_one_conversation(chat: Chat) -> None:
    ts = chat.talk.say(CARA, ACME, "The export drops <half> the rows.")
    chat.talk.say(ANNA, ACME, "Which export do you mean?", thread=ts)
    chat.talk.say(CARA, ACME, "The CSV one, every Monday.", thread=ts)

    chat.settle()

    known = chat.known(ACME, ts)
    assert known is not None
    assert [turn.role for turn in known.turns] == [AuthorRole.CUSTOMER, AuthorRole.AGENT, AuthorRole.CUSTOMER]
    assert known.turns[0].text == "The export drops <half> the rows."
    assert known.url.endswith(f"/archives/{ACME}/p{ts.replace('.', '')}")
    (voice, *_) = chat.voices(ACME, ts)
    assert (voice.person.name, voice.person.company and voice.person.company.name) == ("Cara", "Acme")


def test_what_colleagues_and_bots_write_by_themselves_is_no_feedback(chat: Chat) -> None:
    ts = chat.talk.say(ANNA, ACME, "Maintenance tonight at ten.")
    chat.world.context.slack.write("chat.postMessage", "posting", channel=ACME, text="A digest")
    chat.talk.echo(ACME, chat.world.messages(ACME)[-1]["ts"])

    chat.settle()

    with chat.world.context.reading() as unit:
        assert unit.conversations.count("slack") == 0
    chat.talk.say(DAN, ACME, "Does that touch the API?", thread=ts)
    chat.settle()
    assert chat.live(ACME, ts) == ["Does that touch the API?"]


def test_emoji_alone_are_no_feedback_and_none_is_quoted_by_its_name(chat: Chat) -> None:
    alone = chat.talk.say(CARA, ACME, ":tada: :pray::skin-tone-3:")
    beside = chat.talk.say(CARA, ACME, ":cry: The export drops rows. :raised_hands:")
    chat.settle()

    assert chat.live(ACME, alone) == []
    assert chat.live(ACME, beside) == ["The export drops rows."]


def test_an_edit_is_a_new_revision_and_a_deletion_withdraws_the_words(chat: Chat) -> None:
    ts = chat.talk.say(CARA, ACME, "The export drops rows.")
    chat.settle()
    chat.talk.edit(CARA, ACME, ts, "The import drops rows.")
    chat.settle()
    changed, known = chat.live(ACME, ts), chat.known(ACME, ts)

    chat.talk.remove(ACME, ts)
    chat.settle()

    assert changed == ["The import drops rows."]
    assert known is not None
    assert known.turns[0].revision == 2
    assert [voice.excluded for voice in chat.voices(ACME, ts)] == [Exclusion.GONE]


def test_words_that_were_deleted_within_a_thread_are_overwritten(chat: Chat) -> None:
    ts = chat.talk.say(CARA, ACME, "The export drops rows, my password is hunter2.")
    chat.talk.say(CARA, ACME, "The import loses every second customer.", thread=ts)
    chat.settle()

    chat.talk.remove(ACME, ts)
    chat.settle()

    known = chat.known(ACME, ts)
    assert known is not None
    assert [turn.original for turn in known.turns if turn.external_id == ts] == [""]
    assert chat.live(ACME, ts) == ["The import loses every second customer."]


def test_events_late_repeated_and_in_any_order_leave_what_the_thread_is_now(chat: Chat) -> None:
    chat.world.slack.space.bot["url"] = "http://127.0.0.1:9/"
    ts = chat.talk.say(CARA, ACME, "The export drops rows.")
    chat.talk.edit(CARA, ACME, ts, "The export drops rows on Mondays.")
    chat.world.slack.space.bot["url"] = f"{chat.world.url}/slack/events"
    chat.world.clock.advance(60)

    chat.world.slack.events.deliver_due()
    chat.settle()
    for _ in range(2):
        chat.world.clock.advance(300)
        chat.world.slack.events.deliver_due()
        chat.settle()

    assert chat.live(ACME, ts) == ["The export drops rows on Mondays."]
    assert len(chat.voices(ACME, ts)) == 1


def test_a_colleagues_reaction_takes_a_message_as_feedback_until_it_is_taken_back(chat: Chat) -> None:
    root = chat.talk.say(ANNA, PRODUCT, "Notes of the call with Initech")
    ts = chat.talk.say(BEN, PRODUCT, "They said: we export by hand every day.", thread=root)
    chat.settle()

    chat.talk.react(ANNA, PRODUCT, ts, "memo")
    chat.settle()
    taken = chat.live(PRODUCT, root)
    chat.talk.unreact(ANNA, PRODUCT, ts, "memo")
    chat.settle()

    assert taken == ["They said: we export by hand every day."]
    assert chat.live(PRODUCT, root) == []
    chat.talk.react(ANNA, PRODUCT, ts, "memo")
    chat.settle()
    assert chat.live(PRODUCT, root) == taken


def test_a_reaction_takes_nothing_that_voc_wrote_itself(chat: Chat) -> None:
    own = chat.world.context.publisher.messenger.post(PRODUCT, Notice("Exports fail, says Acme."), key="own")

    chat.talk.react(ANNA, PRODUCT, own.id, "memo")
    chat.settle()

    assert chat.known(PRODUCT, own.id) is None


def test_a_reaction_of_somebody_from_elsewhere_or_of_no_meaning_takes_nothing(chat: Chat) -> None:
    ts = chat.talk.say(BEN, PRODUCT, "We export by hand every day.")

    chat.talk.react(CARA, PRODUCT, ts, "memo")
    chat.talk.react(ANNA, PRODUCT, ts, "eyes")
    chat.settle()

    assert chat.live(PRODUCT, ts) == []


def test_a_reaction_sets_the_piece_aside_and_taking_it_back_brings_it_back(chat: Chat) -> None:
    ts = chat.talk.say(CARA, ACME, "The evening in Berlin was long.")
    chat.settle()
    (piece,) = chat.voices(ACME, ts)

    added = chat.talk.react(BEN, ACME, ts, "no_entry")
    chat.settle()
    aside = chat.voices(ACME, ts)[0].excluded
    chat.talk.unreact(BEN, ACME, ts, "no_entry")
    chat.settle()
    assert added is not None
    chat.world.slack.events.repeat({**added, "event_id": "Ev0LATE"})
    chat.settle()

    assert aside is Exclusion.NOT_FEEDBACK
    assert chat.voices(ACME, ts)[0].excluded is None
    with chat.world.context.reading() as unit:
        answer = unit.answers.latest_of(piece.feedback_id)
    assert answer is not None
    assert (answer.by, answer.kind) == (BEN, AnswerKind.TAKEN_BACK)


def test_only_those_who_may_decide_set_aside_by_a_reaction(tmp_path: Path, handlers_template: Path) -> None:
    rules = replace(RULES, channels=CHANNELS)
    world = World(tmp_path, handlers_template, rules=rules, editors=frozenset({ANNA}))
    chat = Chat(world)
    ts = chat.talk.say(CARA, ACME, "The export drops rows.")
    chat.settle()

    chat.talk.react(BEN, ACME, ts, "no_entry")
    chat.settle()

    assert chat.live(ACME, ts) == ["The export drops rows."]
    (told,) = world.slack.space.ephemerals
    assert told["user"] == BEN
    assert "decide" in shown(told)
    world.close()


@pytest.mark.parametrize("user", [CARA, DAN])
def test_a_customers_or_guests_reaction_sets_nothing_aside_and_is_not_answered(chat: Chat, user: str) -> None:
    ts = chat.talk.say(CARA, ACME, "The export drops rows.")
    chat.settle()

    chat.talk.react(user, ACME, ts, "no_entry")
    chat.settle()

    assert chat.live(ACME, ts) == ["The export drops rows."]
    assert chat.world.slack.space.ephemerals == []


def test_what_was_set_aside_on_its_card_stays_so_whatever_else_people_react(chat: Chat) -> None:
    ts = chat.talk.say(CARA, ACME, "The evening in Berlin was long.")
    chat.settle()
    (piece,) = chat.voices(ACME, ts)
    review.set_aside(chat.world.context.work, chat.world.clock, piece.feedback_id, ANNA)

    chat.talk.react(BEN, ACME, ts, "raised_hands")
    chat.talk.react(CARA, ACME, ts, "no_entry")
    chat.talk.unreact(CARA, ACME, ts, "no_entry")
    chat.settle()

    assert chat.voices(ACME, ts)[0].excluded is Exclusion.NOT_FEEDBACK
    assert chat.world.slack.space.ephemerals == []


def test_those_who_say_me_too_are_counted_on_the_piece_once_each(chat: Chat) -> None:
    ts = chat.talk.say(CARA, ACME, "The export drops rows.")
    for user in (BEN, DAN, CARA):
        chat.talk.react(user, ACME, ts, "raised_hands")
    chat.settle()
    counted = [(f.kind, f.value) for f in chat.voices(ACME, ts)[0].context]
    who = words.who(quoted(chat.voices(ACME, ts)[0], 40))

    chat.talk.unreact(DAN, ACME, ts, "raised_hands")
    chat.settle()

    assert counted == [(ME_TOO, "2")]
    assert who.endswith("2 others say the same")
    assert [(f.kind, f.value) for f in chat.voices(ACME, ts)[0].context] == [(ME_TOO, "1")]


def test_what_was_said_while_voc_was_down_is_read_from_the_channel(chat: Chat) -> None:
    threads, world = chat.world.context.threads, chat.world
    world.slack.space.app["events"] = []
    first = chat.talk.say(CARA, ACME, "The export drops rows.")
    chat.talk.say(CARA, ACME, "Every Monday.", thread=first)

    sync(world.context.work, world.clock, world.context.rules, threads)
    second = chat.talk.say(DAN, ACME, "The import is slow.")
    sync(world.context.work, world.clock, world.context.rules, threads)

    assert len(chat.known(ACME, first).turns) == 2  # type: ignore[union-attr]
    assert chat.live(ACME, second) == ["The import is slow."]


def test_a_channel_that_voc_was_removed_from_stays_as_stored_and_is_told_by_check(chat: Chat) -> None:
    ts = chat.talk.say(CARA, ACME, "The export drops rows.")
    chat.settle()
    chat.world.slack.space.channels[ACME].is_member = False

    follow_thread(chat.shop, {"channel": ACME, "root": ts})

    assert chat.live(ACME, ts) == ["The export drops rows."]
    (finding, _) = chat.world.context.threads.check()
    assert (finding.is_ok, finding.remedy) == (False, "type /invite @voc in the channel")
    assert chat.world.messages(OWNERS) == []
