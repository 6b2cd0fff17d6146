"""Outward acts happen once, whatever is refused, lost or killed."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from datetime import timedelta

import pytest

from bot.domain.effect import Effect, EffectState
from bot.errors import (
    AccessError,
    AnswerError,
    IntegrationError,
    NotFoundError,
    TransientError,
    UncertainError,
)
from bot.services.outward import ACCESS_PAUSE_S, Act, Outcome, perform
from tests.services.conftest import Store


class Vendor:
    """A vendor that keeps what was made; `fails` are raised before, `loses` after the work."""

    def __init__(self) -> None:
        self.made: list[str] = []
        self.updates = 0
        self.fails: list[IntegrationError] = []
        self.loses: list[IntegrationError] = []
        self.blind: list[IntegrationError] = []

    def do(self, effect: Effect) -> str:
        if self.fails:
            raise self.fails.pop(0)
        if effect.result:
            self.updates += 1
        else:
            self.made.append(f"id{len(self.made) + 1}")
        if self.loses:
            raise self.loses.pop(0)
        return effect.result or self.made[-1]

    def find(self, effect: Effect) -> str | None:
        if self.blind:
            raise self.blind.pop(0)
        return self.made[0] if self.made else None

    def act(self, wanted: str = "a") -> Act:
        return Act(kind="post", target="C1", key="k", wanted=wanted, do=self.do, find=self.find)


def lost() -> UncertainError:
    return UncertainError("slack", "posting")


def run(store: Store, act: Act, times: int = 10, **wait: float) -> Outcome:
    """Perform again and again, an hour apart, until it is done or parked."""
    outcome = Outcome.LATER
    for _ in range(times):
        outcome = perform(store.work, store.clock, act).outcome
        if outcome in (Outcome.DONE, Outcome.PARKED):
            break
        store.clock.advance(**(wait or {"hours": 1}))
    return outcome


def effect_of(store: Store) -> Effect:
    with store.work() as unit:
        effect = unit.effects.find("post", "C1", "k")
    assert effect is not None
    return effect


def test_the_same_content_is_sent_once(store: Store) -> None:
    vendor = Vendor()

    first, again = (perform(store.work, store.clock, vendor.act()) for _ in range(2))

    assert (first, again) == (again, first)
    assert vendor.made == ["id1"]
    assert vendor.updates == 0


def test_new_content_updates_what_was_made(store: Store) -> None:
    vendor = Vendor()
    perform(store.work, store.clock, vendor.act("a"))

    perform(store.work, store.clock, vendor.act("b"))

    assert (vendor.made, vendor.updates) == (["id1"], 1)


def test_an_answer_that_was_lost_is_looked_up_and_never_sent_again(store: Store) -> None:
    vendor = Vendor()
    vendor.loses = [lost()]

    outcome = run(store, vendor.act())

    assert outcome is Outcome.DONE
    assert vendor.made == ["id1"]
    assert effect_of(store).result == "id1"


def test_what_a_look_up_found_is_kept_over_a_failing_update(store: Store) -> None:
    vendor = Vendor()
    vendor.loses = [lost()]
    perform(store.work, store.clock, vendor.act())
    store.clock.advance(hours=1)
    vendor.fails = [TransientError("slack", "updating")]

    outcome = run(store, vendor.act())

    assert outcome is Outcome.DONE
    assert vendor.made == ["id1"]


def test_a_look_up_that_fails_leaves_the_doubt_and_sends_nothing(store: Store) -> None:
    vendor = Vendor()
    vendor.loses = [lost()]
    vendor.blind = [TransientError("slack", "looking"), AccessError("slack", "looking")]

    outcome = run(store, vendor.act())

    assert outcome is Outcome.DONE
    assert vendor.made == ["id1"]


def test_a_claim_whose_worker_died_is_looked_up_when_its_lease_is_over(store: Store) -> None:
    vendor = Vendor()
    with store.work() as unit:
        effect = unit.effects.want("post", "C1", "k", "a", store.clock.now())
        unit.effects.claim(effect.id, until=store.clock.now() + timedelta(minutes=5), now=store.clock.now())
        unit.commit()
    vendor.made = ["id1"]  # the dead worker's call went through

    while_held = perform(store.work, store.clock, vendor.act())
    store.clock.advance(minutes=6)
    after = perform(store.work, store.clock, vendor.act())

    assert while_held.outcome is Outcome.BUSY
    assert (after.outcome, after.result) == (Outcome.DONE, "id1")
    assert vendor.made == ["id1"]


@pytest.mark.parametrize(
    ("error", "state", "wait_s"),
    [
        (lambda: TransientError("jira", "x", retry_after_s=120), EffectState.PENDING, 120),
        (lambda: AccessError("jira", "x"), EffectState.PENDING, ACCESS_PAUSE_S),
        (lambda: NotFoundError("jira", "x"), EffectState.PARKED, 0),
        (lambda: AnswerError("jira", "x"), EffectState.PARKED, 0),
    ],
)
def test_each_error_has_its_next_step(
    store: Store, error: Callable[[], IntegrationError], state: EffectState, wait_s: float
) -> None:
    vendor = Vendor()
    vendor.fails = [error()]

    perform(store.work, store.clock, vendor.act())

    effect = effect_of(store)
    assert effect.state is state
    assert (effect.next_at - store.clock.now()).total_seconds() == wait_s
    assert vendor.made == []


def test_a_refused_act_waits_longer_each_time_and_is_done_in_the_end(store: Store) -> None:
    vendor = Vendor()
    vendor.fails = [TransientError("jira", "x") for _ in range(3)]

    perform(store.work, store.clock, vendor.act())
    first = effect_of(store).next_at - store.clock.now()
    too_early = perform(store.work, store.clock, vendor.act())
    store.clock.advance(minutes=5)
    perform(store.work, store.clock, vendor.act())
    second = effect_of(store).next_at - store.clock.now()

    assert too_early.outcome is Outcome.BUSY
    assert second > first
    assert run(store, vendor.act()) is Outcome.DONE


def test_content_that_changed_during_a_doubt_is_shown_in_the_end(store: Store) -> None:
    vendor = Vendor()
    vendor.loses = [lost()]
    perform(store.work, store.clock, vendor.act("a"))
    store.clock.advance(hours=1)

    outcome = run(store, vendor.act("b"))

    assert outcome is Outcome.DONE
    assert (vendor.made, vendor.updates) == (["id1"], 1)
    assert effect_of(store).done == "b"


def test_a_worker_that_comes_back_after_a_take_over_does_not_undo_what_the_other_did(store: Store) -> None:
    vendor = Vendor()

    def stalls(effect: Effect) -> str:
        store.clock.advance(minutes=6)  # the claim is over: another worker looks, finds nothing, and posts
        perform(store.work, store.clock, vendor.act())
        raise TransientError("slack", "posting")

    late = perform(store.work, store.clock, replace(vendor.act(), do=stalls))

    assert late.outcome is Outcome.LATER
    assert (effect_of(store).state, effect_of(store).result) == (EffectState.DONE, "id1")
    assert run(store, vendor.act()) is Outcome.DONE
    assert vendor.made == ["id1"]


def test_nothing_is_sent_after_a_look_up_that_outlasted_the_claim(store: Store) -> None:
    vendor = Vendor()
    vendor.fails = [lost()]
    perform(store.work, store.clock, vendor.act())
    store.clock.advance(hours=1)

    def searches(effect: Effect) -> str | None:
        store.clock.advance(minutes=6)
        perform(store.work, store.clock, vendor.act())  # another worker takes over, and posts
        return None

    late = perform(store.work, store.clock, replace(vendor.act(), find=searches))

    assert late.outcome is Outcome.BUSY
    assert vendor.made == ["id1"]


def test_a_long_look_up_leaves_the_whole_claim_for_the_call(store: Store) -> None:
    vendor = Vendor()
    vendor.fails = [lost()]
    perform(store.work, store.clock, vendor.act())
    store.clock.advance(hours=1)

    def searches(effect: Effect) -> str | None:
        store.clock.advance(minutes=4)
        return None

    def is_slow(effect: Effect) -> str:
        store.clock.advance(minutes=4)
        assert perform(store.work, store.clock, vendor.act()).outcome is Outcome.BUSY
        return vendor.do(effect)

    outcome = perform(store.work, store.clock, replace(vendor.act(), find=searches, do=is_slow)).outcome

    assert outcome is Outcome.DONE
    assert vendor.made == ["id1"]


def test_a_parked_act_is_tried_again_with_other_content_and_looked_up_first(store: Store) -> None:
    vendor = Vendor()
    vendor.fails = [AnswerError("slack", "posting")]
    perform(store.work, store.clock, vendor.act("a"))

    same = run(store, vendor.act("a"))
    other = run(store, vendor.act("b"))

    assert (same, other) == (Outcome.PARKED, Outcome.DONE)
    assert vendor.made == ["id1"]
