"""Which of a customer's words say what they need: for now one piece a conversation, quoted from one turn."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from itertools import chain

from bot.domain.quote import Quote, Span
from bot.text.courtesy import greeting_length, is_closing, is_courtesy

# A sentence ends with its line, at its mark before the next word, or at a full-width mark.
_SENTENCE_END = re.compile(r"\n|(?<=[.!?…])[^\S\n]+(?=[\w\"'¿¡(«„“])|(?<=[。！？])")
_WORD = re.compile(r"[^\W\d_]+(?:['’-][^\W\d_]+)*")
# Written without spaces: about two characters a word.
_UNSPACED = re.compile(r"[\u0e00-\u0eff\u1000-\u109f\u3040-\u30ff\u3400-\u9fff\uf900-\ufaff]")

# Enough words to say a need; more than these do not make a turn more likely to be the one.
_ENOUGH_WORDS = 15
# Each later turn is that much less likely to open the matter rather than to answer a question about it.
_LATER = 0.8
_MOST_TURNS = 40
_SIGNS_OFF_WORDS = 3


def pieces_of(turns: Sequence[tuple[str, str]]) -> list[Quote]:
    """Return the pieces that a customer's turns of one conversation hold; none where they say nothing.

    turns: (external id, cleaned text) of the customer's public turns, in order. A piece leaves out greetings
    before and thanks after the words; between them nothing is left out.
    """
    best, weight = None, 0.0
    for at, (turn_id, text) in enumerate(turns[:_MOST_TURNS]):
        span = _without_courtesy(text)
        if span is None:
            continue
        words = min(_ENOUGH_WORDS, word_count(text[span.start : span.end])) * _LATER**at
        if words > weight:
            best, weight = Quote(turn_id, (span,)), words
    return [best] if best else []


def word_count(text: str) -> int:
    """Return about how many words text has; scripts without spaces count two characters as a word."""
    unspaced = len(_UNSPACED.findall(text))
    return len(_WORD.findall(_UNSPACED.sub(" ", text))) + (unspaced + 1) // 2


def _without_courtesy(text: str) -> Span | None:
    """Return text's range without politeness at its ends, None where no other words are left."""
    sentences = list(_sentences(text))
    first, last = 0, len(sentences)
    while first < last and is_courtesy(text[slice(*sentences[first])]):
        first += 1
    while last > first and _is_ending(text, sentences[max(first, last - 2) : last]):
        last -= 1
    if first == last:
        return None
    start, end = sentences[first][0], sentences[last - 1][1]
    start += greeting_length(text[start:end])
    return Span(start, end) if word_count(text[start:end]) else None


def _sentences(text: str) -> Iterator[tuple[int, int]]:
    """Yield the range of each sentence or line, white space at its ends left out."""
    at = 0
    for end in chain((match.span() for match in _SENTENCE_END.finditer(text)), [(len(text), len(text))]):
        words = text[at : end[0]].strip()
        if words:
            start = text.index(words, at)
            yield start, start + len(words)
        at = end[1]


def _is_ending(text: str, sentences: Sequence[tuple[int, int]]) -> bool:
    """Whether the last of these sentences is courtesy, or a name below a closing."""
    last = text[slice(*sentences[-1])]
    if is_courtesy(last):
        return True
    is_name = last.istitle() and len(last.split()) <= _SIGNS_OFF_WORDS
    return is_name and len(sentences) > 1 and is_closing(text[slice(*sentences[-2])])
