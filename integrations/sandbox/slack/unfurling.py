"""chat.unfurl: what the app shows under links of its domains that people posted."""

from __future__ import annotations

from typing import Any

from integrations.sandbox.slack.block_kit import block_faults
from integrations.sandbox.slack.calls import Call, Method
from integrations.sandbox.slack.limits import TIER_3
from integrations.sandbox.slack.state import Json, Refused


def unfurl(call: Call) -> Json:
    """Answer chat.unfurl. A second one of the same message changes what the first showed."""
    unfurls = call.json("unfurls")
    if not unfurls:
        raise Refused("missing_unfurls")
    message = _message(call)
    if not isinstance(unfurls, dict):
        raise Refused("invalid_unfurls_format")
    known = message.get("shared", {}).get("urls", [])
    for url, shown in unfurls.items():
        if url not in known:
            raise Refused("cannot_unfurl_url")
        _check(shown)
    message.setdefault("unfurls", {}).update(unfurls)
    return {}


def _message(call: Call) -> Json:
    """Return the message that is meant, by the id that the event told or by its place."""
    return _by_id(call) if call.text("unfurl_id") else _by_place(call)


def _by_id(call: Call) -> Json:
    if not call.text("source"):
        raise Refused("missing_source")
    if call.text("source") not in ("composer", "conversations_history"):
        raise Refused("invalid_source")
    messages = (m for channel in call.space.channels.values() for m in channel.messages)
    wanted = call.text("unfurl_id")
    found = next((m for m in messages if m.get("shared", {}).get("unfurl_id") == wanted), None)
    if found is None:
        raise Refused("invalid_unfurl_id")
    return found


def _by_place(call: Call) -> Json:
    for name in ("channel", "ts"):
        if not call.text(name):
            raise Refused(f"missing_{name}")
    channel = call.space.channels.get(call.text("channel"))
    if channel is None:
        raise Refused("cannot_find_channel")
    found = channel.message(call.text("ts"))
    if found is None:
        raise Refused("cannot_find_message")
    if "shared" not in found:
        raise Refused("cannot_unfurl_message")
    return found


def _check(shown: Any) -> None:
    if not isinstance(shown, dict) or not isinstance(shown.get("blocks"), list):
        raise Refused("cannot_parse_attachment")
    if faults := block_faults(shown["blocks"]):
        raise Refused("invalid_blocks", errors=faults)


METHODS = {"chat.unfurl": Method(unfurl, ("links:write",), TIER_3)}
