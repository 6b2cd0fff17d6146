"""A text's sentences and words, as ranges of it."""

from __future__ import annotations

import re
from collections.abc import Iterator
from itertools import chain, takewhile

from bot.domain.quote import Span

# A sentence ends with its line, at its mark before the next word, or at a full-width mark.
_SENTENCE_END = re.compile(r"\n|(?<=[.!?…])[^\S\n]+(?=[\w\"'¿¡(«„“])|(?<=[。！？])")
# A clause ends at its mark, or before the word that begins the next one.
_CLAUSE_END = re.compile(
    r"[,;:](?=\s)|\s[–—-](?=\s)|[、，；：]"
    r"|\s(?=(?:and|but|because|so|which|while|when|if|or|und|aber|weil|dass|wenn|oder|et|mais|parce|car|qui|ou)\s)",
    re.IGNORECASE,
)
_PART_END = re.compile(r"[;:]\s+|\s+[–—-]\s+|[；：]")
_BETWEEN = " ,;:–—-、，；："
_WORD = re.compile(r"[^\W\d_]+(?:['’-][^\W\d_]+)*")
# Written without spaces: about two characters a word.
_UNSPACED = re.compile(r"[\u0e00-\u0eff\u1000-\u109f\u3040-\u30ff\u3400-\u9fff\uf900-\ufaff]")


def sentences(text: str) -> Iterator[Span]:
    """Yield the range of each sentence or line, white space at its ends left out."""
    at = 0
    for end in chain((match.span() for match in _SENTENCE_END.finditer(text)), [(len(text), len(text))]):
        words = text[at : end[0]].strip()
        if words:
            start = text.index(words, at)
            yield Span(start, start + len(words))
        at = end[1]


def best_end(text: str, most: int) -> int:
    """Return where the first `most` characters of a text are best cut: after a sentence, else after a clause.

    After sentences that fill a quarter of them, or clauses that fill half; else 0: neither ends there.
    """
    if len(text) <= most:
        return len(text)
    whole = max((span.end for span in sentences(text) if span.end <= most), default=0)
    if 4 * whole >= most:
        return whole
    found = takewhile(lambda start: start <= most, (end.start() for end in _CLAUSE_END.finditer(text)))
    clause = len(text[: max(found, default=0)].rstrip(_BETWEEN))
    return clause if 2 * clause >= most else 0


def parts(text: str) -> Iterator[Span]:
    """Yield the range of each part of a long sentence that a colon, a semicolon or a dash sets off."""
    at = 0
    for end in chain((match.span() for match in _PART_END.finditer(text)), [(len(text), len(text))]):
        if end[0] > at:
            yield Span(at, end[0])
        at = end[1]


def word_count(text: str) -> int:
    """Return about how many words text has; scripts without spaces count two characters as a word."""
    if text.isascii():
        return len(_WORD.findall(text))
    unspaced = len(_UNSPACED.findall(text))
    return len(_WORD.findall(_UNSPACED.sub(" ", text))) + (unspaced + 1) // 2
