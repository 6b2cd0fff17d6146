"""Slack's message text, as people see it."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.domain.feedback import Markup
from bot.text.clean import clean
from bot.text.mrkdwn import shown_of


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
