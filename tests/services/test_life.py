"""Tickets are moved, merged, closed, hidden and deleted: voices follow, and nothing is lost or doubled."""

from __future__ import annotations

from datetime import timedelta

import pytest

from bot.domain.layout import blocks_of, plain
from bot.domain.news import NewsKind
from bot.domain.ticket import TicketStage
from bot.errors import NotFoundError, TransientError
from bot.services.life import survey
from bot.services.review import undo
from bot.storage.database import Database
from tests.builders import conversation, ticket
from tests.fakes.clock import StillClock
from tests.services.conftest import Store
from tests.services.tickets import Tracked


@pytest.fixture
def store(database: Database, clock: StillClock) -> Store:
    return Store(database.work, clock)


def whole_round(tracked: Tracked) -> None:
    """Look at all tickets that have voices, as the daily round does."""
    after = survey(tracked.store.work, tracked.store.clock, tracked.tracker)
    while after:
        after = survey(tracked.store.work, tracked.store.clock, tracked.tracker, after=after)


def test_a_ticket_that_moves_to_a_project_that_is_off_gets_nothing_more_and_loses_nothing(
    store: Store,
) -> None:
    tracked = Tracked(store)
    tracked.say(1, "1", "2")
    tracked.annotate()
    written = tracked.tracker.writes
    tracked.change(1, key="WEB-7", project="WEB")

    tracked.say(1, "3")
    tracked.settle()

    assert tracked.ticket(1).key == "WEB-7"
    assert tracked.links(1) == ["1", "2"]
    assert tracked.tracker.writes == written


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


def test_a_ticket_that_was_closed_says_that_it_is_heard_of_again(store: Store) -> None:
    tracked = Tracked(store)
    tracked.say(1, "1")
    tracked.annotate()
    before = store.add(conversation("It is broken.", "9"))  # said after the ticket was resolved
    tracked.change(1, stage=TicketStage.DONE, status="Done", resolved_at=ticket().updated_at)
    store.attach(before[0], tracked.ticket(1).id)

    tracked.settle()
    closed = tracked.tracker.comments["10001"][-1].heard_after_done
    tracked.change(1, stage=TicketStage.OPEN, status="To do", resolved_at=None)
    tracked.settle()
    tracked.settle()

    assert closed
    assert not tracked.tracker.comments["10001"][-1].heard_after_done


@pytest.mark.parametrize("noticed_by", ["the feed", "a write", "the round"])
def test_a_ticket_that_is_gone_keeps_its_pieces_and_its_owners_hear_of_it_once(
    store: Store, noticed_by: str
) -> None:
    tracked = Tracked(store)
    [piece, _] = tracked.say(1, "1", "2")
    tracked.annotate()
    tracked.tracker.tickets.pop("10001")

    for _ in range(2):
        if noticed_by == "the feed":
            tracked.tracker.gone = ("10001",)
            tracked.sync()
        elif noticed_by == "a write":
            tracked.say(1, "3")
            tracked.tracker.before = [NotFoundError("jira", "linking")]
            tracked.annotate()
        else:
            whole_round(tracked)

    [news] = tracked.news()
    assert (news.kind, news.subject, news.project) == (NewsKind.GONE, "APP-1", "APP")
    assert news.number == (3 if noticed_by == "a write" else 2)
    assert tracked.pairs(piece) == {"APP-1": ("attached", "voc")}
    line = tracked.card(piece).ticket
    assert line is not None
    assert (line.status, line.url) == ("no longer to be seen in the tracker", "")


def test_nobody_hears_of_a_ticket_without_voices_that_is_gone(store: Store) -> None:
    tracked = Tracked(store)
    tracked.tracker.gone = ("10001", "10099")

    tracked.sync()

    assert tracked.ticket(1).gone
    assert tracked.news() == []


def test_a_ticket_that_can_be_seen_again_goes_on_as_if_nothing_had_been(store: Store) -> None:
    tracked = Tracked(store)
    [piece] = tracked.say(1, "1")
    hidden = tracked.tracker.tickets.pop("10001")
    whole_round(tracked)
    tracked.annotate()
    tracked.tracker.tickets["10001"] = hidden

    whole_round(tracked)
    tracked.annotate()

    line = tracked.card(piece).ticket
    assert line is not None
    assert line.url == hidden.url
    assert tracked.links(1) == ["1"]


def test_the_round_notices_a_move_that_no_feed_told_of(store: Store) -> None:
    tracked = Tracked(store, 60)
    for number in range(1, 61):
        tracked.say(number, str(number))
    tracked.tracker.tickets["10060"] = ticket(60, "Ticket 60", key="WEB-60", project="WEB")

    whole_round(tracked)

    assert tracked.ticket(60).key == "WEB-60"


def test_a_search_that_lags_makes_no_ticket_gone(store: Store) -> None:
    tracked = Tracked(store)
    tracked.say(1, "1")
    tracked.tracker.many = lambda external_ids: []  # type: ignore[method-assign]

    whole_round(tracked)

    assert not tracked.ticket(1).gone


def test_a_comment_whose_month_has_passed_on_is_written_again(store: Store) -> None:
    tracked = Tracked(store)
    tracked.say(1, "1")
    tracked.annotate()
    new = [tracked.tracker.comments["10001"][0].new_this_month.people]

    for _ in range(40):
        store.clock.advance(days=1)
        whole_round(tracked)
        tracked.annotate()
    new.append(tracked.tracker.comments["10001"][0].new_this_month.people)

    assert new == [1, 0]
    assert tracked.tracker.writes == 3  # the link, the comment, and the comment once more


def test_an_undo_after_a_merge_takes_the_link_from_the_survivor(store: Store) -> None:
    tracked = Tracked(store, 2)
    [piece] = tracked.say(1, "1")
    tracked.change(1, duplicate_of="10002")
    tracked.annotate()

    undo(store.work, store.clock, piece, "U1")
    tracked.annotate()

    assert tracked.pairs(piece)["APP-2"] == ("detached", "U1")
    assert tracked.links(2) == []
