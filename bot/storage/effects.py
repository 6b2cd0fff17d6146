"""The ledger of outward acts. Each change is one statement with its condition: two workers never both act."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime
from functools import cache
from typing import Any

from sqlalchemy import ColumnElement, Connection, Row, and_, bindparam, case, func, or_, select, update

from bot.domain.effect import Effect, EffectState
from bot.storage.claims import Claims
from bot.storage.ids import any_of
from bot.storage.sql import inserts
from bot.storage.tables import effect

_FIND = select(effect).where(
    effect.c.kind == bindparam("kind"),
    effect.c.target == bindparam("target"),
    effect.c.key == bindparam("key"),
)
_GET = select(effect).where(effect.c.id == bindparam("id")).with_for_update()
_UNTRIED = {
    "state": EffectState.PENDING,
    "done": "",
    "result": "",
    "tries": 0,
    "claimed_from": "",
    "note": "",
}


def _claimable(now: datetime) -> ColumnElement[bool]:
    return or_(
        and_(effect.c.state.in_((EffectState.PENDING, EffectState.UNCERTAIN)), effect.c.next_at <= now),
        and_(effect.c.state == EffectState.CLAIMED, effect.c.claimed_until <= now),
    )


class SqlEffects:
    """The ledger on SQL."""

    def __init__(self, connection: Connection, claims: Claims) -> None:
        self._connection, self._claims = connection, claims

    def want(self, kind: str, target: str, key: str, wanted: str, now: datetime) -> Effect:
        """Ask for the act with that content hash; see the port."""
        statement = _want(self._connection.dialect.name)
        named = {"kind": kind, "target": target, "key": key, "wanted": wanted, "next_at": now}
        return _effect(self._connection.execute(statement, {**_UNTRIED, **named}).one())

    def find(self, kind: str, target: str, key: str) -> Effect | None:
        """Return the row."""
        named = {"kind": kind, "target": target, "key": key}
        row = self._connection.execute(_FIND, named).one_or_none()
        return _effect(row) if row else None

    def of(self, kind: str, target: str) -> list[Effect]:
        """Return all rows of a kind for a target, by id."""
        query = select(effect).where(effect.c.kind == kind, effect.c.target == target).order_by(effect.c.id)
        return [_effect(row) for row in self._connection.execute(query)]

    def claim(self, effect_id: int, *, until: datetime, now: datetime) -> Effect | None:
        """Take the act for ourselves until then, if it is due; see the port."""
        self._claims.admit()
        before = self._connection.execute(_GET, {"id": effect_id}).one_or_none()
        if before is None:
            return None
        was_claimed = effect.c.state == EffectState.CLAIMED
        taken = self._connection.execute(
            update(effect)
            .where(effect.c.id == effect_id, _claimable(now))
            .values(
                state=EffectState.CLAIMED,
                claimed_until=until,
                claimed_from=case((was_claimed, EffectState.UNCERTAIN.value), else_=effect.c.state),
                tries=effect.c.tries + 1,
            )
        )
        if taken.rowcount != 1:
            return None
        self._claims.hold(effect_id, until)
        return _effect(before)

    def settle(
        self,
        effect_id: int,
        state: EffectState,
        now: datetime,
        *,
        result: str | None = None,
        done: str | None = None,
        next_at: datetime | None = None,
        note: str = "",
        held_until: datetime | None = None,
    ) -> bool:
        """Close the claim, unless another took it over; see the port."""
        values: dict[str, Any] = {
            "state": state.value,
            "claimed_until": None,
            "claimed_from": "",
            "note": note,
        }
        if result is not None:
            values["result"] = result
        if next_at is not None:
            values["next_at"] = next_at
        if state is EffectState.DONE:
            values |= _done(done, now)
        self._claims.drop(effect_id)
        its = effect.c.id == effect_id if held_until is None else _held(effect_id, held_until)
        return self._connection.execute(update(effect).where(its).values(**values)).rowcount == 1

    def extend(self, effect_id: int, held_until: datetime, until: datetime) -> bool:
        """Let the caller's claim end later; False where it was taken over."""
        self._claims.hold(effect_id, until)
        later = update(effect).where(_held(effect_id, held_until)).values(claimed_until=until)
        return self._connection.execute(later).rowcount == 1

    def reopen(self, target: str, now: datetime) -> None:
        """Let the target's PARKED acts be looked up and tried again."""
        parked = and_(effect.c.target == target, effect.c.state == EffectState.PARKED)
        again = {"state": EffectState.UNCERTAIN.value, "next_at": now, "tries": 0}
        self._connection.execute(update(effect).where(parked).values(**again))

    def release(self, effect_id: int, now: datetime) -> None:
        """Give a claim back untouched: nothing was sent. It is as due, and as uncertain, as it was."""
        self._claims.drop(effect_id)
        self._connection.execute(
            update(effect)
            .where(effect.c.id == effect_id, effect.c.state == EffectState.CLAIMED)
            .values(
                state=effect.c.claimed_from, claimed_from="", claimed_until=None, tries=effect.c.tries - 1
            )
        )

    def postpone(self, effect_ids: Sequence[int], next_at: datetime) -> None:
        """Let PENDING rows wait until then; others stay as they are."""
        waiting = and_(any_of(effect.c.id, effect_ids), effect.c.state == EffectState.PENDING)
        self._connection.execute(update(effect).where(waiting).values(next_at=next_at))

    def due(self, now: datetime, kinds: Sequence[str] = (), *, limit: int = 200) -> list[Effect]:
        """Return rows that may be claimed now, oldest next_at first."""
        query = select(effect).where(_claimable(now))
        if kinds:
            query = query.where(effect.c.kind.in_(kinds))
        rows = self._connection.execute(query.order_by(effect.c.next_at, effect.c.id).limit(limit))
        return [_effect(row) for row in rows]

    def done_between(self, kind: str, target: str, start: datetime, end: datetime) -> int:
        """Return how many acts of a kind for a target were first done in [start, end)."""
        query = select(func.count()).where(
            effect.c.kind == kind,
            effect.c.target == target,
            effect.c.first_done_at >= start,
            effect.c.first_done_at < end,
        )
        return self._connection.execute(query).scalar_one()

    def counts(self) -> Mapping[tuple[str, EffectState], int]:
        """Return the number of rows by kind and state."""
        query = select(effect.c.kind, effect.c.state, func.count()).group_by(effect.c.kind, effect.c.state)
        return {(kind, EffectState(state)): count for kind, state, count in self._connection.execute(query)}


