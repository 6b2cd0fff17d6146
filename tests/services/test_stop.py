"""All outward acts can be stopped at once, in every process; what is due waits and is done once then."""

from __future__ import annotations

from dataclasses import replace

import pytest

from bot.domain.digest import Subscription
from bot.domain.effect import EffectState
from bot.services.cards import Presenter, put_to_channel, show_marked
from bot.services.outward import Outcome
from bot.services.publish import Publisher, publish_due
from bot.storage.database import Database
from tests.databases import hasty
from tests.fakes.clock import StillClock
from tests.fakes.messenger import FakeMessenger
from tests.services.conftest import RULES, Store
from tests.services.tickets import Tracked


@pytest.fixture
def store(database: Database, clock: StillClock) -> Store:
    return Store(database.work, clock)


def set_stop(store: Store, *, on: bool) -> None:
    with store.work() as unit:
        if on:
            unit.writes.stop("operator", store.clock.now())
        else:
            unit.writes.resume()
        unit.commit()


def test_a_stop_in_one_process_is_obeyed_by_another_between_two_acts(
    store: Store, database_url: str, clock: StillClock
) -> None:
    other = Database(hasty(database_url))
    tracked = Tracked(store)
    tracked.say(1, "1", "2", "3")
    link = tracked.tracker.link

    def link_and_be_stopped(*given: object) -> str:
        """Write the first link while an operator elsewhere stops everything."""
        set_stop(Store(other.work, clock), on=True)
        return link(*given)  # type: ignore[arg-type]

    tracked.tracker.link = link_and_be_stopped  # type: ignore[assignment]
    tracked.annotate()
    during = (tracked.tracker.writes, len(tracked.links(1)))
    set_stop(Store(other.work, clock), on=False)
    tracked.tracker.link = link  # type: ignore[method-assign]
    clock.advance(minutes=2)
    tracked.annotate()
    other.close()

    assert during == (1, 1)
    assert tracked.links(1) == ["1", "2", "3"]
    assert (tracked.tracker.writes, len(tracked.tracker.comments["10001"])) == (4, 1)


def test_tickets_cards_and_digests_wait_while_stopped_and_are_done_once_afterwards(
    store: Store, publisher: Publisher, messenger: FakeMessenger, subscription: Subscription
) -> None:
    tracked = Tracked(store)
    presenter = Presenter(store.work, store.clock, messenger, RULES)
    [piece] = tracked.say(1, "1")
    put_to_channel(presenter, piece)
    set_stop(store, on=True)

    for _ in range(3):
        tracked.annotate()
        show_marked(presenter)
        [held] = publish_due(publisher)
        store.clock.advance(minutes=5)
    while_stopped = (tracked.tracker.writes, dict(messenger.sent), held.outcome)
    set_stop(store, on=False)
    for _ in range(3):
        tracked.annotate()
        show_marked(presenter)
        publish_due(publisher)
        store.clock.advance(minutes=5)

    assert while_stopped == (0, {}, Outcome.LATER)
    assert (tracked.links(1), len(tracked.tracker.comments["10001"])) == (["1"], 1)
    assert messenger.keys("C0REVIEW") == [f"feedback:{piece}"]
    assert messenger.keys("C0DIGEST") == ["weekly:2026-11-16", "image weekly:2026-11-16"]


def test_an_act_that_is_stopped_was_not_tried(store: Store) -> None:
    tracked = Tracked(store)
    tracked.say(1, "1")
    set_stop(store, on=True)

    tracked.annotate()

    with store.work() as unit:
        counts = unit.effects.counts()
    assert ("link", EffectState.CLAIMED) not in counts
    assert ("link", EffectState.UNCERTAIN) not in counts


def test_the_first_stop_stays_in_force(store: Store) -> None:
    set_stop(store, on=True)
    with store.work() as unit:
        first = unit.writes.stopped()
        again = unit.writes.stop("somebody else", store.clock.now().replace(year=2030))
        unit.commit()

    assert first is not None
    assert again == replace(first, by="operator")
