"""A digest's buttons: the list behind a number, earlier versions, shorter, longer, pause, change scope."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta

from bot.domain.digest import Length, Subscription
from bot.domain.message import MessageRef
from bot.errors import RequestError
from bot.i18n import t
from bot.services.digest_lists import page_of
from bot.services.subscribing import change
from handlers.commands.digest import lengthened, paused
from handlers.context import Context
from handlers.interaction import Interaction, must_be_new, words
from handlers.roles import must_read
from handlers.subscriptions import described, must_change
from handlers.views import open_view, replace_view
from integrations.slack.blocks.digest_history import VERSIONS
from integrations.slack.blocks.digest_lists import Place, list_view, versions_view
from integrations.slack.blocks.digest_modals import (
    pause_view,
    read_days,
    read_scope,
    read_subscription,
    scope_view,
)
from integrations.slack.blocks.elements import Json

LENGTHS = tuple(Length)


def open_list(context: Context, press: Interaction) -> None:
    """Open what is behind a number, from what was stored with the digest."""
    must_read(context, press)
    open_view(context, press.trigger_id, _view(context, press.value))


def open_from_menu(context: Context, press: Interaction) -> None:
    """Open what was chosen of a digest's menu."""
    must_read(context, press)
    chosen = press.body["actions"][0]["selected_option"]["value"]
    open_view(context, press.trigger_id, _view(context, chosen))


def turn_list(context: Context, press: Interaction) -> None:
    """Show another page, kind or version in the open modal."""
    must_read(context, press)
    replace_view(context, press.body["view"], _view(context, press.value))


def make(step: int) -> Callable[[Context, Interaction], None]:
    """Return what makes digests shorter (-1) or longer (1) from the next one on."""

    def step_length(context: Context, press: Interaction) -> None:
        subscription = _subscription(context, press, press.value)
        must_be_new(context, press)
        place = LENGTHS.index(subscription.length) + step
        if 0 <= place < len(LENGTHS):
            press.reply(words(lengthened(context, subscription, LENGTHS[place])))
        else:
            end = t("It is as long as it gets.") if step > 0 else t("It is as short as it gets.")
            press.reply(words(end))

    return step_length


def open_pause(context: Context, press: Interaction) -> None:
    """Ask for how long no digest should come."""
    subscription = _subscription(context, press, press.value)
    open_view(context, press.trigger_id, pause_view(subscription, _message(press)))


def submit_pause(context: Context, act: Interaction) -> None:
    """Let none come for so long."""
    subscription = _subscription(context, act, str(read_subscription(act.body["view"])))
    must_be_new(context, act)
    act.reply(words(paused(context, subscription, timedelta(days=read_days(act.body["view"])))))


def open_scope(context: Context, press: Interaction) -> None:
    """Ask what the digest should tell of."""
    subscription = _subscription(context, press, press.value)
    with context.reading() as unit:
        known = {kind: unit.hearing.values(kind) for kind, _ in subscription.scope.given}
    open_view(context, press.trigger_id, scope_view(subscription, known, _message(press)))


def submit_scope(context: Context, act: Interaction) -> None:
    """Let the digest tell of what was chosen, from the next one on."""
    subscription = _subscription(context, act, str(read_subscription(act.body["view"])))
    must_be_new(context, act)
    scope = read_scope(act.body["view"], subscription.scope)
    stored = change(context.work, subscription, scope=scope)
    act.reply(words(t("Changed from the next digest on. {described}", described=described(context, stored))))


def _view(context: Context, address: str) -> Json:
    place = Place.at(address)
    with context.reading() as unit:
        if place.name == VERSIONS:
            known = unit.subscriptions.revisions(place.digest.subscription_id, place.digest.period)
            if known:
                return versions_view([one.snapshot for one in known], place.digest.revision)
        elif (page := page_of(unit, place.digest, place.name, place.kind, place.page)) is not None:
            return list_view(page)
    raise RequestError("This digest is not kept any more.")


def _subscription(context: Context, act: Interaction, number: str) -> Subscription:
    """Return the subscription, which the person may change. Raises RequestError."""
    with context.reading() as unit:
        known = {one.id: one for one in unit.subscriptions.all()}
    subscription = known.get(int(number))
    if subscription is None:
        raise RequestError("Nobody is subscribed to this digest any more.")
    must_change(context, act, subscription)
    return subscription


def _message(press: Interaction) -> MessageRef:
    return MessageRef(press.channel, press.body["container"]["message_ts"])
