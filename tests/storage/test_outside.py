"""Sources, subscriptions, switches, credentials, deliveries and vectors, on both databases."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta
from decimal import Decimal

import pytest

from bot.domain.annotation import Reach
from bot.domain.customer import Revenue
from bot.domain.digest import Counts, DigestSnapshot, TopTicket, Unticketed
from bot.domain.quote import Span
from bot.domain.ticket import TicketStage
from bot.domain.voice import QuotedVoice
from bot.domain.week import Week
from bot.errors import AlreadyExists
from bot.repositories import SourceHealth, Switches, UnitOfWork
from bot.storage.database import Database
from tests.storage.rows import HOUR, NOON, piece

QUOTE = QuotedVoice(
    feedback_id=7,
    turn_external_id="t1",
    spans=(Span(0, 4), Span(9, 12)),
    words="It […] crashes “often” ▇",
    cut=True,
    said_at=datetime(2026, 3, 1, 23, 59, 59, 123456, tzinfo=UTC),
    company="Acme",
    since=NOON,
)
REACH = Reach(3, 2, (Revenue(Decimal("1200.10"), "EUR"), Revenue(Decimal("7"), "USD")))
SNAPSHOT = DigestSnapshot(
    week=Week(date(2026, 3, 2), "Europe/Berlin"),
    built_at=NOON,
    counts=Counts(4, 5, 3, 2),
    before=None,
    usual=Counts(1, 1, 1, 1),
    voice=QUOTE,
    top=(
        TopTicket(
            ticket_id=1,
            key="APP-1",
            title="Crash",
            url="",
            status="Doing",
            stage=TicketStage.STARTED,
            week=REACH,
            total=REACH,
            trend=(0, 1, 2),
            quotes=(QUOTE,),
        ),
    ),
    unticketed=(Unticketed(pieces=2, reach=REACH, quote=QUOTE, feedback_ids=(8, 9), is_rising=True),),
    quotes_verified=(3, 3),
    projects=("APP",),
)


def subscribe(unit: UnitOfWork, channel: str = "C1", next_at: datetime | None = NOON) -> int:
    stored = unit.subscriptions.put(
        channel, "weekly", cron="0 9 * * mon", zone="Europe/Berlin", projects=["APP"], next_at=next_at
    )
    return stored.id


def test_a_source_is_fresh_until_something_is_known_of_it(database: Database) -> None:
    with database.work() as unit:
        assert unit.sources.get("zendesk") == SourceHealth(name="zendesk")
        assert unit.sources.all() == []


def test_a_source_s_cursor_and_health_are_kept_apart(database: Database) -> None:
    with database.work() as unit:
        unit.sources.save_cursor("zendesk", "page 1", NOON, last_change_at=NOON - HOUR)
        unit.sources.failed("zendesk", "zendesk: read failed", NOON)
        unit.sources.failed("zendesk", "zendesk: read failed again", NOON)
        unit.sources.told("zendesk", NOON)
        unit.sources.save_cursor("zendesk", "page 2", NOON)
        unit.sources.schedule("zendesk", NOON + HOUR)
        failing = unit.sources.get("zendesk")
        unit.sources.succeeded("zendesk", NOON + HOUR)
        unit.sources.told("zendesk", None)

        assert failing == SourceHealth(
            name="zendesk",
            cursor="page 2",
            last_change_at=NOON - HOUR,
            failures=2,
            error="zendesk: read failed again",
            told_at=NOON,
            next_at=NOON + HOUR,
        )
        well = unit.sources.get("zendesk")
        assert (well.failures, well.error, well.told_at) == (0, "", None)
        assert (well.cursor, well.last_success_at) == ("page 2", NOON + HOUR)


def test_items_set_aside_are_counted_once_until_they_can_be_read(database: Database) -> None:
    with database.work() as unit:
        for source, item in (("zendesk", "1"), ("zendesk", "1"), ("zendesk", "2"), ("jira", "1")):
            unit.sources.set_aside(source, item, "no author", NOON)
        unit.sources.readable_again("zendesk", "2")
        unit.sources.readable_again("zendesk", "never seen")

        assert unit.sources.count_set_aside("zendesk") == 1
        assert unit.sources.count_set_aside() == 2


def test_a_subscription_is_replaced_by_channel_and_name(database: Database) -> None:
    with database.work() as unit:
        first = subscribe(unit)
        again = subscribe(unit, next_at=NOON + HOUR)
        other = subscribe(unit, "C0")

        assert first == again != other
        assert unit.subscriptions.get(first).next_at == NOON + HOUR
        assert unit.subscriptions.find("C1", "weekly") == unit.subscriptions.get(first)
        assert unit.subscriptions.find("C1", "daily") is None
        assert [s.channel for s in unit.subscriptions.all()] == ["C0", "C1"]
        with pytest.raises(KeyError):
            unit.subscriptions.get(4711)


def test_subscriptions_are_due_from_their_time_on(database: Database) -> None:
    with database.work() as unit:
        due = subscribe(unit)
        subscribe(unit, "C2", NOON + HOUR)
        subscribe(unit, "C3", None)

        assert [s.id for s in unit.subscriptions.due(NOON)] == [due]
        unit.subscriptions.set_next(due, NOON + timedelta(days=7), was=NOON)
        assert unit.subscriptions.due(NOON) == []


def test_a_digest_reads_back_equal_to_the_last_letter(database: Database) -> None:
    with database.work() as unit:
        subscription = subscribe(unit)
        unit.subscriptions.save_snapshot(subscription, SNAPSHOT.week.start, 1, SNAPSHOT)
        unit.commit()
    with database.work() as unit:
        read = unit.subscriptions.snapshot(subscription, SNAPSHOT.week.start)

        assert read == SNAPSHOT
        assert repr(read) == repr(SNAPSHOT)  # content hashes are taken of it
        assert unit.subscriptions.snapshot(subscription, SNAPSHOT.week.end) is None


def test_a_digest_s_revision_is_written_once_and_the_unit_goes_on(database: Database) -> None:
    with database.work() as unit:
        subscription, start = subscribe(unit), SNAPSHOT.week.start
        unit.subscriptions.save_snapshot(subscription, start, 1, SNAPSHOT)
        with pytest.raises(AlreadyExists):
            unit.subscriptions.save_snapshot(subscription, start, 1, SNAPSHOT)
        later = DigestSnapshot(**{n: getattr(SNAPSHOT, n) for n in SNAPSHOT.__slots__} | {"arrived_late": 3})
        unit.subscriptions.save_snapshot(subscription, start, 2, later)

        assert unit.subscriptions.snapshot(subscription, start) == later


def test_what_a_digest_quoted_is_remembered(database: Database) -> None:
    with database.work() as unit:
        one, two = piece(unit, "c1").id, piece(unit, "c2").id
        subscription = subscribe(unit)
        unit.subscriptions.remember_quotes(subscription, NOON, [one])
        unit.subscriptions.remember_quotes(subscription, NOON, [one])
        unit.subscriptions.remember_quotes(subscription, NOON + HOUR, [two])
        unit.subscriptions.remember_quotes(subscription, NOON + HOUR, [])

        assert unit.subscriptions.quoted_since(subscription, NOON) == {one, two}
        assert unit.subscriptions.quoted_since(subscription, NOON + HOUR) == {two}


def test_a_project_s_switches_are_off_until_set(database: Database) -> None:
    with database.work() as unit:
        before = unit.projects.switches("APP")
        unit.projects.set("APP", attach=True, write=False, by="U1", now=NOON)
        unit.projects.set("APP", attach=True, write=True, by="", now=NOON)

        assert before == Switches(project="APP")
        assert unit.projects.switches("APP") == Switches(project="APP", attach=True, write=True)
        assert unit.projects.all() == [Switches(project="APP", attach=True, write=True)]


def test_a_credential_is_replaced(database: Database) -> None:
    with database.work() as unit:
        unit.credentials.put("zendesk", "acme", b"\x00one", NOON)
        unit.credentials.put("zendesk", "acme", b"\xfftwo", NOON)

        assert unit.credentials.get("zendesk", "acme") == b"\xfftwo"
        assert unit.credentials.get("zendesk", "other") is None


def test_a_delivery_is_new_once_until_it_is_forgotten(database: Database) -> None:
    with database.work() as unit:
        first = unit.deliveries.is_new("slack", "E1", NOON)
        again = unit.deliveries.is_new("slack", "E1", NOON + HOUR)
        elsewhere = unit.deliveries.is_new("zendesk", "E1", NOON + HOUR)
        unit.deliveries.forget_before(NOON + HOUR)

        assert (first, again, elsewhere) == (True, False, True)
        assert unit.deliveries.is_new("slack", "E1", NOON)
        assert not unit.deliveries.is_new("zendesk", "E1", NOON)


def test_vectors_are_kept_by_key_as_first_stored(database: Database) -> None:
    with database.work() as unit:
        many = {f"k{n}": n.to_bytes(4, "big") for n in range(1500)}
        unit.vectors.put_many(many)
        unit.vectors.put_many({"k0": b"other", "new": b"\x00"})
        unit.vectors.put_many({})

        found = unit.vectors.get_many([*many, "new", "unknown"])

    assert found == many | {"new": b"\x00"}


def test_other_embedders_vectors_are_dropped_some_at_a_time(database: Database) -> None:
    names = ["mini_lm%", "mini_lm%-2", "minixlm%", "mini_lm", "other"]
    with database.work() as unit:
        unit.vectors.put_many({f"{name}:{n}": b"row" for name in names for n in range(3)})

        dropped = [unit.vectors.drop_others("mini_lm%", limit=5) for _ in range(4)]

        kept = unit.vectors.which([f"{name}:{n}" for name in names for n in range(3)])

    assert dropped == [5, 5, 2, 0]
    assert kept == {f"mini_lm%:{n}" for n in range(3)}


def test_which_vectors_are_stored_is_told_without_them(database: Database) -> None:
    many = [f"k{n}" for n in range(1500)]
    with database.work() as unit:
        unit.vectors.put_many(dict.fromkeys(many[:1200], b"row"))

        assert unit.vectors.which(many) == frozenset(many[:1200])
        assert unit.vectors.which([]) == frozenset()
