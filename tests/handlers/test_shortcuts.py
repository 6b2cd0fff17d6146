"""Shortcuts pass on what a customer said: a message with its thread, or words from elsewhere."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from bot.domain.capture import thread_id
from bot.domain.feedback import AuthorRole
from bot.domain.message import Notice
from bot.i18n import speaking, t
from integrations.slack.blocks import ids
from tests.handlers.chat import CARA, CHANNELS, Chat
from tests.handlers.world import ANNA, BEN, PRIVATE, PRODUCT, RULES, World, shown


@pytest.fixture
def chat(tmp_path: Path, handlers_template: Path) -> Iterator[Chat]:
    made = World(tmp_path, handlers_template, rules=replace(RULES, channels=CHANNELS))
    yield Chat(made)
    made.close()


def opens(chat: Chat, user: str, channel: str, ts: str, shortcut: str = ids.ADD_MESSAGE) -> dict[str, Any]:
    """Choose the shortcut on the message, and return the dialog that opens."""
    chat.world.hears()
    chat.world.slack.interactor.message_shortcut(user, channel, ts, shortcut)
    chat.world.pool.settle()
    return chat.world.modal(user)


def submits(chat: Chat, user: str, view: dict[str, Any], **typed: str) -> str:
    """Fill in and send the dialog; return what is told, or why it stays open."""
    fields = {"words": (ids.SAID_BLOCK, ids.SAID), "customer": (ids.CUSTOMER_BLOCK, ids.CUSTOMER)}
    fields["area"] = (ids.AREA_BLOCK, ids.AREA)
    values = {fields[name][0]: {fields[name][1]: text} for name, text in typed.items()}
    before = len(chat.world.slack.space.ephemerals)
    outcome = chat.world.slack.interactor.submit(user, view["id"], values)
    if errors := outcome.get("errors"):
        return str(errors)
    chat.world.pool.settle()
    return "\n".join(shown(m) for m in chat.world.slack.space.ephemerals[before:])


def refused(chat: Chat, user: str, ts: str, shortcut: str) -> str:
    """Choose the shortcut on the message; return what is told, where no dialog opens."""
    chat.world.hears()
    before = len(chat.world.slack.space.ephemerals)
    chat.world.slack.interactor.message_shortcut(user, PRODUCT, ts, shortcut)
    chat.world.pool.settle()
    assert user not in chat.world.slack.space.modals
    return "\n".join(shown(m) for m in chat.world.slack.space.ephemerals[before:])


def test_a_message_is_added_with_its_thread_and_whoever_wrote_it_speaks_as_the_customer(chat: Chat) -> None:
    root = chat.talk.say(BEN, PRODUCT, "Call with <b> & Initech: \nthe export drops rows.")
    chat.talk.say(ANNA, PRODUCT, "Since when?", thread=root)

    view = opens(chat, ANNA, PRODUCT, root)
    told = submits(chat, ANNA, view, customer="Initech", area="billing")

    assert view["blocks"][0]["element"]["initial_value"] == "Call with <b> & Initech:\nthe export drops rows."
    assert "Added as feedback" in told
    known = chat.known(PRODUCT, root)
    assert known is not None
    assert [turn.role for turn in known.turns] == [AuthorRole.CUSTOMER, AuthorRole.AGENT]
    assert (known.inbox, known.tags) == ("#product", ("billing",))
    (voice,) = chat.voices(PRODUCT, root)
    assert voice.person.company is not None
    assert (voice.person.company.name, voice.text[:9]) == ("Initech", "Call with")


def test_the_words_are_a_range_of_the_message_and_stay_so_when_the_thread_grows(chat: Chat) -> None:
    said = "Hi all, hope you are well. The export drops every second row since Monday. Cheers, Ben"
    root = chat.talk.say(BEN, PRODUCT, said)
    view = opens(chat, ANNA, PRODUCT, root)

    refused = submits(chat, ANNA, view, words="The export drops all rows.")
    submits(chat, ANNA, view, words="The export drops every second row since Monday.")
    chat.talk.say(ANNA, PRODUCT, "Thanks, we look into it.", thread=root)
    chat.settle()

    assert "not the customer’s words" in refused
    (voice,) = chat.voices(PRODUCT, root)
    assert voice.text == said
    assert voice.words == "The export drops every second row since Monday."


def test_what_keeps_the_dialog_open_is_said_in_the_persons_language(chat: Chat) -> None:
    chat.world.slack.space.users[ANNA]["locale"] = "de-DE"
    view = opens(chat, ANNA, PRODUCT, chat.talk.say(BEN, PRODUCT, "The export drops rows."))

    refused = submits(chat, ANNA, view, words="The export drops all rows.")

    with speaking("de"):
        assert t("These are not the customer’s words any more. Shorten them, but change nothing.") in refused
    assert "These are not" not in refused


def test_sent_twice_by_two_people_it_is_one_conversation(chat: Chat) -> None:
    root = chat.talk.say(CARA, PRODUCT, "The export drops rows.")

    said = [submits(chat, user, opens(chat, user, PRODUCT, root)) for user in (ANNA, BEN, ANNA)]

    assert chat.live(PRODUCT, root) == ["The export drops rows."]
    with chat.world.context.reading() as unit:
        assert unit.conversations.count("slack") == 1
        kept = unit.captures.get(thread_id(PRODUCT, root))
    assert kept is not None
    assert kept.by == ANNA
    assert f"<@{ANNA}> added this before: #1." in said[1]
    assert "Added as feedback." in said[2]


def test_where_voc_may_not_read_the_message_alone_is_kept_and_the_person_is_told(chat: Chat) -> None:
    ts = chat.talk.say(BEN, PRIVATE, "Hooli says the import is slow.")
    chat.world.slack.space.channels[PRIVATE].is_member = False
    posted = len(chat.world.messages(PRIVATE))

    view = opens(chat, ANNA, PRIVATE, ts)
    chat.world.slack.interactor.submit(ANNA, view["id"])
    chat.world.pool.settle()

    assert chat.live(PRIVATE, ts) == ["Hooli says the import is slow."]
    direct = [m for c in chat.world.slack.space.channels.values() if c.id.startswith("D") for m in c.messages]
    assert "/invite @voc" in shown(direct[-1])
    assert len(chat.world.messages(PRIVATE)) == posted


def test_in_a_direct_message_between_people_nobody_is_told_to_invite_voc(chat: Chat) -> None:
    theirs = "D0THEIRS01"
    chat.world.slack.load({"channels": [{"id": theirs, "name": "", "is_member": False, "is_private": True}]})
    ts = chat.talk.say(BEN, theirs, "Hooli says the import is slow.")

    view = opens(chat, ANNA, theirs, ts)
    chat.world.slack.interactor.submit(ANNA, view["id"])
    chat.world.pool.settle()

    direct = [m for c in chat.world.slack.space.channels.values() if c.user == ANNA for m in c.messages]
    assert chat.live(theirs, ts) == ["Hooli says the import is slow."]
    assert "can’t read direct messages" in shown(direct[-1])
    assert "/invite" not in shown(direct[-1])


def test_what_was_said_elsewhere_is_added_for_a_known_company(chat: Chat) -> None:
    chat.world.piece("The import is slow.", company="Hooli")

    chat.world.slack.interactor.shortcut(ANNA, ids.ADD)
    chat.world.pool.settle()
    view = chat.world.modal(ANNA)
    chat.world.slack.interactor.submit(
        ANNA,
        view["id"],
        {
            ids.SAID_BLOCK: {ids.SAID: "We pay for seats that nobody uses."},
            ids.CUSTOMER_BLOCK: {ids.CUSTOMER: "hooli"},
        },
    )
    chat.world.pool.settle()

    with chat.world.context.reading() as unit:
        known = unit.conversations.find("by hand", f"dialog:{view['id']}")
        assert known is not None
        (voice,) = unit.pieces.voices([p.id for p in unit.pieces.of_conversation(known.id)])
    assert voice.words == "We pay for seats that nobody uses."
    assert voice.person.company is not None
    assert voice.person.company.name == "Hooli"
    direct = [m for c in chat.world.slack.space.channels.values() if c.id.startswith("D") for m in c.messages]
    assert "Added as feedback of Hooli." in shown(direct[-1])


def test_a_message_is_attached_to_a_ticket_that_is_chosen(chat: Chat) -> None:
    chat.world.ticket("FLD-1", "Export drops rows")
    root = chat.talk.say(CARA, PRODUCT, "The export drops rows.")
    view = opens(chat, ANNA, PRODUCT, root, ids.ATTACH_MESSAGE)
    person = chat.world.slack.interactor

    person.suggest(ANNA, view["id"], ids.TICKET, ids.TICKET, "export")
    person.submit(ANNA, view["id"], {ids.TICKET: {ids.TICKET: "FLD-1"}})
    chat.world.pool.settle()

    (voice,) = chat.voices(PRODUCT, root)
    assert chat.world.states(voice.feedback_id) == {"FLD-1": "attached"}


@pytest.mark.parametrize("shortcut", [ids.ADD_MESSAGE, ids.ATTACH_MESSAGE])
def test_what_voc_wrote_itself_is_no_customers_words(chat: Chat, shortcut: str) -> None:
    own = chat.world.context.publisher.messenger.post(PRODUCT, Notice("Exports fail, says Acme."), key="own")

    told = refused(chat, ANNA, own.id, shortcut)

    assert "Voc wrote this itself" in told
    assert chat.known(PRODUCT, own.id) is None


@pytest.mark.parametrize("text", ["", "<@U0ANNA0001>"])
def test_a_message_without_words_opens_no_dialog_that_nobody_could_send(chat: Chat, text: str) -> None:
    ts = chat.talk.say(BEN, PRODUCT, "A picture")
    chat.world.slack.space.channels[PRODUCT].message(ts)["text"] = text  # type: ignore[index]

    told = refused(chat, ANNA, ts, ids.ADD_MESSAGE)

    assert "no words" in told
    assert "/voc add" in told


def test_a_message_of_many_emoji_is_cut_but_never_emptied(chat: Chat) -> None:
    ts = chat.talk.say(BEN, PRODUCT, "🎉" * 20_000)

    view = opens(chat, ANNA, PRODUCT, ts)

    assert view["blocks"][0]["element"]["initial_value"] == "🎉" * 1_500


def test_a_message_without_words_can_be_attached_to_nothing_and_says_so(chat: Chat) -> None:
    root = chat.talk.say(CARA, PRODUCT, ":wave:")
    chat.world.slack.space.channels[PRODUCT].message(root)["text"] = ""  # type: ignore[index]

    view = opens(chat, ANNA, PRODUCT, root, ids.ATTACH_MESSAGE)

    assert "no words of a customer" in shown(view)


def test_who_else_said_it_shows_the_nearest_words_and_tickets_and_stores_nothing(chat: Chat) -> None:
    world, ticket = chat.world, chat.world.ticket("FLD-1", "Export drops rows")
    world.decide(world.piece("The export drops half of the rows."), ticket, attached=True)
    world.piece("Invoices come twice.", person="2")
    root = chat.talk.say(BEN, PRODUCT, "Somebody told me that the export drops rows!")

    view = shown(opens(chat, ANNA, PRODUCT, root, ids.WHO_ELSE))

    assert "FLD-1 Export drops rows" in view
    assert "The export drops half of the rows." in view
    assert "Invoices" not in view
    assert chat.known(PRODUCT, root) is None


def test_what_nobody_else_said_is_told_as_such(chat: Chat) -> None:
    root = chat.talk.say(BEN, PRODUCT, "Dragons in the attic")

    view = shown(opens(chat, ANNA, PRODUCT, root, ids.WHO_ELSE))

    assert "Nobody was heard saying anything like it." in view


def test_people_from_elsewhere_and_guests_get_no_dialog(chat: Chat) -> None:
    root = chat.talk.say(BEN, PRODUCT, "The export drops rows.")
    chat.world.hears()

    chat.world.slack.interactor.message_shortcut(CARA, PRODUCT, root, ids.ADD_MESSAGE)
    chat.world.pool.settle()

    assert chat.world.slack.space.modals.get(CARA, []) == []
    assert "Only members of this workspace" in shown(chat.world.slack.space.ephemerals[-1])
