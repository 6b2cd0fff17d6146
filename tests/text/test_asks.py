from __future__ import annotations

import time
from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.domain.quote import fits, words_of
from bot.text.asks import MOST_PIECES, Said, asks_of
from bot.text.sentences import word_count

NEED = "The export drops the last row since Tuesday, and my report is due."


def _words(*turns: str) -> list[str]:
    return _pieces(*(Said(str(at), text) for at, text in enumerate(turns)))


def _pieces(*turns: Said) -> list[str]:
    said = {turn.turn_id: turn.text for turn in turns}
    return [words_of(piece, said[piece.turn_external_id]) for piece in asks_of(turns).pieces]


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


def test_an_answer_to_an_agents_question_is_not_what_the_conversation_is_quoted_by() -> None:
    said = Said("1", "I can't open the file.")
    asked = Said("2", "Which program do you use, and on which machine?", is_customers=False)
    answer = Said(
        "3", "On the Mac in the office I use Preview, at home it is the one that came with the printer."
    )

    assert _pieces(said, asked, answer) == ["I can't open the file."]


def test_each_separate_ask_is_a_piece_of_its_own_without_bullets_greetings_and_thanks() -> None:
    text = f"Hi team,\n\nTwo bugs:\n- {NEED}\n- The undo button does nothing.\n\nThanks!\nAda"

    assert _words(text) == [f"Two bugs:\n- {NEED}", "The undo button does nothing."]


def test_a_later_turn_that_says_it_opens_another_matter_is_a_piece_whole() -> None:
    other = "Another question: can I pay by invoice?"

    assert _words(NEED, f"Thanks! {other}", "Firefox 140") == [NEED, other]


def test_of_very_many_asks_of_one_turn_the_last_piece_keeps_the_rest() -> None:
    wishes = [f"wish number {n}" for n in range(MOST_PIECES + 5)]
    text = "My wishes:\n" + "\n".join(f"* {wish}" for wish in wishes)

    pieces = _words(text)

    assert len(pieces) == MOST_PIECES
    assert pieces[-1] == "\n* ".join(wishes[MOST_PIECES - 1 :])


def test_asks_that_are_in_no_piece_are_counted() -> None:
    wishes = "My wishes:" + "".join(f"\n* wish number {n}" for n in range(MOST_PIECES))
    turns = [Said("1", wishes), Said("2", "Another question: can I pay by invoice?")]

    asks = asks_of(turns)

    assert (len(asks.pieces), asks.beyond) == (MOST_PIECES, 1)


SAID = st.one_of(
    st.text(max_size=60),
    st.sampled_from(
        [
            "Hi",
            "Thanks.\nAda",
            NEED,
            f"Also, could you call? {NEED}",
            "Wishes:\n- dark mode\n- export\n- more",
        ]
    ),
    st.lists(
        st.sampled_from(["\n", "\n\n", "- ", "1. ", "Also, ", "Another question: ", "how do I pay? ", NEED]),
        max_size=12,
    ).map("".join),
)


@given(st.lists(st.tuples(SAID, st.booleans()), max_size=6))
def test_pieces_are_ranges_of_customers_turns_with_words_in_them_and_never_overlap(
    said: list[tuple[str, bool]],
) -> None:
    turns = {str(at): Said(str(at), *one) for at, one in enumerate(said)}

    pieces = asks_of(list(turns.values())).pieces

    assert len(pieces) <= MOST_PIECES
    assert all(turns[piece.turn_external_id].is_customers for piece in pieces)
    assert all(word_count(words_of(piece, turns[piece.turn_external_id].text)) for piece in pieces)
    spans = sorted((piece.turn_external_id, piece.spans[0].start, piece.spans[0].end) for piece in pieces)
    assert all(a[0] != b[0] or a[2] <= b[1] for a, b in pairwise(spans))
    assert all(fits(piece, turns[piece.turn_external_id].text) for piece in pieces)


@given(st.lists(SAID, max_size=5))
def test_where_anything_is_said_there_is_a_piece(said: list[str]) -> None:
    alone = [text for text in said if asks_of([Said("1", text)]).pieces]

    pieces = asks_of([Said(str(at), text) for at, text in enumerate(said)]).pieces

    assert bool(pieces) == bool(alone)


@pytest.mark.slow
@pytest.mark.parametrize(
    "part",
    [
        "1) a ",
        "- could you add it?\n",
        "Also, how do I pay? ",
        "how is my bill?\n\n",
        "altro ",
        "a",
        "i also ",
        " -\n",
    ],
)
def test_two_hundred_thousand_characters_made_to_be_slow_take_seconds_at_most(part: str) -> None:
    text = part * (200_000 // len(part))
    start = time.perf_counter()

    asks_of([Said("1", text), Said("2", text, is_customers=False), Said("3", text)])

    assert time.perf_counter() - start < 10
