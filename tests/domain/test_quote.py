from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.domain.quote import Quote, Redaction, Span, fits, is_shortened, redact, shorten, shown, words_of

TEXT = "Hi. Write to ada@corp.example today. Thanks. It is urgent."
SPANS = (Span(4, 36), Span(45, 58))
QUOTE = Quote("t1", SPANS)
MAIL = Redaction(13, 29, "e-mail")


@st.composite
def quotes(draw: st.DrawFn) -> tuple[str, Quote]:
    text = draw(st.text(min_size=2, max_size=60))
    edges = sorted(draw(st.sets(st.integers(0, len(text)), min_size=2, max_size=6)))
    spans = tuple(Span(start, end) for start, end in zip(edges[::2], edges[1::2], strict=False))
    return text, Quote("t", spans)


def test_a_quote_is_its_ranges_of_the_turn_with_gaps_marked() -> None:
    assert words_of(QUOTE, TEXT) == "Write to ada@corp.example today. […] It is urgent."


def test_what_is_redacted_leaves_as_its_label() -> None:
    assert shown(QUOTE, TEXT, [MAIL]) == "Write to [e-mail] today. […] It is urgent."
    assert redact(TEXT, [MAIL]) == "Hi. Write to [e-mail] today. Thanks. It is urgent."
    assert redact("", []) == ""


@pytest.mark.parametrize("span", [Span(4, 20), Span(20, 36), Span(15, 20)])
def test_no_part_of_a_redacted_range_shows_where_a_span_cuts_it(span: Span) -> None:
    words = shown(Quote("t1", (span,)), TEXT, [MAIL])

    assert "[e-mail]" in words
    assert not any(part in words for part in ("ada", "corp", "example"))


@pytest.mark.parametrize(
    "spans",
    [(), (Span(3, 3),), (Span(5, 4),), (Span(0, 5), Span(4, 8)), (Span(4, 8), Span(0, 2)), (Span(-1, 2),)],
)
def test_spans_out_of_order_empty_or_overlapping_are_refused(spans: tuple[Span, ...]) -> None:
    with pytest.raises(ValueError, match="span"):
        Quote("t1", spans)


@given(quotes(), st.integers(1, 12))
def test_a_shortened_quote_is_a_beginning_of_the_quote(given_quote: tuple[str, Quote], most: int) -> None:
    text, quote = given_quote

    short = shorten(quote, text, most)

    seen = words_of(quote, text).split()
    assert words_of(short, text).split() == seen[: len(words_of(short, text).split())]
    assert is_shortened(short, quote) == (short != quote)
    assert fits(short, text)


@given(quotes(), st.integers(1, 12))
def test_a_shortened_quote_keeps_to_the_words_allowed(given_quote: tuple[str, Quote], most: int) -> None:
    text, quote = given_quote

    short = shorten(quote, text, most)

    assert sum(len(text[span.start : span.end].split()) for span in short.spans) <= most


def test_a_quote_within_the_limit_is_not_cut() -> None:
    assert shorten(QUOTE, TEXT, 40) == QUOTE
    assert words_of(shorten(QUOTE, TEXT, 6), TEXT) == "Write to ada@corp.example today. […] It is"


@given(quotes(), st.sets(st.tuples(st.integers(0, 60), st.integers(1, 9))))
def test_each_shown_character_is_of_the_turn_or_of_a_label(
    given_quote: tuple[str, Quote], cuts: set[tuple[int, int]]
) -> None:
    text, quote = given_quote
    hidden = [
        Redaction(start, min(start + length, len(text)), "e-mail")
        for start, length in cuts
        if start < len(text)
    ]

    words = shown(quote, text, hidden)

    plain = words.replace("[e-mail]", "").replace("[…]", "")
    assert set(plain) <= set(text) | {" "}
