"""Lists in which a customer counts up separate asks, told from steps, facts, examples and reasons."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from bot.domain.quote import Span
from bot.text import cues
from bot.text.courtesy import is_courtesy
from bot.text.sentences import sentences, word_count

# A bullet or number at a line's start, or a number in brackets within a line.
_MARKER = re.compile(
    r"(?:^(?:[-*•·–▪‣●]|\d{1,2}[.)]|[a-h]\)) |(?:^|(?<=\s))(?:[1-9]\) |\([1-9a-h]\) ?))"
    r"(?=[^\W_]|[\"'“„«¿¡(])",
    re.MULTILINE,
)
_LEAD_IN = 300  # characters before a list
_AN_ITEM = 3  # words that say a need where nothing announces a list of them


@dataclass(frozen=True, slots=True)
class Item:
    """marker: its bullet or number; line: its first line without that."""

    marker: Span
    line: str


@dataclass(frozen=True, slots=True)
class Asks:
    """A list of separate asks. lead_in: where what announces them begins, else the first marker."""

    lead_in: int
    items: tuple[Item, ...]


def lists_of_asks(text: str) -> Iterator[Asks]:
    """Yield the lists whose items are asks of their own."""
    for items in _lists(text):
        first = items[0].marker.start
        lead = _lead_in(text, first)
        if len(items) > 1 and _are_asks(cues.plain(text[lead.start : lead.end]), items):
            yield Asks(lead.start, items)


def _lead_in(text: str, first: int) -> Span:
    """Return the range of what stands right before a list: a line, or a sentence of the list's own line."""
    start = max(0, first - _LEAD_IN)
    before = [Span(start + s.start, start + s.end) for s in sentences(text[start:first])]
    if not before or is_courtesy(text[before[-1].start : before[-1].end]):
        return Span(first, first)
    return before[-1]


def _lists(text: str) -> Iterator[tuple[Item, ...]]:
    """Yield runs of items; a paragraph between two ends the first run."""
    run: list[Item] = []
    for found in _MARKER.finditer(text):
        if run and "\n\n" in text[run[-1].marker.end : found.start()].rstrip("\n"):
            yield tuple(run)
            run = []
        line = text[found.end() : found.end() + cues.LONGEST].partition("\n")[0]
        run.append(Item(Span(*found.span()), line))
    if run:
        yield tuple(run)


def _are_asks(introduced: str, items: Sequence[Item]) -> bool:
    if cues.continues(introduced):
        return False
    said = [cues.plain(item.line) for item in items]
    if cues.announces(introduced):
        return all(map(word_count, said))
    return all(
        word_count(line) >= _AN_ITEM and cues.asks(line) and not cues.refers_back(line) for line in said
    )
