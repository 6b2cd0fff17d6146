"""A subscription's own state: when it begins to count, and what people change of it."""

from __future__ import annotations

from typing import Any

from bot.domain.digest import Subscription
from bot.domain.period import FORTNIGHT, Rhythm
from bot.domain.week import week_of
from bot.repositories import Work
from bot.services.publish import Publisher, next_of


def scheduled(
    work: Work, publisher: Publisher, wanted: Subscription, known: Subscription | None
) -> Subscription:
    """Store the subscription with its schedule, and when it is due next; a pause ends.

    Two weeks are counted from its first period: the first digest comes at the schedule's next time, unless
    the rhythm was the same before, which is then kept.
    """
    now, first = publisher.clock.now(), None
    if wanted.rhythm is Rhythm.FORTNIGHTLY:
        soon = publisher.next_time(wanted.cron, wanted.zone, now)
        first = week_of(soon, wanted.zone).monday - FORTNIGHT
        if known is not None and known.rhythm is Rhythm.FORTNIGHTLY:
            first = known.first_period or first
    with work() as unit:
        stored = unit.subscriptions.put(
            wanted.channel,
            wanted.name,
            cron=wanted.cron,
            zone=wanted.zone,
            scope=wanted.scope,
            next_at=None,
        )
        own = {"rhythm": wanted.rhythm, "first_period": first, "person": wanted.person}
        stored = unit.subscriptions.change(stored.id, **own, paused_until=None)
        stored = unit.subscriptions.change(stored.id, next_at=next_of(publisher, stored, now))
        unit.commit()
    return stored


def change(work: Work, subscription: Subscription, **facts: Any) -> Subscription:
    """Store new facts of the subscription; return it as it is then."""
    with work() as unit:
        changed = unit.subscriptions.change(subscription.id, **facts)
        unit.commit()
    return changed
