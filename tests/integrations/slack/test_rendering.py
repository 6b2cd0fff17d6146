from __future__ import annotations

import json

import pytest
from hypothesis import HealthCheck, given, settings

from bot.domain.message import (
    CardState,
    Inbox,
    Message,
    MessageRef,
    Notice,
    TicketVoices,
)
from bot.ports import Finding
from integrations.sandbox.slack.block_kit import LIMITS, OPTION, block_faults, field_faults
from integrations.sandbox.slack.reading import counted_characters, mentions, view_faults
from integrations.slack.blocks import answers
from integrations.slack.blocks.elements import Post
from integrations.slack.blocks.modals import (
    another_ticket_view,
    piece_theme_view,
    ticket_options,
)
from integrations.slack.blocks.render import render
from integrations.slack.blocks.review import Said, Session, inbox_post, session_view, summary_view
from integrations.slack.blocks.sizes import characters
from tests.integrations.slack.reading import buttons, shown
from tests.integrations.slack.samples import (
    HOSTILE,
    HOSTILE_TEXT,
    card,
    messages,
    ticket_line,
    top_ticket,
    voice,
)
from tests.integrations.slack.world import ADA
from tests.slack_check.check import Check

STOOD = ["of the last 120 automatic links that were checked, 95.8% stood"]
MANY = settings(max_examples=150, suppress_health_check=[HealthCheck.too_slow, HealthCheck.data_too_large])


def assert_slack_takes(post: Post) -> None:
    assert block_faults(post.blocks) == []
    assert 0 < len(post.text) <= LIMITS["message.chat_update_text_max"]
    assert characters(post.blocks) >= counted_characters(post.blocks)
    assert characters(post.blocks) < LIMITS["message.total_blocks_payload_observed_max"]
    json.dumps(post.blocks, ensure_ascii=False).encode()


@MANY
@given(messages())
def test_any_words_whatsoever_give_messages_that_slack_takes_and_that_ping_nobody(message: Message) -> None:
    posts = render(message)

    for post in posts:
        assert_slack_takes(post)
        pinged = set(mentions({"text": post.text, "blocks": post.blocks}))
        deciders = [getattr(one, "decided_by", "") for one in (message, *getattr(message, "first", ()))]
        assert pinged <= {f"@{person}" for person in deciders}


@settings(MANY, max_examples=60)
@given(message=messages())
def test_any_words_whatsoever_keep_the_rules(message: Message, slack_check: Check) -> None:
    for post in render(message):
        shown = {"text": post.text, "blocks": post.blocks}
        assert slack_check.faults("chat.update", shown, {ADA}) == []


@pytest.mark.parametrize("state", CardState)
@pytest.mark.parametrize("words", HOSTILE, ids=range(len(HOSTILE)))
def test_no_customers_words_are_ever_read_as_mrkdwn(state: CardState, words: str) -> None:
    (post,) = render(
        card(state, voice=voice(words, company=words, role=words), ticket=ticket_line(title=words))
    )

    texts = [
        e
        for b in post.blocks
        if b["type"] in ("section", "context")
        for e in b.get("elements", [b.get("text")])
    ]
    assert all(text["type"] == "plain_text" and text["emoji"] is False for text in texts)


@pytest.mark.parametrize(
    ("state", "offered"),
    [
        (CardState.SUGGESTED, ["voc_attach", "voc_other_ticket", "voc_not_feedback"]),
        (CardState.ATTACHED, ["voc_undo", "voc_other_ticket"]),
        (CardState.UNMATCHED, ["voc_other_ticket", "voc_not_feedback"]),
        (CardState.NOT_FEEDBACK, ["voc_undo"]),
        (CardState.WITHDRAWN, []),
    ],
)
def test_a_card_offers_what_its_state_allows(state: CardState, offered: list[str]) -> None:
    (post,) = render(card(state))

    assert buttons(post) == [(action, "7") for action in offered]


