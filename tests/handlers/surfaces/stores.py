"""Stores of any size whose every word is strange, made by chance from a seed."""

from __future__ import annotations

import random
from collections.abc import Sequence
from datetime import timedelta

from bot.domain.feedback import (
    AuthorRole,
    ReceivedCompany,
    ReceivedConversation,
    ReceivedPerson,
    ReceivedTurn,
)
from bot.domain.theme import Seat
from bot.domain.ticket import Ticket
from bot.services.cards import put_to_channel, show_marked
from bot.services.inbox import show_inboxes
from bot.services.ingest import ingest
from bot.services.marks import CARD, mark
from tests.handlers.world import NOW, RULES, World
from tests.integrations.slack.samples import HOSTILE

NOBODY = "U0NOBODY01"  # in no workspace: a mention that is live would be seen
STRANGE = (
    *HOSTILE,
    f"<@{NOBODY}> <#C0NOWHERE1|here> &lt;@{NOBODY}&gt; <!date^1^{{date}}|x>",
    "התוכנה נתקעת כל בוקר \u202eבשעה 9:00",
    "👩‍👩‍👧‍👦" * 40,
    "Ünïcödé ﷽ Z͑͑a̴l̷g̶o̸ ŉ ß ı",
    "\x1b[2J\x07 bell \u2028 line \u2029 paragraph \ufeff",
    "a" * 300 + " " + "b" * 300,
    "The export is missing rows again, and I only notice when a driver calls me in the morning.",
)


class Stranger:
    """Chance, and what it fills a store with."""

    def __init__(self, seed: int) -> None:
        self._chance = random.Random(seed)

    def words(self) -> str:
        """Return strange words, never none."""
        return f"{self._chance.choice(STRANGE)} {self._chance.randrange(10**6)}"

    def fill(self, world: World, size: int) -> list[int]:
        """Store so many conversations, with tickets, proposals, links, what was set aside, and a theme.

        Return the ids of their pieces.
        """
        tickets = [world.ticket(f"FLD-{n}", self.words()) for n in range(1, min(size, 15) + 1)]
        pieces = [piece for n in range(size) for piece in self._conversation(world, n)]
        for piece in pieces[:-6]:
            self._decide(world, piece, tickets)
        self._theme(world, pieces[-6:])
        return pieces

    def _conversation(self, world: World, number: int) -> list[int]:
        said_at = NOW - timedelta(hours=self._chance.randrange(1, 24 * 60))
        person, company = str(self._chance.randrange(30)), self.words()
        fields = {"plan": self.words(), "mrr": str(self._chance.randrange(10**7))}
        received = ReceivedConversation(
            external_id=f"c{number}",
            created_at=said_at,
            updated_at=said_at,
            customer=ReceivedPerson(
                external_id=person,
                name=self.words(),
                company=ReceivedCompany(external_id=company, name=company, fields=fields),
            ),
            turns=(
                ReceivedTurn(
                    external_id="1", role=AuthorRole.CUSTOMER, said_at=said_at, original=self.words()
                ),
            ),
            url=self._chance.choice(["https://acme.zendesk.com/1", "https://a/" + "b" * 4_000, self.words()]),
        )
        with world.context.work() as unit:
            ingest(unit, RULES, "zendesk", received, said_at)
            stored = unit.conversations.find("zendesk", received.external_id)
            found = [piece.id for piece in unit.pieces.of_conversation(stored.id)] if stored else []
            unit.commit()
        return found

    def _decide(self, world: World, piece: int, tickets: Sequence[Ticket]) -> None:
        lot = self._chance.random()
        if lot < 0.8:
            first, *others = self._chance.sample(list(tickets), min(len(tickets), 3))
            world.decide(piece, first, *others, attached=lot < 0.2)

    def _theme(self, world: World, pieces: Sequence[int]) -> None:
        with world.context.work() as unit:
            free = [piece for piece in pieces if not unit.matches.of_feedback(piece)]
            if free:
                made = unit.themes.add(
                    name=self.words()[:500],
                    terms=(),
                    first_heard=NOW - timedelta(days=9),
                    last_heard=NOW,
                    now=NOW,
                    central=free[:3],
                )
                unit.themes.place(dict.fromkeys(free, made.id), Seat.CLUSTERED)
            unit.commit()


def show(world: World, pieces: Sequence[int]) -> None:
    """Show what a store was filled with: cards of the first, inboxes of all."""
    presenter = world.context.presenter
    for piece in pieces[:6]:
        put_to_channel(presenter, piece)
    with world.context.work() as unit:
        for piece in pieces:
            mark(unit, CARD, piece, world.clock.now())
        unit.commit()
    show_marked(presenter)
    show_inboxes(presenter)
