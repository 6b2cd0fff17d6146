"""Themes that rise between digests: one message a theme, kept true in place, opened again, not repeated."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

from bot.domain.digest import Subscription
from bot.domain.effect import Effect
from bot.domain.message import MessageRef, ThemeAlert, content_hash
from bot.domain.period import Period
from bot.domain.scope import Listening
from bot.domain.theme import RISING_WEEKS, Theme, ThemeState, is_rising
from bot.repositories import UnitOfWork
from bot.services.cards import AFTER_A_FAULT
from bot.services.outward import Act, Done, Outcome, perform
from bot.services.publish import Publisher
from bot.services.quiet import quiet_until
from bot.services.quotes import Quoting
from bot.services.reach import reach_among

KIND = "alert"
WEEK = timedelta(days=7)
BETWEEN_CHANGES = timedelta(hours=1)
LOOKED_FOR = timedelta(days=7)  # back, after an answer that was lost
SAMPLE, QUOTE_WORDS = 100, 40


def tell_of_rising(publisher: Publisher) -> datetime | None:
    """Bring every subscription's alerts up to date; return when to look again, None where all is told.

    New ones wait for the end of quiet hours.
    """
    now = publisher.clock.now()
    with publisher.reading() as unit:
        wanted = [one for one in unit.subscriptions.all() if one.alerts]
        quiet = quiet_until(unit, publisher.rules, now)
    running = [one for one in wanted if one.paused_until is None or one.paused_until <= now]
    again = [at for one in running for at in _tell(publisher, one, quiet)]
    return min(filter(None, again), default=None)


def _tell(
    publisher: Publisher, subscription: Subscription, quiet: datetime | None
) -> Iterator[datetime | None]:
    """Yield for each alert when it is to be looked at again. quiet: until when no new one is posted."""
    now = publisher.clock.now()
    with publisher.reading() as unit:
        told = {effect.key: effect for effect in unit.effects.of(KIND, subscription.channel)}
        alerts = list(_alerts(publisher, unit, subscription))
    for alert in alerts:
        key = f"{subscription.name}:theme:{alert.theme_id}"
        known = told.get(key)
        # A theme that never rose is no news; one that did is kept true, though not at every word.
        if known is None and not alert.is_rising:
            continue
        is_fresh = known is not None and known.done_at is not None and now - known.done_at < BETWEEN_CHANGES
        if is_fresh and alert.is_rising:
            continue
        if known is None and quiet:
            yield quiet
            continue
        done = _show(publisher, subscription, key, alert, now)
        yield now + AFTER_A_FAULT if done.outcome in (Outcome.LATER, Outcome.BUSY) else None


def _alerts(publisher: Publisher, unit: UnitOfWork, subscription: Subscription) -> Iterator[ThemeAlert]:
    """Yield each theme as it stands in the last seven days, today among them."""
    within = Listening(scope=subscription.scope, routes=publisher.rules.routes)
    weeks = last_weeks(publisher.clock.now(), subscription.zone)
    heard = unit.telling.themes(within, weeks)
    conversations = unit.telling.conversations(within, weeks)
    for theme in unit.themes.all(list(ThemeState)):
        weekly = heard[theme.id].weekly if theme.id in heard else ()
        is_open = theme.state is ThemeState.LIVING and bool(weekly)
        calm = ThemeAlert(
            theme_id=theme.id,
            name=theme.name,
            is_rising=False,
            zone=subscription.zone,
            language=subscription.language,
        )
        if is_open and is_rising(weekly, conversations):
            yield _rising(unit, within, weeks[-1], theme, calm, weekly)
        else:
            yield calm


def _rising(
    unit: UnitOfWork, within: Listening, week: Period, theme: Theme, calm: ThemeAlert, trend: tuple[int, ...]
) -> ThemeAlert:
    said = unit.hearing.said(within, week, theme_id=theme.id)
    some = unit.telling.sample(within, week, SAMPLE, theme_id=theme.id)
    central = [voice for voice in some if voice.feedback_id in theme.central]
    quote = next(iter(Quoting().take(central or some, 1, QUOTE_WORDS)), None)
    told = replace(calm, is_rising=True, pieces=len(said), reach=reach_among(unit, said))
    return replace(told, trend=trend, quote=quote)


def last_weeks(now: datetime, zone: str) -> list[Period]:
    """Return the nine last times of seven days, the one that ends today last."""
    today = now.astimezone(ZoneInfo(zone)).date()
    latest = Period(today - WEEK + timedelta(days=1), today, zone)
    return [latest.before(n) for n in reversed(range(RISING_WEEKS + 1))]


def _show(
    publisher: Publisher, subscription: Subscription, key: str, alert: ThemeAlert, since: datetime
) -> Done:
    messenger, channel = publisher.messenger, subscription.channel

    def do(effect: Effect) -> str:
        if not effect.result:
            return messenger.post(channel, alert, key=key).address
        messenger.update(MessageRef.at(effect.result), alert, key=key)
        return effect.result

    def find(effect: Effect) -> str | None:
        ref = messenger.find(channel, key, since=since - LOOKED_FOR)
        return ref.address if ref else None

    act = Act(kind=KIND, target=channel, key=key, wanted=content_hash(alert), do=do, find=find)
    return perform(publisher.work, publisher.clock, act, publisher.lease)
