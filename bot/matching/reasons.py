"""Why a ticket was chosen, in terms that a person can check at a glance."""

from __future__ import annotations

from typing import TYPE_CHECKING

from bot.domain.match import Reason

if TYPE_CHECKING:
    from bot.matching.search import Candidates, Query
    from bot.matching.view import View

MOST_WORDS = 3
CLOSE = 0.5  # cosine from which a likeness of meaning is worth telling


def reasons(view: View, query: Query, found: Candidates, at: int) -> tuple[Reason, ...]:
    """Return why the at-th candidate was found: shared rare words, attached pieces like it, near meaning."""
    told: list[Reason] = []
    if words := _shared(view, query, int(found.columns[at])):
        told.append(Reason("words", ", ".join(words)))
    if found.like[at]:
        told.append(Reason("neighbour", f"{found.like[at]} like it attached"))
    if found.signals[at, 0] >= CLOSE or not told:
        told.append(Reason("meaning", ""))
    return tuple(told)


def _shared(view: View, query: Query, column: int) -> list[str]:
    """Return the piece's words that the ticket's texts hold too, the rarest first."""
    rows = view.told[view.told_starts[column] : view.told_starts[column + 1]]
    documents = [view.postings.words[document] for document in view.documents[rows].tolist()]
    shared = [stem for stem in query.words if any(stem in words for words in documents)]
    return [
        query.words[stem] for stem in sorted(shared, key=lambda stem: -view.postings.idf(stem))[:MOST_WORDS]
    ]
