"""The ledger of outward acts keeps its rules in any order of events."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta
from itertools import count

from hypothesis import settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, invariant, rule, run_state_machine_as_test

from bot.domain.effect import EffectState
from bot.storage.database import Database
from tests.storage.rows import NOON

PENDING, CLAIMED, DONE = EffectState.PENDING, EffectState.CLAIMED, EffectState.DONE
UNCERTAIN, PARKED = EffectState.UNCERTAIN, EffectState.PARKED


@dataclass
class Known:
    """What the ledger must say of one act. was: the state that a claim was made in."""

    state: EffectState
    wanted: str
    next_at: datetime
    done: str = ""
    until: datetime = NOON
    was: EffectState = PENDING

    def is_due(self, now: datetime) -> bool:
        if self.state is CLAIMED:
            return self.until <= now
        return self.state in (PENDING, UNCERTAIN) and self.next_at <= now


class Ledger(RuleBasedStateMachine):
    """Any order of wants, claims, settlements and time, against a few lines that say what must come of it."""

    _targets = count()

    def __init__(self, database: Database) -> None:
        super().__init__()
        self.database = database

    @initialize()
    def begin(self) -> None:
        self.now = NOON
        self.kind = f"kind {next(self._targets)}"
        self.acts: dict[str, Known] = {}
        self.ids: dict[str, int] = {}

    @rule(key=st.sampled_from("ab"), wanted=st.sampled_from(["v1", "v2"]))
    def want(self, key: str, wanted: str) -> None:
        with self.database.work() as unit:
            self.ids[key] = unit.effects.want(self.kind, "t", key, wanted, self.now).id
            unit.commit()
        act = self.acts.setdefault(key, Known(PENDING, wanted, self.now))
        if act.state is PARKED and act.wanted != wanted:
            act.state, act.next_at = UNCERTAIN, self.now
        act.wanted = wanted
        if act.state is DONE and act.done != wanted:
            act.state, act.next_at = PENDING, self.now

    @rule(key=st.sampled_from("ab"), minutes=st.integers(1, 90))
    def claim(self, key: str, minutes: int) -> None:
        if key not in self.acts:
            return
        act, until = self.acts[key], self.now + timedelta(minutes=minutes)
        with self.database.work() as unit:
            taken = unit.effects.claim(self.ids[key], until=until, now=self.now)
            unit.commit()
        assert (taken is not None) == act.is_due(self.now)
        if taken is not None:
            assert taken.state is act.state
            act.was = UNCERTAIN if act.state is CLAIMED else act.state
            act.state, act.until = CLAIMED, until

    @rule(
        key=st.sampled_from("ab"),
        state=st.sampled_from([PENDING, DONE, UNCERTAIN, PARKED]),
        done=st.sampled_from([None, "v1", "v2"]),
        wait=st.integers(0, 90),
    )
    def settle(self, key: str, state: EffectState, done: str | None, wait: int) -> None:
        act = self.acts.get(key)
        if act is None or act.state is not CLAIMED:
            return
        next_at = None if state is DONE else self.now + timedelta(minutes=wait)
        with self.database.work() as unit:
            unit.effects.settle(self.ids[key], state, self.now, done=done, next_at=next_at)
            unit.commit()
        act.state, act.next_at = state, next_at or act.next_at
        if state is DONE:
            act.done = act.wanted if done is None else done
            if act.done != act.wanted:
                act.state, act.next_at = PENDING, self.now

    @rule(key=st.sampled_from("ab"))
    def release(self, key: str) -> None:
        act = self.acts.get(key)
        if act is None or act.state is not CLAIMED:
            return
        with self.database.work() as unit:
            unit.effects.release(self.ids[key], self.now)
            unit.commit()
        act.state = act.was

    @rule(minutes=st.integers(1, 60))
    def time_passes(self, minutes: int) -> None:
        self.now += timedelta(minutes=minutes)

    @invariant()
    def the_ledger_says_what_came_of_it(self) -> None:
        with self.database.reading() as unit:
            rows = unit.effects.of(self.kind, "t")
            due = {row.key for row in unit.effects.due(self.now, [self.kind])}
        stored = {row.key: (row.state, row.wanted, row.done, row.next_at) for row in rows}
        assert stored == {k: (a.state, a.wanted, a.done, a.next_at) for k, a in self.acts.items()}
        assert due == {key for key, act in self.acts.items() if act.is_due(self.now)}


def test_the_ledger_follows_its_rules_in_any_order(database: Database) -> None:
    run_state_machine_as_test(
        lambda: Ledger(database),  # type: ignore[arg-type] # a factory will do
        settings=settings(max_examples=20, stateful_step_count=20, deadline=None),
    )
