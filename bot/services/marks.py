"""Marks: a ticket's annotation, a card, an inbox or a digest must be looked at again, stored with the cause.

A mark is a row of the effect ledger, so it is committed with its cause, survives a kill, and any number of
causes make one run.
"""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime, timedelta
from uuid import uuid4

from bot.domain.effect import Effect, EffectState
from bot.errors import Stopping
from bot.ports import Clock
from bot.repositories import UnitOfWork, Work
from bot.services.outward import LEASE

ANNOTATION = "mark:annotation"
CARD = "mark:card"
INBOX = "mark:inbox"  # its keys are channels
DIGEST = "mark:digest"


def mark(unit: UnitOfWork, kind: str, key: int | str, now: datetime) -> None:
    """Ask for another look, within the caller's transaction: now, also where one was to come later.

    What a piece's card shows anew, the digests that counted the piece may have to tell anew.
    """
    wanted = unit.effects.want(kind, "", str(key), uuid4().hex, now)
    if wanted.state is EffectState.PENDING and wanted.next_at > now:
        unit.effects.postpone([wanted.id], now)
    if kind == CARD:
        for digest_id in unit.subscriptions.counting(int(key)):
            mark(unit, DIGEST, digest_id, now)


def marked(work: Work, kind: str, now: datetime, limit: int = 200) -> list[Effect]:
    """Return what is marked and may be looked at now."""
    with work() as unit:
        return unit.effects.due(now, [kind], limit=limit)


def attend(
    work: Work, clock: Clock, effect: Effect, look: Callable[[str], datetime | None], lease: timedelta = LEASE
) -> bool:
    """Run look(key) under a claim, and clear the mark unless it returns a time for another look.

    Returns False when another worker holds the mark. A new cause during the look leaves it marked. Raises
    Stopping, the mark given back, when the process is about to end.
    """
    until = clock.now() + lease
    with work() as unit:
        before = unit.effects.claim(effect.id, until=until, now=clock.now())
        unit.commit()
    if before is None:
        return False
    try:
        again = look(effect.key)
    except Stopping:
        with work() as unit:
            unit.effects.release(effect.id, clock.now())
            unit.commit()
        raise
    state = EffectState.PENDING if again else EffectState.DONE
    done = None if again else before.wanted
    with work() as unit:
        known = unit.effects.find(effect.kind, effect.target, effect.key)
        if again and known and known.wanted != before.wanted:
            again = clock.now()  # there was a new cause meanwhile, which does not wait
        unit.effects.settle(effect.id, state, clock.now(), done=done, next_at=again, held_until=until)
        unit.commit()
    return True
