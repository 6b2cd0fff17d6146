"""conversations.*: channels and what was said in them."""

from __future__ import annotations

import base64
from decimal import Decimal, InvalidOperation

from integrations.sandbox.slack.calls import Call, Method
from integrations.sandbox.slack.chat import shown
from integrations.sandbox.slack.limits import TIER_2, TIER_3, TIER_4
from integrations.sandbox.slack.state import Channel, Json, Refused

# Of a public channel, a private one, direct messages.
HISTORY_SCOPES = ("channels:history", "groups:history", "im:history")
READ_SCOPES = ("channels:read", "groups:read", "im:read")
CURSOR_LASTS_S = 3_600  # "a reasonable amount of time", docs.slack.dev/apis/web-api/pagination
BROADCAST = "thread_broadcast"  # a reply that was also sent to the channel
KINDS = ("public_channel", "private_channel", "im")


def history(call: Call) -> Json:
    """Answer conversations.history: newest first, threads' replies left out unless also sent to it."""
    channel = _readable(call)
    shown_there = [m for m in channel.messages if _is_root(m) or m.get("subtype") == BROADCAST]
    return _messages(call, [m for m in reversed(shown_there) if _in_window(call, m["ts"])], channel)


def replies(call: Call) -> Json:
    """Answer conversations.replies: the parent, then its replies, oldest first."""
    channel = _readable(call)
    parent = channel.message(call.required("ts"))
    if parent is None:
        raise Refused("thread_not_found")
    thread = channel.replies(str(parent.get("thread_ts", parent["ts"])))
    return _messages(call, [parent, *(m for m in thread if _in_window(call, m["ts"]))], channel)


def info(call: Call) -> Json:
    """Answer conversations.info."""
    channel = call.space.channel(call.required("channel"))
    _scope_for(call, channel, READ_SCOPES)
    return {"channel": described(channel)}


def list_channels(call: Call) -> Json:
    """Answer conversations.list."""
    kinds = (call.text("types") or "public_channel").split(",")
    if set(kinds) - {"public_channel", "private_channel", "mpim", "im"}:
        raise Refused("invalid_types")
    for kind, scope in zip(KINDS, READ_SCOPES, strict=True):
        if kind in kinds and scope not in call.space.app["scopes"]:
            raise missing_scope(call, scope)
    seen = [
        c
        for c in call.space.channels.values()
        if KINDS[_kind(c)] in kinds and (c.is_member or not c.is_private)
    ]
    start, size = page_start(call), call.number("limit", 100, most=999)
    # A page may come short, or empty, with others to follow.
    page = [c for c in seen[start : start + size] if not (c.is_archived and call.flag("exclude_archived"))]
    more = next_page(call, start + size, len(seen))
    return {"channels": [described(c) for c in page], "response_metadata": more}


def join(call: Call) -> Json:
    """Answer conversations.join."""
    channel = call.space.channel(call.required("channel"))
    if channel.is_private:
        raise Refused("method_not_supported_for_channel_type")
    if channel.is_archived:
        raise Refused("is_archived")
    was_member, channel.is_member = channel.is_member, True
    return {"channel": described(channel), **({"warning": "already_in_channel"} if was_member else {})}


def members(call: Call) -> Json:
    """Answer conversations.members."""
    channel = call.space.channel(call.required("channel"))
    _scope_for(call, channel, READ_SCOPES)
    found = sorted(call.space.users if channel.people is None else channel.people)
    start, size = page_start(call), call.number("limit", 100)
    return {
        "members": found[start : start + size],
        "response_metadata": next_page(call, start + size, len(found)),
    }


def open_direct(call: Call) -> Json:
    """Answer conversations.open, for one person: the same direct messages each time."""
    user = call.required("users")
    if user not in call.space.users:
        raise Refused("user_not_found")
    if call.space.users[user].get("is_bot"):
        raise Refused("cannot_dm_bot")
    if call.space.users[user].get("deleted"):
        raise Refused("user_disabled")
    known = next((c for c in call.space.channels.values() if c.user == user), None)
    if known is None:
        known = Channel(id=call.space.new_id("D"), name="", user=user)
        call.space.channels[known.id] = known
    return {"channel": {"id": known.id}}


