"""What happened in Slack, as an Events API callback tells it: perhaps late, repeated, or out of order."""

from __future__ import annotations

import logging
from collections.abc import Mapping, Sequence
from typing import Any

from bot.repositories import KeptEvent
from handlers.context import Context

log = logging.getLogger(__name__)

# What the bot does itself is no news, but what happens to its membership is.
OF_OURSELVES = ("member_joined_channel", "member_left_channel")
# What an event is handled without: words, which are read anew, and views, which are made anew.
WORDS = frozenset({"text", "blocks", "attachments", "files", "view", "token"})
RETRY_NUMBER, RETRY_REASON = "x-slack-retry-num", "x-slack-retry-reason"


def is_event(body: Mapping[str, Any]) -> bool:
    """Return whether the request tells of an event, and is no person's act that waits for an answer."""
    return body.get("type") == "event_callback"


def actor(body: Mapping[str, Any]) -> str:
    """Return the id of the user who caused the event, "" where it names none."""
    event = body["event"]
    if event.get("subtype") == "message_changed":
        event = event.get("message") or {}
        return str((event.get("edited") or event).get("user") or "")
    if event.get("subtype") == "message_deleted":
        return ""  # whoever deleted it; Slack names its author alone
    return str(event.get("user") or event.get("actor_id") or "")


def place(body: Mapping[str, Any]) -> str:
    """Return the id of the channel that the event is of, "" where it is of none."""
    event = body["event"]
    channel = event.get("channel") or (event.get("item") or {}).get("channel") or ""
    return str(channel["id"] if isinstance(channel, dict) else channel)


def thread_of(body: Mapping[str, Any]) -> str:
    """Return the thread that the event happened in, "" outside of one."""
    event = body["event"]
    message = event.get("message") or event
    return str(message.get("thread_ts") or "")


def is_by_us(body: Mapping[str, Any]) -> bool:
    """Return whether the bot itself caused the event, by what Slack says of the app that it is sent to."""
    event = body["event"]
    message = event.get("message") or event.get("previous_message") or {}
    bots = {a.get("user_id") for a in body.get("authorizations") or [] if a.get("is_bot")}
    return event.get("type") not in OF_OURSELVES and bool({actor(body), message.get("user")} & bots)


def keep(context: Context, body: Mapping[str, Any]) -> bool:
    """Keep the event until it is handled; return False for one that came before.

    Raises NotKept where that can't be done at once. What people wrote is not kept: it is read anew.
    """
    event = KeptEvent(str(body["event_id"]), _without_words(body), context.clock.now())
    try:
        with context.keeping() as unit:
            is_first = unit.deliveries.keep(event)
            unit.commit()
    except Exception as exc:
        raise NotKept(type(exc).__name__) from exc
    return is_first


def finish(context: Context, body: Mapping[str, Any], *, was_handled: bool) -> None:
    """Keep the event no longer. was_handled: whether it is to be known when it comes again."""
    with context.work() as unit:
        unit.deliveries.finish(str(body["event_id"]), context.clock.now(), was_handled=was_handled)
        unit.commit()


def is_open(context: Context, body: Mapping[str, Any]) -> bool:
    """Return whether the event was not handled before."""
    with context.reading() as unit:
        return unit.deliveries.is_open(str(body["event_id"]))


class NotKept(Exception):
    """An event could not be kept, so Slack must send it again. reason: the failure's name."""

    def __init__(self, reason: str) -> None:
        super().__init__(reason)
        self.reason = reason


def _without_words(node: Any) -> Any:
    if isinstance(node, Mapping):
        return {name: _without_words(value) for name, value in node.items() if name not in WORDS}
    return [_without_words(one) for one in node] if isinstance(node, list) else node


def note_retry(headers: Mapping[str, Sequence[str]], body: Mapping[str, Any]) -> None:
    """Log that Slack delivers this again, as it does where the answer before was late or lost."""
    number = next(iter(headers.get(RETRY_NUMBER, ())), "0")
    if number != "0":  # over a socket the first try has this too
        reason = next(iter(headers.get(RETRY_REASON, ())), "")
        facts = {"event_id": body.get("event_id"), "retry": number, "reason": reason}
        log.warning("event delivered again", extra=facts)
