"""Channels that shut or open: heard of by events or by a refusal, told once where it can be read."""

from __future__ import annotations

import logging
from collections.abc import Iterator, Mapping, Set
from typing import Any

from bot.domain.channel import ChannelTrouble
from bot.domain.message import Notice
from bot.i18n import later, t
from bot.ports import Messenger
from bot.repositories import UnitOfWork
from bot.services.outward import Outcome
from handlers.context import Context
from handlers.events import place as place_of
from handlers.interaction import Interaction
from handlers.outages import Watch, ids_of, tell
from handlers.tasks import CARDS, CHANNELS
from integrations.slack.client import is_direct
from integrations.slack.gate import LOOK_EVERY, NO_SUCH, SHARED, open_again

log = logging.getLogger(__name__)

# What an event makes of its channel: Slack's word for the refusal that a post would get.
SHUTS: Mapping[str, str] = {
    "channel_archive": "is_archived",
    "group_archive": "is_archived",
    "channel_deleted": "channel_not_found",
    "group_deleted": "channel_not_found",
    "channel_left": "not_in_channel",
    "group_left": "not_in_channel",
    "member_left_channel": "not_in_channel",
}
OPENS = frozenset({"channel_unarchive", "group_unarchive", "member_joined_channel"})
RENAMES = frozenset({"channel_rename", "group_rename"})
OF_MEMBERS = frozenset({"member_left_channel", "member_joined_channel"})
WHY: Mapping[str, str] = {
    "is_archived": later("it is archived. Unarchive it, or choose another channel"),
    "is_inactive": later("it is archived. Unarchive it, or choose another channel"),
    "not_in_channel": later("Voc is not in it. Type /invite @voc there"),
    "channel_not_found": later("it is deleted, or private and Voc not in it. Type /invite @voc there"),
    NO_SUCH: later(
        "there is none of that name. Put its new name or its id into the settings; in a private one type "
        "/invite @voc"
    ),
    SHARED: later(
        "people of another organisation read it now. Let only your own read it, or name it in the settings"
    ),
}
SHUT = later("⚠ Voc can’t post in {channel}: {why}. What is for it waits and goes out by itself then.")
OPEN = later("Voc can post in {channel} again. What waited for it goes out now.")
RENAMED = later(
    "The channel {id} is now called #{name}. Voc goes on there. If the settings have its old name, put the "
    "new one there, or its id."
)


def concerns(context: Context, body: Mapping[str, Any]) -> bool:
    """Return whether it is of a channel that Voc posts to; of members, whether it is of Voc itself."""
    event = body["event"]
    bots = {one.get("user_id") for one in body.get("authorizations") or [] if one.get("is_bot")}
    if event["type"] in OF_MEMBERS and event.get("user") not in bots:
        return False
    return place_of(body) in _used(context)


def changed(context: Context, act: Interaction) -> None:
    """Take note of what became of a channel, and have it told."""
    kind, channel, now = act.body["event"]["type"], act.channel, context.clock.now()
    if kind in RENAMES:
        _renamed(context, act)
        return
    if kind in OPENS:
        if open_again(context.work, context.clock, [channel, *_names(context, channel)]):
            context.queue.submit(CARDS)
    else:
        with context.work() as unit:
            unit.channels.note(channel, SHUTS[kind], now, now + LOOK_EVERY)
            unit.commit()
    context.queue.submit(CHANNELS)


def tell_of_channels(watch: Watch) -> None:
    """Tell of each channel that shut or opened, in the first owner channel that is open, else directly.

    Where nobody can be told, the log and the status say so.
    """
    with watch.work() as unit:
        untold, shut = unit.channels.untold(), {trouble.channel for trouble in unit.channels.all()}
    for trouble in untold:
        if watch.messenger is None or not _tell(watch, watch.messenger, trouble, shut):
            facts = {"channel": trouble.channel, "reason": trouble.reason, "is_over": bool(trouble.back_at)}
            log.warning("channel trouble told to nobody", extra=facts)
        with watch.work() as unit:
            unit.channels.told(trouble.channel, watch.clock.now())
            unit.commit()


def _tell(watch: Watch, messenger: Messenger, trouble: ChannelTrouble, shut: Set[str]) -> bool:
    """Return whether somebody could be told."""
    name, at = messenger.channel_name(trouble.channel), trouble.back_at or trouble.since
    said = t(SHUT, channel=name, why=t(WHY[trouble.reason]))
    if trouble.back_at:
        said = t(OPEN, channel=name)
    key = f"channel:{trouble.channel}:{'open' if trouble.back_at else trouble.reason}:{at.isoformat()}"
    places = [place for place in _places(watch, messenger, trouble.channel) if place not in shut]
    return any(tell(watch, messenger, place, Notice(said), key, at) is Outcome.DONE for place in places)


def _places(watch: Watch, messenger: Messenger, channel: str) -> Iterator[str]:
    """Yield where it can be read: owner channels, those of routes that use it first, then who subscribed."""
    routes = watch.rules.routes.routes
    own = [r for r in routes if channel in ids_of(messenger, [*r.digest_channels, r.owner_channel])]
    found = [r.owner_channel for r in [*own, *routes] if r.owner_channel]
    for place in dict.fromkeys(found):
        if channel not in (place, *ids_of(messenger, [place])):
            yield place
    with watch.work() as unit:
        subscribed = _subscribed(unit)
    yield from sorted(place for place in subscribed - {channel} if is_direct(place))


def _renamed(context: Context, act: Interaction) -> None:
    event, messenger = act.body["event"], context.presenter.messenger
    watch = Watch(context.work, context.clock, context.rules, messenger)
    channel, name = act.channel, str(event["channel"]["name"])
    before = next(iter(_names(context, channel)), channel)
    said = t(RENAMED, id=before, name=name)
    key = f"channel:{channel}:renamed:{act.body['event_id']}"
    for place in ids_of(messenger, [r.owner_channel for r in context.rules.routes.routes if r.owner_channel]):
        tell(watch, messenger, place, Notice(said), key, context.clock.now())
        return


def _used(context: Context) -> set[str]:
    """Return the ids of the channels that settings and subscriptions name."""
    with context.reading() as unit:
        subscribed = _subscribed(unit)
    return subscribed | set(ids_of(context.presenter.messenger, context.rules.routes.channels))


def _subscribed(unit: UnitOfWork) -> set[str]:
    """Return the channels to which a digest comes; one that was ended brings nothing, nor news of it."""
    return {one.channel for one in unit.subscriptions.all() if one.next_at is not None}


def _names(context: Context, channel: str) -> list[str]:
    """Return how the settings call the channel."""
    messenger = context.presenter.messenger
    return [name for name in context.rules.routes.channels if channel in ids_of(messenger, [name])]