def described(channel: Channel) -> Json:
    """Return the channel as Slack answers it."""
    if channel.user:
        return {"id": channel.id, "is_im": True, "user": channel.user, "is_archived": False}
    return {
        "id": channel.id,
        "name": channel.name,
        "is_channel": not channel.is_private,
        "is_group": False,
        "is_im": False,
        "is_private": channel.is_private,
        "is_archived": channel.is_archived,
        "is_shared": channel.is_ext_shared,
        "is_ext_shared": channel.is_ext_shared,
        "is_member": channel.is_member,
        "topic": {"value": channel.topic, "creator": "", "last_set": 0},
    }


def missing_scope(call: Call, needed: str) -> Refused:
    """Return the refusal for want of a scope."""
    return Refused("missing_scope", needed=needed, provided=",".join(call.space.app["scopes"]))


def _readable(call: Call) -> Channel:
    channel = call.space.channel(call.required("channel"))
    _scope_for(call, channel, HISTORY_SCOPES)
    if not channel.is_member:
        raise Refused("not_in_channel")
    return channel


def _is_root(message: Json) -> bool:
    return bool(message.get("thread_ts", message["ts"]) == message["ts"])


def _kind(channel: Channel) -> int:
    return 2 if channel.user else int(channel.is_private)


def _scope_for(call: Call, channel: Channel, scopes: tuple[str, ...]) -> None:
    needed = scopes[_kind(channel)]
    if needed not in call.space.app["scopes"]:
        raise missing_scope(call, needed)


def _messages(call: Call, found: list[Json], channel: Channel) -> Json:
    start, size = page_start(call), call.number("limit", 100, most=999)
    page = found[start : start + size]
    more = start + size < len(found)
    messages = [shown(m, metadata=call.flag("include_all_metadata")) for m in page]
    for message in messages:
        if answers := channel.replies(message["ts"]):
            message |= {"reply_count": len(answers), "latest_reply": answers[-1]["ts"]}
    rest = next_page(call, start + size, len(found))
    return {"messages": messages, "has_more": more, "response_metadata": rest}


def _in_window(call: Call, ts: str) -> bool:
    try:
        oldest = Decimal(call.text("oldest") or 0)
        latest = Decimal(call.text("latest") or "9999999999")
    except InvalidOperation as exc:
        raise Refused("invalid_ts_oldest") from exc
    at = Decimal(ts)
    return oldest <= at <= latest if call.flag("inclusive") else oldest < at < latest


def page_start(call: Call) -> int:
    """Return where the asked page starts."""
    if not (cursor := call.text("cursor")):
        return 0
    try:
        name, start, given_at = base64.b64decode(cursor, validate=True).decode().split(":")
        is_good = name == "next" and call.space.now() - int(given_at) <= CURSOR_LASTS_S
        place = int(start)
    except ValueError as exc:  # no base64, no text, or not three parts
        raise Refused("invalid_cursor") from exc
    if not is_good:
        raise Refused("invalid_cursor")
    return place


def next_page(call: Call, start: int, total: int) -> Json:
    """Return how to ask for the page after this one."""
    cursor = f"next:{start}:{int(call.space.now())}"
    return {"next_cursor": base64.b64encode(cursor.encode()).decode() if start < total else ""}


METHODS = {
    "conversations.history": Method(history, HISTORY_SCOPES, TIER_3, takes_json=False),
    "conversations.replies": Method(replies, HISTORY_SCOPES, TIER_3, takes_json=False),
    "conversations.info": Method(info, READ_SCOPES, TIER_3, takes_json=False),
    "conversations.list": Method(list_channels, READ_SCOPES, TIER_2, takes_json=False),
    "conversations.open": Method(open_direct, ("im:write",), TIER_3),
    "conversations.members": Method(members, READ_SCOPES, TIER_4, takes_json=False),
    "conversations.join": Method(join, ("channels:join",), TIER_3),
}
