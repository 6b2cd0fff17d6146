"""Where an answer to one person is shown: beside what they did, else nearby, at last in a direct message."""

from __future__ import annotations

import json
import logging
from collections.abc import Callable, Iterator, Mapping
from typing import Any
from urllib.error import URLError

from slack_sdk.webhook import WebhookClient

from bot.errors import AnswerError, IntegrationError, UncertainError
from integrations.slack.blocks.elements import Post, section
from integrations.slack.client import VENDOR, SlackApi, silent

REPLY_TIMEOUT_S = 10
DOING = "answering"
SAID_BLOCK = "voc_said"
MOST_BLOCKS = 100
# What Slack says of a view, beside what it is made of.
MADE_OF = ("type", "title", "submit", "close", "private_metadata", "callback_id", "clear_on_close")

log = logging.getLogger(__name__)

Reply = Callable[[Post], None]


def reply(
    api: SlackApi,
    body: Mapping[str, Any],
    channel: str,
    user: str,
    thread: str = "",
    *,
    replaces: bool = False,
) -> Reply:
    """Return how to answer the person. replaces: in place of the message that they pressed in, if it can be.

    A way that Slack refuses (a response_url used up or expired, a channel without Voc) leads to the next;
    where an answer may have been shown, none is tried: nobody is told twice.
    """

    def answer(post: Post) -> None:
        failure: IntegrationError = AnswerError(VENDOR, DOING, "the request names no way")
        for way in _ways(api, body, channel, user, thread, replaces):
            try:
                way(post)
            except UncertainError as exc:
                log.warning("answer perhaps not shown", extra={"error": exc.detail})
                return
            except IntegrationError as exc:
                failure = exc
            else:
                return
        raise failure

    return answer


def _ways(
    api: SlackApi, body: Mapping[str, Any], channel: str, user: str, thread: str, replaces: bool
) -> Iterator[Reply]:
    """Yield the ways to the person, the nearest first: a response_url shows nothing new within a thread."""
    view = body.get("view") or {}
    if thread and channel and user and not replaces:
        yield lambda post: whisper(api, channel, user, post, thread)
    if url := body.get("response_url"):
        yield lambda post: respond(url, post, replaces=replaces)
    if body.get("type") == "block_actions" and view.get("type") in ("modal", "home"):
        yield lambda post: _in_view(api, view, user, post)
    where, within = (channel, thread) if channel else _opened_from(view)
    if where and user:
        yield lambda post: whisper(api, where, user, post, within)
    if user:
        yield lambda post: directly(api, user, post)


def respond(url: str, post: Post, *, replaces: bool = False) -> None:
    """Answer at the request's own address, which is good five times within half an hour."""
    client = WebhookClient(url, timeout=REPLY_TIMEOUT_S, retry_handlers=[], logger=silent())
    try:
        answer = client.send(
            text=post.text, blocks=post.blocks, response_type="ephemeral", replace_original=replaces
        )
    except (URLError, OSError) as exc:
        raise UncertainError(VENDOR, DOING, type(exc).__name__) from exc
    if answer.status_code != 200:
        raise AnswerError(VENDOR, DOING, str(answer.status_code))


def whisper(api: SlackApi, channel: str, user: str, post: Post, thread: str = "") -> None:
    """Show it to the person alone, in the channel or in the thread there."""
    into = {"thread_ts": thread} if thread else {}
    api.write(
        "chat.postEphemeral", DOING, channel=channel, user=user, text=post.text, blocks=post.blocks, **into
    )


def directly(api: SlackApi, user: str, post: Post) -> None:
    """Write to the person."""
    opened = api.upsert("conversations.open", DOING, users=user)
    api.write("chat.postMessage", DOING, channel=opened["channel"]["id"], text=post.text, blocks=post.blocks)


def _in_view(api: SlackApi, view: Mapping[str, Any], user: str, post: Post) -> None:
    """Say it at the top of the dialog or App Home that the person looks at; what they typed stays."""
    shown = [block for block in view["blocks"] if block.get("block_id") != SAID_BLOCK]
    said = {**section(post.text), "block_id": SAID_BLOCK}
    kept = {name: view[name] for name in MADE_OF if view.get(name)}
    again = {**kept, "blocks": [said, *shown][:MOST_BLOCKS]}
    if view["type"] == "home":
        api.upsert("views.publish", DOING, user_id=user, view=again, hash=view["hash"])
    else:
        api.upsert("views.update", DOING, view_id=view["id"], view=again, hash=view["hash"])


def _opened_from(view: Mapping[str, Any]) -> tuple[str, str]:
    """Return the channel and the thread from which the dialog was opened, each "" where it does not say."""
    try:
        about = json.loads(view.get("private_metadata") or "{}")
    except ValueError:
        return "", ""
    card = about.get("card") if isinstance(about, dict) else None
    if not card:
        return "", ""
    channel, ts = card
    root = str(about.get("root") or ts)
    return str(channel), "" if root == ts else root
