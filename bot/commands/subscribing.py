"""The channels that the routes name for digests are subscribed once, whoever names them how."""

from __future__ import annotations

import logging
from collections.abc import Mapping, Sequence
from datetime import timedelta

from bot.app import Bot
from bot.domain.scope import Scope
from bot.errors import IntegrationError, NotFoundError
from bot.ports import Messenger, Task

log = logging.getLogger(__name__)

SUBSCRIBE = Task(name="subscribe", key="subscribe")
AGAIN = timedelta(minutes=1)
NAME = "weekly"


def subscribe(bot: Bot, arguments: Mapping[str, str]) -> None:
    """Do the task SUBSCRIBE: subscribe the routed channels, later where the chat does not answer now."""
    try:
        subscribe_routed_channels(bot)
    except IntegrationError as exc:
        log.warning("routed channels not subscribed", extra={"error": str(exc)})
        bot.queue.submit(SUBSCRIBE, not_before=bot.clock.now() + AGAIN)


def subscribe_routed_channels(bot: Bot) -> None:
    """Subscribe each channel that a route names for digests and that has no subscription yet.

    Under its id, as `/voc digest schedule` does: under its name too, it would get every digest twice.
    Raises IntegrationError while the chat can't tell the id of a name.
    """
    from bot.engine.cron import next_time

    chosen, routes = bot.settings.digest, bot.rules.routes.routes
    ids = {named: _id_of(bot.messenger, named) for route in routes for named in route.digest_channels}
    with bot.work() as unit:
        for channel in dict.fromkeys(ids.values()):
            names = {channel, *(_as_name(named) for named, found in ids.items() if found == channel)}
            if any(unit.subscriptions.find(name, NAME) for name in names):
                continue
            projects = [
                r.projects for r in routes if any(ids[named] == channel for named in r.digest_channels)
            ]
            unit.subscriptions.put(
                channel,
                NAME,
                cron=chosen.cron,
                zone=chosen.zone,
                scope=Scope(projects=_all_of(projects)),
                next_at=next_time(chosen.cron, chosen.zone, bot.clock.now()),
            )
        unit.commit()


def _id_of(messenger: Messenger, named: str) -> str:
    """Return the channel's id; where there is none, its name, so that the digest is seen to fail."""
    try:
        return messenger.channel_id(named)
    except NotFoundError:
        log.warning("routed channel not found", extra={"channel": named})
        return _as_name(named)


def _all_of(projects: Sequence[Sequence[str]]) -> tuple[str, ...]:
    """Return the routes' projects; none, which is all, where one names none."""
    return tuple(sorted({key for keys in projects for key in keys})) if all(projects) else ()


def _as_name(named: str) -> str:
    return f"#{named.removeprefix('#')}"
