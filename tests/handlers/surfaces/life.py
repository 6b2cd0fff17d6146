"""Many weeks of a workspace by chance: customers speak, change and take back their words; people decide."""

from __future__ import annotations

import random
from datetime import timedelta

from bot.domain.feedback import (
    AuthorRole,
    ReceivedCompany,
    ReceivedConversation,
    ReceivedPerson,
    ReceivedTurn,
)
from bot.domain.theme import Seat, ThemeState
from bot.domain.ticket import Ticket
from bot.services.cards import put_to_channel, show_marked
from bot.services.corrections import correct_marked
from bot.services.inbox import show_inboxes
from bot.services.ingest import ingest, withdraw
from bot.services.publish import publish_due
from tests.handlers.surfaces.witness import Witness
from tests.handlers.world import RULES, World

WORDS = """the export drops rows again every monday and my report is late so we copy them by hand while
drivers wait invoices go out wrong dark mode would spare our eyes at night the calendar opens last week
please let us share a view with partners who pay for seats nobody uses""".split()
DAY = timedelta(days=1)


class Life:
    """What happens from day to day. Each act is witnessed."""

    def __init__(self, world: World, seed: int) -> None:
        self.world, self.witness, self._chance = world, Witness(world), random.Random(seed)
        self._turns: dict[str, ReceivedConversation] = {}
        self._tickets = [world.ticket(f"FLD-{n}", self._sentence()) for n in range(1, 9)]
        self._number = 0

    def day(self) -> None:
        """Let a day pass."""
        for _ in range(self._chance.randrange(2, 7)):
            self._speak()
        for _ in range(self._chance.randrange(3)):
            self._chance.choice([self._change, self._redact, self._go])()
        self.world.clock.advance(DAY.total_seconds())
        self.show()

    def show(self) -> None:
        """Do everything that is due."""
        presenter, publisher = self.world.context.presenter, self.world.context.publisher
        show_marked(presenter)
        show_inboxes(presenter)
        publish_due(publisher)
        correct_marked(publisher)
        self.witness.look()

    def _speak(self) -> None:
        self._number += 1
        number, at = self._number, self.world.clock.now()
        mail, phone = f"sara{number}@private-mail.example", f"+49 170 {5_000_000 + number}"
        self.witness.secrets |= {mail, phone, f"agent-{number}-only"}
        private = self._chance.choice(["", f" Mail me at {mail}.", f" Call {phone} please."])
        turn = ReceivedTurn(
            external_id="1",
            role=AuthorRole.CUSTOMER,
            said_at=at,
            original=f"{self._sentence()} zq{number}x0.{private}",
        )
        answer = ReceivedTurn(
            external_id="2", role=AuthorRole.AGENT, said_at=at, original=f"We look into agent-{number}-only."
        )
        company = f"Company {number % 9}"
        received = ReceivedConversation(
            external_id=str(number),
            created_at=at,
            updated_at=at,
            customer=ReceivedPerson(
                external_id=str(number % 25),
                company=ReceivedCompany(
                    external_id=company, name=company, fields={"plan": "Team", "mrr": "100"}
                ),
            ),
            turns=(turn, answer),
            url=f"https://acme.zendesk.com/agent/tickets/{number}",
        )
        self._take(received)
        self._decide(str(number))

    def _change(self) -> None:
        """Have a customer write something else in place of what they wrote."""
        if (known := self._any()) is not None:
            first, *rest = known.turns
            marker = f"zq{known.external_id}x{self._chance.randrange(1, 10**6)}"
            changed = ReceivedTurn(
                external_id="1",
                role=first.role,
                said_at=first.said_at,
                original=f"{self._sentence()} {marker}.",
            )
            self._take(self._again(known, (changed, *rest)))

    def _redact(self) -> None:
        """Have the vendor black out what a customer wrote: none of it may leave any more."""
        if (known := self._any()) is not None:
            first, *rest = known.turns
            black = ReceivedTurn(
                external_id="1",
                role=first.role,
                said_at=first.said_at,
                original="▇▇▇▇▇▇▇▇ ▇▇▇▇▇▇▇▇",
                redacted=True,
            )
            self._take(self._again(known, (black, *rest)))
            self._forget(known)

    def _go(self) -> None:
        """Have a conversation deleted at its source."""
        if (known := self._any()) is not None:
            with self.world.context.work() as unit:
                withdraw(unit, "zendesk", [known.external_id], self.world.clock.now())
                unit.commit()
            self._forget(known)

    def _forget(self, known: ReceivedConversation) -> None:
        self.witness.secrets |= {f"zq{known.external_id}x"}
        del self.witness.said[known.external_id], self._turns[known.external_id]

    def _take(self, received: ReceivedConversation) -> None:
        with self.world.context.work() as unit:
            ingest(unit, RULES, "zendesk", received, self.world.clock.now())
            unit.commit()
        self._turns[received.external_id] = received
        self.witness.said.setdefault(received.external_id, []).append(received.turns[0].original)

    def _again(self, known: ReceivedConversation, turns: tuple[ReceivedTurn, ...]) -> ReceivedConversation:
        return ReceivedConversation(
            external_id=known.external_id,
            created_at=known.created_at,
            updated_at=self.world.clock.now(),
            customer=known.customer,
            turns=turns,
            url=known.url,
        )

    def _decide(self, external_id: str) -> None:
        with self.world.context.reading() as unit:
            stored = unit.conversations.find("zendesk", external_id)
            pieces = unit.pieces.of_conversation(stored.id) if stored else []
        for piece in pieces:
            lot = self._chance.random()
            if lot < 0.7:
                some: list[Ticket] = self._chance.sample(self._tickets, 3)
                self.world.decide(piece.id, *some, attached=lot < 0.4)
                if lot < 0.5:
                    put_to_channel(self.world.context.presenter, piece.id)
            else:
                self._group(piece.id)

    def _group(self, piece: int) -> None:
        now = self.world.clock.now()
        with self.world.context.work() as unit:
            living = unit.themes.all([ThemeState.LIVING])
            made = (
                living[0]
                if living
                else unit.themes.add(
                    name="rows, export", terms=(), first_heard=now, last_heard=now, now=now, central=[piece]
                )
            )
            unit.themes.place({piece: made.id}, Seat.CLUSTERED)
            unit.commit()

    def _any(self) -> ReceivedConversation | None:
        return self._chance.choice(list(self._turns.values())) if self._turns else None

    def _sentence(self) -> str:
        return " ".join(self._chance.choices(WORDS, k=self._chance.randrange(6, 40))).capitalize()
