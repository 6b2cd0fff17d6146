"""Links that other integrations made on a ticket: confirmations, and never doubled by ours."""

from __future__ import annotations

from dataclasses import replace

import pytest

from bot.domain.annotation import TicketLink
from bot.domain.match import MatchState
from bot.storage.database import Database
from tests.builders import conversation
from tests.fakes.clock import StillClock
from tests.services.conftest import Store
from tests.services.tickets import Tracked

THEIRS = "https://acme.zendesk.com/api/v2/tickets/{}.json"
OURS = "https://acme.zendesk.com/agent/tickets/{}"


@pytest.fixture
def store(database: Database, clock: StillClock) -> Store:
    return Store(database.work, clock)


def heard(tracked: Tracked, *names: str, text: str = "The export of {} fails.") -> list[int]:
    """Store a Zendesk conversation of each name."""
    said = (conversation(text.format(name), name, url=OURS.format(name)) for name in names)
    return tracked.store.add(*said)


def linked_by_others(tracked: Tracked, number: int, *names: str) -> None:
    """Let another integration link the conversations."""
    tracked.tracker.foreign[str(10_000 + number)] = [TicketLink(THEIRS.format(name)) for name in names]


def test_a_conversation_that_another_integration_linked_is_confirmed_and_not_linked_again(
    store: Store,
) -> None:
    tracked = Tracked(store)
    [piece] = heard(tracked, "12")
    store.attach(piece, tracked.ticket(1).id)
    linked_by_others(tracked, 1, "12")
    tracked.look(1)

    tracked.annotate()
    tracked.settle()

    assert tracked.pairs(piece) == {"APP-1": ("attached", "tracker link")}
    assert tracked.answers() == [(piece, "ticket", "tracker link")]
    assert tracked.links(1) == []
    assert [c.pieces for c in tracked.tracker.comments["10001"]] == [1]
    assert tracked.card(piece).note == "linked on the ticket by another integration"


def test_a_link_of_another_integration_attaches_a_conversation_that_had_no_ticket(store: Store) -> None:
    tracked = Tracked(store)
    tracked.say(1, "1")
    [piece, other] = heard(tracked, "12", "13")
    store.attach(other, tracked.ticket(1).id, state="suggested")
    linked_by_others(tracked, 1, "12", "13", "99")

    tracked.annotate()

    assert tracked.pairs(piece) == {"APP-1": ("attached", "tracker link")}
    assert tracked.pairs(other) == {"APP-1": ("attached", "tracker link")}
    assert tracked.links(1) == ["1"]


@pytest.mark.parametrize("state", [MatchState.REJECTED, MatchState.DETACHED])
def test_what_a_person_refused_is_not_confirmed_by_a_link(store: Store, state: MatchState) -> None:
    tracked = Tracked(store)
    tracked.say(1, "1")
    [piece] = heard(tracked, "12")
    store.attach(piece, tracked.ticket(1).id, "U1", state.value)
    linked_by_others(tracked, 1, "12")

    tracked.annotate()

    assert tracked.pairs(piece) == {"APP-1": (state.value, "U1")}


def test_a_link_does_not_overrule_a_persons_choice_of_another_ticket(store: Store) -> None:
    tracked = Tracked(store, 2)
    tracked.say(1, "1")
    [piece] = heard(tracked, "12")
    store.attach(piece, tracked.ticket(2).id, "U1")
    linked_by_others(tracked, 1, "12")

    tracked.annotate()

    assert tracked.pairs(piece) == {"APP-2": ("attached", "U1")}


def test_of_several_asks_the_one_that_has_to_do_with_the_ticket_is_confirmed(store: Store) -> None:
    tracked = Tracked(store)
    tracked.say(1, "1")
    two = "The export fails on every page.\n\nAnother question: can exports be sorted?"
    [first, second] = heard(tracked, "12", text=two)
    linked_by_others(tracked, 1, "12")

    tracked.annotate()
    nothing = (tracked.pairs(first), tracked.pairs(second))
    store.attach(second, tracked.ticket(1).id, state="suggested")
    tracked.change(1)
    tracked.annotate()

    assert nothing == ({}, {})
    assert tracked.pairs(first) == {}
    assert tracked.pairs(second) == {"APP-1": ("attached", "tracker link")}
    assert tracked.links(1) == ["1"]


def test_anothers_link_beside_ours_changes_nothing(store: Store) -> None:
    tracked = Tracked(store)
    [piece] = heard(tracked, "12")
    store.attach(piece, tracked.ticket(1).id)
    tracked.look(1)
    tracked.annotate()
    linked_by_others(tracked, 1, "12")

    tracked.change(1)
    tracked.settle()

    assert tracked.links(1) == ["12"]
    assert tracked.pairs(piece) == {"APP-1": ("attached", "voc")}


def test_our_link_is_written_once_the_other_integrations_is_gone(store: Store) -> None:
    tracked = Tracked(store)
    [piece] = heard(tracked, "12")
    store.attach(piece, tracked.ticket(1).id)
    linked_by_others(tracked, 1, "12")
    tracked.look(1)
    tracked.annotate()

    tracked.tracker.foreign.clear()
    tracked.change(1)
    tracked.annotate()

    assert tracked.links(1) == ["12"]


def test_a_withdrawn_conversation_is_not_brought_back_by_a_link(store: Store) -> None:
    tracked = Tracked(store)
    tracked.say(1, "1")
    [piece] = heard(tracked, "12")
    store.add(replace(conversation("x", "12", url=OURS.format("12")), tags=("spam",)))
    linked_by_others(tracked, 1, "12")

    tracked.annotate()

    assert tracked.pairs(piece) == {}
