"""Where digests go, who may change them, and what one is in words."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from zoneinfo import ZoneInfo

from bot.domain.digest import Length, Subscription
from bot.domain.scope import Scope
from bot.errors import AccessError, AnswerError, NotFoundError, RequestError
from bot.i18n import forms, later, locale_of, t
from handlers.commands.schedule import said
from handlers.context import Context
from handlers.interaction import Interaction
from handlers.roles import must_decide, must_read
from integrations.slack.blocks import words as wording
from integrations.slack.checking import is_foreign

NAME = "weekly"  # of a channel's one subscription, whatever its rhythm
DIRECT = "directmessage"  # what Slack calls a conversation of two
INVITE = later("Voc is not in this channel. Type `/invite @voc` here, then try again.")
NONE_YET = later(
    "No digest comes here yet. `/voc digest schedule mon 9:00` starts one, and `/voc digest preview` shows"
    " you alone what it would say."
)
LENGTHS = {Length.SHORT: later("short"), Length.NORMAL: later("normal"), Length.LONG: later("long")}


@dataclass(frozen=True, slots=True)
class Place:
    """Where a digest goes. name: the channel's; person: whose direct message it is, "" for a channel.

    is_shared: whether people of another organisation read it.
    """

    channel: str
    name: str
    person: str = ""
    is_shared: bool = False


def place_of(context: Context, act: Interaction) -> Place:
    """Return where the person is: their own direct message with Voc, or a channel that Voc is in.

    Raises RequestError, with what to do, for a channel that it is not in.
    """
    if is_direct(act):
        opened = context.slack.upsert("conversations.open", "opening a direct message", users=act.user)
        return Place(str(opened["channel"]["id"]), "", act.user)
    return member_of(context, act.channel)


def is_direct(act: Interaction) -> bool:
    """Return whether it was typed in a direct message."""
    return act.body.get("channel_name") == DIRECT


def found(context: Context, place: Place) -> Subscription | None:
    """Return the place's subscription: made here under its id, by the operator's routes under its name."""
    with context.reading() as unit:
        known = unit.subscriptions.find(place.channel, NAME)
        return known or (unit.subscriptions.find(f"#{place.name}", NAME) if place.name else None)


def changeable(context: Context, act: Interaction) -> Subscription:
    """Return the subscription of where the person is, which they may change. Raises RequestError."""
    must_read(context, act)
    place = place_of(context, act)
    subscription = found(context, place)
    if subscription is None:
        raise RequestError(NONE_YET)
    must_change(context, act, subscription)
    return subscription


def must_change(context: Context, act: Interaction, subscription: Subscription | None) -> None:
    """Raise RequestError unless the person may change it, or (None) begin one: one's own anybody may."""
    if subscription is None or not subscription.person:
        must_decide(context, act)
    elif subscription.person != act.user:
        raise RequestError("This digest belongs to somebody else.")
    must_read(context, act)


def usual_scope(context: Context, place: Place) -> Scope:
    """Return what the routes send there: their projects; everything where they name none."""
    names = {place.channel, f"#{place.name}"}
    routes = [r for r in context.rules.routes.routes if names & set(r.digest_channels)]
    if any(not r.projects for r in routes):
        return Scope()
    return Scope(projects=tuple(dict.fromkeys(project for r in routes for project in r.projects)))


def fresh(context: Context, act: Interaction, place: Place) -> Subscription:
    """Return the subscription that the place would get, not stored."""
    zone = context.directory.zone(act.user) or context.zone
    scope = usual_scope(context, place)
    return Subscription(
        id=0,
        channel=place.channel,
        name=NAME,
        cron=context.cron,
        zone=zone,
        scope=scope,
        person=place.person,
    )


def described(context: Context, subscription: Subscription) -> str:
    """Return in sentences what comes and when."""
    scope = t("everything") if subscription.scope.is_all else wording.scope(subscription.scope)
    tag = subscription.language or context.language
    facts = [
        t("The digest comes {when} ({zone}).", when=said(subscription), zone=subscription.zone),
        t(
            "It tells of {scope}, in {language}, {length}.",
            scope=scope,
            language=wording.language(locale_of(tag).language),
            length=t(LENGTHS[subscription.length]),
        ),
        next_said(context, subscription),
    ]
    if subscription.alerts:
        facts.append(t("In between it tells of themes that rise."))
    return " ".join(facts)


def next_said(context: Context, subscription: Subscription) -> str:
    """Return when the next one comes, in a sentence."""
    paused = subscription.paused_until
    if paused is not None and paused > context.clock.now():
        until = in_words(paused, subscription.zone)
        return t("It is paused until {moment}; `/voc digest resume` ends that.", moment=until)
    if subscription.next_at is None:
        return t("At present none comes; `/voc digest resume` brings it back.")
    return t("The next one: {moment}.", moment=in_words(subscription.next_at, subscription.zone))


def in_words(moment: datetime, zone: str) -> str:
    """Return e.g. "Monday 30 November 2026 at 09:00"."""
    return forms.moment(moment.astimezone(ZoneInfo(zone)))


def member_of(context: Context, channel: str) -> Place:
    """Return the channel. Raises RequestError, with what to do, unless Voc is in it."""
    try:
        answer = context.slack.read("conversations.info", "looking at the channel", channel=channel)
    except (AccessError, AnswerError, NotFoundError) as exc:
        if exc.detail == "channel_not_found":
            raise RequestError(INVITE) from exc
        raise
    about = answer["channel"]
    if about.get("is_archived"):
        raise RequestError("This channel is archived.")
    if not about.get("is_member"):
        raise RequestError(INVITE)
    return Place(channel, str(about["name"]), is_shared=is_foreign(about))


def must_be_ours(place: Place) -> None:
    """Raise RequestError for a channel in which people of another organisation would read it."""
    if place.is_shared:
        raise RequestError(
            "People of another organisation read this channel, so what customers say is not posted here."
        )


def must_be_meant(context: Context, place: Place) -> None:
    """Raise RequestError for such a channel, unless whoever runs Voc named it in the settings."""
    if not {place.channel, f"#{place.name}"} & set(context.rules.routes.channels):
        must_be_ours(place)
