"""Inboxes: one message an owner, kept true in place, anew only with something new and within the budget."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime, time, timedelta

import pytest

from bot.domain.message import Inbox
from bot.domain.quiet import QuietHours
from bot.domain.route import Route, Routes, Rules
from bot.errors import NotFoundError, TransientError, UncertainError
from bot.services.cards import Presenter, show_marked
from bot.services.inbox import counts, next_pieces, show_inboxes
from bot.services.marks import CARD, mark
from bot.services.quiet import quiet_until, set_quiet_hours
from bot.services.review import attach, set_aside
from tests.builders import conversation, ticket
from tests.fakes.messenger import FakeMessenger
from tests.services.conftest import RULES, Store

OWNER = "C0REVIEW"


@pytest.fixture
def presenter(store: Store, messenger: FakeMessenger) -> Presenter:
    return Presenter(store.work, store.clock, messenger, RULES)


def proposed(store: Store, *names: str, source: str = "zendesk", score: float = 0.5) -> list[int]:
    """Store the pieces, each suggested for APP-1 and marked."""
    ticket_id = store.ticket(ticket())
    pieces = store.add(*(conversation(f"The export fails on {name}.", name) for name in names), source=source)
    for piece in pieces:
        store.attach(piece, ticket_id, state="suggested")
        with store.work() as unit:
            mark(unit, CARD, piece, store.clock.now())
            unit.commit()
    return pieces


def look(presenter: Presenter) -> None:
    show_marked(presenter)
    show_inboxes(presenter)


def inboxes(messenger: FakeMessenger, channel: str = OWNER) -> list[Inbox]:
    """Return the channel's messages, oldest first."""
    sent = [one.message for one in messenger.sent.values() if one.channel == channel]
    assert all(isinstance(message, Inbox) for message in sent)
    return [message for message in sent if isinstance(message, Inbox)]


def test_ten_proposals_are_one_message(store: Store, presenter: Presenter, messenger: FakeMessenger) -> None:
    pieces = proposed(store, *map(str, range(10)))

    look(presenter)
    look(presenter)

    [inbox] = inboxes(messenger)
    assert (inbox.owner, inbox.waiting) == (OWNER, 10)
    assert {card.feedback_id for card in inbox.first} <= set(pieces)
    assert len(inbox.first) == 3


def test_decisions_change_it_in_place_until_nothing_waits(
    store: Store, presenter: Presenter, messenger: FakeMessenger
) -> None:
    one, other = proposed(store, "1", "2")
    look(presenter)

    attach(store.work, store.clock, one, "U7")
    look(presenter)
    first = inboxes(messenger)[0]
    set_aside(store.work, store.clock, other, "U7")
    look(presenter)

    assert (first.waiting, [card.feedback_id for card in first.first]) == (1, [other])
    assert [(inbox.waiting, inbox.first) for inbox in inboxes(messenger)] == [(0, ())]


def test_nothing_is_posted_where_nothing_waits(
    store: Store, presenter: Presenter, messenger: FakeMessenger
) -> None:
    [piece] = proposed(store, "1")
    attach(store.work, store.clock, piece, "U7")

    look(presenter)

    assert messenger.sent == {}


def test_it_comes_anew_with_something_new_and_the_old_one_goes(
    store: Store, presenter: Presenter, messenger: FakeMessenger
) -> None:
    proposed(store, "1")
    look(presenter)
    store.clock.advance(minutes=10)
    proposed(store, "2")

    look(presenter)
    soon = messenger.keys(OWNER)
    store.clock.advance(hours=2)
    look(presenter)

    assert soon == [f"inbox:{OWNER}:1"]
    assert messenger.keys(OWNER) == [f"inbox:{OWNER}:2"]
    assert inboxes(messenger)[0].waiting == 2


def test_what_only_waits_on_calls_nobody_again(
    store: Store, presenter: Presenter, messenger: FakeMessenger
) -> None:
    pieces = proposed(store, "1", "2")
    look(presenter)
    store.clock.advance(days=3)

    attach(store.work, store.clock, pieces[0], "U7")
    look(presenter)

    assert messenger.keys(OWNER) == [f"inbox:{OWNER}:1"]


def test_a_day_brings_no_more_messages_than_the_budget(
    store: Store, presenter: Presenter, messenger: FakeMessenger
) -> None:
    seen = set[str]()
    start = store.clock.now().replace(hour=0)
    store.clock.moment = start
    for hour in range(0, 24):
        proposed(store, f"h{hour}")
        look(presenter)
        seen |= set(messenger.keys(OWNER))
        store.clock.advance(hours=1)

    look(presenter)

    assert len(seen) == RULES.messages_a_day == 3
    assert messenger.keys(OWNER) == [f"inbox:{OWNER}:4"]
    assert inboxes(messenger)[0].waiting == 24


