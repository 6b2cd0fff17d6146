"""Whose proposals are whose: those of the channels that a person is in, and their own."""

from __future__ import annotations

from bot.errors import IntegrationError
from handlers.context import Context
from integrations.slack.messenger import PERSON_ID


def owners_of(context: Context, user: str) -> tuple[str, ...]:
    """Return the owners that stand for the person: themselves, and channels that they are in.

    A channel that Slack doesn't show us is left out.
    """
    owners = context.rules.routes.owners
    return tuple(owner for owner in owners if owner == user or is_in(context, owner, user))


def is_in(context: Context, channel: str, user: str) -> bool:
    """Return whether the person is in the channel, as far as Slack shows it to Voc."""
    if PERSON_ID.fullmatch(channel):
        return False
    try:
        return context.members.holds(context.presenter.messenger.channel_id(channel), user)
    except IntegrationError:
        return False
