"""Messages and reactions in channels: what may be feedback is looked at again, by the queue."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import timedelta
from typing import Any

from bot.domain.capture import THREADS, thread_id
from handlers import tasks
from handlers.context import Context
from handlers.events import place
from handlers.interaction import Interaction
from handlers.roles import must_decide
from integrations.slack.thread_mapping import is_outside, plain

GATHER = timedelta(seconds=5)  # people write in bursts, and correct themselves at once


def is_message_of_ours(context: Context, body: Mapping[str, Any]) -> bool:
    """Return whether the message is in a channel that brings feedback, or in a thread that is some."""
    channel, root = place(body), _root(body["event"])
    rules = context.threads.rules(channel)
    if rules is not None and rules.is_feedback:
        return True
    with context.reading() as unit:
        return unit.conversations.find(THREADS, thread_id(channel, root)) is not None


def message(context: Context, act: Interaction) -> None:
    """Have the message's thread looked at, whether it is new, changed or deleted."""
    root = _root(act.body["event"])
    context.queue.submit(tasks.thread(act.channel, root), not_before=context.clock.now() + GATHER)


def is_reaction_of_ours(context: Context, body: Mapping[str, Any]) -> bool:
    """Return whether the reaction means something in its channel."""
    event, rules = body["event"], context.threads.rules(place(body))
    is_on_message = (event.get("item") or {}).get("type") == "message"
    return is_on_message and rules is not None and plain(event["reaction"]) in rules.reactions


def reaction(context: Context, act: Interaction) -> None:
    """Have the message looked at that the reaction is on. Setting aside is for those who may decide.

    People from elsewhere and guests, who may be the customers, are told nothing of it.
    """
    event, rules = act.body["event"], context.threads.rules(act.channel)
    name = plain(event["reaction"])
    if rules is not None and name == rules.not_feedback:
        if is_outside(context.directory.member(act.user)):
            return
        must_decide(context, act)
    context.queue.submit(tasks.reaction(act.channel, event["item"]["ts"], act.user, name))


def _root(event: Mapping[str, Any]) -> str:
    """Return the ts of the first message of the thread that the event is about."""
    about = event.get("message") or event.get("previous_message") or event
    return str(about.get("thread_ts") or event.get("deleted_ts") or about.get("ts"))
