from __future__ import annotations

import json
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings

from bot.domain.digest import Counts, Interview, Quiet
from bot.domain.message import (
    CardState,
    DigestPost,
    Message,
    Notice,
    Showing,
    TicketVoices,
)
from bot.domain.precision import Share
from integrations.sandbox.slack.block_kit import LIMITS, block_faults
from integrations.sandbox.slack.reading import counted_characters, mentions
from integrations.slack.blocks.elements import Post
from integrations.slack.blocks.render import render
from integrations.slack.blocks.sizes import characters, seen
from tests.integrations.slack.samples import (
    HOSTILE,
    HOSTILE_TEXT,
    card,
    messages,
    snapshot,
    ticket_line,
    top_ticket,
    unticketed,
    voice,
    waiting,
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


def shown(node: Any) -> str:
    """Return every text that is seen, in order."""
    if isinstance(node, list):
        return "\n".join(shown(item) for item in node)
    if isinstance(node, dict):
        if isinstance(node.get("text"), str):
            return str(node["text"])
        return "\n".join(shown(value) for value in node.values() if isinstance(value, dict | list))
    return ""


def buttons(post: Post) -> list[tuple[str, str]]:
    rows = [block for block in post.blocks if block["type"] == "actions"]
    return [(b["action_id"], b["value"]) for row in rows for b in row["elements"] if "value" in b]


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


def test_a_digest_is_at_most_twenty_blocks_and_about_two_thousand_characters() -> None:
    words = "The export is missing rows again and I only notice when a driver calls me in the morning. " * 2

    (post,) = render(
        DigestPost(
            snapshot(
                voice=voice(words),
                top=tuple(top_ticket(quotes=(voice(words),), carried_by=("Acme",)) for _ in range(5)),
                waiting=waiting(),
                quiet=Quiet(kind="segment", name="Enterprise", people=1, voice=voice(words)),
                interview=Interview(person_id=1, voice=voice(words), pieces=3, has_workaround=True),
                unticketed=(unticketed(quote=voice(words)),) * 4,
                failed_sources=("zendesk",),
                arrived_late=3,
            )
        )
    )

    assert len(post.blocks) <= 20
    assert 1_200 <= seen(post.blocks) <= 2_400


def test_a_digest_names_what_failed_and_who_carries_a_ticket_and_that_precision_is_not_measured() -> None:
    (post,) = render(
        DigestPost(snapshot(failed_sources=("intercom",), top=(top_ticket(carried_by=("Acme",)),)))
    )

    seen = shown(post.blocks)
    assert "No answer lately from intercom" in seen
    assert "Mostly from Acme" in seen
    assert "precision of automatic links not yet measured" in seen
    assert "checked automatic links" not in seen
    assert "1 → 3 → 5 → 9, rising" in seen


def test_a_digest_says_how_measured_links_do() -> None:
    measured = snapshot(attach_is_measured=True, links_checked=Share(58, 60))

    (post,) = render(DigestPost(measured))

    assert "58 of 60 checked automatic links stood" in shown(post.blocks)


def test_the_notification_of_a_digest_stands_alone() -> None:
    (post,) = render(DigestPost(snapshot()))

    assert "16–22 Nov 2026" in post.text
    assert "14 conversations (11 last week, usually 9)" in post.text
    assert "SHOP-12 CSV export drops rows, 5 people" in post.text


def test_a_quiet_week_is_one_line_with_its_counts() -> None:
    quiet = snapshot(counts=Counts(0, 0, 0, 0), voice=None, top=(), unticketed=())

    (post,) = render(DigestPost(quiet))

    assert [block["type"] for block in post.blocks] == ["header", "section"]
    assert "A quiet week: 0 conversations (11 last week, usually 9), 0 pieces, 0 items set aside." in shown(
        post.blocks
    )


def test_a_broken_sync_never_looks_like_a_quiet_week() -> None:
    broken = snapshot(
        counts=Counts(0, 0, 0, 0), voice=None, top=(), unticketed=(), failed_sources=("zendesk",)
    )

    (post,) = render(DigestPost(broken))

    assert "quiet" not in shown(post.blocks).lower()
    assert "not every source was read" in shown(post.blocks)
    assert "No answer lately from zendesk" in post.text


def test_a_preview_says_what_it_is_and_opens_lists_only() -> None:
    (post,) = render(DigestPost(snapshot(), Showing.PREVIEW))

    assert {name.partition(":")[0] for name, _ in buttons(post)} == {"voc_digest_list"}
    assert post.text.startswith("Preview")


def test_an_earlier_version_has_nothing_to_press_and_is_no_preview() -> None:
    (post,) = render(DigestPost(snapshot(), Showing.VERSION))

    assert buttons(post) == []
    assert post.text.startswith("What customers said")


def test_pieces_without_a_ticket_can_be_attached_or_set_aside() -> None:
    (post,) = render(DigestPost(snapshot()))

    decisions = [pair for pair in buttons(post) if not pair[0].startswith("voc_digest")]
    assert decisions == [("voc_other_ticket", "7"), ("voc_not_feedback", "7")] * 2


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
