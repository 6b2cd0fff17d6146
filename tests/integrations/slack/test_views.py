"""Dialogs and what is answered beside them: taken by Slack, and by our own rules, whatever they hold."""

from __future__ import annotations

from hypothesis import given

from bot.domain.message import CardState, Inbox, MessageRef
from bot.ports import Finding
from integrations.sandbox.slack.block_kit import OPTION, field_faults
from integrations.sandbox.slack.reading import view_faults
from integrations.slack.blocks import answers
from integrations.slack.blocks.modals import another_ticket_view, piece_theme_view, ticket_options
from integrations.slack.blocks.review import Said, Session, inbox_post, session_view, summary_view
from tests.integrations.slack.reading import shown
from tests.integrations.slack.samples import HOSTILE_TEXT, card, ticket_line, top_ticket, voice
from tests.integrations.slack.test_rendering import assert_slack_takes
from tests.slack_check.check import Check

STOOD = ["of the last 120 automatic links that were checked, 95.8% stood"]


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
    found = [Finding(True, "Jira"), Finding(False, "Zendesk", "Mend it")]
    post = answers.status_answer(found, waiting=4, trust=STOOD)

    assert "✗ Zendesk. Mend it\n✓ Jira" in shown(post.blocks)
    assert STOOD[0] in shown(post.blocks)
    assert post.text == "Voc: 1 problem. 4 proposals waiting for an answer"
