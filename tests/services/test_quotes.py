"""Which part of a long piece is quoted."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime

from hypothesis import given
from hypothesis import strategies as st

from bot.domain.customer import Person
from bot.domain.quote import Quote, Redaction, Span, shorten, words_of
from bot.domain.voice import Voice
from bot.services.quotes import best_passage, chosen, worth_of
from bot.text.substance import worth

NOW = datetime(2026, 11, 18, 10, 0, tzinfo=UTC)
GREETING = "Hello. Thanks for the quick answer. OK. "
HEART = "Every Monday I retype 214 pages of hours for our payroll because the export is a PDF."


def said(text: str) -> Voice:
    """Return a voice that said just that."""
    return Voice(
        feedback_id=1,
        conversation_id=1,
        source="zendesk",
        external_id="1",
        ordinal=1,
        quote=Quote("t1", (Span(0, len(text)),)),
        text=text,
        redactions=(),
        said_at=NOW,
        arrived_at=NOW,
        person=Person(id=1),
    )


def test_a_long_piece_is_quoted_where_it_reads_best_alone() -> None:
    (quote,) = chosen([said(GREETING + HEART + " " + "And so on and on it goes. " * 20)], 1, 17)

    assert quote.words == HEART
    assert quote.cut


def test_a_short_piece_is_quoted_whole() -> None:
    (quote,) = chosen([said(GREETING + HEART)], 1, 40)

    assert quote.words == GREETING + HEART
    assert not quote.cut


def test_of_passages_that_read_alike_the_beginning_is_quoted() -> None:
    (quote,) = chosen([said(f"{HEART} {HEART} {HEART}")], 1, 20)

    assert quote.spans[0].start == 0


def test_of_two_that_are_as_clear_the_one_that_tells_of_a_situation_is_quoted() -> None:
    asks = replace(said("Please send me a date that I may quote."), feedback_id=1)
    tells = replace(
        said("I may not tell our auditors a date, since your plan of 2026 is still empty."), feedback_id=2
    )

    (quote,) = chosen([asks, tells], 1, 40)

    assert quote.feedback_id == tells.feedback_id


def test_what_would_be_hidden_counts_as_it_would_be_shown() -> None:
    number = "+49 30 1234567"
    text = f"I called from {number}, and nobody answered."
    hidden = replace(said(text), redactions=(Redaction(14, 14 + len(number), "phone"),), feedback_id=2)

    assert worth_of(hidden) < worth_of(said(text))


@given(st.text("abcI 214.\n!", min_size=1, max_size=300).filter(str.strip), st.integers(1, 30))
def test_a_passage_is_within_the_piece_short_enough_and_no_worse_than_the_beginning(
    text: str, words: int
) -> None:
    voice = said(text)

    passage = best_passage(voice, words)

    own = words_of(passage, text)
    assert len(own.split()) <= words
    assert own in text
    assert worth(own) >= worth(words_of(shorten(voice.quote, text, words), text))
