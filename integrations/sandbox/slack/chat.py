"""chat.*: posting, changing and removing messages."""

from __future__ import annotations

import json
import secrets
from typing import Any

from integrations.sandbox.slack.block_kit import LIMITS, block_faults
from integrations.sandbox.slack.calls import Call, Method
from integrations.sandbox.slack.choices import choice_faults
from integrations.sandbox.slack.limits import PERMALINKS, POSTS_BY_CHANNEL, TIER_3, TIER_4
from integrations.sandbox.slack.reading import counted_characters
from integrations.sandbox.slack.state import Channel, Json, Refused

METADATA_BYTES = 8_000
EDIT_WINDOW = "edit_window_s"  # of the workspace's settings: for how long messages may be changed


def post_message(call: Call) -> Json:
    """Answer chat.postMessage."""
    channel = writable(call)
    if refusal := call.slack.limiter.take(POSTS_BY_CHANNEL, channel.id):
        raise Refused("ratelimited", retry_after_s=refusal.retry_after_s)
    fields = content(call)
    for name in ("link_names", "parse"):
        if call.get(name):
            fields[name] = call.get(name)
    if metadata := checked_metadata(call):
        fields["metadata"] = metadata
    parent = channel.message(thread) if (thread := call.text("thread_ts")) else None
    if parent is not None:  # an unknown thread_ts gives a message of its own, as Slack documents no error
        fields["thread_ts"] = parent.setdefault("thread_ts", parent["ts"])
    message = call.space.add_message(channel, **fields)
    return {"channel": channel.id, "ts": message["ts"], "message": shown(message)}


def update(call: Call) -> Json:
    """Answer chat.update."""
    channel, message = _own_message(call, "cant_update_message")
    if channel.is_archived:
        raise Refused("is_inactive")
    if len(call.text("text")) > LIMITS["message.chat_update_text_max"]:
        raise Refused("msg_too_long")
    window_s = call.space.team.get(EDIT_WINDOW)
    if window_s is not None and call.space.now() - float(message["ts"]) > window_s:
        raise Refused("edit_window_closed")
    fields = content(call)
    if "text" in call.args:
        message["edited"] = {"user": call.space.app["user_id"], "ts": call.space.next_ts()}
        if "blocks" not in call.args:
            message.pop("blocks", None)
    message.update(fields)
    if metadata := checked_metadata(call):
        message["metadata"] = metadata
    return {"channel": channel.id, "ts": message["ts"], "text": message["text"], "message": shown(message)}


def delete(call: Call) -> Json:
    """Answer chat.delete."""
    channel, message = _own_message(call, "cant_delete_message")
    if channel.replies(message["ts"]):
        kept: Json = {name: message[name] for name in ("type", "user", "ts", "thread_ts") if name in message}
        message.clear()
        message.update(kept, subtype="tombstone", text="This message was deleted.")
    else:
        channel.messages.remove(message)
    return {"channel": channel.id, "ts": call.text("ts")}


def post_ephemeral(call: Call) -> Json:
    """Answer chat.postEphemeral."""
    channel = writable(call)
    people = call.space.users if channel.people is None else channel.people
    if call.required("user") not in people or (channel.user and channel.user != call.text("user")):
        raise Refused("user_not_in_channel")
    ts = call.space.next_ts()
    fields = {"channel": channel.id, "user": call.text("user"), "ts": ts, **content(call)}
    thread = call.text("thread_ts")
    if thread:
        fields["thread_ts"] = thread
    if not thread or channel.replies(thread):  # in a thread without replies nobody is shown it
        call.space.ephemerals.append(fields)
    return {"message_ts": ts}


def get_permalink(call: Call) -> Json:
    """Answer chat.getPermalink."""
    channel = call.space.channel(call.required("channel"))
    message = channel.message(ts := call.required("message_ts"))
    if message is None:
        raise Refused("message_not_found")
    link = f"{call.slack.base_url}/archives/{channel.id}/p{ts.replace('.', '')}"
    if (thread := message.get("thread_ts", ts)) != ts:
        link += f"?thread_ts={thread}&cid={channel.id}"
    return {"channel": channel.id, "permalink": link}


def writable(call: Call) -> Channel:
    """Return the channel of a call that posts. Raises what Slack says of one that the app may not post to."""
    channel = call.space.channel(call.required("channel"))
    if channel.is_archived:
        raise Refused("is_archived")
    if not channel.is_member and "chat:write.public" not in call.space.app["scopes"]:
        raise Refused("not_in_channel")
    return channel


def content(call: Call) -> Json:
    """Return the text and blocks of a call, checked. Raises no_text, invalid_blocks, msg_blocks_too_long."""
    text, blocks = call.text("text"), call.json("blocks")
    if not text and not blocks:
        raise Refused("no_text")
    fields: Json = {"text": text[: LIMITS["message.text_truncated_over"]]}
    if blocks is not None:
        fields["blocks"] = checked_blocks(blocks)
    return fields


def checked_blocks(blocks: Any) -> list[Json]:
    """Return the blocks as Slack stores them, each with an id."""
    if faults := [*block_faults(blocks, most=LIMITS["message.blocks_max"]), *choice_faults(blocks)]:
        messages = [f"[ERROR] {fault}" for fault in faults]
        raise Refused("invalid_blocks", errors=faults, response_metadata={"messages": messages})
    if counted_characters(blocks) > LIMITS["message.total_blocks_payload_observed_max"]:
        raise Refused("msg_blocks_too_long")
    return [{**b, "block_id": b.get("block_id") or secrets.token_urlsafe(4)} for b in blocks]


def checked_metadata(call: Call) -> Json | None:
    """Return the call's metadata. Raises invalid_metadata_format, metadata_too_large."""
    metadata = call.json("metadata")
    if metadata is None:
        return None
    if not isinstance(metadata, dict) or set(metadata) != {"event_type", "event_payload"}:
        raise Refused("invalid_metadata_format")
    if not isinstance(metadata["event_type"], str) or not isinstance(metadata["event_payload"], dict):
        raise Refused("invalid_metadata_format")
    if len(json.dumps(metadata)) > METADATA_BYTES:
        raise Refused("metadata_too_large")
    return metadata


def shown(message: Json, *, metadata: bool = False) -> Json:
    """Return the message as Slack answers it. metadata: whether it was asked for."""
    hidden = {"link_names", "parse", "shared", "unfurls"} | (set() if metadata else {"metadata"})
    return {name: value for name, value in message.items() if name not in hidden}


def _own_message(call: Call, otherwise: str) -> tuple[Channel, Json]:
    channel = call.space.channel(call.required("channel"))
    message = channel.message(call.required("ts"))
    if message is None or message.get("subtype") == "tombstone":
        raise Refused("message_not_found")
    if message.get("bot_id") != call.space.app["bot_id"]:
        raise Refused(otherwise)
    return channel, message


METHODS = {
    "chat.postMessage": Method(post_message, ("chat:write",), None),
    "chat.update": Method(update, ("chat:write",), TIER_3),
    "chat.delete": Method(delete, ("chat:write",), TIER_3),
    "chat.postEphemeral": Method(post_ephemeral, ("chat:write",), TIER_4),
    "chat.getPermalink": Method(get_permalink, (), PERMALINKS, takes_json=False),
}
