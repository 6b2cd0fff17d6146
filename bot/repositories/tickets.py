"""Tickets, and which pieces of feedback are about them."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Protocol

from bot.domain.match import Match, MatchState, Reason
from bot.domain.ticket import ReceivedTicket, Ticket, TicketRef, TicketWords
from bot.domain.voice import Voice


@dataclass(frozen=True, slots=True)
class LinksRead:
    """What was read of a ticket's links. of: the ticket's updated_at then; elsewhere: where others' lead."""

    of: datetime | None = None
    elsewhere: frozenset[str] = frozenset()


class Tickets(Protocol):
    """Tickets of all trackers."""

    def save(self, received: ReceivedTicket, now: datetime) -> tuple[Ticket, bool]:
        """Insert or replace by (tracker, external id).

        Returns it and whether something that matching or people see has changed.
        """
        ...

    def get(self, ticket_id: int) -> Ticket:
        """Return the ticket. Raises KeyError."""
        ...

    def by_key(self, key: str) -> Ticket | None:
        """Return the ticket with that present key, in any letter case."""
        ...

    def by_ref(self, ref: TicketRef) -> Ticket | None:
        """Return the ticket of that address."""
        ...

    def many(self, ticket_ids: Sequence[int]) -> list[Ticket]:
        """Return the tickets in the order of the ids."""
        ...

    def matchable(self, *, closed_since: datetime, after: int = 0, limit: int = 500) -> list[TicketWords]:
        """Return open tickets and those resolved since then, not gone, by id."""
        ...

    def changed_after(self, moment: datetime, *, limit: int = 500) -> list[Ticket]:
        """Return tickets stored or changed here after that moment, by that time."""
        ...

    def search(self, words: str, *, limit: int = 20) -> list[Ticket]:
        """Return tickets whose key or title holds the words, key matches first, then newest."""
        ...

    def assigned_to(self, email: str) -> list[int]:
        """Return the tickets that are assigned to who has the address, not gone, by id; none for ""."""
        ...

    def unassigned(self, ticket_ids: Sequence[int]) -> Mapping[int, bool]:
        """Return those of which no assignee is known, each with whether its tracker hides one."""
        ...

    def mark_gone(self, ref: TicketRef, now: datetime) -> None:
        """Mark as no longer visible."""
        ...

    def count(self) -> int:
        """Return how many are stored and not gone."""
        ...

    def with_voices(self, tracker: str = "", *, after: int = 0, limit: int = 500) -> list[Ticket]:
        """Return the tracker's tickets that a piece is attached to, gone ones too, by id; "" for all."""
        ...

    def links_read(self, ticket_id: int) -> LinksRead:
        """Return what was last read of the links that the ticket carries."""
        ...

    def save_links(self, ticket_id: int, of: datetime | None, elsewhere: frozenset[str]) -> None:
        """Note what was read of them. of: the ticket's updated_at before; None: to be read again."""
        ...


class Matches(Protocol):
    """Pairs of piece and ticket, and each decision's trace."""

    def decide(
        self,
        feedback_id: int,
        ticket_id: int,
        state: MatchState,
        *,
        score: float,
        reasons: Sequence[Reason],
        by: str,
        now: datetime,
    ) -> Match:
        """Set the pair's state, keep a trace row (who, when, before, after), and return the pair.

        At most one ATTACHED ticket a piece: its other attached pair becomes DETACHED, suggested ones are
        dropped. A decision by AUTOMATIC never overrules a person's, on this pair or by an attachment to
        another ticket: nothing changes, and the person's pair is returned.
        """
        ...

    def of_feedback(self, feedback_id: int) -> list[Match]:
        """Return all pairs of the piece, attached first, then by score."""
        ...

    def attached_to(self, ticket_id: int) -> list[Voice]:
        """Return the voices attached to the ticket, not excluded, newest first."""
        ...

    def confirmed_pairs(self) -> list[tuple[int, int]]:
        """Return (feedback_id, ticket_id) of what people attached, not excluded, by feedback id."""
        ...

    def withdraw_automatic(self, feedback_id: int, *, keep: int | None, now: datetime) -> list[int]:
        """Take back the pairs that Voc itself suggested or attached, but the one to the ticket `keep`.

        Returns the tickets that lost an attached one. People's decisions stay.
        """
        ...

    def tickets_of(self, feedback_ids: Sequence[int]) -> Mapping[int, int]:
        """Return the ticket that each piece is attached to; pieces without one are left out."""
        ...

    def attached_among(
        self, ticket_ids: Sequence[int], *, said: tuple[datetime, datetime] | None = None
    ) -> list[int]:
        """Return those of the tickets that a piece is attached to, by id. said: one said in [a, b)."""
        ...

    def moved_from(self, ticket_id: int) -> Mapping[int, int]:
        """Return how many pieces went to which ticket when this one was found to be a duplicate.

        Counted where they are attached now, excluded ones left out.
        """
        ...

    def tickets_with_voices(self, project: str) -> list[int]:
        """Return ids of the project's tickets that have an attached piece, by id."""
        ...

    def refused_by(self, feedback_ids: Sequence[int]) -> Mapping[int, frozenset[int]]:
        """Return the tickets that a person rejected or detached, by piece: pairs that never return."""
        ...

    def undone(self, start: datetime, end: datetime) -> int:
        """Return how many automatic attachments a person undid in [start, end)."""
        ...


@dataclass(frozen=True, slots=True, kw_only=True)
class Switches:
    """What a project allows. by: the admin who set `attach`, on or off; "" where answers decide."""

    project: str
    attach: bool = False
    write: bool = False
    by: str = ""


class Projects(Protocol):
    """The two switches of each project."""

    def switches(self, project: str) -> Switches:
        """Return them; both off for a project that was never set."""
        ...

    def set(self, project: str, *, attach: bool, write: bool, by: str, now: datetime) -> None:
        """Set both."""
        ...

    def all(self) -> list[Switches]:
        """Return all that were ever set, by project."""
        ...
