"""Listings that end, and lists that are lists."""

from __future__ import annotations

from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.errors import AnswerError
from integrations.pages import Tokens, chunks, rows


@given(st.lists(st.text(), unique=True))
def test_new_tokens_pass(tokens: list[str]) -> None:
    listing = Tokens("vendor", "listing")

    assert [listing.next(token) for token in tokens] == tokens


@given(st.lists(st.text(), unique=True, min_size=1, max_size=20), st.data())
def test_any_token_seen_before_stops_the_listing(tokens: list[str], data: st.DataObject) -> None:
    listing = Tokens("vendor", "listing")
    for token in tokens:
        listing.next(token)

    with pytest.raises(AnswerError, match="repeats a page token"):
        listing.next(data.draw(st.sampled_from(tokens)))


def test_an_endless_listing_does_not_grow() -> None:
    listing = Tokens("vendor", "listing", remember=3)

    for number in range(1000):
        listing.next(str(number))

    assert listing.next("0") == "0"


@pytest.mark.parametrize("answer", [None, [], "text", {}, {"things": None}, {"things": {}}, {"things": [1]}])
def test_an_answer_without_a_list_of_records_is_an_answer_error(answer: Any) -> None:
    with pytest.raises(AnswerError, match="no list of things"):
        rows(answer, "things", "vendor", "listing")


@given(st.lists(st.integers()), st.integers(min_value=1, max_value=7))
def test_chunks_hold_everything_once_in_order(items: list[int], size: int) -> None:
    parts = list(chunks(items, size))

    assert [item for part in parts for item in part] == items
    assert all(1 <= len(part) <= size for part in parts)
