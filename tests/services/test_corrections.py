"""A digest that was told is put right in place, once, and its earlier versions stay readable."""

from __future__ import annotations

from contextlib import suppress
from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest

from bot.domain.digest import DigestSnapshot, Subscription
from bot.domain.message import DigestPost, TicketVoices
from bot.errors import TransientError, UncertainError
from bot.services.corrections import correct_marked
from bot.services.ingest import withdraw
from bot.services.publish import Publisher, publish_due
from bot.services.review import set_aside, undo
from tests.builders import conversation, person, ticket
from tests.fakes.messenger import FakeMessenger
from tests.services.conftest import Store
from tests.services.digests import WEEK, three_people


def versions(store: Store, subscription: Subscription) -> list[DigestSnapshot]:
    with store.work() as unit:
        return [one.snapshot for one in unit.subscriptions.revisions(subscription.id, WEEK)]


def head(messenger: FakeMessenger) -> DigestSnapshot:
    [post] = [s.message for s in messenger.sent.values() if isinstance(s.message, DigestPost)]
    return post.snapshot


def withdrawn(store: Store, external_id: str) -> None:
    with store.work() as unit:
        withdraw(unit, "zendesk", [external_id], store.clock.now())
        unit.commit()


def test_an_undone_link_is_shown_in_the_message_and_its_thread_and_the_first_version_stays(
    store: Store, publisher: Publisher, messenger: FakeMessenger, subscription: Subscription
) -> None:
    pieces, ticket_id = three_people(store)
    publish_due(publisher)
    store.clock.advance(hours=1)

    undo(store.work, store.clock, pieces[0], "U1")
    correct_marked(publisher)

    first, second = versions(store, subscription)
    assert (first.top[0].week.people, second.top[0].week.people) == (3, 2)
    assert (second.revision, head(messenger)) == (2, second)
    assert messenger.keys("C0DIGEST").count("weekly:2026-11-16") == 1
    [reply] = [s.message for s in messenger.sent.values() if isinstance(s.message, TicketVoices)]
    assert reply.ticket == second.top[0]
    assert pieces[0] not in [quote.feedback_id for quote in second.top[0].quotes]
    assert reply.ticket.ticket_id == ticket_id


class Killed(BaseException):
    """The process ended here."""


class LosingAnswers(FakeMessenger):
    """Does what it is asked to with an image, and loses the answers that it is told to lose."""

    def __init__(self, fault: BaseException) -> None:
        super().__init__()
        self.fault, self.loses = fault, list[str]()

    def upload_image(self, *args: Any, **kwargs: Any) -> str:
        made = super().upload_image(*args, **kwargs)
        self._lose("sharing")
        return made

    def delete_image(self, *args: Any, **kwargs: Any) -> None:
        super().delete_image(*args, **kwargs)
        self._lose("deleting")

    def images(self) -> list[str]:
        return [key for key in self.keys("C0DIGEST") if key.startswith("image ")]

    def _lose(self, doing: str) -> None:
        if doing in self.loses:
            self.loses.remove(doing)
            raise self.fault


@pytest.mark.parametrize("fault", [UncertainError("slack", "calling"), Killed()], ids=["lost", "killed"])
def test_the_chart_is_replaced_once_when_its_numbers_change_and_only_then(
    store: Store, publisher: Publisher, subscription: Subscription, fault: BaseException
) -> None:
    pieces, _ = three_people(store)
    [other] = store.add(conversation("Where is the dark mode that you promised us?", "9"))
    flaky = LosingAnswers(fault)
    publisher = replace(publisher, messenger=flaky)
    publish_due(publisher)
    told = flaky.images()
    set_aside(store.work, store.clock, other, "U1")
    correct_marked(publisher)
    after_another_piece = flaky.images()
    flaky.loses = ["sharing", "deleting"]

    undo(store.work, store.clock, pieces[0], "U1")
    for _ in range(4):
        with suppress(Killed):
            correct_marked(publisher)
        store.clock.advance(minutes=6)

    assert told == after_another_piece == ["image weekly:2026-11-16"]
    assert head(flaky).revision == 3
    assert flaky.images() == ["image weekly:2026-11-16:chart 3"]
    assert flaky.loses == []


