"""What is chosen on a reply is answered in its thread, where the person reads."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pytest

from integrations.slack.blocks import ids
from tests.handlers.chat import CARA, CHANNELS, Chat
from tests.handlers.test_shortcuts import opens, submits
from tests.handlers.world import ANNA, BEN, PRIVATE, PRODUCT, RULES, World


@pytest.fixture
def chat(tmp_path: Path, handlers_template: Path) -> Iterator[Chat]:
    made = World(tmp_path, handlers_template, rules=replace(RULES, channels=CHANNELS))
    yield Chat(made)
    made.close()


def answered_in(chat: Chat) -> list[tuple[str, str | None]]:
    """Return to whom and in which thread answers were shown, None for the channel."""
    return [(one["user"], one.get("thread_ts")) for one in chat.world.slack.space.ephemerals]


def test_what_is_chosen_on_a_reply_is_answered_in_its_thread_and_on_its_beginning_in_the_channel(
    chat: Chat,
) -> None:
    root = chat.talk.say(ANNA, PRODUCT, "Is anything new from Initech?")
    reply = chat.talk.say(BEN, PRODUCT, "The export drops rows, they say.", thread=root)

    submits(chat, ANNA, opens(chat, ANNA, PRODUCT, reply))
    submits(chat, BEN, opens(chat, BEN, PRODUCT, root))
    chat.world.slack.interactor.message_shortcut(CARA, PRODUCT, reply, ids.ADD_MESSAGE)
    chat.world.pool.settle()

    assert answered_in(chat) == [(ANNA, root), (BEN, None), (CARA, root)]


def test_a_ticket_that_was_chosen_for_a_reply_is_told_in_its_thread(chat: Chat) -> None:
    chat.world.ticket("FLD-1", "Export drops rows")
    root = chat.talk.say(ANNA, PRODUCT, "Is anything new from Initech?")
    reply = chat.talk.say(BEN, PRODUCT, "The export drops rows, they say.", thread=root)
    view, person = opens(chat, ANNA, PRODUCT, reply, ids.ATTACH_MESSAGE), chat.world.slack.interactor

    person.suggest(ANNA, view["id"], ids.TICKET, ids.TICKET, "export")
    person.submit(ANNA, view["id"], {ids.TICKET: {ids.TICKET: "FLD-1"}})
    chat.world.pool.settle()

    assert answered_in(chat) == [(ANNA, root)]


def test_in_a_thread_where_voc_may_not_write_the_answer_comes_to_the_channel(chat: Chat) -> None:
    root = chat.talk.say(ANNA, PRIVATE, "Is anything new from Initech?")
    reply = chat.talk.say(BEN, PRIVATE, "The export drops rows, they say.", thread=root)
    chat.world.slack.space.channels[PRIVATE].is_member = False

    chat.world.slack.interactor.message_shortcut(CARA, PRIVATE, reply, ids.ADD_MESSAGE)
    chat.world.pool.settle()

    assert answered_in(chat) == [(CARA, None)]
