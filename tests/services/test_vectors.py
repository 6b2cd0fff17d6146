"""Another embedder: pieces wait until its vectors are made, and only then the old ones go."""

from __future__ import annotations

from datetime import timedelta

import pytest

from bot.domain.ticket import TicketStage
from bot.errors import TransientError
from bot.matching.decide import Thresholds
from bot.matching.matcher import Matcher
from bot.matching.model import load_model
from bot.services import matching
from bot.services.matching import Desk, StoredVectors
from bot.services.vectors import Progress, drop_stale, progress
from tests.builders import conversation, ticket
from tests.fakes.embedder import FakeEmbedder
from tests.services.conftest import RULES, Store

TITLES = ["Exports fail", "Log in with a passkey", "Dark mode"]


def desk(store: Store, embedder: FakeEmbedder) -> Desk:
    """Return the desk of a process that just started."""
    matcher = Matcher(embedder, load_model(), Thresholds(0.9, 0.0), StoredVectors(store.work, store.work))
    return Desk(store.work, store.clock, RULES, matcher)


def made(store: Store, embedder: FakeEmbedder) -> Progress:
    return progress(store.work, embedder.name, store.clock.now() - matching.CLOSED_FOR)


def dropped(store: Store, embedder: FakeEmbedder) -> int:
    return drop_stale(store.work, embedder.name, store.clock.now() - matching.CLOSED_FOR)


@pytest.fixture
def tickets(store: Store) -> list[int]:
    return [store.ticket(ticket(n, title, body="Some words")) for n, title in enumerate(TITLES, 1)]


def test_progress_counts_the_tickets_texts_and_the_pieces_that_speak_for_them(
    store: Store, tickets: list[int]
) -> None:
    old, new = FakeEmbedder("old"), FakeEmbedder("new")
    [piece] = store.add(conversation("The export stops at 50 rows."))
    store.attach(piece, tickets[0], by="U1")

    before = made(store, old)
    desk(store, old).match_due()

    assert before == Progress(needed=4, missing=4)
    assert made(store, old) == Progress(needed=4, missing=0)
    assert made(store, new) == Progress(needed=4, missing=4)


def test_a_ticket_that_was_closed_long_ago_needs_none(store: Store) -> None:
    long_ago = store.clock.now() - timedelta(days=400)
    store.ticket(ticket(1, stage=TicketStage.DONE, resolved_at=long_ago, updated_at=long_ago))

    assert made(store, FakeEmbedder()) == Progress(0, 0)


def test_pieces_wait_for_an_endpoint_that_fails_and_nothing_is_made_twice(
    store: Store, tickets: list[int], monkeypatch: pytest.MonkeyPatch
) -> None:
    store.add(conversation("Where is the dark mode?"))
    embedder = FakeEmbedder(fails_after=6)  # the tickets' texts, not the piece's

    with pytest.raises(TransientError):
        desk(store, embedder).match_due()
    with store.work() as unit:
        waiting = len(unit.pieces.due_for_matching())
    embedder.fails_after = None
    matched = desk(store, embedder).match_due()

    assert (waiting, matched) == (1, 1)
    assert len(embedder.embedded) == len(set(embedder.embedded))


def test_old_vectors_stay_until_all_new_ones_are_made(store: Store, tickets: list[int]) -> None:
    old, new = FakeEmbedder("old"), FakeEmbedder("new", fails_after=0)
    desk(store, old).match_due()

    with pytest.raises(TransientError):
        desk(store, new).match_due()

    assert dropped(store, new) == 0
    new.fails_after = None
    desk(store, new).match_due()
    assert dropped(store, new) == 3
    assert dropped(store, new) == 0
    assert made(store, new) == Progress(3, 0)
    assert made(store, old) == Progress(3, 3)
