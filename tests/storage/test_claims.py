"""What a process holds when it ends: nothing new is claimed, and what is unfinished is let go."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest

from bot.domain.effect import Effect, EffectState
from bot.errors import Stopping
from bot.services.marks import CARD, attend, mark, marked
from bot.storage.database import Database
from tests.fakes.clock import StillClock

NOW = datetime(2026, 11, 23, 9, tzinfo=UTC)
LEASE_ENDS, SOON = NOW + timedelta(minutes=5), NOW + timedelta(seconds=2)


def claimed(database: Database, key: str, *, now: datetime = NOW) -> int:
    with database.work() as unit:
        effect = unit.effects.want("card", "C1", key, "words", now)
        assert unit.effects.claim(effect.id, until=now + timedelta(minutes=5), now=now)
        unit.commit()
    return effect.id


def found(database: Database, key: str) -> Effect:
    with database.work() as unit:
        effect = unit.effects.find("card", "C1", key)
    assert effect is not None
    return effect


def test_nothing_is_claimed_by_a_process_that_is_about_to_end(database: Database) -> None:
    database.stop_claiming()

    with pytest.raises(Stopping):
        claimed(database, "feedback:1")


def test_what_is_unfinished_is_looked_up_by_the_next_process_at_once(database: Database) -> None:
    claimed(database, "feedback:1")

    database.give_up_claims(SOON)

    left = found(database, "feedback:1")
    assert (left.state, left.next_at, left.claimed_until) == (EffectState.UNCERTAIN, SOON, None)


def test_what_was_settled_stays_as_it_is(database: Database) -> None:
    number = claimed(database, "feedback:1")
    with database.work() as unit:
        unit.effects.settle(number, EffectState.DONE, NOW, done="words", held_until=LEASE_ENDS)
        unit.commit()

    database.give_up_claims(SOON)

    assert found(database, "feedback:1").state is EffectState.DONE


def test_what_another_process_took_over_stays_its_own(database: Database) -> None:
    claimed(database, "feedback:1")
    later = LEASE_ENDS + timedelta(seconds=1)
    claimed(Database(database.engine), "feedback:1", now=later)

    database.give_up_claims(SOON)

    assert found(database, "feedback:1").state is EffectState.CLAIMED


def test_a_mark_is_given_back_when_its_look_meets_the_end(database: Database) -> None:
    with database.work() as unit:
        mark(unit, CARD, 7, NOW)
        unit.commit()
    [effect] = marked(database.work, CARD, NOW)

    def look(_: str) -> datetime | None:
        raise Stopping

    with pytest.raises(Stopping):
        attend(database.work, StillClock(NOW), effect, look)

    assert [m.key for m in marked(database.work, CARD, NOW)] == ["7"]
