"""What a piece says, as runs of words that follow one another, and the phrases in them."""

from __future__ import annotations

import re
from collections.abc import Collection, Iterator, Sequence
from itertools import chain
from typing import NamedTuple

from bot.domain.quote import Redaction, Span
from bot.domain.voice import Voice
from bot.matching.fillers import FILLERS, NEGATIONS, PARTICLES
from bot.matching.function_words import function_words
from bot.matching.words import folded, is_telling, stem

MOST_IN_PHRASE, LONGEST_PHRASE = 4, 6  # telling words, and words in all
NEGATED = "¬"

_WORD = re.compile(r"[^\W_]+(?:['’-][^\W_]+)*")
_APOSTROPHES = re.compile("['’]")
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


PAUSE = Word("", "", is_edge=False)


class Form(NamedTuple):
    """What a word is in any text. bare: folded, without apostrophes; the rest as of a word."""

    bare: str
    term: str
    is_edge: bool


Forms = dict[str, Form]  # by the word as it was said


class Phrase(NamedTuple):
    """Words that follow one another, and the comparable forms of those that tell something.

    before, after: the telling words that it stands between, "" where its speaker paused or said a little one.
    """

    terms: tuple[str, ...]
    written: str
    before: str
    after: str


def runs(voice: Voice, forms: Forms) -> Iterator[list[Word]]:
    """Yield the piece's words between pauses, figures, and what is redacted or left out.

    forms: what is known of words, and learnt.
    """
    little = _little(voice)
    for part in _parts(voice):
        for run in _BREAK.split(part):
            yield from _without_figures(run, little, forms)


def spoken(voice: Voice, forms: Forms) -> set[str]:
    """Return the comparable forms of the words in the piece's runs. forms: as there."""
    words = chain.from_iterable(_WORD.findall(_BREAK.sub("\n", part)) for part in _parts(voice))
    known = {_form(said, forms) for said in words}
    little = _little(voice)
    return {one.term for one in known if not (one.is_edge and (one.bare in little or one.bare.isdigit()))}


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
                yield _phrase(tuple(terms), run, at, end)


def name_parts(voice: Voice) -> set[str]:
    """Return the parts of the speaker's name, in comparable form."""
    return {part for part in _WORD.findall(folded(voice.person.name)) if len(part) > 1}


def edges(run: Sequence[Word]) -> Iterator[tuple[str, str]]:
    """Yield what a name may begin and end with: comparable form, and as written with what belongs to it."""
    for at, word in enumerate(run):
        if word.is_edge:
            yield word.term, _written(run, at, _end(run, at + 1))


def _phrase(terms: tuple[str, ...], run: Sequence[Word], start: int, end: int) -> Phrase:
    end = _end(run, end)
    around = (run[at] if 0 <= at < len(run) else PAUSE for at in (start - 1, end))
    before, after = (word.term if word.is_edge else "" for word in around)
    return Phrase(terms, _written(run, start, end), before, after)


def _end(run: Sequence[Word], end: int) -> int:
    is_particle = end < len(run) and run[end].written.lower() in PARTICLES
    return end + is_particle


def _written(run: Sequence[Word], start: int, end: int) -> str:
    return " ".join(word.written for word in run[start:end])


def _without_figures(run: str, little: Collection[str], forms: Forms) -> Iterator[list[Word]]:
    words: list[Word] = []
    shouts, begins = run.isupper() and " " in run.strip(), len(run) - len(run.lstrip())
    for match in _WORD.finditer(run):
        said = match.group()
        bare, term, is_edge = _form(said, forms)
        if bare.isdigit():
            yield words
            words = []
            continue
        written = _as_within(said, is_first=match.start() == begins, shouts=shouts)
        is_little = is_edge and bare in little
        words.append(Word("" if is_little else term, written, is_edge and not is_little))
    yield words


def _form(said: str, forms: Forms) -> Form:
    return forms.get(said) or forms.setdefault(said, _read(said))


def _read(said: str) -> Form:
    form = folded(said)
    bare = _APOSTROPHES.sub("", form)
    if bare in NEGATIONS:
        return Form(bare, NEGATED, is_edge=False)
    if not is_telling(bare):
        return Form(bare, "", is_edge=False)
    return Form(bare, stem(form), bare not in FILLERS)


def _as_within(word: str, *, is_first: bool, shouts: bool) -> str:
    """Return the word as it is written within a sentence: names and abbreviations keep their capitals."""
    is_capital_by_place = is_first and len(word) > 1 and word[1:] == word[1:].lower()
    return word.lower() if shouts or is_capital_by_place else word


def _little(voice: Voice) -> Collection[str]:
    return function_words(_APOSTROPHES.sub("", folded(voice.words)).split())


def _parts(voice: Voice) -> Iterator[str]:
    for span in voice.quote.spans:
        for start, end in _open(span, voice.redactions):
            yield from _LEFT_OUT.split(voice.text[start:end])


def _open(span: Span, redactions: Sequence[Redaction]) -> Iterator[tuple[int, int]]:
    at = span.start
    for hidden in sorted(redactions):
        if hidden.end > at and hidden.start < span.end:
            yield at, max(at, hidden.start)
            at = hidden.end
    if at < span.end:
        yield at, span.end
