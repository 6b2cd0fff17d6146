"""Long runs of digests: each period once, every quote a customer's own stored words, nothing private."""

from __future__ import annotations

import shutil
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace
from datetime import UTC, date, datetime, time, timedelta
from functools import partial
from pathlib import Path
from zoneinfo import ZoneInfo

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from bot.domain.digest import Length, Subscription
from bot.domain.feedback import AuthorRole
from bot.domain.message import DigestPost
from bot.domain.period import Rhythm
from bot.engine.cron import next_time
from bot.services.corrections import correct_marked
from bot.services.publish import Publisher, next_of, publish_due
from bot.services.review import set_aside, undo
from bot.storage.database import Database
from bot.storage.engine import open_database
from tests.builders import ACME, BOLT, conversation, person, ticket, turn
from tests.fakes.clock import StillClock
from tests.fakes.messenger import FakeMessenger
from tests.services.conftest import RULES, Store
from tests.services.test_at_once import at_once, stores  # noqa: F401

ZONES = (
    "Europe/Berlin",
    "America/New_York",
    "America/Santiago",
    "Asia/Tehran",
    "Asia/Kolkata",
    "Australia/Lord_Howe",
    "Pacific/Auckland",
    "Africa/Cairo",
)
SECRETS = ("ann@secret.example", "+49 30 1234567", "4111 1111 1111 1111")
SAID = st.sampled_from(
    [
        "The export of our invoices fails every Monday, and I copy the rows by hand.",
        "Bitte ruft mich unter +49 30 1234567 an, der Export hängt seit gestern.",
        "Write to ann@secret.example when the dark mode is there, please!",
        "My card 4111 1111 1111 1111 was charged twice 😀, and nobody answers.",
        "Thanks, the export works great since the last update of the app.",
        "שלום, הייצוא לא עובד כבר שבוע שלם אצלנו",
        "We have to type it in manually. " * 40,
    ]
)
STEPS = st.lists(
    st.tuples(SAID, st.integers(0, 5), st.integers(0, 6), st.sampled_from(["", "attach", "undo", "aside"])),
    min_size=1,
    max_size=6,
)


@contextmanager
def opened(template: Path) -> Iterator[Store]:
    """Yield an empty store."""
    with tempfile.TemporaryDirectory() as folder:
        shutil.copy(template, Path(folder) / "voc.db")
        database = Database(open_database(f"sqlite:///{folder}/voc.db"))
        yield Store(database.work, StillClock())
        database.close()


def publisher_of(store: Store, messenger: FakeMessenger) -> Publisher:
    return Publisher(
        work=store.work,
        reading=store.work,
        clock=store.clock,
        messenger=messenger,
        rules=RULES,
        chart=lambda snapshot: None,
        next_time=next_time,
    )


def subscribed(store: Store, publisher: Publisher, **facts: object) -> Subscription:
    """Return a subscription that is due at its schedule's next time."""
    with store.work() as unit:
        made = unit.subscriptions.put("C0DIGEST", "weekly", cron="0 9 * * mon", zone="UTC", next_at=None)
        made = unit.subscriptions.change(made.id, **facts)
        next_at = next_of(publisher, made, store.clock.now())
        made = unit.subscriptions.change(made.id, next_at=next_at)
        unit.commit()
    return made


def heads(messenger: FakeMessenger) -> list[str]:
    return [sent.key for sent in messenger.sent.values() if isinstance(sent.message, DigestPost)]


