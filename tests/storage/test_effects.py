"""The ledger of outward acts: claimed by one worker, wanted again when its content changes."""

from __future__ import annotations

from datetime import datetime

from bot.domain.effect import Effect, EffectState
from bot.repositories import UnitOfWork
from bot.storage.database import Database
from tests.storage.rows import HOUR, NOON

PENDING, CLAIMED, DONE = EffectState.PENDING, EffectState.CLAIMED, EffectState.DONE
UNCERTAIN, PARKED = EffectState.UNCERTAIN, EffectState.PARKED


def want(unit: UnitOfWork, wanted: str = "v1", key: str = "k", now: datetime = NOON) -> Effect:
    return unit.effects.want("link", "jira:1", key, wanted, now)


def claim(unit: UnitOfWork, effect: Effect, now: datetime = NOON) -> Effect | None:
    return unit.effects.claim(effect.id, until=now + HOUR, now=now)


def read(unit: UnitOfWork, effect: Effect) -> Effect:
    found = unit.effects.find(effect.kind, effect.target, effect.key)
    assert found is not None
    return found


def test_a_wanted_act_is_pending_and_due_at_once(database: Database) -> None:
    with database.work() as unit:
        wanted = want(unit)

        assert (wanted.state, wanted.wanted, wanted.done, wanted.tries) == (PENDING, "v1", "", 0)
        assert unit.effects.due(NOON) == [wanted]
        assert unit.effects.due(NOON, ["link"]) == [wanted]
        assert unit.effects.due(NOON, ["comment"]) == []
        assert unit.effects.of("link", "jira:1") == [wanted]
        assert unit.effects.find("link", "jira:1", "other") is None


def test_one_claim_holds_until_its_lease_is_over(database: Database) -> None:
    with database.work() as unit:
        wanted = want(unit)

        first = claim(unit, wanted)
        second = claim(unit, wanted, NOON + HOUR / 2)
        third = claim(unit, wanted, NOON + HOUR)

        assert first == wanted
        assert second is None
        assert third is not None
        assert (third.state, third.tries, third.claimed_until) == (CLAIMED, 1, NOON + HOUR)


def test_a_settled_act_is_done_until_other_content_is_wanted(database: Database) -> None:
    with database.work() as unit:
        wanted = want(unit)
        claim(unit, wanted)
        unit.effects.settle(wanted.id, DONE, NOON, result="link 7", done="v1")

        same, due = want(unit), unit.effects.due(NOON)
        other = want(unit, "v2", now=NOON + HOUR)

        assert (same.state, same.done, same.result, same.done_at) == (DONE, "v1", "link 7", NOON)
        assert due == []
        assert (other.state, other.wanted, other.done, other.result) == (PENDING, "v2", "v1", "link 7")
        assert other.next_at == NOON + HOUR


def test_content_that_changed_during_the_call_is_wanted_again(database: Database) -> None:
    with database.work() as unit:
        wanted = want(unit)
        claim(unit, wanted)
        during = want(unit, "v2")
        unit.effects.settle(wanted.id, DONE, NOON + HOUR, done="v1")

        after = read(unit, wanted)

    assert during.state is CLAIMED
    assert (after.state, after.wanted, after.done, after.next_at) == (PENDING, "v2", "v1", NOON + HOUR)


def test_a_failed_act_waits_for_its_time_and_keeps_what_it_knows(database: Database) -> None:
    with database.work() as unit:
        wanted = want(unit)
        claim(unit, wanted)
        unit.effects.settle(wanted.id, UNCERTAIN, NOON, result="7", next_at=NOON + HOUR, note="jira: lost")

        early, late = claim(unit, wanted, NOON + HOUR / 2), claim(unit, wanted, NOON + HOUR)

        assert early is None
        assert late is not None
        assert (late.state, late.result, late.note, late.tries) == (UNCERTAIN, "7", "jira: lost", 1)


def test_what_is_uncertain_stays_so_when_other_content_is_wanted(database: Database) -> None:
    with database.work() as unit:
        wanted = want(unit)
        unit.effects.settle(wanted.id, UNCERTAIN, NOON, next_at=NOON)

        again = want(unit, "v2")

    assert (again.state, again.wanted) == (UNCERTAIN, "v2")


def test_what_is_parked_is_looked_up_and_tried_with_other_content_only(database: Database) -> None:
    with database.work() as unit:
        wanted = want(unit)
        unit.effects.settle(wanted.id, PARKED, NOON, next_at=NOON)

        same = want(unit, now=NOON + HOUR)
        other = want(unit, "v2", now=NOON + HOUR)

    assert same.state is PARKED
    assert (other.state, other.wanted, other.next_at) == (UNCERTAIN, "v2", NOON + HOUR)