def test_what_is_told_again_without_a_ticket_does_not_lead_the_corrected_digest_too(
    store: Store, publisher: Publisher, messenger: FakeMessenger, subscription: Subscription
) -> None:
    store.add(
        conversation("Every Monday I copy 40 rows of the export by hand for our auditors.", "1"),
        conversation(
            "We cannot import our 12 price lists since the last update.", "2", customer=person("abe")
        ),
        conversation("My invoices of March are still sent in English.", "3", customer=person("bo")),
    )
    publish_due(publisher)
    told = head(messenger)
    assert told.voice is not None

    set_aside(store.work, store.clock, told.voice.feedback_id, "U1")
    correct_marked(publisher)

    corrected = head(messenger)
    assert corrected.unticketed == told.unticketed
    ids = [quote.feedback_id for quote in corrected.quotes]
    assert len(ids) == len(set(ids)) == 2


def test_a_chart_whose_last_ticket_is_gone_goes_too(
    store: Store, publisher: Publisher, messenger: FakeMessenger, subscription: Subscription
) -> None:
    pieces, _ = three_people(store)
    publish_due(publisher)
    for piece in pieces:
        undo(store.work, store.clock, piece, "U1")

    correct_marked(publisher)

    assert head(messenger).top == ()
    assert not [key for key in messenger.keys("C0DIGEST") if key.startswith("image ")]


def test_withdrawn_words_vanish_from_the_message_and_from_every_version(
    store: Store, publisher: Publisher, messenger: FakeMessenger, subscription: Subscription
) -> None:
    three_people(store)
    publish_due(publisher)
    told = head(messenger).voice
    assert told is not None
    with store.work() as unit:
        name = unit.pieces.voice(told.feedback_id).external_id

    withdrawn(store, name)
    correct_marked(publisher)

    known = versions(store, subscription)
    assert [one.counts.pieces for one in known] == [3, 2]
    assert told.words not in repr(known)
    assert told.words not in repr(messenger.sent)


def test_what_changes_nothing_or_comes_late_makes_no_version(
    store: Store, publisher: Publisher, messenger: FakeMessenger, subscription: Subscription
) -> None:
    pieces, ticket_id = three_people(store)
    publish_due(publisher)
    before = dict(messenger.sent)
    store.clock.advance(hours=1)

    [late] = store.add(conversation("A late word about exports.", "late", customer=person("cy")))
    store.attach(late, ticket_id)
    undo(store.work, store.clock, late, "U1")
    undo(store.work, store.clock, pieces[0], "U1")
    store.attach(pieces[0], ticket_id, by="U1")
    correct_marked(publisher)

    assert len(versions(store, subscription)) == 1
    assert messenger.sent == before


def test_a_piece_set_aside_takes_its_reply_away_where_one_quote_is_left(
    store: Store, publisher: Publisher, messenger: FakeMessenger, subscription: Subscription
) -> None:
    pieces, ticket_id = three_people(store)
    publish_due(publisher)
    assert f"weekly:2026-11-16:{ticket_id}" in messenger.keys("C0DIGEST")

    for piece in pieces[:2]:
        set_aside(store.work, store.clock, piece, "U1")
    correct_marked(publisher)

    assert f"weekly:2026-11-16:{ticket_id}" not in messenger.keys("C0DIGEST")
    assert head(messenger).set_aside == 2


def test_a_correction_that_the_chat_does_not_take_is_shown_a_minute_later_and_made_once(
    store: Store, publisher: Publisher, messenger: FakeMessenger, subscription: Subscription
) -> None:
    pieces, _ = three_people(store)
    publish_due(publisher)
    undo(store.work, store.clock, pieces[0], "U1")
    messenger.before = [TransientError("slack", "updating")]

    correct_marked(publisher)
    unseen = head(messenger).revision
    store.clock.advance(minutes=2)
    correct_marked(publisher)

    assert (unseen, head(messenger).revision) == (1, 2)
    assert len(versions(store, subscription)) == 2


@pytest.mark.parametrize("chosen", ["PAY", "APP"])
def test_a_digest_is_corrected_within_the_scope_it_was_told_in(
    store: Store, publisher: Publisher, messenger: FakeMessenger, subscription: Subscription, chosen: str
) -> None:
    pieces, _ = three_people(store)
    publish_due(publisher)
    elsewhere = store.ticket(ticket(9, "Billing", key="PAY-9", project="PAY"))
    with store.work() as unit:
        scope = replace(subscription.scope, projects=(chosen,))
        unit.subscriptions.change(subscription.id, scope=scope)
        unit.commit()
    store.clock.advance(hours=1)

    undo(store.work, store.clock, pieces[0], "U1")
    store.attach(pieces[0], elsewhere, by="U1")
    correct_marked(publisher)

    assert [t.key for t in head(messenger).top] == ["APP-1", "PAY-9"]
    assert head(messenger).built_at == publisher.clock.now()
    assert head(messenger).period.end - head(messenger).period.start == timedelta(days=7)
