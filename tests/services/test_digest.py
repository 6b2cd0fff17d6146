"""The digest's numbers, quotes and warnings, and that it goes out once."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest

from bot.domain.digest import DigestSnapshot, Subscription
from bot.domain.message import DigestPost
from bot.domain.week import Week, week_of
from bot.engine.cron import next_time
from bot.errors import TransientError, UncertainError
from bot.services.digest import build, is_verbatim
from bot.services.outward import Outcome
from bot.services.publish import Publisher, preview, publish_due, publish_now
from tests.builders import ACME, BOLT, LAST_WEEK, conversation, person, ticket
from tests.fakes.messenger import FakeMessenger
from tests.services.conftest import RULES, Store

WEEK = week_of(LAST_WEEK, "UTC")


def apart(texts: Sequence[str]) -> list[list[int]]:
    """Group nothing."""
    return [[n] for n in range(len(texts))]


def together(texts: Sequence[str]) -> list[list[int]]:
    """Group everything."""
    return [list(range(len(texts)))] if texts else []


@pytest.fixture
def messenger() -> FakeMessenger:
    return FakeMessenger()


@pytest.fixture
def publisher(store: Store, messenger: FakeMessenger) -> Publisher:
    return Publisher(
        work=store.work,
        clock=store.clock,
        messenger=messenger,
        rules=RULES,
        group=apart,
        chart=lambda snapshot: (b"png", "a chart") if snapshot.top else None,
        next_time=next_time,
    )


@pytest.fixture
def subscription(store: Store) -> Subscription:
    with store.work() as unit:
        made = unit.subscriptions.put(
            "C0DIGEST", "weekly", cron="0 9 * * mon", zone="UTC", projects=(), next_at=store.clock.now()
        )
        unit.commit()
    return made


def built(store: Store, subscription: Subscription, week: Week = WEEK, group=apart) -> DigestSnapshot:  # type: ignore[no-untyped-def]
    with store.work() as unit:
        return build(unit, RULES, subscription, week, store.clock.now(), group)


def three_people(store: Store) -> tuple[list[int], int]:
    """Let three people of two companies speak last week of one ticket."""
    ticket_id = store.ticket(ticket())
    pieces = store.add(
        conversation("The export fails on every page that we print for the auditors.", "1"),
        conversation("My exports stop half way through, every month end.", "2", customer=person("abe")),
        conversation("We cannot export anything since Tuesday.", "3", customer=person("bo", BOLT)),
    )
    for piece in pieces:
        store.attach(piece, ticket_id)
    return pieces, ticket_id


def test_counts_conversations_people_and_companies_of_the_week(store: Store, subscription: Subscription) -> None:
    three_people(store)
    store.add(conversation("An export from before failed too.", "4", said_at=LAST_WEEK - timedelta(days=7)))

    counts = built(store, subscription).counts

    assert (counts.conversations, counts.pieces, counts.people, counts.companies) == (3, 3, 3, 2)


def test_compares_with_last_week_and_knows_no_usual_before_four_weeks(
    store: Store, subscription: Subscription
) -> None:
    three_people(store)
    store.add(conversation("An export from before failed too.", "4", said_at=LAST_WEEK - timedelta(days=7)))

    young = built(store, subscription)
    for weeks in (2, 3, 4):
        said_at = LAST_WEEK - timedelta(weeks=weeks)
        store.add(conversation(f"The export failed {weeks} weeks ago.", f"w{weeks}", said_at=said_at))
    grown = built(store, subscription)

    assert young.before is not None
    assert (young.before.pieces, young.usual) == (1, None)
    assert grown.usual is not None
    assert grown.usual.pieces == 1


def test_ranks_tickets_by_people_and_shows_their_quotes_and_trend(
    store: Store, subscription: Subscription
) -> None:
    three_people(store)
    other = store.ticket(ticket(2, "Reports are slow"))
    for number in range(4):
        [piece] = store.add(conversation(f"The report number {number} takes an hour.", f"r{number}"))
        store.attach(piece, other)

    first, second = built(store, subscription).top

    assert (first.key, first.week.people, first.week.companies) == ("APP-1", 3, 2)
    assert (second.key, second.week.people) == ("APP-2", 1)
    assert first.trend == (0, 0, 0, 0, 0, 0, 0, 3)
    assert {q.company for q in first.quotes[:2]} == {"Acme", "Bolt"}


def test_warns_where_one_company_carries_a_ticket(store: Store, subscription: Subscription) -> None:
    three_people(store)
    other = store.ticket(ticket(2, "Reports are slow"))
    for number in range(4):
        [piece] = store.add(conversation(f"The report number {number} takes an hour.", f"r{number}"))
        store.attach(piece, other)

    first, second = built(store, subscription).top

    assert (first.carried_by, second.carried_by) == ("", "Acme")


def test_every_quote_is_verbatim_and_a_forged_one_is_noticed(store: Store, subscription: Subscription) -> None:
    three_people(store)

    snapshot = built(store, subscription)

    right, every = snapshot.quotes_verified
    assert right == every > 0
    assert snapshot.voice is not None
    with store.work() as unit:
        assert is_verbatim(unit, snapshot.voice)
        assert not is_verbatim(unit, replace(snapshot.voice, words=snapshot.voice.words + "!"))


def test_groups_what_has_no_ticket_and_says_when_it_rises(store: Store, subscription: Subscription) -> None:
    for n, name in enumerate(("ann", "bo", "cy")):
        store.add(conversation(f"I want a dark mode, says {name}.", str(n), customer=person(name)))

    [group] = built(store, subscription, group=together).unticketed

    assert (group.pieces, group.reach.people, group.is_rising) == (3, 3, True)


def test_one_persons_repeats_never_rise(store: Store, subscription: Subscription) -> None:
    for n in range(5):
        store.add(conversation(f"I want a dark mode, please, {n}.", str(n)))

    [group] = built(store, subscription, group=together).unticketed

    assert not group.is_rising


def test_a_quiet_week_and_a_broken_sync_never_look_the_same(store: Store, subscription: Subscription) -> None:
    with store.work() as unit:
        unit.sources.succeeded("zendesk", store.clock.now())
        unit.commit()
    quiet = built(store, subscription)
    with store.work() as unit:
        unit.sources.failed("zendesk", "zendesk: reading tickets failed for now", store.clock.now())
        unit.commit()
    broken = built(store, subscription)

    assert quiet.is_quiet
    assert (quiet.failed_sources, broken.failed_sources) == ((), ("zendesk",))


def test_counts_what_was_set_aside(store: Store, subscription: Subscription) -> None:
    store.add(conversation("👍", "1"), conversation("The export fails again.", "2"))

    snapshot = built(store, subscription)

    assert (snapshot.counts.pieces, snapshot.set_aside) == (1, 1)


def test_a_channels_scope_leaves_other_projects_out(store: Store, subscription: Subscription) -> None:
    three_people(store)
    elsewhere = store.ticket(ticket(9, "Billing", key="PAY-9", project="PAY"))
    [piece] = store.add(conversation("My bill is wrong again.", "9", customer=person("zed", ACME)))
    store.attach(piece, elsewhere)

    everything = built(store, subscription)
    scoped = built(store, replace(subscription, projects=("PAY",)))

    assert [t.key for t in everything.top] == ["APP-1", "PAY-9"]
    assert ([t.key for t in scoped.top], scoped.counts.pieces) == (["PAY-9"], 1)


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

    following = built(store, subscription, WEEK.after(1))

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


def test_a_preview_stores_and_posts_nothing(
    store: Store, publisher: Publisher, messenger: FakeMessenger, subscription: Subscription
) -> None:
    three_people(store)

    shown = preview(publisher, subscription)

    assert shown.counts.pieces == 3
    assert messenger.sent == {}
    with store.work() as unit:
        assert unit.subscriptions.snapshot(subscription.id, WEEK.start) is None


def test_no_quote_leads_twice_in_eight_weeks(store: Store, publisher: Publisher, subscription: Subscription) -> None:
    pieces, _ = three_people(store)
    publish_due(publisher)

    repeated = built(store, subscription)

    assert repeated.voice is None or repeated.voice.feedback_id not in pieces