def test_a_day_is_one_of_the_channels_own_zone(
    store: Store, presenter: Presenter, messenger: FakeMessenger
) -> None:
    rules = replace(RULES, messages_a_day=1, zone="America/Los_Angeles")
    presenter = replace(presenter, rules=rules)
    store.clock.moment = datetime(2026, 11, 23, 22, 30, tzinfo=UTC)  # half past two in the afternoon there
    proposed(store, "1")
    look(presenter)
    store.clock.moment = datetime(2026, 11, 24, 1, tzinfo=UTC)  # the same afternoon
    proposed(store, "2")

    look(presenter)
    same_day = messenger.keys(OWNER)
    store.clock.moment = datetime(2026, 11, 24, 9, tzinfo=UTC)  # one in the morning
    look(presenter)

    assert same_day == [f"inbox:{OWNER}:1"]
    assert messenger.keys(OWNER) == [f"inbox:{OWNER}:2"]


def test_quiet_hours_hold_the_message_back(store: Store, messenger: FakeMessenger) -> None:
    rules = replace(RULES, quiet=QuietHours(time(18), time(8), "Europe/Berlin"))
    presenter = Presenter(store.work, store.clock, messenger, rules)
    store.clock.moment = datetime(2026, 11, 23, 17, 30, tzinfo=UTC)  # half past six in Berlin
    [piece, *_] = proposed(store, "1", "2")

    look(presenter)
    at_night = dict(messenger.sent)
    store.clock.moment = datetime(2026, 11, 24, 7, tzinfo=UTC)
    look(presenter)
    store.clock.moment = datetime(2026, 11, 24, 20, tzinfo=UTC)
    attach(store.work, store.clock, piece, "U7")
    look(presenter)

    assert at_night == {}
    assert [inbox.waiting for inbox in inboxes(messenger)] == [1]


def test_what_an_admin_sets_goes_before_the_settings(store: Store) -> None:
    rules = replace(RULES, quiet=QuietHours(time(18), time(8)))
    noon, night = datetime(2026, 11, 23, 12, tzinfo=UTC), datetime(2026, 11, 23, 22, tzinfo=UTC)

    set_quiet_hours(store.work, store.clock, rules, "11:30-13:00", "U7")

    with store.work() as unit:
        assert quiet_until(unit, rules, noon) == noon + timedelta(hours=1)
        assert quiet_until(unit, rules, night) is None
    set_quiet_hours(store.work, store.clock, rules, "", "U7")
    with store.work() as unit:
        assert quiet_until(unit, rules, noon) is None


@pytest.mark.parametrize("lost", [UncertainError("slack", "posting"), TransientError("slack", "posting")])
def test_a_failed_post_is_out_once_in_the_end(
    store: Store, presenter: Presenter, messenger: FakeMessenger, lost: UncertainError | TransientError
) -> None:
    proposed(store, "1")
    (messenger.after if isinstance(lost, UncertainError) else messenger.before).append(lost)

    for _ in range(3):
        look(presenter)
        store.clock.advance(minutes=5)

    assert messenger.keys(OWNER) == [f"inbox:{OWNER}:1"]


def test_a_message_that_a_person_removed_comes_back_only_with_something_new(
    store: Store, presenter: Presenter, messenger: FakeMessenger
) -> None:
    one, *_ = proposed(store, "1", "2")
    look(presenter)
    messenger.sent.clear()
    messenger.before = [NotFoundError("slack", "updating a message")]
    attach(store.work, store.clock, one, "U7")

    look(presenter)
    gone = dict(messenger.sent)
    store.clock.advance(hours=3)
    proposed(store, "3")
    look(presenter)

    assert gone == {}
    assert [inbox.waiting for inbox in inboxes(messenger)] == [2]


def test_each_owner_has_what_is_theirs(store: Store, messenger: FakeMessenger) -> None:
    routes = Routes((Route(source="zendesk", owner_channel="C0ONE"), Route(owner_channel="U0TWO")))
    rules = Rules(routes=routes)
    presenter = Presenter(store.work, store.clock, messenger, rules)
    mine = proposed(store, "1", "2")
    yours = proposed(store, "3", source="intercom")

    look(presenter)

    assert [inbox.waiting for inbox in inboxes(messenger, "C0ONE")] == [2]
    assert [inbox.waiting for inbox in inboxes(messenger, "U0TWO")] == [1]
    with store.work() as unit:
        assert counts(unit, rules) == {"C0ONE": 2, "U0TWO": 1}
        assert next_pieces(unit, rules, ["U0TWO"], 10) == yours
        assert set(next_pieces(unit, rules, ["C0ONE", "U0TWO"], 10, but=yours)) == set(mine)
