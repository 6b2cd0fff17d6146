"""A store and a tracker that hold the same tickets, on each database, with short ways to change both."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from typing import Any

from bot.domain.match import AUTOMATIC, Match
from bot.domain.message import Card
from bot.domain.news import News
from bot.domain.ticket import Ticket, TicketRef
from bot.services.annotate import annotate_marked
from bot.services.annotator import Annotator, Written
from bot.services.cards import card_of
from bot.services.marks import ANNOTATION, mark
from bot.services.sync import sync_tickets
from tests.builders import conversation, ticket
from tests.fakes.tracker import FakeTracker
from tests.services.conftest import Store


class Tracked:
    """Tickets APP-1, APP-2, … (ids 10001, …), in the store and in the tracker."""

    def __init__(self, store: Store, tickets: int = 1) -> None:
        self.store = store
        self.tracker = FakeTracker(*(ticket(n, f"Ticket {n}") for n in range(1, tickets + 1)))
        self.annotator = Annotator(store.work, store.work, store.clock, {"jira": self.tracker})
        store.allow()
        self.sync()

    def sync(self) -> None:
        """Read the tickets."""
        sync_tickets(self.store.work, self.store.clock, self.tracker)

    def change(self, number: int, **facts: Any) -> None:
        """Change a ticket in the tracker, now, and read it."""
        self.store.clock.advance(minutes=10)
        key = str(10_000 + number)
        known = self.tracker.tickets[key]
        self.tracker.tickets[key] = replace(known, updated_at=self.store.clock.now(), **facts)
        self.sync()

    def say(self, number: int, *names: str, by: str = AUTOMATIC) -> list[int]:
        """Attach a conversation of each name to the ticket, and have it looked at."""
        found = self.store.add(*(conversation(f"The export of page {name} fails.", name) for name in names))
        for piece in found:
            self.store.attach(piece, self.ticket(number).id, by)
        self.look(number)
        return found

    def look(self, *numbers: int) -> None:
        """Have the tickets looked at again."""
        with self.store.work() as unit:
            for number in numbers:
                mark(unit, ANNOTATION, self._stored(unit, number).id, self.store.clock.now())
            unit.commit()

    def annotate(self) -> Written:
        """Write what is due."""
        return annotate_marked(self.annotator)

    def settle(self) -> None:
        """Read the tickets and write what is due, a day later."""
        self.store.clock.advance(days=1, minutes=1)
        self.sync()
        self.annotate()

    def drop(self, number: int, *names: str) -> None:
        """Let a person remove our links in the tracker, which changes the ticket."""
        for name in names:
            del self.tracker.links[str(10_000 + number)][f"voc:zendesk:{name}:1"]
        self.change(number)

    def links(self, number: int) -> list[str]:
        """Return the ids of the conversations that we linked on the ticket."""
        return sorted(key.split(":")[2] for key in self.tracker.links.get(str(10_000 + number), {}))

    def ticket(self, number: int) -> Ticket:
        """Return the stored ticket."""
        with self.store.work() as unit:
            return self._stored(unit, number)

    def pairs(self, piece: int) -> dict[str, tuple[str, str]]:
        """Return the state and the decider of each of the piece's pairs, by the ticket's key."""
        with self.store.work() as unit:
            found: Sequence[Match] = unit.matches.of_feedback(piece)
            return {unit.tickets.get(m.ticket_id).key: (m.state.value, m.decided_by) for m in found}

    def card(self, piece: int) -> Card:
        """Return the piece's card."""
        with self.store.work() as unit:
            return card_of(unit, piece)

    def news(self) -> list[News]:
        """Return what owners did not hear of yet."""
        with self.store.work() as unit:
            return [one.news for one in unit.news.untold()]

    def answers(self) -> list[tuple[int, str, str]]:
        """Return (piece, kind, by) of all answers that count."""
        with self.store.work() as unit:
            return [(a.feedback_id, a.kind.value, a.by) for a in unit.answers.counting()]

    def _stored(self, unit: Any, number: int) -> Ticket:
        found = unit.tickets.by_ref(TicketRef("jira", str(10_000 + number)))
        assert isinstance(found, Ticket)
        return found
