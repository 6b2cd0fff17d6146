from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.domain.inert import cut_at_word, one_line


@given(st.text(), st.integers(1, 80))
def test_a_cut_text_keeps_to_its_limit_and_is_a_beginning(text: str, most: int) -> None:
    cut = cut_at_word(text, most)

    assert len(cut) <= most
    assert cut == text or (cut.endswith("…") and text.startswith(cut[:-1]))


@pytest.mark.parametrize(
    ("text", "most", "cut"),
    [
        ("the last row", 12, "the last row"),
        ("the last row", 11, "the last…"),
        ("the last row", 9, "the last…"),
        ("the last row", 8, "the…"),
        ("export", 4, "exp…"),
        ("export", 1, "…"),
    ],
)
def test_a_text_is_cut_at_a_words_end(text: str, most: int, cut: str) -> None:
    assert cut_at_word(text, most) == cut


def test_another_mark_counts_within_the_limit() -> None:
    assert cut_at_word("the last row of all", 14, " (cut)") == "the last (cut)"


def test_no_room_for_the_mark_is_refused() -> None:
    with pytest.raises(ValueError, match="room"):
        cut_at_word("the last row", 0)


def test_one_line_has_single_spaces() -> None:
    assert one_line(" a\n\n b\tc ") == "a b c"