def test_a_targets_parked_acts_are_opened_again(database: Database) -> None:
    with database.work() as unit:
        parked, done = want(unit, key="a"), want(unit, key="b")
        elsewhere = unit.effects.want("link", "jira:2", "a", "v1", NOON)
        for act, state in ((parked, PARKED), (done, DONE), (elsewhere, PARKED)):
            unit.effects.settle(act.id, state, NOON)

        unit.effects.reopen("jira:1", NOON + HOUR)

        states = [read(unit, act).state for act in (parked, done, elsewhere)]
        due = [act.id for act in unit.effects.due(NOON + HOUR)]

    assert states == [UNCERTAIN, DONE, PARKED]
    assert due == [parked.id]


def test_a_worker_whose_claim_was_taken_over_settles_nothing(database: Database) -> None:
    with database.work() as unit:
        wanted = want(unit)
        claim(unit, wanted)
        claim(unit, wanted, NOON + HOUR)

        late = unit.effects.settle(wanted.id, PENDING, NOON + HOUR, next_at=NOON, held_until=NOON + HOUR)
        extended = unit.effects.extend(wanted.id, NOON + HOUR, NOON + 3 * HOUR)
        between = read(unit, wanted)
        own = unit.effects.settle(wanted.id, DONE, NOON + HOUR, result="7", held_until=NOON + 2 * HOUR)

    assert (late, extended, own) == (False, False, True)
    assert (between.state, between.claimed_until) == (CLAIMED, NOON + 2 * HOUR)


def test_a_claim_that_is_extended_holds_for_longer(database: Database) -> None:
    with database.work() as unit:
        wanted = want(unit)
        claim(unit, wanted)

        extended = unit.effects.extend(wanted.id, NOON + HOUR, NOON + 2 * HOUR)

        assert extended
        assert claim(unit, wanted, NOON + HOUR) is None
        assert unit.effects.settle(wanted.id, DONE, NOON, held_until=NOON + 2 * HOUR)


def test_a_claim_given_back_is_as_uncertain_as_it_was(database: Database) -> None:
    with database.work() as unit:
        fresh, doubtful, lapsed = (want(unit, key=key) for key in "abc")
        unit.effects.settle(doubtful.id, UNCERTAIN, NOON, next_at=NOON)
        claim(unit, lapsed, NOON - HOUR)
        unit.effects.settle(lapsed.id, PENDING, NOON, next_at=NOON - HOUR)
        claim(unit, lapsed, NOON - HOUR)
        for wanted in (fresh, doubtful, lapsed):
            assert claim(unit, wanted) is not None
            unit.effects.release(wanted.id, NOON)

        states = [read(unit, wanted).state for wanted in (fresh, doubtful, lapsed)]
        tries = read(unit, fresh).tries

    assert states == [PENDING, UNCERTAIN, UNCERTAIN]
    assert tries == 0


def test_the_first_time_that_an_act_was_done_is_what_counts(database: Database) -> None:
    with database.work() as unit:
        wanted = want(unit)
        unit.effects.settle(wanted.id, DONE, NOON, done="v1")
        want(unit, "v2")
        unit.effects.settle(wanted.id, DONE, NOON + HOUR, done="v2")
        want(unit, key="never done")

        assert read(unit, wanted).done_at == NOON + HOUR
        assert unit.effects.done_between("link", "jira:1", NOON, NOON + HOUR) == 1
        assert unit.effects.done_between("link", "jira:1", NOON + HOUR, NOON + 2 * HOUR) == 0
        assert unit.effects.counts() == {("link", DONE): 1, ("link", PENDING): 1}


def test_acts_come_due_oldest_first(database: Database) -> None:
    with database.work() as unit:
        late = want(unit, key="late", now=NOON)
        early = want(unit, key="early", now=NOON - HOUR)
        want(unit, key="later", now=NOON + HOUR)

        assert unit.effects.due(NOON) == [early, late]
        assert unit.effects.due(NOON, limit=1) == [early]


def test_only_pending_acts_are_postponed(database: Database) -> None:
    with database.work() as unit:
        pending, claimed = want(unit, key="a"), want(unit, key="b")
        claim(unit, claimed)

        unit.effects.postpone([pending.id, claimed.id], NOON + HOUR)

        assert read(unit, pending).next_at == NOON + HOUR
        assert read(unit, claimed).next_at == NOON
