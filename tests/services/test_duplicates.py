"""A ticket that is found to be a duplicate: its voices move to the survivor and leave a trace."""

from __future__ import annotations

from datetime import timedelta

import pytest

from bot.domain.layout import blocks_of, plain
from bot.domain.match import Candidate, Decision, Verdict
from bot.domain.ticket import TicketRef
from bot.errors import TransientError
from bot.repositories import UnitOfWork
from bot.services.matching import act_on
from bot.services.review import undo
from bot.storage.database import Database
from tests.builders import conversation, ticket
from tests.fakes.clock import StillClock
from tests.services.conftest import Store
from tests.services.tickets import Tracked


@pytest.fixture
def store(database: Database, clock: StillClock) -> Store:
    return Store(database.work, clock)


def test_a_duplicates_voices_move_to_the_survivor_and_leave_a_trace_on_both(store: Store) -> None:
    tracked = Tracked(store, 2)
    [first, second] = tracked.say(1, "1", "2")
    tracked.annotate()

    tracked.change(1, duplicate_of="10002")
    tracked.annotate()

    assert (tracked.links(1), tracked.links(2)) == ([], ["1", "2"])
    assert tracked.pairs(first) == {
        "APP-1": ("detached", "tracker merge"),
        "APP-2": ("attached", "tracker merge"),
    }
    assert "duplicate of this one" in tracked.card(second).note
    said = plain(blocks_of(tracked.tracker.comments["10001"][-1]))
    assert said == "2 customer voices of this ticket moved to APP-2 (https://jira.example/browse/APP-2)"
    assert [c.pieces for c in tracked.tracker.comments["10002"]] == [2]


def test_what_the_tracker_itself_moved_to_the_survivor_is_no_correction(store: Store) -> None:
    tracked = Tracked(store, 2)
    [piece] = tracked.say(1, "1")
    tracked.annotate()
    tracked.tracker.links["10002"] = tracked.tracker.links.pop("10001")

    tracked.change(1, duplicate_of="10002")
    tracked.annotate()

    assert tracked.links(2) == ["1"]
    assert tracked.pairs(piece)["APP-2"] == ("attached", "tracker merge")
    assert tracked.answers() == []


def test_a_chain_of_duplicates_ends_at_the_last_ticket_and_what_is_new_goes_there_too(store: Store) -> None:
    tracked = Tracked(store, 3)
    [first] = tracked.say(1, "1")
    [second] = tracked.say(2, "2")
    tracked.change(1, duplicate_of="10002")
    tracked.change(2, duplicate_of="10003")

    tracked.annotate()
    [late] = tracked.say(1, "3")
    tracked.annotate()

    assert [tracked.pairs(piece)["APP-3"][0] for piece in (first, second, late)] == ["attached"] * 3
    assert tracked.links(3) == ["1", "2", "3"]


def test_duplicates_that_go_round_in_a_circle_keep_their_voices(store: Store) -> None:
    tracked = Tracked(store, 3)
    [piece] = tracked.say(1, "1")
    tracked.change(2, duplicate_of="10003")
    tracked.change(3, duplicate_of="10002")

    tracked.change(1, duplicate_of="10002")
    tracked.annotate()

    assert tracked.pairs(piece) == {"APP-1": ("attached", "voc")}
    assert tracked.links(1) == ["1"]


def test_a_survivor_that_is_not_known_is_fetched_first(store: Store) -> None:
    tracked = Tracked(store, 1)
    [piece] = tracked.say(1, "1")
    tracked.tracker.tickets["10009"] = ticket(9, "Elsewhere", key="OPS-9", project="OPS")
    tracked.tracker.unmapped = {"10009"}
    tracked.change(1, duplicate_of="10009")

    tracked.annotate()

    assert tracked.pairs(piece)["OPS-9"] == ("attached", "tracker merge")
    assert tracked.links(9) == []  # OPS was not turned on


def test_a_survivor_that_can_not_be_seen_keeps_nobody_waiting(store: Store) -> None:
    tracked = Tracked(store, 1)
    [piece] = tracked.say(1, "1")

    tracked.change(1, duplicate_of="10099")
    tracked.annotate()

    assert tracked.pairs(piece) == {"APP-1": ("attached", "voc")}
    assert tracked.links(1) == ["1"]


