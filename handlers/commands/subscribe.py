"""`/voc subscribe …` and `/voc unsubscribe`: what a channel, or in a direct message a person, hears about."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import replace

from bot.domain.digest import Subscription
from bot.domain.scope import Scope
from bot.errors import RequestError
from bot.i18n import later, t
from bot.repositories import UnitOfWork
from bot.services.subscribing import change, scheduled
from handlers.commands.parser import nearest, parse
from handlers.context import Context
from handlers.interaction import Interaction, must_be_new, words
from handlers.roles import must_read
from handlers.subscriptions import (
    NONE_YET,
    changeable,
    described,
    found,
    fresh,
    must_be_ours,
    must_change,
    place_of,
)
from integrations.slack.blocks.elements import Post

KINDS: Mapping[str, str] = {
    "project": "projects",
    "area": "areas",
    "label": "labels",
    "segment": "segments",
    "source": "sources",
}
ALERTS, ON, OFF = "alerts", ("on", "yes"), ("off", "no")
EVERYTHING = ("everything", "all")
SHOWN_VALUES = 10
HOW = later(
    "Say what to hear about, for example `/voc subscribe project:APP`, `area:Billing`, `label:import`,"
    " `segment:Enterprise` or `source:zendesk`; several with commas; `/voc subscribe everything` for all."
    " `alerts:on` tells of rising themes in between."
)


def subscribe(context: Context, act: Interaction, rest: str) -> Post:
    """Set what is heard here, or say what is; where no digest comes yet, one begins."""
    must_read(context, act)
    place = place_of(context, act)
    known = found(context, place)
    if not rest:
        return words(f"{described(context, known) if known else t(NONE_YET)}\n{t(HOW)}")
    if rest.lower() == "list":
        return words("\n".join(_listed(context, act, known)))
    must_be_ours(place)
    if not place.person:
        must_change(context, act, known)
    usual = known or fresh(context, act, place)
    scope, alerts = _wanted(context, rest, usual)
    if known is not None and known.next_at is not None:
        stored = change(context.work, known, scope=scope)
    else:
        stored = scheduled(context.work, context.publisher, replace(usual, scope=scope), known)
    if alerts is not None:
        stored = change(context.work, stored, alerts=alerts)
    lead = t("You are subscribed.") if place.person else t("This channel is subscribed.")
    return words(f"{lead} {described(context, stored)}")


def unsubscribe(context: Context, act: Interaction, rest: str) -> Post:
    """Let no digest come here any more. Raises RequestError for a part of it: that is another scope."""
    if rest:
        raise RequestError(
            "`/voc unsubscribe` takes no words after it: it ends all that comes here. `/voc subscribe` with "
            "what you want changes what comes."
        )
    must_be_new(context, act)
    # It is kept: what was told stays readable, and routes do not subscribe the channel again.
    change(context.work, changeable(context, act), next_at=None, paused_until=None, alerts=False)
    return words(
        t(
            "No digest comes here any more. What was posted stays."
            " `/voc subscribe everything` starts one again."
        )
    )


def scope_of(unit: UnitOfWork, kind: str, typed: str) -> tuple[str, ...]:
    """Return the values as they are stored. Raises RequestError, with the nearest, for an unknown one."""
    known = unit.hearing.values(KINDS[kind])
    folded = {value.casefold(): value for value in known}
    is_one = typed.strip().casefold() in folded  # its name may have a comma itself
    parts = [typed] if is_one else typed.split(",")
    found: list[str] = []
    for value in filter(None, (part.strip() for part in parts)):
        if value.casefold() not in folded:
            raise _unknown(kind, value, known)
        found.append(folded[value.casefold()])
    if not found:
        raise _unknown(kind, typed, known)
    return tuple(dict.fromkeys(found))


def _wanted(context: Context, typed: str, usual: Subscription) -> tuple[Scope, bool | None]:
    """Return the scope, and whether rising themes are told of, None where that was not said."""
    read = parse(typed, (*KINDS, ALERTS))
    if read.words and read.text.lower() not in EVERYTHING:
        near = nearest(read.words[0].partition(":")[0], ("list", *EVERYTHING, *KINDS))
        hint = t("Did you mean `{near}`?", near=f"{near}:…" if near in KINDS else near) if near else t(HOW)
        raise RequestError("“{typed}” is nothing to subscribe to. {hint}", typed=read.text[:40], hint=hint)
    alerts = _switch(read.filters[ALERTS]) if ALERTS in read.filters else None
    with context.reading() as unit:
        chosen = {
            KINDS[kind]: scope_of(unit, kind, value) for kind, value in read.filters.items() if kind != ALERTS
        }
    if not chosen and not read.words:
        return usual.scope, alerts
    return Scope(**chosen), alerts


def _switch(typed: str) -> bool:
    if typed.lower() in (*ON, *OFF):
        return typed.lower() in ON
    raise RequestError("`alerts:` takes `on` or `off`, not “{typed}”.", typed=typed[:40])


def _unknown(kind: str, typed: str, known: list[str]) -> RequestError:
    folded = {value.casefold(): value for value in known}
    if near := nearest(typed.casefold(), folded):
        return RequestError(
            "No {kind} “{typed}” is known. Did you mean “{near}”?",
            kind=kind,
            typed=typed[:40],
            near=folded[near],
        )
    if not known:
        return RequestError("No {kind} is known yet; nothing that was read so far has one.", kind=kind)
    some = ", ".join(known[:SHOWN_VALUES])
    return RequestError(
        "No {kind} “{typed}” is known. There are: {some}.", kind=kind, typed=typed[:40], some=some
    )


def _listed(context: Context, act: Interaction, here: Subscription | None) -> Iterator[str]:
    """Yield a line for what comes here, and one for what comes to the person alone."""
    yield t("Here: {described}", described=described(context, here) if here else t(NONE_YET))
    with context.reading() as unit:
        own = [one for one in unit.subscriptions.all() if one.person == act.user]
    for one in own:
        if here is None or one.id != here.id:
            yield t("To you alone: {described}", described=described(context, one))
