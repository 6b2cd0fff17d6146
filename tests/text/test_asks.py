from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.domain.quote import fits, words_of
from bot.text.asks import pieces_of, word_count

NEED = "The export drops the last row since Tuesday, and my report is due."


def _words(*turns: str) -> list[str]:
    said = [(str(at), text) for at, text in enumerate(turns)]
    return [words_of(piece, dict(said)[piece.turn_external_id]) for piece in pieces_of(said)]


@pytest.mark.parametrize(
    "text",
    [
        f"Hi team,\n\n{NEED}\n\nThanks!",
        f"Hello, {NEED} Thank you so much!",
        f"Dear Support Team\n\nI hope you are well.\n\n{NEED}\n\nKind regards,\nAda Byron",
        f"Good morning!\n{NEED}\nThanks in advance for your help",
        f"Hallo zusammen,\n\n{NEED}\n\nVielen Dank im Voraus\nViele Grüße, Jana",
        f"Sehr geehrte Damen und Herren,\n{NEED}\nMit freundlichen Grüßen",
        f"Bonjour à tous, {NEED} Merci d'avance.",
        f"Hola equipo:\n{NEED}\nMuchas gracias",
        f"Olá, {NEED}\nMuito obrigado!",
        f"Hi 👋\n\n{NEED} 🙏",
        f"Morning,\n\n{NEED}",
        f"Guten Tag\n{NEED}\nFreundliche Grüsse",
        NEED,
    ],
)
def test_politeness_around_the_need_is_left_out(text: str) -> None:
    assert [words.rstrip(" 🙏") for words in _words(text)] == [NEED]


@pytest.mark.parametrize(
    "turns",
    [
        ("hi",),
        ("ok thanks",),
        ("😀😀", "👍"),
        ("", "..."),
        ("Hi there!", "Thanks, Ada"),
        ("+1",),
        ("Danke!",),
        (),
    ],
)
def test_nothing_said_is_no_piece(turns: tuple[str, ...]) -> None:
    assert _words(*turns) == []


def test_the_turn_that_says_the_need_is_quoted_not_the_greeting_before_it() -> None:
    assert _words("hi", "I have a quick question about my account", NEED, "Firefox 140") == [NEED]


def test_the_first_full_need_wins_over_later_answers() -> None:
    answer = (
        "I tried it in Firefox and in Chrome, on two machines, after clearing the cache and signing in again."
    )

    assert _words(NEED, "yes", answer) == [NEED]


def test_of_several_short_turns_the_most_substantial_is_quoted() -> None:
    turns = ("hey", "export broken", "the last row of every csv is missing", "since yesterday", "thx")

    assert _words(*turns) == ["the last row of every csv is missing"]


def test_paragraphs_of_one_need_stay_one_span() -> None:
    text = f"Hi,\n\n{NEED}\n\nThanks for looking! It also happens on the phone.\n\nBest\nAda"

    assert _words(text) == [f"{NEED}\n\nThanks for looking! It also happens on the phone."]


def test_a_need_without_spaces_between_words_is_found() -> None:
    assert _words("こんにちは", "エクスポートの最後の行が消えます。") == [
        "エクスポートの最後の行が消えます。"
    ]


@pytest.mark.parametrize(
    ("text", "count"), [("", 0), ("It's 5 rows!", 2), ("导出丢失", 2), ("<@U123> 😀", 1)]
)
def test_words_are_counted_in_any_script(text: str, count: int) -> None:
    assert word_count(text) == count


@given(
    st.lists(
        st.tuples(st.text(max_size=4), st.one_of(st.text(), st.sampled_from(["Hi", "Thanks.\nAda", NEED])))
    )
)
def test_a_piece_is_a_range_of_one_given_turn_with_words_in_it(turns: list[tuple[str, str]]) -> None:
    pieces = pieces_of(turns)

    assert all(
        any(turn_id == piece.turn_external_id and fits(piece, text) for turn_id, text in turns)
        for piece in pieces
    )
    assert len(pieces) <= 1
