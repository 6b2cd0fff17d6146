"""Tasks about digests beside the due ones: asked for, put right, and alerts in between."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import timedelta
from typing import TYPE_CHECKING

from bot.services.alerts import tell_of_rising
from bot.services.corrections import correct_marked
from bot.services.outward import Outcome
from bot.services.publish import period_of, publish_now
from handlers import tasks

if TYPE_CHECKING:
    from handlers.jobs import Workshop

AGAIN = timedelta(minutes=1)


def digest_now(shop: Workshop, arguments: Mapping[str, str]) -> None:
    """Bring out what a person asked for, unless its period has become another by now."""
    if shop.publisher is None:
        return
    with shop.work() as unit:
        subscription = unit.subscriptions.get(int(arguments["subscription"]))
    period = period_of(subscription, shop.clock.now())
    if period.first.isoformat() != arguments["first"]:
        return
    published = publish_now(shop.publisher, subscription)
    if published.outcome in (Outcome.LATER, Outcome.BUSY):
        shop.queue.submit(tasks.digest_now(subscription, period), not_before=shop.clock.now() + AGAIN)


def alerts(shop: Workshop, arguments: Mapping[str, str]) -> None:
    """Tell of themes that rise; what could not be told is tried again soon, or when quiet hours are over."""
    if shop.publisher and (again := tell_of_rising(shop.publisher)):
        shop.queue.submit(tasks.ALERTS, not_before=again)


def correct(shop: Workshop, arguments: Mapping[str, str]) -> None:
    """Put right what was told."""
    if shop.publisher:
        correct_marked(shop.publisher)
