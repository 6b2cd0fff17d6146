"""Whose proposals are whose: those of the channels that a person is in, and their own."""

from __future__ import annotations

from bot.errors import IntegrationError
from handlers.context import Context
from handlers.outages import ids_of
from integrations.slack.gate import NO_SUCH
from integrations.slack.messenger import PERSON_ID


def owners_of(context: Context, user: str) -> tuple[str, ...]:
    """Return the owners that stand for the person: themselves, and channels that they are in.

    A channel that Slack doesn't show us is left out.
    """
    owners = context.rules.routes.owners
    return tuple(owner for owner in owners if owner == user or is_in(context, owner, user))


def owner_at(context: Context, channel: str) -> str:
    """Return the owner whose channel it is, as the settings call it; "" for none."""
    owners = context.rules.routes.owners
    return next((owner for owner in owners if channel and _id_of(context, owner) == channel), "")


def is_in(context: Context, channel: str, user: str) -> bool:
    """Return whether the person is in the channel, as far as Slack shows it to Voc."""
    try:
        return bool(where := _id_of(context, channel)) and context.members.holds(where, user)
    except IntegrationError:
        return False


def _id_of(context: Context, channel: str) -> str:
    """Return the channel's id, "" for none. For a name that is none, Slack is not asked at each press."""
    if PERSON_ID.fullmatch(channel):
        return ""
    with context.reading() as unit:
        trouble = unit.channels.get(channel)
    if trouble is not None and trouble.reason == NO_SUCH:
        return ""
    return next(iter(ids_of(context.presenter.messenger, [channel])), "")
