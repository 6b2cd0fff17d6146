"""Answers to /voc as Slack shows them: within every limit, whatever customers and people write."""

from __future__ import annotations

import json
from datetime import UTC, datetime
from decimal import Decimal
from pathlib import Path

import pytest
from hypothesis import HealthCheck, Phase, given, settings
from hypothesis import strategies as st
from jsonschema import Draft7Validator

from bot.domain.annotation import Reach
from bot.domain.customer import Revenue
from bot.domain.message import CardState, TicketLine
from bot.domain.search import Named, Record
from bot.domain.standing import Loud, Ranking, Standing
from bot.i18n import speaking
from integrations.sandbox.slack.reading import mentions
from integrations.slack.blocks import ids
from integrations.slack.blocks.elements import Post
from integrations.slack.blocks.found import (
    Customer,
    customer_answer,
    nearest_customers,
    nothing,
    recorded_answer,
    search_answer,
    which_customer,
)
from integrations.slack.blocks.frame import VALUE_MOST, Asked, Paged, framed, pages_of, shared
from integrations.slack.blocks.help import EXAMPLES, VERBS, Examples, help_answer
from integrations.slack.blocks.inbox import inbox_answer
from integrations.slack.blocks.top import top_answer
from tests.integrations.slack.reading import buttons, shown
from tests.integrations.slack.samples import HOSTILE_TEXT, voice
from tests.integrations.slack.test_rendering import assert_slack_takes

MANY = settings(
    max_examples=80,
    phases=[Phase.explicit, Phase.reuse, Phase.generate],
    suppress_health_check=[HealthCheck.too_slow, HealthCheck.data_too_large],
)
AT = datetime(2026, 11, 19, 10, tzinfo=UTC)
ASKED = Asked("search export", "t0ken")
RECORD = Record(pieces=9, conversations=8, people=3, attached=5, done=2, first=AT, last=AT)
TICKETS = st.none() | st.builds(
    TicketLine, st.just("FLD-1"), HOSTILE_TEXT, st.sampled_from(["", "https://acme.example/1"]), HOSTILE_TEXT
)
STANDINGS = st.builds(
    Standing,
    st.builds(voice, HOSTILE_TEXT, company=HOSTILE_TEXT, role=HOSTILE_TEXT),
    st.sampled_from([CardState.ATTACHED, CardState.SUGGESTED]),
    TICKETS,
)
LOUD = st.builds(
    Loud,
    st.builds(TicketLine, st.just("FLD-1"), HOSTILE_TEXT, st.just("https://acme.example/1"), HOSTILE_TEXT),
    st.just(Reach(12_345, 678, (Revenue(Decimal(9_999_999), "EUR"), Revenue(Decimal(5), "USD")))),
    st.lists(HOSTILE_TEXT, max_size=2).map(tuple),
)


def answers(text: str, one: Standing, loud: Loud) -> list[Post | Paged]:
    """Return every answer, as large as it may become."""
    found, many = [one] * 10, [loud] * 5
    named = [Named("person" if at % 2 else "company", at, text) for at in range(8)]
    revenue = Revenue(Decimal(7), "EUR")
    who = Customer(named=named[0], company=text, role=text, plan=text, segment=text, revenue=revenue)
    return [
        search_answer(text, found[:5], 37, [text, text]),
        nothing(text, text, text),
        customer_answer(who, RECORD, found[:5]),
        which_customer(text, named, "t0ken"),
        nearest_customers(text, named[:1], "t0ken"),
        recorded_answer(one, text, "U0ANNA0001 typed:1", "t0ken"),
        top_answer(dict.fromkeys(Ranking, many), "last 7 days", [text]),
        top_answer({Ranking.PEOPLE: many * 3, Ranking.REVENUE: ()}, "last 7 days"),
        Paged(inbox_answer(found, 1_234), 2, 124),
        help_answer("", Examples(text[:300], text)),
    ]


