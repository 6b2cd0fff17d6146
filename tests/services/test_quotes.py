"""Which part of a long piece is quoted."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime

from hypothesis import given
from hypothesis import strategies as st

from bot.domain.customer import Person
from bot.domain.quote import Quote, Redaction, Span, words_of
from bot.domain.voice import Voice
from bot.services.quotes import best_passage, chosen, opened, worth_of
from bot.text.sentences import best_end, sentences

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


def test_whole_sentences_are_quoted_rather_than_a_better_one_that_must_be_cut() -> None:
    long = (
        "Every Monday I retype 214 pages of hours for our payroll, and the export is a PDF that nobody reads"
    )
    short = "Our Xerox scans them back for 3 hours."

    (quote,) = chosen([said(f"{long}. {short}")], 1, 12)

    assert quote.words == short


def test_a_sentence_that_is_too_long_by_itself_is_cut_after_a_clause() -> None:
    (quote,) = chosen(
        [said(f"Hello. {HEART[:-1]}, and nobody reads it, which is a pity for all of us here.")], 1, 21
    )

    assert quote.words == f"{HEART[:-1]}, and nobody reads it"
    assert quote.cut


def test_what_is_asked_of_whoever_answers_is_not_quoted_for_being_whole() -> None:
    text = (
        "Four of us have asked for the same thing, so let me put it plainly: we cannot renew for 3 more years"
        " unless our 90 people get single sign-on, and we will leave for another vendor if they do not."
        " Please send me a date that I may quote."
    )

    (quote,) = chosen([said(text)], 1, 24)

    assert quote.words == (
        "we cannot renew for 3 more years unless our 90 people get single sign-on,"
        " and we will leave for another vendor"
    )


def test_what_is_shown_from_its_beginning_ends_with_a_sentence() -> None:
    quote = opened(said(f"{HEART} {HEART}"), 20)

    assert quote.words == HEART


@given(st.text("abcI 214.,:\n!", min_size=1, max_size=300).filter(str.strip), st.integers(1, 30))
def test_a_passage_is_whole_sentences_or_the_beginning_of_one_that_is_too_long(text: str, words: int) -> None:
    voice = said(text)

    passage = best_passage(voice, words)

    own, (span,) = words_of(passage, text), passage.spans
    assert len(own.split()) <= words
    assert own in text
    around = next((one for one in sentences(text) if one.start <= span.start < one.end), None)
    is_long = around is not None and len(text[around.start : around.end].split()) > words
    assert span.end in {place.end for place in sentences(text)} or passage == voice.quote or is_long


@given(st.text("abI 2.,;:\n!–", max_size=200), st.integers(1, 120))
def test_the_best_end_is_within_the_room_and_fills_enough_of_it(text: str, most: int) -> None:
    end = best_end(text, most)

    assert end <= max(most, 0)
    assert end == 0 or 4 * end >= most or end == len(text)
