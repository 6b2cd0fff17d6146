"""Subscriptions, their digests in every revision, and the lists behind the numbers, on both databases."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from decimal import Decimal
from functools import partial

import pytest

from bot.domain.annotation import Reach
from bot.domain.customer import Revenue
from bot.domain.digest import Counts, DigestSnapshot, Length, TopTicket, Unticketed
from bot.domain.period import Rhythm, week_period
from bot.domain.quote import Span
from bot.domain.scope import Scope
from bot.domain.ticket import TicketStage
from bot.domain.voice import QuotedVoice
from bot.domain.week import Week
from bot.errors import AlreadyExists
from bot.repositories import Said, UnitOfWork
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
    period=week_period(Week(date(2026, 3, 2), "Europe/Berlin")),
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
    unticketed=(Unticketed(pieces=2, reach=REACH, quote=QUOTE, is_rising=True),),
    quotes_verified=(3, 3),
    scope=Scope(projects=("APP",)),
)


SAID = Said(7, 4, 3, 2, 1)


def snapshot(subscription_id: int) -> DigestSnapshot:
    return replace(SNAPSHOT, subscription_id=subscription_id)


def subscribe(unit: UnitOfWork, channel: str = "C1", next_at: datetime | None = NOON) -> int:
    stored = unit.subscriptions.put(
        channel,
        "weekly",
        cron="0 9 * * mon",
        zone="Europe/Berlin",
        scope=Scope(projects=("APP",)),
        next_at=next_at,
    )
    return stored.id


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


def test_what_a_person_chose_outlasts_another_schedule(database: Database) -> None:
    scope = Scope(areas=("Billing",), labels=("import",), segments=("Enterprise",), sources=("zendesk",))
    with database.work() as unit:
        first = unit.subscriptions.change(
            subscribe(unit),
            scope=scope,
            rhythm=Rhythm.FORTNIGHTLY,
            first_period=date(2026, 3, 2),
            language="de",
            length=Length.LONG,
            person="U1",
            alerts=True,
            paused_until=NOON + HOUR,
        )
        again = unit.subscriptions.get(subscribe(unit, next_at=None))

    assert (first.scope, first.rhythm, first.first_period) == (scope, Rhythm.FORTNIGHTLY, date(2026, 3, 2))
    assert again == replace(first, scope=Scope(projects=("APP",)), next_at=None)


def test_a_digest_reads_back_equal_to_the_last_letter(database: Database) -> None:
    with database.work() as unit:
        told = snapshot(subscribe(unit))
        stored = unit.subscriptions.save_snapshot(told, {"all": f"[{list(SAID)}]"})
        unit.commit()
    with database.work() as unit:
        read = unit.subscriptions.snapshot(told.subscription_id, told.period)

        assert read == told
        assert repr(read) == repr(told)  # content hashes are taken of it
        assert unit.subscriptions.listed(stored, "all") == [SAID]
        assert unit.subscriptions.listed(stored, "ticket:1") == []
        assert unit.subscriptions.snapshot(told.subscription_id, told.period.before()) is None


def test_a_digest_s_revision_is_written_once_and_the_unit_goes_on(database: Database) -> None:
    with database.work() as unit:
        told = snapshot(subscribe(unit))
        first = unit.subscriptions.save_snapshot(told, {})
        with pytest.raises(AlreadyExists):
            unit.subscriptions.save_snapshot(told, {})
        later = replace(told, arrived_late=3, revision=2)
        second = unit.subscriptions.save_snapshot(later, {})
        unit.subscriptions.rewrite(first, replace(told, voice=None))
        kept = unit.subscriptions.revisions(told.subscription_id, told.period)

        assert unit.subscriptions.snapshot(told.subscription_id, told.period) == later
        assert unit.subscriptions.snapshot(told.subscription_id, told.period, 1) == replace(told, voice=None)
        assert [one.id for one in kept] == [first, second]
        assert [one.id for one in unit.subscriptions.newest(told.subscription_id, 9)] == [second]


def test_two_weeks_that_begin_as_a_week_did_are_a_digest_of_their_own(database: Database) -> None:
    with database.work() as unit:
        week = snapshot(subscribe(unit))
        period = replace(week.period, last=week.period.last + timedelta(days=7))
        weeks = replace(week, period=period)
        unit.subscriptions.save_snapshot(week, {})
        unit.subscriptions.save_snapshot(weeks, {})

        assert unit.subscriptions.snapshot(week.subscription_id, week.period) == week
        assert unit.subscriptions.snapshot(week.subscription_id, period) == weeks


def test_what_a_digest_quoted_is_remembered(database: Database) -> None:
    with database.work() as unit:
        one, two = piece(unit, "c1").id, piece(unit, "c2").id
        subscription = subscribe(unit)
        unit.subscriptions.remember_quotes(subscription, NOON, [one])
        unit.subscriptions.remember_quotes(subscription, NOON, [one])
        unit.subscriptions.remember_quotes(subscription, NOON + HOUR, [two])
        unit.subscriptions.remember_quotes(subscription, NOON + HOUR, [])

        quoted = partial(unit.subscriptions.quoted, "C1")
        assert quoted(NOON, NOON + 2 * HOUR) == {one, two}
        assert quoted(NOON + HOUR, NOON + 2 * HOUR) == {two}
        assert quoted(NOON, NOON + HOUR) == {one}
        assert unit.subscriptions.quoted("C2", NOON, NOON + 2 * HOUR) == frozenset()


def test_the_digests_of_a_pieces_time_that_were_built_when_it_was_here_counted_it(database: Database) -> None:
    with database.work() as unit:
        told = replace(snapshot(subscribe(unit)), built_at=NOON + HOUR)
        digest_id = unit.subscriptions.save_snapshot(told, {})
        unit.subscriptions.save_snapshot(replace(told, revision=2), {})
        within = piece(unit, "c1")
        before = piece(unit, "c2", said_at=told.period.start - HOUR)
        early = replace(snapshot(subscribe(unit, "C2")), built_at=NOON - HOUR)
        unit.subscriptions.save_snapshot(early, {})

        assert unit.subscriptions.counting(within.id) == [digest_id]
        assert unit.subscriptions.counting(before.id) == []
