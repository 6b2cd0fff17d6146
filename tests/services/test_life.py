"""Tickets are moved, merged, closed, hidden and deleted: voices follow, and nothing is lost or doubled."""

from __future__ import annotations

import pytest

from bot.domain.news import NewsKind
from bot.domain.ticket import TicketStage
from bot.errors import NotFoundError
from bot.services.life import survey
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
