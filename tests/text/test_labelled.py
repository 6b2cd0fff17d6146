"""How well asks are told apart, on conversations that were labelled before the rules were written."""

from __future__ import annotations

import pytest

from tests.text.labelled import Labelled, agreement, begins_of, read


def test_separate_asks_of_unseen_conversations_are_found_and_few_others() -> None:
    measured = agreement(read("held_out"))

    assert measured.conversations == 50
    assert measured.precision >= 0.9
    assert measured.recall >= 0.9
    assert measured.whole >= 46


@pytest.mark.parametrize("conversation", read("developing"), ids=lambda one: one.name)
def test_a_conversation_is_cut_as_labelled(conversation: Labelled) -> None:
    measured = agreement([conversation])

    assert measured.right == measured.found == measured.labelled


def test_the_conversation_is_quoted_from_where_its_first_ask_begins() -> None:
    conversations = [*read("developing"), *read("held_out")]

    begun = sum(begins_of(one)[0] == one.asks[0] for one in conversations)

    assert begun >= 95
