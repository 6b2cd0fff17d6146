"""A theme that rises between digests is told of once, in one message."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta

from bot.domain.digest import Subscription
from bot.domain.message import ThemeAlert
from bot.domain.quiet import QuietHours
from bot.errors import TransientError
from bot.services.alerts import tell_of_rising
from bot.services.publish import Publisher
from bot.services.theme_decisions import dismiss
from bot.services.themes import update_themes
from tests.builders import LAST_WEEK
from tests.fakes.messenger import FakeMessenger
from tests.services.conftest import Store
from tests.services.themes import DARK, gatherer_of, say, shown


def rising(store: Store, subscription: Subscription) -> None:
    """Let a theme rise in the week to now, after eight quiet ones."""
    for week in range(1, 9):
        said_at = LAST_WEEK - timedelta(weeks=week)
        say(store, f"Another matter of week {week}.", first=10 * week, said_at=said_at)
    say(store, *DARK, first=200)
    update_themes(gatherer_of(store))
    with store.work() as unit:
        unit.subscriptions.change(subscription.id, alerts=True)
        unit.commit()


def alerts(messenger: FakeMessenger) -> list[ThemeAlert]:
    return [s.message for s in messenger.sent.values() if isinstance(s.message, ThemeAlert)]


def test_they_are_off_until_somebody_wants_them(
    store: Store, publisher: Publisher, messenger: FakeMessenger, subscription: Subscription
) -> None:
    rising(store, subscription)
    with store.work() as unit:
        unit.subscriptions.change(subscription.id, alerts=False)
        unit.commit()

    tell_of_rising(publisher)

    assert messenger.sent == {}


def test_in_quiet_hours_it_waits_until_they_are_over(
    store: Store, publisher: Publisher, messenger: FakeMessenger, subscription: Subscription
) -> None:
    rising(store, subscription)
    now = store.clock.now()
    quiet = QuietHours.of(f"{now:%H}:00-{now + timedelta(hours=2):%H}:00", "UTC")

    again = tell_of_rising(replace(publisher, rules=replace(publisher.rules, quiet=quiet)))
    before = dict(messenger.sent)
    after = tell_of_rising(publisher)

    assert quiet is not None
    assert (again, before) == (quiet.over_at(now), {})
    assert after is None
    assert len(alerts(messenger)) == 1


def test_what_could_not_be_posted_is_tried_again_soon(
    store: Store, publisher: Publisher, messenger: FakeMessenger, subscription: Subscription
) -> None:
    rising(store, subscription)
    messenger.before = [TransientError("slack", "posting")]

    again = tell_of_rising(publisher)

    assert again is not None
    assert timedelta() < again - store.clock.now() <= timedelta(minutes=1)


def test_a_theme_that_rises_calms_and_rises_again_has_one_message(
    store: Store, publisher: Publisher, messenger: FakeMessenger, subscription: Subscription
) -> None:
    rising(store, subscription)

    tell_of_rising(publisher)
    tell_of_rising(publisher)
    [first] = alerts(messenger)
    store.clock.advance(weeks=2)
    tell_of_rising(publisher)
    [calm] = alerts(messenger)
    store.clock.advance(hours=2)
    say(store, *DARK, *DARK, first=300, said_at=store.clock.now())
    update_themes(gatherer_of(store))
    tell_of_rising(publisher)
    [again] = alerts(messenger)

    assert (first.is_rising, calm.is_rising, again.is_rising) == (True, False, True)
    assert "Dark mode" in first.name
    assert first.pieces == 6
    assert len(messenger.sent) == 1


def test_a_theme_that_somebody_set_aside_is_over(
    store: Store, publisher: Publisher, messenger: FakeMessenger, subscription: Subscription
) -> None:
    rising(store, subscription)
    tell_of_rising(publisher)

    dismiss(store.work, store.clock, shown(store)[0].theme.id, "U1")
    tell_of_rising(publisher)

    assert [alert.is_rising for alert in alerts(messenger)] == [False]