@settings(max_examples=8, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(st.lists(STEPS, min_size=2, max_size=4), st.sampled_from(Rhythm), st.sampled_from(Length))
def test_every_quote_is_a_range_of_a_customers_stored_text_and_nothing_private_leaves(
    sqlite_template: Path, weeks: list[list[tuple[str, int, int, str]]], rhythm: Rhythm, length: Length
) -> None:
    with opened(sqlite_template) as store:
        messenger = FakeMessenger()
        publisher = publisher_of(store, messenger)
        own = subscribed(store, publisher, rhythm=rhythm, length=length)
        tickets = [store.ticket(ticket(n)) for n in (1, 2)]
        for number, steps in enumerate(weeks):
            _live(store, tickets, number, steps)
            store.clock.advance(weeks=1)
            publish_due(publisher)
            correct_marked(publisher)

        with store.work() as unit:
            told = [one.snapshot for one in unit.subscriptions.newest(own.id, 99)]
            quotes = [quote for shot in told for quote in shot.quotes]
            for quote in quotes:
                voice = unit.pieces.voice(quote.feedback_id)
                turns = unit.conversations.get(voice.conversation_id).turns
                source = next(one for one in turns if one.external_id == quote.turn_external_id)
                assert source.role is AuthorRole.CUSTOMER
                assert quote.spans[-1].end <= len(source.text)
                assert all(source.text[s.start : s.end].strip() for s in quote.spans)
        assert all(shot.quotes_verified[0] == shot.quotes_verified[1] for shot in told)
        for shot in told:
            ids = [quote.feedback_id for quote in shot.quotes]
            assert len(ids) == len(set(ids))
        assert not [secret for secret in SECRETS if secret in repr(messenger.sent)]


def _live(store: Store, tickets: list[int], week: int, steps: list[tuple[str, int, int, str]]) -> None:
    """Let customers say things in a week, and people decide about some."""
    for number, (words, who, days, then) in enumerate(steps):
        said_at = store.clock.now() + timedelta(days=days)
        name = f"w{week}-{number}"
        own = turn(words, f"{name}-t1", said_at=said_at)
        agent = turn("We are sorry!", f"{name}-t2", said_at=said_at, role=AuthorRole.AGENT)
        speaker = person(f"p{who}", (ACME, BOLT, None)[who % 3])
        [piece, *_] = store.add(
            conversation(words, name, said_at=said_at, customer=speaker, turns=(own, agent))
        ) or [0]
        if piece and then:
            store.attach(piece, tickets[who % 2])
        if piece and then == "undo":
            undo(store.work, store.clock, piece, "U1")
        if piece and then == "aside":
            set_aside(store.work, store.clock, piece, "U1")


@pytest.mark.parametrize("zone", ZONES)
def test_about_each_change_of_clocks_each_weeks_digest_comes_once_at_its_local_hour(
    sqlite_template: Path, zone: str
) -> None:
    with opened(sqlite_template) as store:
        messenger, told = FakeMessenger(), 0
        publisher = publisher_of(store, messenger)
        mondays = _mondays_before_changes(zone)
        for monday in mondays:
            store.clock.moment = _local(monday - timedelta(days=1), zone, time(12))
            subscribed(store, publisher, zone=zone)
            for day in (monday, monday + timedelta(days=7)):
                store.clock.moment = _local(day, zone, time(8, 59))
                assert publish_due(publisher) == []
                for late in (time(9), time(9, 1), time(10)):
                    store.clock.moment = _local(day, zone, late)
                    told += len(publish_due(publisher))

        assert told == len(heads(messenger)) == len(set(heads(messenger))) == 2 * len(mondays)


def _mondays_before_changes(zone: str) -> list[date]:
    """Return the Monday before each change of clocks in 2026 and 2027; any one where there is none."""
    every = [date(2026, 1, 5) + timedelta(weeks=n) for n in range(104)]
    hours = [_local(monday, zone, time(9)).time() for monday in every]
    return [every[n] for n in range(103) if hours[n] != hours[n + 1]] or every[:1]


def _local(day: date, zone: str, at: time) -> datetime:
    return datetime.combine(day, at, ZoneInfo(zone)).astimezone(UTC)


def test_a_process_that_was_down_over_the_hour_and_a_clock_set_back_post_each_digest_once(
    store: Store, publisher: Publisher, messenger: FakeMessenger, subscription: Subscription
) -> None:
    store.clock.advance(hours=5)  # down since before nine
    publish_due(publisher)
    late = heads(messenger)
    store.clock.advance(hours=-6)
    publish_due(publisher)
    for _ in range(8 * 24):
        store.clock.advance(hours=1)
        publish_due(publisher)

    assert late == ["weekly:2026-11-16"]
    assert heads(messenger) == ["weekly:2026-11-16", "weekly:2026-11-23"]


def test_two_processes_at_once_post_one_digest(stores: list[Store]) -> None:  # noqa: F811
    messenger = FakeMessenger()
    publishers = [publisher_of(store, messenger) for store in stores]
    subscribed(stores[0], publishers[0], zone="UTC")
    for store in stores:
        store.clock.advance(days=7, hours=9)

    at_once(*(partial(publish_due, publisher) for publisher in publishers))
    publish_due(replace(publishers[0], messenger=messenger))

    assert len(heads(messenger)) == 1
