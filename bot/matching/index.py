"""The tickets and what is attached to them, ready to be searched; a change needs no rebuild.

A ticket is a list of texts: its title, its title with its body, and each attached piece (a member). A ticket
is as near as its nearest texts are.
"""

from __future__ import annotations

import hashlib
from collections import Counter
from collections.abc import Iterable, Sequence, Set
from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from bot.matching.growing import Whole
from bot.matching.head import EMPTY
from bot.matching.late import TitleTokens, kept
from bot.matching.slots import Slots
from bot.matching.texts import Texts
from bot.matching.vectors import Preparer, VectorCache

if TYPE_CHECKING:
    from bot.domain.ticket import Ticket, TicketWords
    from bot.matching.prepared import Prepared
    from bot.ports import Embedder, Vectors


@dataclass(frozen=True, slots=True)
class Member:
    """A piece that is attached to a ticket."""

    feedback_id: int
    ticket_id: int
    text: str


class TicketIndex:
    """Tickets by id. Not safe for two threads: its owner holds a lock.

    members_state: another number after each change of what is attached. head: what `examples` taught last.
    """

    def __init__(self, embedder: Embedder, cache: VectorCache | None = None) -> None:
        self.embedder = embedder
        self.preparer = Preparer(embedder, cache)
        self.texts = Texts(embedder.dimensions)
        tokens = embedder.read([]).tokens
        self.tokens = TitleTokens(0 if tokens is None else kept(tokens.vectors).shape[1])
        self.slots = Slots()
        self.members_state = 0
        self.head = EMPTY
        self._ids: dict[str, int] = {}
        self._prefixes: Counter[str] = Counter()  # how many keys begin with each

    def __len__(self) -> int:
        return len(self.slots)

    @property
    def nbytes(self) -> int:
        """Return how much memory its arrays take."""
        return self.texts.nbytes + self.tokens.nbytes + self.slots.nbytes

    def put(self, tickets: Iterable[Ticket | TicketWords]) -> None:
        """Add the tickets, or take over their new words; members stay."""
        changed = self.changed(tickets)
        self.take(changed, self.preparer.tickets([(one.title, one.body) for one in changed]))

    def changed(self, tickets: Iterable[Ticket | TicketWords]) -> list[Ticket | TicketWords]:
        """Return those of the tickets that are not here with the same words."""
        last = {ticket.id: ticket for ticket in tickets}.values()
        known = ((one, self.slots.fingerprint(one.id)) for one in last)
        return [one for one, its in known if its is None or its != fingerprint(one)]

    def take(self, tickets: Sequence[Ticket | TicketWords], prepared: Sequence[Prepared]) -> None:
        """Add the prepared tickets, each once, or put them in place of what is here under their ids."""
        if not tickets:
            return
        self._drop_own([one.id for one in tickets])
        told = [(one.id, one.project, one.key.upper(), fingerprint(one)) for one in tickets]
        for ticket_id, _, key, _ in told:
            self._prefixes[_prefix(key)] += key not in self._ids
            self._ids[key] = ticket_id
        slots = self.slots.put(told)
        owners = [slot for slot, one in zip(slots, prepared, strict=True) for _ in one.texts]
        rows = self.texts.put(owners, [text for one in prepared for text in one.texts])
        self.slots.put_own(slots, rows, [len(one.texts) for one in prepared])
        self.tokens.put(slots, [one.ids for one in prepared], [one.tokens for one in prepared])

    def remove(self, ticket_ids: Iterable[int]) -> None:
        """Take the tickets out, with their members; unknown ids are ignored."""
        known = [ticket_id for ticket_id in set(ticket_ids) if ticket_id in self.slots]
        self.detach([pair for ticket_id in known for pair in self.slots.pairs(ticket_id)])
        self._drop_own(known)
        for ticket_id in known:
            self.slots.forget(ticket_id)

    def attach(self, members: Iterable[Member]) -> None:
        """Add the pieces to their tickets' texts, in place of older ones; unknown tickets are ignored."""
        known = [member for member in members if member.ticket_id in self.slots]
        self.take_members(known, self.preparer.pieces([member.text for member in known]))

    def take_members(self, members: Sequence[Member], prepared: Sequence[Prepared]) -> None:
        """Add the prepared pieces to their tickets' texts, in place of older ones; ignore unknown tickets."""
        pairs = zip(members, prepared, strict=True)
        last = {(one.feedback_id, one.ticket_id): its for one, its in pairs if one.ticket_id in self.slots}
        self.detach(last)
        slots = self.slots.at(ticket_id for _, ticket_id in last)
        rows = self.texts.put(slots.tolist(), [one.texts[0] for one in last.values()])
        self.slots.attach(list(last), rows.tolist())
        self._members_changed(len(last))

    def detach(self, pairs: Iterable[tuple[int, int]]) -> None:
        """Take the (feedback id, ticket id) pairs out of their tickets' texts; unknown pairs are ignored."""
        rows = self.slots.detach(pairs)
        self.texts.drop(rows)
        self._members_changed(len(rows))

    def member_vectors(self, ticket_ids: Iterable[int] | None = None) -> tuple[Whole, Vectors]:
        """Return the ticket id and the vector of each member of these tickets, of all for None."""
        if ticket_ids is None:
            slots = np.flatnonzero(self.slots.members)
        else:
            slots = self.slots.at(sorted(set(ticket_ids)))
        rows, many = self.slots.member_rows(slots)
        return np.repeat(self.slots.ids[slots], many), self.texts.rows.vectors(rows)

    def examples(self) -> tuple[Vectors, Whole]:
        """Return what teaches a head: the members' vectors and ticket ids, then those tickets' titles."""
        ids, members = self.member_vectors()
        own = np.unique(ids)
        titles = self.texts.rows.vectors(self.slots.title_rows(self.slots.at(own.tolist())))
        return np.concatenate([members, titles]), np.concatenate([ids, own])

    def ticket_with_key(self, key: str) -> int | None:
        """Return the id of the ticket with that key, in any case, or None."""
        return self._ids.get(key.upper())

    def project_of(self, ticket_id: int) -> str:
        """Return the project of a known ticket."""
        return self.slots.project(ticket_id)

    @property
    def prefixes(self) -> Set[str]:
        """Return what the known keys begin with, upper case."""
        return (+self._prefixes).keys()

    def _drop_own(self, ticket_ids: Iterable[int]) -> None:
        """Forget the tickets' own texts and keys; their slots and members stay."""
        here = [ticket_id for ticket_id in ticket_ids if ticket_id in self.slots]
        for ticket_id in here:
            key = self.slots.key(ticket_id)
            if self._ids.get(key) == ticket_id:  # another ticket may have the key by now
                del self._ids[key]
                self._prefixes[_prefix(key)] -= 1
        slots = self.slots.at(here)
        self.texts.drop(self.slots.take_own(slots))
        self.tokens.drop(slots)

    def _members_changed(self, many: int) -> None:
        if many:
            self.members_state += 1


def fingerprint(ticket: Ticket | TicketWords) -> int:
    """Return a number that changes with what the index holds of the ticket."""
    parts = (ticket.key, ticket.project, ticket.title, ticket.body)
    told = "\0".join(parts).encode("utf-8", "surrogatepass")
    return int.from_bytes(hashlib.blake2b(told, digest_size=8).digest(), "big", signed=True)


def _prefix(key: str) -> str:
    return key.rpartition("-")[0]
