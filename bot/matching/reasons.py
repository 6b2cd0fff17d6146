"""Why a ticket was chosen, in terms that a person can check at a glance."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from functools import cache, partial
from itertools import islice
from typing import TYPE_CHECKING

import numpy as np

from bot.domain.match import Reason
from bot.matching.words import as_written

if TYPE_CHECKING:
    from bot.matching.bm25 import Words
    from bot.matching.signals import Candidates, Question

MOST_WORDS = 3
CLOSE = 0.5  # cosine from which a likeness of meaning is worth telling


def reasons(
    words: Words, question: Question, text: str, found: Candidates, places: Sequence[int]
) -> Iterator[tuple[Reason, ...]]:
    """Yield why the candidates at these places were found. text: the piece's.

    That is: shared words that tell something, the rarest first, as the piece has them; attached pieces like
    it; near meaning.
    """
    numbers = words.numbers(question.terms.stems)
    rarest = np.argsort(-words.idf(numbers), kind="stable").tolist()
    told = {int(numbers[at]): question.written[at] for at in rarest if question.written[at]}
    firsts, lasts = np.searchsorted(found.shared_by, np.add.outer([0, 1], places)).tolist()
    spoken = cache(partial(_as_written, text=text, lowered=text.lower()))
    for at, first, last in zip(places, firsts, lasts, strict=True):
        shared = set(found.shared[first:last].tolist())
        telling = (word for number, word in told.items() if number in shared)
        yield _reasons(found, at, [spoken(word) for word in islice(telling, MOST_WORDS)])


def _reasons(found: Candidates, at: int, shared: Sequence[str]) -> tuple[Reason, ...]:
    told: list[Reason] = []
    if shared:
        told.append(Reason("words", ", ".join(shared)))
    if found.like[at]:
        told.append(Reason("neighbour", str(found.like[at])))
    if found.signals[at, 0] >= CLOSE:
        told.append(Reason("meaning", ""))
    return tuple(told) or (Reason("likeness", ""),)


def _as_written(word: str, text: str, lowered: str) -> str:
    """Return the folded word in the text's own capitals, accents and apostrophes, where it stands there."""
    place = lowered.find(word)
    written = text[place : place + len(word)]
    return written if place >= 0 and written.lower() == word else as_written(word, text)