def test_a_withdrawn_card_shows_none_of_the_words() -> None:
    (post,) = render(card(CardState.WITHDRAWN, voice=voice("my secret", company="Acme")))

    assert "secret" not in json.dumps([post.text, post.blocks])
    assert "Acme" not in json.dumps([post.text, post.blocks])


def test_a_card_that_changes_gets_new_block_ids() -> None:
    (before,) = render(card(CardState.SUGGESTED))
    (after,) = render(card(CardState.ATTACHED))

    assert before.blocks[-1]["block_id"] != after.blocks[-1]["block_id"]


def test_a_tickets_voices_are_five_quotes_with_who_said_them() -> None:
    quotes = tuple(voice(f"Ask number {n}.", company=f"Company {n}") for n in range(7))

    (post,) = render(TicketVoices(top_ticket(quotes=quotes)))

    assert [n for n in range(7) if f"Ask number {n}." in shown(post.blocks)] == [0, 1, 2, 3, 4]
    assert "Company 4 · 19 Nov" in shown(post.blocks)


@given(HOSTILE_TEXT)
def test_a_notice_loses_no_word_however_long(words: str) -> None:
    posts = render(Notice(words))

    seen = "".join(shown(post.blocks) for post in posts)
    kept = "".join(c for c in words if c.isprintable() and not c.isspace())
    assert all(c in seen for c in set(kept) - set("\u200e\u200f"))
    assert len(posts) == 1 or len(words) > 5_000


@given(HOSTILE_TEXT)
def test_modals_are_taken_whatever_they_hold(words: str) -> None:
    tickets = [ticket_line(key=f"SHOP-{n}", title=words, status=words) for n in range(150)]
    session = Session(owners=("C0PRODUCT1",) * 20, pieces=tuple(range(100_000, 100_010)))
    quoting = card(CardState.SUGGESTED, voice=voice(words))

    kept = session_view(session, quoting)["private_metadata"]

    views = [
        another_ticket_view(7, MessageRef("C0PRODUCT1", "1.2")),
        piece_theme_view(7, kept, [(n, words) for n in range(150)]),
        session_view(session, quoting),
        summary_view(Session(owners=(), pieces=(7,)).saying(7, Said.DECIDED), [quoting], 3),
    ]

    assert [view_faults(view) for view in views] == [[]] * 4
    offered = ticket_options(tickets)
    assert [fault for one in offered for fault in field_faults(one, OPTION, "")] == []


@given(HOSTILE_TEXT)
def test_an_inbox_is_taken_whatever_it_quotes(words: str) -> None:
    first = tuple(card(CardState.SUGGESTED, feedback_id=n, voice=voice(words)) for n in range(3))
    posts = [inbox_post(Inbox(owner="C0X", waiting=n, first=first[:n])) for n in (0, 1, 3, 12_345)]

    for post in posts:
        assert_slack_takes(post)


def test_views_and_answers_keep_the_rules(slack_check: Check) -> None:
    answered = [
        answers.status_answer([Finding(False, "Zendesk <x>", "Mend it")] * 60, waiting=4, trust=STOOD),
        answers.status_answer([], waiting=0),
        answers.ticket_answer(top_ticket(quotes=()), context_of_use=[("app_version", [("4.2", 3)])]),
    ]

    for post in answered:
        assert_slack_takes(post)
        assert slack_check.faults("response_url", {"text": post.text, "blocks": post.blocks}) == []
    session = Session(owners=("C0X",), pieces=(7, 8))
    for view in (
        another_ticket_view(7, None),
        piece_theme_view(7, "{}", []),
        *(session_view(session, card(state)) for state in CardState),
        summary_view(session.saying(7, Said.DECIDED), [card(CardState.ATTACHED)], 0),
    ):
        assert slack_check.faults("views.open", {"view": view}) == []


def test_status_says_what_stood_and_what_is_wrong() -> None:
    post = answers.status_answer([Finding(False, "Zendesk", "Mend it")], waiting=4, trust=STOOD)

    assert "✗ Zendesk. Mend it" in shown(post.blocks)
    assert STOOD[0] in shown(post.blocks)
    assert post.text == "Voc: 1 problem. 4 proposals waiting for an answer"
