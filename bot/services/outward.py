"""Outward acts, done exactly once: claim and commit, call, settle and commit; look before repeating."""

from __future__ import annotations

import logging
from collections.abc import Callable
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from enum import StrEnum
from typing import Any

from bot.domain.effect import Effect, EffectState
from bot.errors import (
    AccessError,
    AnswerError,
    IntegrationError,
    NotFoundError,
    TransientError,
    UncertainError,
)
from bot.ports import Clock
from bot.repositories import Work

log = logging.getLogger(__name__)

LEASE = timedelta(
    seconds=300
)  # longer than the slowest act: a few calls, each with one short wait and two time-outs
LONGEST_BACKOFF_S = 3600.0
ACCESS_PAUSE_S = 900.0
SETTLING_S = 2.0  # a lost request may still be at work at the vendor: look for its mark only after this


class Outcome(StrEnum):
    """How an act ended for now."""

    DONE = "done"
    LATER = "later"
    PARKED = "parked"
    BUSY = "busy"


@dataclass(frozen=True, slots=True, kw_only=True)
class Act:
    """One outward act.

    do: performs it and returns the vendor's id; the effect's `result` holds the id from last time, "" for a
    first time.
    find: returns the id of what an uncertain first time may have made; None for natural upserts, which are
    simply repeated.
    """

    kind: str
    target: str
    key: str
    wanted: str
    do: Callable[[Effect], str]
    find: Callable[[Effect], str | None] | None = None


@dataclass(frozen=True, slots=True)
class Done:
    """What became of an act. result: the vendor's id where it is known; problem: why not, as an error."""

    outcome: Outcome
    result: str = ""
    problem: IntegrationError | None = None


def perform(work: Work, clock: Clock, act: Act, lease: timedelta = LEASE) -> Done:
    """Do the act unless it is done already, held by another worker or not due yet.

    While all outward acts are stopped none is claimed: it is LATER, and as due as it was.
    """
    with work() as unit:
        effect = unit.effects.want(act.kind, act.target, act.key, act.wanted, clock.now())
        if effect.state is EffectState.DONE and effect.done == act.wanted:
            return Done(Outcome.DONE, effect.result)
        if unit.writes.stopped():
            return Done(Outcome.LATER, effect.result)
        claim = _Claim(work, clock, lease, effect.id, clock.now() + lease)
        before = unit.effects.claim(effect.id, until=claim.until, now=clock.now())
        unit.commit()
    if before is None:
        return Done(Outcome.PARKED if effect.state is EffectState.PARKED else Outcome.BUSY, effect.result)
    return _call(claim, act, before)


def is_stopped(work: Work) -> bool:
    """Return whether all outward acts are stopped, so that there is no use in looking for due ones."""
    with work() as unit:
        return unit.writes.stopped() is not None


@dataclass(slots=True)
class _Claim:
    """An act that is ours. Where another worker took it over meanwhile, what we know of it counts no more."""

    work: Work
    clock: Clock
    lease: timedelta
    effect_id: int
    until: datetime

    def extend(self) -> bool:
        """Begin the lease anew; False where it was taken over."""
        until = self.clock.now() + self.lease
        with self.work() as unit:
            is_ours = unit.effects.extend(self.effect_id, self.until, until)
            unit.commit()
        self.until = until
        return is_ours

    def settle(self, state: EffectState, **facts: Any) -> bool:
        """Close it; False where it was taken over."""
        with self.work() as unit:
            is_ours = unit.effects.settle(
                self.effect_id, state, self.clock.now(), held_until=self.until, **facts
            )
            unit.commit()
        if not is_ours:
            log.warning("claim lost", extra={"effect": self.effect_id, "state": state.value})
        return is_ours


def _call(claim: _Claim, act: Act, before: Effect) -> Done:
    known = before
    try:
        if act.find is not None and _is_doubtful(before):
            known = _looked_up(act.find, before)
            if not claim.extend():  # a look-up can take long
                return Done(Outcome.BUSY, known.result)
        result = act.do(known)
    except IntegrationError as exc:
        return _settle_failure(claim, known, exc)
    is_ours = claim.settle(EffectState.DONE, result=result, done=act.wanted)
    return Done(Outcome.DONE if is_ours else Outcome.BUSY, result)


def _is_doubtful(before: Effect) -> bool:
    return not before.result and before.state in (EffectState.UNCERTAIN, EffectState.CLAIMED)


def _looked_up(find: Callable[[Effect], str | None], before: Effect) -> Effect:
    """Return the effect with the id of what an earlier, uncertain try made, if it made anything."""
    try:
        found = find(before)
    except IntegrationError as exc:
        # Nothing was written this time, but the earlier doubt stands.
        raise UncertainError(exc.vendor, exc.doing, "could not look it up") from exc
    return replace(before, result=found) if found else before


def _settle_failure(claim: _Claim, known: Effect, exc: IntegrationError) -> Done:
    state, wait_s = _next_step(exc, known.tries)
    again = claim.clock.now() + timedelta(seconds=wait_s)
    # What a look-up found is kept, or the next try would make it a second time.
    claim.settle(state, result=known.result or None, next_at=again, note=str(exc))
    facts = {"kind": known.kind, "key": known.key, "state": state.value, "error": type(exc).__name__}
    log.warning("outward act failed", extra=facts)
    return Done(Outcome.PARKED if state is EffectState.PARKED else Outcome.LATER, known.result, exc)


def _next_step(exc: IntegrationError, tries: int) -> tuple[EffectState, float]:
    backoff_s = min(2.0 ** min(tries + 1, 12), LONGEST_BACKOFF_S)
    match exc:
        case UncertainError():
            return EffectState.UNCERTAIN, max(SETTLING_S, backoff_s)
        case TransientError():
            return EffectState.PENDING, exc.retry_after_s if exc.retry_after_s is not None else backoff_s
        case AccessError():
            return EffectState.PENDING, ACCESS_PAUSE_S
        case NotFoundError() | AnswerError():
            return EffectState.PARKED, 0.0
        case _:
            return EffectState.PARKED, 0.0
