"""What a person did in Slack, read from the request, and the ways to answer them alone."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from handlers.context import Context
from handlers.events import actor, is_event, place, thread_of
from handlers.surfaces import Reply, reply
from integrations.slack.blocks.elements import Post, escaped, section


@dataclass(frozen=True, slots=True, kw_only=True)
class Interaction:
    """A command, a press, a shortcut, an event, or a dialog's search or submission.

    channel: where it happened, "" in a dialog. is_own: whether the person is of the app's workspace.
    block_id, value: the pressed button's. body: the whole request. page: of the answer, from 1.
    """

    user: str
    channel: str
    trigger_id: str
    is_own: bool
    text: str
    block_id: str
    value: str
    reply: Reply
    body: Mapping[str, Any]
    page: int = 1


def read(context: Context, body: Mapping[str, Any]) -> Interaction:
    """Return the request's account of what was done. body: a command's form, or any other's payload."""
    if is_event(body):
        return _happened(context, body)
    user, team = body.get("user") or {}, body.get("team") or {}
    pressed = (body.get("actions") or [{}])[0]
    return Interaction(
        user=body.get("user_id") or user["id"],
        channel=body.get("channel_id") or (body.get("channel") or {}).get("id", ""),
        trigger_id=body.get("trigger_id") or "",
        # Slack lets nobody from elsewhere use a command; a press names both workspaces.
        is_own="user_id" in body or (bool(team) and user.get("team_id") == team.get("id")),
        text=(body.get("text") or "").strip(),
        block_id=pressed.get("block_id", ""),
        value=pressed.get("value") or "",
        reply=_reply(context, body),
        body=body,
    )


def _happened(context: Context, body: Mapping[str, Any]) -> Interaction:
    """Return an event as the act of whoever caused it; it does not tell whether they are of the workspace."""
    user, channel = actor(body), place(body)
    return Interaction(
        user=user,
        channel=channel,
        trigger_id="",
        is_own=bool(user) and context.directory.is_own(user),
        text="",
        block_id="",
        value="",
        reply=reply(context.slack, body, channel, user, thread_of(body)),
        body=body,
    )


def words(text: str) -> Post:
    """Return words as an answer, cut where they are too long for one; only `code` is more than text."""
    return mrkdwn(escaped(text))


def mrkdwn(text: str) -> Post:
    """Return an answer written in mrkdwn, anything of others in it escaped."""
    return Post(text, [section(text)])


def must_be_new(context: Context, act: Interaction) -> None:
    """Raise Repeated where this very press was handled before: Slack delivers at least once."""
    with context.work() as unit:
        is_new = not act.trigger_id or unit.deliveries.is_new("slack", act.trigger_id, context.clock.now())
        unit.commit()
    if not is_new:
        raise Repeated


class Repeated(Exception):
    """The same press again; nothing is to be done or said."""


def show_instead(context: Context, press: Interaction, post: Post) -> None:
    """Show the post in place of the message whose button was pressed; where Slack no longer lets us, anew."""
    _answering(context, press.body, replaces=True)(post)


def _reply(context: Context, body: Mapping[str, Any]) -> Reply:
    """Return how to answer the person, as near as can be to what they did."""
    return _answering(context, body, replaces=False)


def _answering(context: Context, body: Mapping[str, Any], *, replaces: bool) -> Reply:
    user = body.get("user_id") or (body.get("user") or {}).get("id", "")
    channel = body.get("channel_id") or (body.get("channel") or {}).get("id", "")
    return reply(context.slack, body, channel, user, _thread(body), replaces=replaces)


def _thread(body: Mapping[str, Any]) -> str:
    """Return the thread of the reply that was pressed or chosen, "" for any other message.

    What begins a thread is read in the channel.
    """
    chosen, container = body.get("message") or {}, body.get("container") or {}
    thread = str(container.get("thread_ts") or chosen.get("thread_ts") or "")
    return "" if thread == (container.get("message_ts") or chosen.get("ts")) else thread
