"""A source that fails tells its owner channel once, and once more when it recovers."""

from __future__ import annotations

import logging
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from bot.domain.digest import Subscription
from bot.domain.effect import Effect
from bot.domain.message import Notice, content_hash
from bot.domain.route import Rules
from bot.errors import AccessError, IntegrationError, TransientError
from bot.i18n import forms, t
from bot.ports import Clock, Messenger
from bot.repositories import SourceHealth, Work
from bot.services.outward import Act, Outcome, perform
from integrations.slack.blocks.words import called

log = logging.getLogger(__name__)

BLIPS = 3  # failures in a row before a fault that may pass by itself is told
LOOK_BACK = timedelta(days=30)


@dataclass(frozen=True, slots=True)
class Watch:
    """What telling needs. messenger: None where no chat is set up."""

    work: Work
    clock: Clock
    rules: Rules
    messenger: Messenger | None


def tell_of(watch: Watch, name: str, fault: IntegrationError | None) -> None:
    """Tell the source's owner channel of a new fault, or with None that a told one is over."""
    with watch.work() as unit:
        health = unit.sources.get(name)
    if fault is not None:
        facts = {"source": name, "failures": health.failures, "error": type(fault).__name__}
        log.warning("source failed", extra=facts)
    channel = owner_channel(watch.rules, name)
    if watch.messenger is None or not channel or not _is_news(health, fault):
        return
    notice, since = Notice(_words(health, fault)), _moment(health, fault)
    key = f"source:{name}:{'failed' if fault else 'recovered'}:{since.isoformat() if since else 'never'}"
    told = tell(watch, watch.messenger, channel, notice, key, since or watch.clock.now() - LOOK_BACK)
    if told is Outcome.DONE:
        with watch.work() as unit:
            unit.sources.told(name, watch.clock.now() if fault else None)
            unit.commit()


def tell_of_digest(watch: Watch, subscription: Subscription, fault: IntegrationError) -> None:
    """Tell the owner channel, once for each time that it is due, that a digest can't be posted."""
    if watch.messenger is None:
        return
    routes = watch.rules.routes.routes
    own = [r for r in routes if subscription.channel in ids_of(watch.messenger, r.digest_channels)]
    channel = next((r.owner_channel for r in [*own, *routes] if r.owner_channel), "")
    if not channel:
        return
    due_at = subscription.next_at or watch.clock.now()
    name = watch.messenger.channel_name(subscription.channel)
    failed = t("⚠ The digest for {channel} could not be posted: {fault}.", channel=name, fault=fault)
    notice = Notice(failed + _remedy(fault))
    key = f"digest:{subscription.id}:failed:{due_at.isoformat()}"
    tell(watch, watch.messenger, channel, notice, key, due_at)


def ids_of(messenger: Messenger, channels: Sequence[str]) -> list[str]:
    """Return the channels' ids, without those that are not to be found."""
    found = []
    for channel in channels:
        try:
            found.append(messenger.channel_id(channel) if channel else "")
        except IntegrationError:
            continue
    return [one for one in found if one]


def owner_channel(rules: Rules, name: str) -> str:
    """Return the owner channel of the first route that names the source, else of the first that has one."""
    routes = [r for r in rules.routes.routes if r.owner_channel]
    own = [r for r in routes if r.source == name]
    return next((r.owner_channel for r in [*own, *routes]), "")


def _is_news(health: SourceHealth, fault: IntegrationError | None) -> bool:
    if fault is None:
        return health.told_at is not None
    may_pass = isinstance(fault, TransientError) and health.failures < BLIPS
    return health.told_at is None and not may_pass


def tell(
    watch: Watch, messenger: Messenger, channel: str, notice: Notice, key: str, since: datetime
) -> Outcome:
    """Post the notice and return what became of it. A repeat after a kill finds it done."""

    def do(effect: Effect) -> str:
        if effect.result:
            return effect.result
        ref = messenger.post(channel, notice, key=key)
        return ref.address

    def find(effect: Effect) -> str | None:
        ref = messenger.find(channel, key, since=since)
        return ref.address if ref else None

    act = Act(kind="notice", target=channel, key=key, wanted=content_hash(notice), do=do, find=find)
    return perform(watch.work, watch.clock, act).outcome


def _words(health: SourceHealth, fault: IntegrationError | None) -> str:
    if fault is None:
        return t("{source} answers again. What was said meanwhile is being read.", source=called(health.name))
    facts = {"source": called(health.name), "fault": str(fault).removeprefix(f"{health.name}: ")}
    failed = t("⚠ {source} could not be read: {fault}.", **facts)
    if health.last_success_at:
        since = f"{forms.moment(health.last_success_at)} (UTC)"
        failed = t("⚠ {source} could not be read since {since}: {fault}.", since=since, **facts)
    return failed + _remedy(fault) + " " + t("Digests say so until it recovers.")


def _remedy(fault: IntegrationError) -> str:
    helps = fault.remedy if isinstance(fault, AccessError) else ""
    return " " + t("What helps: {remedy}.", remedy=t(helps)) if helps else ""


def _moment(health: SourceHealth, fault: IntegrationError | None) -> datetime | None:
    """Return what a notice is about: the last success before a failure, or when the failure was told."""
    return health.last_success_at if fault else health.told_at