@MANY
@given(HOSTILE_TEXT, STANDINGS, LOUD, st.integers(0, 9), st.sampled_from(["en", "de", "fr"]))
def test_any_answer_framed_or_shared_is_one_that_slack_takes_and_that_pings_nobody_else(
    text: str, one: Standing, loud: Loud, which: int, language: str
) -> None:
    with speaking(language):
        answer = answers(text, one, loud)[which]
        post, command = (answer.post if isinstance(answer, Paged) else answer), text
        private, public = framed(answer, ASKED, may_share=True), shared(post, "U0ANNA0001", command)

    for made, pinged in ((private, []), (public, ["@U0ANNA0001"])):
        assert_slack_takes(made)
        assert mentions({"text": made.text, "blocks": made.blocks}) == pinged
    assert buttons(public) == []


@pytest.fixture(scope="session")
def schema(specs_dir: Path) -> Draft7Validator:
    file = specs_dir / "slack/block-kit-schema/MessageBlocks.schema.json"
    return Draft7Validator(json.loads(file.read_text()))


def test_answers_fit_slacks_schema(schema: Draft7Validator) -> None:
    ticket = TicketLine("FLD-1", "Export", "https://acme.example/1", "To do")
    one, loose = Standing(voice(), CardState.ATTACHED, ticket), Standing(voice(), CardState.UNMATCHED)
    loud = [Loud(ticket, Reach(3, 2), ("Acme",))]
    made = [
        framed(Paged(search_answer("export", [one, loose], 7, []), 1, 2), ASKED, may_share=True),
        shared(
            customer_answer(Customer(named=Named("person", 1, "")), RECORD, [one]), "U0ANNA0001", "customer x"
        ),
        which_customer("a", [Named("person", 1, "Ann")], "t"),
        recorded_answer(loose, "", "U1 typed:1", "t"),
        top_answer({Ranking.PEOPLE: loud}, "last 7 days", ["1 ticket"]),
        inbox_answer([one], 1),
        *(help_answer(verb) for verb in ("", "search", "digest")),
    ]

    assert [error.message for post in made for error in schema.iter_errors(post.blocks)] == []


def test_a_page_in_the_middle_has_a_way_back_and_on_and_can_be_shared() -> None:
    row = buttons(framed(Paged(Post("x", []), 2, 5), ASKED, may_share=True))

    assert [(action, Asked.of(value).page) for action, value in row] == [
        (f"{ids.SHOW}back", 1),
        (f"{ids.SHOW}on", 3),
        (ids.SHARE, 2),
    ]


def test_the_first_and_only_page_has_nothing_to_turn() -> None:
    post = framed(Post("x", []), ASKED, may_share=False)

    assert (post.blocks, buttons(post)) == ([], [])
    assert "Page" not in shown(post.blocks)


@given(st.text(max_size=3_000), st.integers(1, 9_999))
def test_what_a_button_carries_is_read_back_and_what_it_cant_carry_has_no_button(
    text: str, page: int
) -> None:
    asked = Asked(text, "t0ken", page)

    row = buttons(framed(Paged(Post("x", []), page, page), asked, may_share=True))

    assert asked.value == "" or Asked.of(asked.value) == asked
    assert all(0 < len(value) <= VALUE_MOST for _, value in row)
    assert bool(row) or len(text) > 300


@given(st.integers(0, 500), st.integers(1, 20))
def test_pages_hold_all_and_none_is_empty_but_the_only_one(items: int, size: int) -> None:
    pages = pages_of(items, size)

    assert (pages - 1) * size <= max(0, items - 1) < pages * size


def test_help_is_one_screen_that_names_every_verb_with_examples_from_this_workspace() -> None:
    everything = shown(help_answer("", Examples("FLD-7", "Brandt & Söhne")).blocks)
    one = shown(help_answer("customer", Examples("FLD-7", "Brandt & Söhne")).blocks)

    assert all(f"/voc {name.split()[0]}" in everything for name in VERBS)
    assert len(everything.splitlines()) <= len(VERBS)
    assert set(EXAMPLES) <= {name.split()[0] for name in VERBS}
    assert "/voc customer Brandt &amp; Söhne" in one
    assert "/voc search" not in one
