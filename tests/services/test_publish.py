"""The digest goes out once, whatever fails on the way."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime

import pytest

from bot.domain.digest import Subscription
from bot.domain.message import DigestPost, MessageRef
from bot.errors import AccessError, NotFoundError, TransientError, UncertainError
from bot.services.outward import Outcome
from bot.services.publish import Publisher, publish_due, publish_now
from tests.builders import conversation, person
from tests.fakes.messenger import FakeMessenger, Sent
from tests.services.conftest import Store
from tests.services.digests import WEEK, built, three_people


def test_posts_once_with_its_thread_and_moves_on(
    store: Store, publisher: Publisher, messenger: FakeMessenger, subscription: Subscription
) -> None:
    _, ticket_id = three_people(store)

    [published] = publish_due(publisher)
    again = publish_due(publisher)

    assert (published.outcome, published.messages, again) == (Outcome.DONE, 3, [])
    key = "weekly:2026-11-16"
    assert messenger.keys("C0DIGEST") == [key, f"image {key}", f"{key}:{ticket_id}"]
    with store.work() as unit:
        assert unit.subscriptions.get(subscription.id).next_at == datetime(2026, 11, 30, 9, tzinfo=UTC)


@pytest.mark.parametrize("step", range(3))
@pytest.mark.parametrize("kind", ["before", "after"])
def test_a_fault_at_any_step_ends_with_one_of_each(
    store: Store,
    publisher: Publisher,
    messenger: FakeMessenger,
    subscription: Subscription,
    step: int,
    kind: str,
) -> None:
    three_people(store)
    error = TransientError("slack", "posting") if kind == "before" else UncertainError("slack", "posting")

    class Failing(FakeMessenger):
        calls = 0

        def _fail(self, errors: list) -> None:  # type: ignore[type-arg]
            if errors is getattr(self, kind):
                Failing.calls += 1
                if Failing.calls == step + 1:
                    raise error

    failing = Failing()
    publishing = replace(publisher, messenger=failing)

    for _ in range(4):
        publish_due(publishing)
        store.clock.advance(minutes=10)

    assert len(failing.keys("C0DIGEST")) == len(set(failing.keys("C0DIGEST"))) == 3


def test_asking_now_for_what_is_out_posts_nothing(
    store: Store, publisher: Publisher, messenger: FakeMessenger, subscription: Subscription
) -> None:
    three_people(store)
    [first] = publish_due(publisher)

    again = publish_now(publisher, subscription)

    assert again.message == first.message
    assert len(messenger.sent) == 3


def test_the_message_tells_the_snapshot_of_its_first_building(
    store: Store, publisher: Publisher, messenger: FakeMessenger, subscription: Subscription
) -> None:
    three_people(store)
    messenger.before = [TransientError("slack", "posting")]
    publish_due(publisher)
    store.add(conversation("A late word about exports.", "late", customer=person("cy")))
    store.clock.advance(hours=2)

    publish_due(publisher)

    [head] = [s.message for s in messenger.sent.values() if isinstance(s.message, DigestPost)]
    assert head.snapshot.counts.pieces == 3


def test_what_arrives_after_the_digest_counts_as_late_in_the_next(
    store: Store, publisher: Publisher, messenger: FakeMessenger, subscription: Subscription
) -> None:
    three_people(store)
    publish_due(publisher)
    store.clock.advance(days=1)
    store.add(conversation("A late word about exports.", "late", customer=person("cy")))

    following = built(store, subscription, WEEK.before(-1))

    assert following.arrived_late == 1


def test_a_process_that_was_down_for_weeks_posts_the_last_whole_week_once(
    store: Store, publisher: Publisher, messenger: FakeMessenger, subscription: Subscription
) -> None:
    three_people(store)
    store.clock.advance(weeks=3)

    publish_due(publisher)
    publish_due(publisher)

    heads = [s for s in messenger.sent.values() if isinstance(s.message, DigestPost)]
    assert len(heads) == 1
    assert heads[0].key == "weekly:2026-12-07"


def test_what_could_not_be_posted_for_a_week_does_not_bring_the_next_digest_early(
    store: Store, publisher: Publisher, messenger: FakeMessenger, subscription: Subscription
) -> None:
    three_people(store)
    messenger.before = [AccessError("slack", "posting", "is_archived") for _ in range(2)]

    publish_due(publisher)
    store.clock.advance(days=6, hours=16)  # the next Monday, at 1:00
    publish_due(publisher)
    early = messenger.keys("C0DIGEST")
    store.clock.advance(hours=1)
    publish_due(publisher)
    late = messenger.keys("C0DIGEST")[0]
    store.clock.advance(hours=8)
    publish_due(publisher)

    assert early == []
    assert late == "weekly:2026-11-16"
    assert messenger.keys("C0DIGEST")[-1] == "weekly:2026-11-23"


def test_a_chart_that_can_not_be_drawn_keeps_no_words_back(
    store: Store, publisher: Publisher, messenger: FakeMessenger, subscription: Subscription
) -> None:
    three_people(store)

    def breaks(snapshot: object) -> None:
        raise ZeroDivisionError

    [published] = publish_due(replace(publisher, chart=breaks))

    assert (published.outcome, published.messages) == (Outcome.DONE, 2)
    assert len(messenger.keys("C0DIGEST")) == 2
    assert publish_due(publisher) == []


def test_a_chart_that_is_out_is_not_drawn_again(
    store: Store, publisher: Publisher, messenger: FakeMessenger, subscription: Subscription
) -> None:
    three_people(store)
    drawn: list[object] = []

    def chart(snapshot: object) -> tuple[bytes, str]:
        drawn.append(snapshot)
        return b"png", "a chart"

    for _ in range(3):
        publish_now(replace(publisher, chart=chart), subscription)

    assert len(drawn) == 1


def test_a_schedule_that_a_person_set_meanwhile_stands(
    store: Store, publisher: Publisher, messenger: FakeMessenger, subscription: Subscription
) -> None:
    three_people(store)
    friday = datetime(2026, 11, 27, 10, tzinfo=UTC)

    class Rescheduling(FakeMessenger):
        def _add(self, sent: Sent) -> str:
            with store.work() as unit:
                unit.subscriptions.put("C0DIGEST", "weekly", cron="0 10 * * fri", zone="UTC", next_at=friday)
                unit.commit()
            return super()._add(sent)

    publish_due(replace(publisher, messenger=Rescheduling()))

    with store.work() as unit:
        assert unit.subscriptions.get(subscription.id).next_at == friday


def test_a_digest_whose_answer_was_lost_before_a_long_silence_is_found_however_old_it_is(
    store: Store, publisher: Publisher, messenger: FakeMessenger, subscription: Subscription
) -> None:
    three_people(store)
    asked: list[datetime] = []

    class Remembering(FakeMessenger):
        def find(
            self, channel: str, key: str, *, since: datetime, thread: str | None = None
        ) -> MessageRef | None:
            asked.append(since)
            return super().find(channel, key, since=since, thread=thread)

    silent = Remembering()
    silent.after = [UncertainError("slack", "posting")]
    began = store.clock.now()
    publish_due(replace(publisher, messenger=silent))
    store.clock.advance(days=6)
    publish_due(replace(publisher, messenger=silent))

    assert asked[0] == began
    assert len(silent.keys("C0DIGEST")) == 3


def test_a_parked_digest_is_tried_again_when_a_person_asks_for_it(
    store: Store, publisher: Publisher, messenger: FakeMessenger, subscription: Subscription
) -> None:
    three_people(store)
    messenger.before = [NotFoundError("slack", "finding a channel")]

    [parked] = publish_due(publisher)
    asked = publish_now(publisher, subscription)

    assert (parked.outcome, asked.outcome) == (Outcome.PARKED, Outcome.DONE)
    assert len(messenger.keys("C0DIGEST")) == 3


def test_a_digest_that_is_out_stays_as_it_is_when_its_zone_changes(
    store: Store, publisher: Publisher, messenger: FakeMessenger, subscription: Subscription
) -> None:
    three_people(store)
    [first] = publish_due(publisher)
    with store.work() as unit:
        posted = unit.effects.of("digest", "C0DIGEST")
    store.clock.advance(hours=1)

    again = publish_now(publisher, replace(subscription, zone="Europe/Berlin"))

    assert again.message == first.message
    assert len(messenger.sent) == 3
    with store.work() as unit:
        assert unit.effects.of("digest", "C0DIGEST") == posted
