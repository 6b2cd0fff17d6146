"""Two people, two workers, or a person and the matcher at the same moment, in processes of their own."""

from __future__ import annotations

import threading
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from functools import partial
from typing import Any

import pytest

from bot.domain.feedback import ReceivedConversation
from bot.domain.match import AUTOMATIC, Candidate, Decision, MatchState, Verdict
from bot.domain.message import Card, CardState
from bot.services.ingest import ingest
from bot.services.matching import act_on
from bot.services.review import attach, set_aside
from bot.storage.database import Database
from tests.builders import conversation, person, ticket
from tests.databases import hasty
from tests.fakes.clock import StillClock
from tests.services.conftest import RULES, Store


@pytest.fixture
def stores(database_url: str) -> Iterator[list[Store]]:
    """Return two views of one store, each with connections of its own as two processes have."""
    databases = [Database(hasty(database_url)) for _ in range(2)]
    yield [Store(database.work, StillClock()) for database in databases]
    for database in databases:
        database.close()


def at_once(*calls: Callable[[], Any]) -> list[Any]:
    """Return what the calls return, begun at the same moment."""
    gate = threading.Barrier(len(calls))

    def run(call: Callable[[], Any]) -> Any:
        gate.wait()
        return call()

    with ThreadPoolExecutor(len(calls)) as pool:
        return list(pool.map(run, calls))


def is_open(card: Card) -> bool:
    return card.state is CardState.SUGGESTED


def test_of_two_people_at_once_one_decides_and_the_other_sees_what(stores: list[Store]) -> None:
    one, other = stores
    app_1 = one.ticket(ticket())
    for piece in one.add(*(conversation(f"The export fails on page {n}.", str(n)) for n in range(10))):
        one.attach(piece, app_1, state="suggested")

        attached, refused = at_once(
            partial(attach, one.work, one.clock, piece, "U1", is_as_seen=is_open),
            partial(set_aside, other.work, other.clock, piece, "U2", is_as_seen=is_open),
        )

        assert {attached.is_done, refused.is_done} == {True, False}
        first, second = (attached, refused) if attached.is_done else (refused, attached)
        assert second.before == second.after == first.after


def test_decisions_that_touch_the_same_tickets_in_any_order_all_go_through(stores: list[Store]) -> None:
    one, other = stores
    tickets = [one.ticket(ticket(n, f"Ticket {n}")) for n in (1, 2)]
    pieces = one.add(*(conversation(f"The export fails on page {n}.", str(n)) for n in range(20)))
    for n, piece in enumerate(pieces):
        one.attach(piece, tickets[n % 2])

    def move(store: Store, to: str, mine: list[int]) -> int:
        decided = [attach(store.work, store.clock, p, "U1", ticket_key=to) for p in mine]
        return sum(d.is_done for d in decided)

    moved = at_once(lambda: move(one, "APP-2", pieces[::2]), lambda: move(other, "APP-1", pieces[1::2]))

    assert moved == [10, 10]


def test_two_workers_that_store_the_same_conversations_store_each_once(stores: list[Store]) -> None:
    one, other = stores
    speakers = [replace(person(f"p{n}"), email=f"p{n}@acme.example") for n in range(5)]
    received = [
        conversation(f"The export fails on page {n}.", str(n), customer=speakers[n % 5]) for n in range(30)
    ]

    def store_all(store: Store, given: list[ReceivedConversation]) -> int:
        with store.work() as unit:
            new = sum(ingest(unit, RULES, "zendesk", r, store.clock.now()).is_new for r in given)
            unit.commit()
        return new

    new = at_once(lambda: store_all(one, received), lambda: store_all(other, received[::-1]))

    assert sorted(new) == [0, 30]


def test_what_a_person_set_aside_while_the_matcher_thought_stays_untouched(stores: list[Store]) -> None:
    store = stores[0]
    store.allow()
    app_1 = store.ticket(ticket())
    [piece] = store.add(conversation("The export fails."))
    with store.work() as unit:
        [seen] = unit.pieces.due_for_matching()
    set_aside(store.work, store.clock, piece, "U1")

    with store.work() as unit:
        act_on(unit, seen, Verdict(Decision.ATTACHED, Candidate(app_1, 0.99, ())), store.clock.now())
        unit.commit()

    with store.work() as unit:
        assert unit.matches.of_feedback(piece) == []


def test_a_person_who_decides_while_the_matcher_thinks_wins(stores: list[Store]) -> None:
    one, other = stores
    one.allow()
    app_1, _ = one.ticket(ticket()), one.ticket(ticket(2, "Reports are slow"))
    pieces = one.add(*(conversation(f"The export fails on page {n}.", str(n)) for n in range(10)))
    with one.work() as unit:
        seen = unit.pieces.due_for_matching()

    def match() -> None:
        with one.work() as unit:
            unit.take_turn()
            for voice in seen:
                act_on(unit, voice, Verdict(Decision.ATTACHED, Candidate(app_1, 0.99, ())), one.clock.now())
            unit.commit()

    def decide() -> None:
        for piece in reversed(pieces):
            attach(other.work, other.clock, piece, "U1", ticket_key="APP-2")

    at_once(match, decide)

    with one.work() as unit:
        pairs = [unit.matches.of_feedback(piece)[0] for piece in pieces]
    assert {(pair.state, pair.decided_by != AUTOMATIC) for pair in pairs} == {(MatchState.ATTACHED, True)}
