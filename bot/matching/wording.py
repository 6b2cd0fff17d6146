"""What a piece says, as runs of words that follow one another, and the phrases in them."""

from __future__ import annotations

import re
from collections.abc import Collection, Iterator, Sequence
from typing import NamedTuple

from bot.domain.quote import Redaction, Span
from bot.domain.voice import Voice
from bot.matching.fillers import FILLERS, NEGATIONS, PARTICLES
from bot.matching.words import folded, is_telling, stem

MOST_IN_PHRASE, LONGEST_PHRASE = 4, 6  # telling words, and words in all
NEGATED = "¬"

_WORD = re.compile(r"[^\W_]+(?:['’-][^\W_]+)*")
_LEFT_OUT = re.compile(r"\S*(?:@|://|www\.)\S*")
# A pause, or a question's turn: "countries do you support".
_BREAK = re.compile(r"[.!?;:()\[\]\n…,\"“”„«»]|\b(?:do|does|did)\b(?! not)", re.IGNORECASE)


class Word(NamedTuple):
    """A word as written, with its comparable form: "" for one that tells nothing.

    is_edge: whether a phrase may begin and end with it.
    """

    term: str
    written: str
    is_edge: bool


class Phrase(NamedTuple):
    """Words that follow one another, and the comparable forms of those that tell something."""

    terms: tuple[str, ...]
    written: str


def runs(voice: Voice) -> Iterator[list[Word]]:
    """Yield the piece's words between pauses, figures, and what is redacted or left out."""
    for span in voice.quote.spans:
        for start, end in _open(span, voice.redactions):
            for part in _LEFT_OUT.split(voice.text[start:end]):
                for run in _BREAK.split(part):
                    yield from _without_figures(run)


def phrases(run: Sequence[Word], known: Collection[str]) -> Iterator[Phrase]:
    """Yield the run's phrases of two telling words and more, none twice, all of them known."""
    for at, first in enumerate(run):
        if first.term not in known or not (first.is_edge or first.term == NEGATED):
            continue
        terms: list[str] = []
        for end, word in enumerate(run[at : at + LONGEST_PHRASE], at + 1):
            if not word.term:
                continue
            if word.term not in known or word.term in terms or len(terms) == MOST_IN_PHRASE:
                break
            terms.append(word.term)
            if word.is_edge and len(terms) > 1 + (NEGATED in terms):
                yield Phrase(tuple(terms), _written(run, at, end))


def name_parts(voice: Voice) -> set[str]:
    """Return the parts of the speaker's name, in comparable form."""
    return {part for part in _WORD.findall(folded(voice.person.name)) if len(part) > 1}


def _written(run: Sequence[Word], start: int, end: int) -> str:
    if run[end : end + 1] and run[end].written.lower() in PARTICLES:
        end += 1
    return " ".join(word.written for word in run[start:end])


def _without_figures(run: str) -> Iterator[list[Word]]:
    words: list[Word] = []
    shouts = run.isupper() and " " in run.strip()
    for match in _WORD.finditer(run):
        form = folded(match.group())
        if form.isdigit():
            yield words
            words = []
            continue
        is_first = not run[: match.start()].strip()
        words.append(_word(form, _as_within(match.group(), is_first=is_first, shouts=shouts)))
    yield words


def _word(form: str, written: str) -> Word:
    bare = form.replace("'", "").replace("’", "")
    if bare in NEGATIONS:
        return Word(NEGATED, written, is_edge=False)
    if not is_telling(bare):
        return Word("", written, is_edge=False)
    return Word(stem(form), written, bare not in FILLERS)


def _as_within(word: str, *, is_first: bool, shouts: bool) -> str:
    """Return the word as it is written within a sentence: names and abbreviations keep their capitals."""
    is_capital_by_place = is_first and len(word) > 1 and word[1:] == word[1:].lower()
    return word.lower() if shouts or is_capital_by_place else word


def _open(span: Span, redactions: Sequence[Redaction]) -> Iterator[tuple[int, int]]:
    at = span.start
    for hidden in sorted(redactions):
        if hidden.end > at and hidden.start < span.end:
            yield at, max(at, hidden.start)
            at = hidden.end
    if at < span.end:
        yield at, span.end
