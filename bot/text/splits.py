"""Where a customer's turn goes over to a separate ask. In doubt it does not."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from bot.domain.quote import Span
from bot.text import cues
from bot.text.lists import lists_of_asks
from bot.text.sentences import sentences, word_count

# What somebody else or a machine said: quoted lines, log lines, frames of a stack trace.
_VERBATIM = re.compile(r"[>|]|\[?\d{4}-\d\d-\d\d[T ]\d|\[?\d\d:\d\d:\d\d|at \S+\(|File \"")
_LONG_WORD = re.compile(r"[^\W\d_]{5,}")
_STEM = 5  # letters in which words of one meaning mostly agree
_UNMARKED = 6  # words of a question that opens a matter without saying so


@dataclass(frozen=True, slots=True)
class Cut:
    """What was before ends at `end`; the separate ask begins at `start`, after its bullet or number."""

    end: int
    start: int


@dataclass(frozen=True, slots=True)
class _Sentence:
    """says: as cues read it. is_paragraph: the first of one. is_begun: no mere line of a wrapped sentence."""

    span: Span
    says: str
    is_paragraph: bool
    is_begun: bool


def cuts(text: str, *, is_later: bool = False, is_invited: bool = False) -> list[Cut]:
    """Return where separate asks begin in a turn's text, in order; a conversation's first ask is none.

    is_later: something was said in an earlier turn; is_invited: an agent has just asked for more.
    """
    said = list(_read(text))
    if len(said) == 1 and not is_later:
        return []
    found = {cut.start: cut for cut in _of_lists(text, is_later=is_later)}
    for start in _openings(said, is_later=is_later, is_invited=is_invited):
        found.setdefault(start, Cut(start, start))
    return sorted(found.values(), key=lambda cut: cut.start)


def _of_lists(text: str, *, is_later: bool) -> Iterator[Cut]:
    for asks in lists_of_asks(text):
        if is_later:
            yield Cut(asks.lead_in, asks.lead_in)
        yield from (Cut(item.marker.start, item.marker.end) for item in asks.items[1:])


def _read(text: str) -> Iterator[_Sentence]:
    end = 0
    for span in sentences(text):
        gap, last = text[end : span.start], text[max(0, end - 1) : end]
        if not _VERBATIM.match(text, span.start):
            is_wrapped = gap == "\n" and (last.isalnum() or last == ",") and text[span.start].islower()
            is_paragraph = end == 0 or "\n\n" in gap
            yield _Sentence(span, cues.plain(text[span.start : span.end]), is_paragraph, not is_wrapped)
        end = span.end


def _openings(said: Sequence[_Sentence], *, is_later: bool, is_invited: bool) -> Iterator[int]:
    """Yield where sentences open an ask: by saying so, as a fresh question, or as a paragraph of another."""
    last_paragraph = max((at for at, sentence in enumerate(said) if sentence.is_paragraph), default=0)
    has_spoken, is_head, is_closed = is_later, True, is_invited
    has_asked, stems = False, set[str]()  # of the ask so far
    for at, sentence in enumerate(said):
        says = sentence.says
        is_new = has_spoken and sentence.is_begun and _is_opening(said, at)
        is_new = is_new or (is_later and is_closed and _stands_alone(says, may_complain=is_invited))
        if sentence.is_paragraph and has_asked and not is_new:
            is_new = _stands_alone(says) and stems.isdisjoint(_stems(says))
        if is_new:
            yield sentence.span.start
            has_asked, stems = False, set()
        elif is_head and cues.thanks(says):
            is_closed = True
            continue
        has_spoken, is_head, is_closed = True, False, False
        if at < last_paragraph:
            has_asked |= cues.asks(says)
            stems |= _stems(says)


def _is_opening(said: Sequence[_Sentence], at: int) -> bool:
    """Whether the sentence says that it opens a matter, and one of its own follows."""
    says = said[at].says
    clause = cues.opened(says)
    if clause is None:
        return False
    is_bare = word_count(clause) < 2
    if is_bare and at + 1 < len(said):
        says = clause = said[at + 1].says
    return cues.asks(says) or cues.complains(clause) or (not is_bare and cues.tells(said[at].says, clause))


def _stands_alone(says: str, *, may_complain: bool = False) -> bool:
    if cues.points_back(says) or word_count(says) < _UNMARKED:
        return False
    return cues.asks(says) or (may_complain and cues.complains(says))


def _stems(says: str) -> set[str]:
    return {word[:_STEM] for word in _LONG_WORD.findall(says)}
