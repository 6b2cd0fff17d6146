"""A digest that is looked at before it is told."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta

from bot.domain.digest import DigestSnapshot, Length, Subscription
from bot.domain.digest_list import Kind, Page
from bot.domain.digest_place import DigestPlace
from bot.domain.scope import Scope
from bot.services.digest_lists import page_of
from bot.services.previews import KEPT_FOR, preview
from bot.services.publish import Publisher, publish_due
from bot.services.withdrawn import quotes_of
from tests.fakes.messenger import FakeMessenger
from tests.services.conftest import Store
from tests.services.digests import WEEK, three_people


def opened(store: Store, shown: DigestSnapshot, name: str = "all") -> Page | None:
    with store.work() as unit:
        return page_of(unit, DigestPlace.of(shown), name, Kind.PEOPLE, 0)


def test_it_posts_nothing_and_is_no_digest(
    store: Store, publisher: Publisher, messenger: FakeMessenger, subscription: Subscription
) -> None:
    three_people(store)

    shown = preview(publisher, subscription)

    assert shown.counts.pieces == 3
    assert messenger.sent == {}
    with store.work() as unit:
        assert unit.subscriptions.snapshot(subscription.id, WEEK) is None


def test_its_lists_show_its_numbers_whatever_was_decided_since(
    store: Store, publisher: Publisher, subscription: Subscription
) -> None:
    pieces, ticket_id = three_people(store)

    shown = preview(publisher, subscription)
    store.attach(pieces[0], ticket_id, by="U1", state="detached")

    everybody, asking = opened(store, shown), opened(store, shown, f"ticket:{ticket_id}")
    assert everybody is not None
    assert dict(everybody.totals)[Kind.PEOPLE] == len(everybody.entries) == shown.counts.people
    assert asking is not None
    assert dict(asking.totals)[Kind.PEOPLE] == shown.top[0].week.people == 3


def test_it_keeps_nobodys_words_and_not_for_long(
    store: Store, publisher: Publisher, subscription: Subscription
) -> None:
    three_people(store)
    shown = preview(publisher, subscription)
    with store.work() as unit:
        kept = unit.previews.get(shown.subscription_id, "all")

    store.clock.advance(days=KEPT_FOR.days, hours=1)
    preview(publisher, subscription)

    assert kept is not None
    assert any(quote.words for quote in quotes_of(shown))
    assert not any(quote.words for quote in quotes_of(kept.snapshot))
    assert opened(store, shown) is None


def test_what_was_told_is_read_as_it_was_told(
    store: Store, publisher: Publisher, subscription: Subscription
) -> None:
    pieces, ticket_id = three_people(store)
    publish_due(publisher)
    with store.work() as unit:
        told = unit.subscriptions.snapshot(subscription.id, WEEK)
    store.attach(pieces[0], ticket_id, by="U1", state="detached")

    shown = preview(publisher, replace(subscription, length=Length.SHORT))

    assert told is not None
    assert shown == replace(told, length=Length.SHORT)
    assert opened(store, shown) is not None


def test_another_scope_is_worked_out_though_one_was_told(
    store: Store, publisher: Publisher, subscription: Subscription
) -> None:
    three_people(store)
    publish_due(publisher)

    shown = preview(publisher, replace(subscription, scope=Scope(sources=("intercom",))))

    assert shown.counts.pieces == 0
    assert shown.built_at - store.clock.now() < timedelta(seconds=1)
