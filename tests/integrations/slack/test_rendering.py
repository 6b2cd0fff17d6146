from __future__ import annotations

import json

import pytest
from hypothesis import HealthCheck, given, settings

from bot.domain.message import (
    CardState,
    Message,
    Notice,
    TicketVoices,
)
from integrations.sandbox.slack.block_kit import LIMITS, block_faults
from integrations.sandbox.slack.reading import counted_characters, mentions
from integrations.slack.blocks.elements import Post
from integrations.slack.blocks.render import render
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
