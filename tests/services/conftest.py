"""What the tests of use cases share: a store, a clock that stands still, and short ways to a state."""

from __future__ import annotations

import shutil
from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from bot.domain.digest import Subscription
from bot.domain.feedback import ReceivedConversation
from bot.domain.match import AUTOMATIC, MatchState
from bot.domain.route import Exclusions, Route, Routes, Rules
from bot.domain.ticket import ReceivedTicket
from bot.engine.cron import next_time
from bot.repositories import Work
from bot.services.ingest import ingest
from bot.services.publish import Publisher
from bot.storage.database import Database
from tests.databases import hasty
from tests.fakes.clock import StillClock
from tests.fakes.messenger import FakeMessenger

if TYPE_CHECKING:
    from tests.services.jira_site import Site

RULES = Rules(
    routes=Routes((Route(owner_channel="C0REVIEW", digest_channels=("C0DIGEST",)),)),
    exclusions=Exclusions(
        staff_domains=frozenset({"voc.example"}), test_accounts=frozenset({"qa"}), tags=frozenset({"spam"})
    ),
    cards_a_day=3,
)


class Store:
    """A store with short ways to fill it."""

    def __init__(self, work: Work, clock: StillClock) -> None:
        self.work, self.clock = work, clock

    def add(self, *conversations: ReceivedConversation, source: str = "zendesk") -> list[int]:
        """Ingest the conversations and return the ids of their pieces."""
        with self.work() as unit:
            found = []
            for received in conversations:
                ingest(unit, RULES, source, received, self.clock.now())
                stored = unit.conversations.find(source, received.external_id)
                assert stored is not None
                found += [piece.id for piece in unit.pieces.of_conversation(stored.id)]
            unit.commit()
        return found

    def ticket(self, received: ReceivedTicket) -> int:
        """Store a ticket and return its id."""
        with self.work() as unit:
            stored, _ = unit.tickets.save(received, self.clock.now())
            unit.commit()
        return stored.id

    def attach(self, feedback_id: int, ticket_id: int, by: str = AUTOMATIC, state: str = "attached") -> None:
        """Decide a pair."""
        with self.work() as unit:
            unit.matches.decide(
                feedback_id, ticket_id, MatchState(state), score=0.95, reasons=(), by=by, now=self.clock.now()
            )
            unit.commit()

    def allow(self, *, attach: bool = True, write: bool = True) -> None:
        """Set the project's switches."""
        with self.work() as unit:
            unit.projects.set("APP", attach=attach, write=write, by="admin", now=self.clock.now())
            unit.commit()


@pytest.fixture
def clock() -> StillClock:
    """Return a clock that shows a Monday morning."""
    return StillClock()


@pytest.fixture
def store(sqlite_template: Path, tmp_path: Path, clock: StillClock) -> Iterator[Store]:
    """Return an empty store."""
    shutil.copy(sqlite_template, tmp_path / "voc.db")
    database = Database(hasty(f"sqlite:///{tmp_path / 'voc.db'}"))
    yield Store(database.work, clock)
    database.close()


@pytest.fixture
def messenger() -> FakeMessenger:
    return FakeMessenger()


@pytest.fixture
def publisher(store: Store, messenger: FakeMessenger) -> Publisher:
    return Publisher(
        work=store.work,
        reading=store.work,
        clock=store.clock,
        messenger=messenger,
        rules=RULES,
        chart=lambda snapshot: (b"png", "a chart") if snapshot.top else None,
        next_time=next_time,
    )


@pytest.fixture
def subscription(store: Store) -> Subscription:
    with store.work() as unit:
        made = unit.subscriptions.put(
            "C0DIGEST", "weekly", cron="0 9 * * mon", zone="UTC", next_at=store.clock.now()
        )
        unit.commit()
    return made


@pytest.fixture
def site(store: Store) -> Iterator[Site]:
    """Return a Jira site, in which the store's bot creates tickets."""
    from tests.services.jira_site import jira_site

    with jira_site(store) as made:
        yield made
