"""Why a ticket was chosen, in terms that a person can check at a glance."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from bot.domain.match import Reason

if TYPE_CHECKING:
    from bot.matching.bm25 import Words
    from bot.matching.signals import Candidates, Question

MOST_WORDS = 3
CLOSE = 0.5  # cosine from which a likeness of meaning is worth telling


def reasons(words: Words, question: Question, found: Candidates, at: int) -> tuple[Reason, ...]:
    """Return why the at-th candidate was found: shared rare words, attached pieces like it, near meaning."""
    told: list[Reason] = []
    if shared := _shared(words, question, found, at):
        told.append(Reason("words", ", ".join(shared)))
    if found.like[at]:
        told.append(Reason("neighbour", f"{found.like[at]} like it attached"))
    if found.signals[at, 0] >= CLOSE or not told:
        told.append(Reason("meaning", ""))
    return tuple(told)


def _shared(words: Words, question: Question, found: Candidates, at: int) -> list[str]:
    """Return the piece's words that the ticket's texts hold too, as written, the rarest first."""
    start, end = np.searchsorted(found.shared_by, [at, at + 1])
    shared = set(found.shared[start:end].tolist())
    numbers = words.numbers(question.terms.stems)
    tells = words.idf(numbers)
    order = [place for place in np.argsort(-tells, kind="stable") if int(numbers[place]) in shared]
    return [question.written[place] for place in order[:MOST_WORDS]]