def give_up(connection: Connection, held: Mapping[int, datetime], next_at: datetime) -> int:
    """Let others look up and do, from next_at on, what is claimed until these times; return how many acts."""
    doubtful = {
        "state": EffectState.UNCERTAIN.value,
        "claimed_from": "",
        "claimed_until": None,
        "next_at": next_at,
    }
    changes = (
        update(effect).where(_held(number, until)).values(**doubtful) for number, until in held.items()
    )
    return sum(connection.execute(change).rowcount for change in changes)


@cache
def _want(dialect: str) -> Any:
    """Return the statement, built once: building costs more than running it."""
    statement = inserts(dialect)(effect)
    new = statement.excluded
    is_stale = and_(effect.c.state == EffectState.DONE, effect.c.done != new.wanted)
    is_another = and_(effect.c.state == EffectState.PARKED, effect.c.wanted != new.wanted)
    begins_anew = or_(is_stale, is_another)
    again = {
        "wanted": new.wanted,
        "state": case(
            (is_stale, EffectState.PENDING.value),
            (is_another, EffectState.UNCERTAIN.value),
            else_=effect.c.state,
        ),
        "next_at": case((begins_anew, new.next_at), else_=effect.c.next_at),
        "tries": case((begins_anew, 0), else_=effect.c.tries),
    }
    return statement.on_conflict_do_update(index_elements=["kind", "target", "key"], set_=again).returning(
        effect
    )


def _held(effect_id: int, until: datetime) -> ColumnElement[bool]:
    """Whether it is still the claim that was made until then: a take-over's claim always ends later."""
    return and_(
        effect.c.id == effect_id, effect.c.state == EffectState.CLAIMED, effect.c.claimed_until == until
    )


def _done(done: str | None, now: datetime) -> dict[str, Any]:
    settled = effect.c.wanted if done is None else bindparam("settled", done)
    is_stale = effect.c.wanted != settled
    at, first = (bindparam(name, now, effect.c.next_at.type) for name in ("at", "first"))
    return {
        "state": case((is_stale, EffectState.PENDING.value), else_=EffectState.DONE.value),
        "next_at": case((is_stale, at), else_=effect.c.next_at),
        "done": settled,
        "done_at": now,
        "first_done_at": func.coalesce(effect.c.first_done_at, first),
        "tries": 0,
    }


def _effect(row: Row[Any]) -> Effect:
    return Effect(
        id=row.id,
        kind=row.kind,
        target=row.target,
        key=row.key,
        state=EffectState(row.state),
        wanted=row.wanted,
        done=row.done,
        result=row.result,
        tries=row.tries,
        next_at=row.next_at,
        first_done_at=row.first_done_at,
        done_at=row.done_at,
        claimed_until=row.claimed_until,
        note=row.note,
    )
