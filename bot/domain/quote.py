"""Quotes as stored spans: ranges of a customer's turn text, with redactions, never free text."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

GAP = " […] "


@dataclass(frozen=True, slots=True, order=True)
class Redaction:
    """A range [start, end) of a turn's text that is shown as [label] outside, e.g. [e-mail]."""

    start: int
    end: int
    label: str


@dataclass(frozen=True, slots=True, order=True)
class Span:
    """A range [start, end) of a turn's text, in characters."""

    start: int
    end: int


@dataclass(frozen=True, slots=True)
class Quote:
    """Spans of one customer turn's text, in order and not overlapping.

    turn_external_id: the turn within its conversation.
    """

    turn_external_id: str
    spans: tuple[Span, ...]

    def __post_init__(self) -> None:
        """Raise ValueError for empty, reversed or overlapping spans."""
        last = 0
        for span in self.spans:
            if span.start < last or span.end <= span.start:
                raise ValueError(f"spans must be in order, apart and not empty, not {self.spans}")
            last = span.end
        if not self.spans:
            raise ValueError("a quote has at least one span")


def fits(quote: Quote, text: str) -> bool:
    """Return whether each span lies within text."""
    return quote.spans[-1].end <= len(text)


def words_of(quote: Quote, text: str) -> str:
    """Return the customer's own words, unredacted, gaps marked: for use inside the house only."""
    return GAP.join(text[s.start : s.end].strip() for s in quote.spans)


def shown(quote: Quote, text: str, redactions: Sequence[Redaction] = ()) -> str:
    """Return the quote as it may leave: gaps as […], redacted ranges as [label].

    A redaction that is cut by a span's edge is shown whole, so no half of an address escapes.
    """
    return GAP.join(_redact(text, span, redactions).strip() for span in quote.spans)


def redact(text: str, redactions: Sequence[Redaction]) -> str:
    """Return the whole text with redacted ranges as [label]."""
    return _redact(text, Span(0, len(text)), redactions) if text else ""


def shorten(quote: Quote, text: str, most_words: int) -> Quote:
    """Return the quote cut at a word's end to at most most_words words of text.

    The same quote if it has no more.
    """
    if sum(len(text[span.start : span.end].split()) for span in quote.spans) <= most_words:
        return quote
    spans: list[Span] = []
    left = most_words
    for span in quote.spans:
        end = _end_of_words(text, span, left)
        if end > span.start:
            spans.append(Span(span.start, end))
        left -= len(text[span.start : end].split())
        if left <= 0:
            break
    return Quote(quote.turn_external_id, tuple(spans)) if spans else quote


def is_shortened(quote: Quote, longer: Quote) -> bool:
    """Return whether quote begins after longer does, or ends before."""
    return quote.spans[-1].end < longer.spans[-1].end or quote.spans[0].start > longer.spans[0].start


def _end_of_words(text: str, span: Span, most: int) -> int:
    end, count, inside = span.start, 0, False
    for at in range(span.start, span.end):
        if text[at].isspace():
            inside = False
        else:
            if not inside:
                count += 1
                inside = True
            if count > most:
                return end
            end = at + 1
    return end


def _redact(text: str, span: Span, redactions: Sequence[Redaction]) -> str:
    parts: list[str] = []
    at = span.start
    for hidden in sorted(redactions):
        if hidden.end <= at or hidden.start >= span.end:
            continue
        parts += [text[at : max(at, hidden.start)], f"[{hidden.label}]"]
        at = hidden.end
    if at < span.end:
        parts.append(text[at : span.end])
    return "".join(parts)