def test_a_survivor_that_can_not_be_fetched_now_is_fetched_later(store: Store) -> None:
    tracked = Tracked(store, 1)
    [piece] = tracked.say(1, "1")
    tracked.tracker.tickets["10009"] = ticket(9)
    tracked.tracker.unmapped = {"10009"}
    tracked.change(1, duplicate_of="10009")
    tracked.tracker.refusal = TransientError("jira", "reading a ticket")
    tracked.annotate()
    before = tracked.pairs(piece)
    tracked.tracker.refusal = None

    tracked.store.clock.advance(minutes=6)
    tracked.annotate()

    assert before == {"APP-1": ("attached", "voc")}
    assert tracked.pairs(piece)["APP-9"][0] == "attached"


def test_a_pair_that_a_person_refused_does_not_return_with_a_merge(store: Store) -> None:
    tracked = Tracked(store, 2)
    [refused, other] = tracked.say(1, "1", "2")
    store.attach(refused, tracked.ticket(2).id, "U1", "rejected")

    tracked.change(1, duplicate_of="10002")
    tracked.annotate()

    assert tracked.pairs(refused) == {"APP-1": ("attached", "voc"), "APP-2": ("rejected", "U1")}
    assert tracked.pairs(other)["APP-2"][0] == "attached"


def test_a_duplicate_that_is_none_after_all_leaves_the_voices_where_they_are(store: Store) -> None:
    tracked = Tracked(store, 2)
    [piece] = tracked.say(1, "1")
    tracked.change(1, duplicate_of="10002")
    tracked.annotate()

    tracked.change(1, duplicate_of="")
    tracked.settle()

    assert tracked.pairs(piece)["APP-2"][0] == "attached"
    assert tracked.links(2) == ["1"]


def test_the_merge_may_turn_round(store: Store) -> None:
    tracked = Tracked(store, 2)
    [piece] = tracked.say(1, "1")
    tracked.change(1, duplicate_of="10002")
    tracked.annotate()
    tracked.change(1, duplicate_of="")

    tracked.change(2, duplicate_of="10001")
    tracked.settle()

    assert tracked.pairs(piece)["APP-1"][0] == "attached"
    assert (tracked.links(1), tracked.links(2)) == (["1"], [])


def test_a_merge_is_no_undone_link(store: Store) -> None:
    tracked = Tracked(store, 2)
    tracked.say(1, "1")
    tracked.change(1, duplicate_of="10002")
    tracked.annotate()

    with store.work() as unit:
        undone = unit.matches.undone(store.clock.now() - timedelta(days=1), store.clock.now() + timedelta(1))

    assert (undone, tracked.answers()) == (0, [])


def test_an_undo_after_a_merge_takes_the_link_from_the_survivor(store: Store) -> None:
    tracked = Tracked(store, 2)
    [piece] = tracked.say(1, "1")
    tracked.change(1, duplicate_of="10002")
    tracked.annotate()

    undo(store.work, store.clock, piece, "U1")
    tracked.annotate()

    assert tracked.pairs(piece)["APP-2"] == ("detached", "U1")
    assert tracked.links(2) == []


@pytest.mark.parametrize("refused", [False, True])
def test_what_matches_a_duplicate_goes_to_the_survivor_unless_a_person_refused_that(
    store: Store, refused: bool
) -> None:
    tracked = Tracked(store, 2)
    tracked.change(1, duplicate_of="10002")
    [piece] = store.add(conversation("The export fails.", "1"))
    if refused:
        store.attach(piece, tracked.ticket(2).id, "U1", "rejected")

    with store.work() as unit:
        voice = unit.pieces.voice(piece)
        best = Candidate(tracked_id(unit, "10001"), 0.99)
        act_on(unit, voice, Verdict(Decision.ATTACHED, best), store.clock.now())
        unit.commit()

    expected = ("rejected", "U1") if refused else ("attached", "voc")
    assert tracked.pairs(piece) == {"APP-2": expected}


def tracked_id(unit: UnitOfWork, external_id: str) -> int:
    found = unit.tickets.by_ref(TicketRef("jira", external_id))
    assert found is not None
    return found.id
