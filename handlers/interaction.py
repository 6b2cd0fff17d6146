"""What a person did in Slack, read from the request, and the ways to answer them alone."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any
from urllib.error import URLError

from slack_sdk.webhook import WebhookClient

from bot.errors import AnswerError, TransientError
from handlers.context import Context
from handlers.events import actor, is_event, place
from integrations.slack.blocks.elements import Post, escape, section
from integrations.slack.blocks.modals import opened_at

REPLY_TIMEOUT_S = 10

Reply = Callable[[Post], None]


@dataclass(frozen=True, slots=True, kw_only=True)
class Interaction:
    """A command, a press, a shortcut, an event, or a dialog's search or submission.

    channel: where it happened, "" in a dialog. is_own: whether the person is of the app's workspace.
    block_id, value: the pressed button's. body: the whole request.
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
        reply=lambda post: _show_in(context, channel, user, post),
        body=body,
    )


def words(text: str) -> Post:
    """Return words as an answer; only `code` is more than text."""
    return mrkdwn(escape(text))


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


def _reply(context: Context, body: Mapping[str, Any]) -> Reply:
    """Return how to answer the person: by the request's response_url, else where the dialog was opened."""
    url = body.get("response_url")
    if url:
        return lambda post: _respond(url, post)
    user = body.get("user_id") or (body.get("user") or {}).get("id", "")
    return lambda post: _whisper(context, body, user, post)


def _respond(url: str, post: Post) -> None:
    client = WebhookClient(url, timeout=REPLY_TIMEOUT_S, retry_handlers=[])
    try:
        answer = client.send(
            text=post.text, blocks=post.blocks, response_type="ephemeral", replace_original=False
        )
    except (URLError, OSError) as exc:
        raise TransientError("slack", "answering", type(exc).__name__) from exc
    if answer.status_code != 200:
        raise AnswerError("slack", "answering", str(answer.status_code))


def _whisper(context: Context, body: Mapping[str, Any], user: str, post: Post) -> None:
    """Answer where the dialog was opened, in a message of their own where that is no channel."""
    card = opened_at(body.get("view") or {})
    if card is None:
        said = {"text": post.text, "blocks": post.blocks}
        context.slack.write("chat.postMessage", "answering", channel=user, **said)
        return
    _show_in(context, card.channel, user, post)


def _show_in(context: Context, channel: str, user: str, post: Post) -> None:
    context.slack.write(
        "chat.postEphemeral", "answering", channel=channel, user=user, text=post.text, blocks=post.blocks
    )
