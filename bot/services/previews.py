"""A digest looked at before it is told: nothing is posted, and its lists show the same numbers."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta

from bot.domain.digest import PREVIEW, DigestSnapshot, Subscription
from bot.services.publish import Publisher, built_now, period_of
from bot.services.withdrawn import without_any_words

KEPT_FOR = timedelta(days=7)  # by then hardly anybody has the answer before them still


def preview(publisher: Publisher, subscription: Subscription) -> DigestSnapshot:
    """Return the digest that the last whole period has, else would have now; nothing is posted.

    What was told of the same scope is read as it was told. What is built is kept without anybody's words,
    for the lists behind its numbers.
    """
    period = period_of(subscription, publisher.clock.now())
    with publisher.reading() as unit:
        told = unit.subscriptions.snapshot(subscription.id, period)
        if told is not None and told.scope == subscription.scope:
            return replace(told, language=subscription.language, length=subscription.length)
        built = built_now(publisher, unit, subscription, period)
    snapshot = replace(built.snapshot, revision=PREVIEW)
    with publisher.work() as unit:
        number = unit.previews.save(without_any_words(snapshot), built.lists)
        unit.previews.drop(snapshot.built_at - KEPT_FOR)  # after: SQLite gives a last row's number again
        unit.commit()
    return replace(snapshot, subscription_id=number)
