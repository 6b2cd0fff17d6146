"""The tickets and what is attached to them, ready to be searched; changes need no rebuild.

A ticket is a list of texts: its title, its title with its body, and each attached piece (a member). A text
has a vector, words and, where it is short, character n-grams; a ticket is as near as its nearest texts are.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from typing import TYPE_CHECKING

from bot.matching.bm25 import Postings
from bot.matching.prose import prose
from bot.matching.tfidf import EMPTY, grams_bag, words_bag
from bot.matching.vectors import VectorCache, vectors_of
from bot.matching.view import Entry, Text, View, view_of
from bot.matching.words import surfaces, terms

if TYPE_CHECKING:
    from bot.domain.ticket import Ticket
    from bot.ports import Embedder, Vectors

BODY_WORDS = 150
TITLE_WEIGHT = 2


@dataclass(frozen=True, slots=True)
class Member:
    """A piece that is attached to a ticket."""

    feedback_id: int
    ticket_id: int
    text: str


def body_of(ticket: Ticket) -> str:
    """Return what counts of the ticket's body."""
    return " ".join(prose(ticket.body).split()[:BODY_WORDS])


def own_texts(ticket: Ticket, body: str) -> list[str]:
    """Return the texts that have a vector: the title, and the title with the body that counts."""
    return [ticket.title, f"{ticket.title}. {body}"] if body else [ticket.title]


class TicketIndex:
    """Tickets by id. Not safe for two threads: its owner holds a lock."""

    def __init__(self, embedder: Embedder, cache: VectorCache | None = None) -> None:
        self.embedder = embedder
        self._cache = cache
        self._entries: dict[int, Entry] = {}
        self._ids: dict[str, int] = {}
        self._postings = Postings()
        self._prefixes: frozenset[str] | None = None
        self._view: View | None = None

    def __len__(self) -> int:
        return len(self._entries)

    def put(self, tickets: Iterable[Ticket]) -> None:
        """Add the tickets, or take over their new words; members stay."""
        changed = [ticket for ticket in tickets if not self._is_known(ticket)]
        bodies = [body_of(ticket) for ticket in changed]
        texts: list[str] = []
        for ticket, body in zip(changed, bodies, strict=True):
            texts += own_texts(ticket, body)
        vectors = iter(vectors_of(texts, self.embedder, self._cache))
        for ticket, body in zip(changed, bodies, strict=True):
            title = self._text(ticket.title, next(vectors))
            own = [title, self._body(ticket.title, body, next(vectors))] if body else [title]
            self._replace(ticket, own)

    def _replace(self, ticket: Ticket, own: list[Text]) -> None:
        old = self._entries.get(ticket.id)
        if old is not None:
            self._forget(old.own)
            self._unname(ticket.id, old.key)
        members = old.members if old else {}
        source = (ticket.title, ticket.body)
        self._entries[ticket.id] = Entry(ticket.key, ticket.project, source, own, members)
        self._ids[ticket.key.upper()] = ticket.id
        self._changed()

    def _unname(self, ticket_id: int, key: str) -> None:
        if self._ids.get(key.upper()) == ticket_id:  # another ticket may have the key by now
            del self._ids[key.upper()]

    def _changed(self) -> None:
        self._view = self._prefixes = None

    def _is_known(self, ticket: Ticket) -> bool:
        entry = self._entries.get(ticket.id)
        now = (ticket.key, ticket.project, (ticket.title, ticket.body))
        return entry is not None and (entry.key, entry.project, entry.source) == now

    def _text(self, text: str, vector: Vectors) -> Text:
        words = terms(text)
        return Text(vector, self._postings.add(words), words_bag(words), grams_bag(" ".join(surfaces(text))))

    def _body(self, title: str, body: str, vector: Vectors) -> Text:
        words = terms(title) * TITLE_WEIGHT + terms(body)
        return Text(vector, self._postings.add(words), words_bag(words), EMPTY)

    def _forget(self, texts: Iterable[Text]) -> None:
        for text in texts:
            self._postings.remove(text.document)

    def remove(self, ticket_ids: Iterable[int]) -> None:
        """Take the tickets out, with their members; unknown ids are ignored."""
        for ticket_id in ticket_ids:
            entry = self._entries.pop(ticket_id, None)
            if entry is not None:
                self._forget(entry.texts)
                self._unname(ticket_id, entry.key)
                self._changed()

    def attach(self, members: Iterable[Member]) -> None:
        """Add the pieces to their tickets' texts, in place of older ones; unknown tickets are ignored."""
        known = [member for member in members if member.ticket_id in self._entries]
        vectors = vectors_of([member.text for member in known], self.embedder, self._cache)
        for member, vector in zip(known, vectors, strict=True):
            self.detach([(member.feedback_id, member.ticket_id)])
            entry = self._entries[member.ticket_id]
            entry.members[member.feedback_id] = self._text(member.text, vector)
            self._changed()

    def detach(self, pairs: Iterable[tuple[int, int]]) -> None:
        """Take the (feedback id, ticket id) pairs out of their tickets' texts; unknown pairs are ignored."""
        for feedback_id, ticket_id in pairs:
            entry = self._entries.get(ticket_id)
            text = entry.members.pop(feedback_id, None) if entry else None
            if text is not None:
                self._forget([text])
                self._changed()

    def ticket_with_key(self, key: str) -> int | None:
        """Return the id of the ticket with that key, in any case, or None."""
        return self._ids.get(key.upper())

    def project_of(self, ticket_id: int) -> str:
        """Return the project of a known ticket."""
        return self._entries[ticket_id].project

    @property
    def prefixes(self) -> frozenset[str]:
        """Return what the known keys begin with, upper case."""
        if self._prefixes is None:
            self._prefixes = frozenset(key.rpartition("-")[0] for key in self._ids)
        return self._prefixes

    @property
    def view(self) -> View:
        """The index as it is now, laid out for searching. Made anew only after a change."""
        if self._view is None:
            if self._postings.is_mostly_dead:
                self._compact()
            self._view = view_of(self._entries, self._postings, self.embedder.dimensions)
        return self._view

    def _compact(self) -> None:
        """Build the postings anew from the living texts."""
        old, self._postings = self._postings, Postings()
        for entry in self._entries.values():
            for text in entry.texts:
                text.document = self._postings.add(old.words[text.document].elements())
