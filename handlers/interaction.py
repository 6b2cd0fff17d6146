"""What a person did in Slack, read from the request, and the ways to answer them alone."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any
from urllib.error import URLError

from slack_sdk.webhook import WebhookClient

from bot.errors import AnswerError, TransientError
from handlers.context import Context
from integrations.slack.blocks.elements import Post, escape, section
from integrations.slack.blocks.modals import read_other_ticket

REPLY_TIMEOUT_S = 10
GONE = 404  # an answer to a response_url that is used up or over

Reply = Callable[[Post], None]


@dataclass(frozen=True, slots=True, kw_only=True)
class Interaction:
    """A command, a press, or a dialog's search or submission.

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


def show_instead(context: Context, press: Interaction, post: Post) -> None:
    """Show the post in place of the message whose button was pressed; where Slack no longer lets us, anew."""
    _answer(context, press.body, post, replaces=True)


def _reply(context: Context, body: Mapping[str, Any]) -> Reply:
    """Return how to answer the person: by the request's response_url, else where the dialog was opened."""
    if body.get("response_url"):
        return lambda post: _answer(context, body, post, replaces=False)
    user = body.get("user_id") or (body.get("user") or {}).get("id", "")
    return lambda post: _whisper(context, body, user, post)


def _answer(context: Context, body: Mapping[str, Any], post: Post, *, replaces: bool) -> None:
    """Answer by the request's response_url, and where that is used up or over, without it."""
    if not _is_taken(body["response_url"], post, replaces=replaces):
        user = body.get("user_id") or body["user"]["id"]
        _show_in(context, body.get("channel_id") or body["channel"]["id"], user, post)


def _is_taken(url: str, post: Post, *, replaces: bool) -> bool:
    """Return whether the response_url was still good: for five answers, and half an hour."""
    client = WebhookClient(url, timeout=REPLY_TIMEOUT_S, retry_handlers=[])
    try:
        answer = client.send(
            text=post.text, blocks=post.blocks, response_type="ephemeral", replace_original=replaces
        )
    except (URLError, OSError) as exc:
        raise TransientError("slack", "answering", type(exc).__name__) from exc
    if answer.status_code not in (200, GONE):
        raise AnswerError("slack", "answering", str(answer.status_code))
    return answer.status_code == 200


def _whisper(context: Context, body: Mapping[str, Any], user: str, post: Post) -> None:
    card = read_other_ticket(body["view"]).card
    if card is None:
        raise AnswerError("slack", "answering", "the dialog names no channel")
    _show_in(context, card.channel, user, post)


def _show_in(context: Context, channel: str, user: str, post: Post) -> None:
    context.slack.write(
        "chat.postEphemeral", "answering", channel=channel, user=user, text=post.text, blocks=post.blocks
    )
