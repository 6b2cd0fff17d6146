"""The matcher: pieces in, verdicts with reasons out."""

from __future__ import annotations

import threading
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import replace
from itertools import islice
from typing import TYPE_CHECKING, TypeVar

import numpy as np

from bot.domain.match import Candidate, Reason, Verdict
from bot.matching.decide import MOST_OTHERS, Thresholds, decide
from bot.matching.head import fit_head
from bot.matching.index import Member, TicketIndex
from bot.matching.model import DIGITS, signals
from bot.matching.reasons import reasons
from bot.matching.references import references
from bot.matching.search import READ_AT_ONCE, Piece, find, questions

if TYPE_CHECKING:
    from bot.domain.ticket import Ticket, TicketWords
    from bot.matching.model import Doubles, Model
    from bot.matching.signals import Candidates, Question
    from bot.matching.vectors import VectorCache
    from bot.ports import Embedder

_Thing = TypeVar("_Thing")


class Matcher:
    """Finds the ticket that a piece is about. Safe for several threads."""

    def __init__(
        self, embedder: Embedder, model: Model, thresholds: Thresholds, cache: VectorCache | None = None
    ) -> None:
        self._embedder, self._model, self._thresholds, self._cache = embedder, model, thresholds, cache
        self._tickets = TicketIndex(embedder, cache)
        self._lock = threading.Lock()

    @property
    def name(self) -> str:
        """The model's and the embedder's names: a verdict tells which made it."""
        return f"{self._model.name}+{self._embedder.name}"

    @property
    def model(self) -> Model:
        """The weights in use."""
        return self._model

    @property
    def embedder_name(self) -> str:
        """The embedder's name: weights fitted on another's vectors mean nothing here."""
        return self._embedder.name

    def use(self, model: Model, earned: Mapping[str, float]) -> None:
        """Take other weights, and what projects have earned for a threshold, from the next match on."""
        thresholds = replace(self._thresholds, earned=earned)
        with self._lock:
            self._model, self._thresholds = model, thresholds

    @property
    def languages(self) -> frozenset[str]:
        """The languages that the embedder understands."""
        return self._embedder.languages

    def index(self, tickets: Iterable[Ticket | TicketWords], members: Iterable[Member] = ()) -> None:
        """Know these tickets and attached pieces, and no others."""
        fresh = TicketIndex(self._embedder, self._cache)
        fresh.put(tickets)
        fresh.attach(members)
        fresh.head = fit_head(*fresh.examples())
        with self._lock:
            self._tickets = fresh

    def put(self, tickets: Iterable[Ticket | TicketWords]) -> None:
        """Add the tickets or take over their new words. Matches go on while they are made ready."""
        for some in _some(tickets):
            with self._lock:
                index, changed = self._tickets, self._tickets.changed(some)
            prepared = index.preparer.tickets([(one.title, one.body) for one in changed])
            with self._lock:
                self._tickets.take(changed, prepared)

    def remove(self, ticket_ids: Iterable[int]) -> None:
        """Forget the tickets and their members."""
        with self._lock:
            self._tickets.remove(ticket_ids)

    def attach(self, members: Iterable[Member]) -> None:
        """Let the pieces speak for their tickets from the next match on."""
        for some in _some(members):
            prepared = self._tickets.preparer.pieces([one.text for one in some])
            with self._lock:
                self._tickets.take_members(some, prepared)

    def detach(self, pairs: Iterable[tuple[int, int]]) -> None:
        """Let the (feedback id, ticket id) pairs speak for their tickets no more."""
        with self._lock:
            self._tickets.detach(pairs)

    @property
    def members_state(self) -> int:
        """Another number after each change of what is attached."""
        return self._tickets.members_state

    def learn(self) -> None:
        """Let the attached pieces teach which differences between their tickets matter.

        Matching goes on meanwhile, by what was learnt before.
        """
        with self._lock:
            examples = self._tickets.examples()
        head = fit_head(*examples)
        with self._lock:
            self._tickets.head = head

    def match(self, batch: Sequence[Piece]) -> list[Verdict]:
        """Return one verdict a piece, in order. The same tickets, members and piece give the same verdict."""
        verdicts: list[Verdict] = []
        for some in _some(batch):
            asked = questions(some, self._embedder)
            with self._lock:
                found = list(find(self._tickets, some, asked))
                ranks, scores = (column.round(DIGITS) for column in self._model.weigh(found))
                end = 0
                for piece, question, its in zip(some, asked, found, strict=True):
                    part = slice(end, end := end + len(its.ticket_ids))
                    verdicts.append(self._verdict(piece, question, its, ranks[part], scores[part]))
        return verdicts

    def _verdict(
        self, piece: Piece, question: Question, found: Candidates, ranks: Doubles, scores: Doubles
    ) -> Verdict:
        words, ids, named = self._tickets.texts.words, found.ticket_ids, self._named(piece)
        order = np.lexsort((ids, -ranks))[: 1 + MOST_OTHERS + len(named)].tolist()
        first = [at for at in order if int(ids[at]) not in named][: 1 + MOST_OTHERS]
        told = zip(
            ids[first].tolist(),
            np.minimum.accumulate(scores[first]).tolist(),  # none is likelier than one that goes before it
            reasons(words, question, piece.text, found, first),
            signals(found, first),
            strict=True,
        )
        ranked = [Candidate(*one) for one in told]
        certain = [Candidate(ticket_id, 1.0, (Reason("reference", key),)) for ticket_id, key in named.items()]
        ordered = certain + ranked
        project = self._tickets.project_of(ordered[0].ticket_id) if ordered else ""
        return decide(ordered, self._thresholds, self.name, project)

    def _named(self, piece: Piece) -> dict[int, str]:
        """Return the tickets that the piece names, in any project, with their keys; not the rejected ones."""
        spoken = references(piece.text, self._tickets.prefixes)
        keys = {self._tickets.ticket_with_key(key): key for key in [*spoken, *piece.named]}
        return {id_: key for id_, key in keys.items() if id_ is not None and id_ not in piece.rejected}


def _some(things: Iterable[_Thing]) -> Iterator[list[_Thing]]:
    """Yield the things, READ_AT_ONCE at a time."""
    rest = iter(things)
    while some := list(islice(rest, READ_AT_ONCE)):
        yield some
