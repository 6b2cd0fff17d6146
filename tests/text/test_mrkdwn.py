"""Slack's message text, as people see it."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.domain.feedback import Markup
from bot.text.clean import clean
from bot.text.mrkdwn import shown_of, without_emoji


@given(st.text())
def test_what_somebody_types_is_what_is_read_once_slack_has_escaped_it(typed: str) -> None:
    stored = typed.replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;")

    assert shown_of(stored) == typed


@pytest.mark.parametrize(
    ("stored", "seen"),
    [
        ("See <https://a.example/x?y=1&amp;z=2>", "See https://a.example/x?y=1&z=2"),
        ("See <https://a.example|the page>", "See the page"),
        ("Mail <mailto:a@b.example|a@b.example> now", "Mail a@b.example now"),
        ("In <#C123|general> <@U123ABC> said", "In #general  said"),
        ("<!here> it is <!subteam^S1|@ops> again", "@here it is @ops again"),
        ("*bold* and `code` stay", "*bold* and `code` stay"),
    ],
)
def test_links_show_their_label_and_mentions_that_name_nobody_go(stored: str, seen: str) -> None:
    assert shown_of(stored) == seen


def test_a_chat_message_is_cleaned_as_a_chat_is() -> None:
    cleaned = clean("The &lt;export&gt;  drops\n-- \nrows", Markup.MRKDWN, channel="chat")

    assert cleaned == "The <export> drops\n--\nrows"


@pytest.mark.parametrize(
    ("stored", "seen"),
    [
        (":tada::tada:", ""),
        (":+1::skin-tone-3: thanks", " thanks"),
        ("The export drops rows :cry:, again (:100:)", "The export drops rows , again ()"),
        ("At 10:30:45 or :30: sharp", "At 10:30:45 or :30: sharp"),
        ("std::vector::size and https://a.example/:id:/x", "std::vector::size and https://a.example/:id:/x"),
    ],
)
def test_emoji_are_pictures_and_no_words(stored: str, seen: str) -> None:
    assert without_emoji(stored) == seen


def test_a_message_of_many_colons_is_read_at_once() -> None:
    assert without_emoji(" :" + "a" * 40_000) == " :" + "a" * 40_000
    assert without_emoji(":a:" * 13_000) == ""
