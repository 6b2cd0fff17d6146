"""Links that people post: under those that Voc knows, it shows who asks."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from bot.services.unfurl import unfurled
from handlers.context import Context
from handlers.interaction import Interaction
from integrations.slack.blocks.unfurl import unfurl

POSTED = "conversations_history"  # else it is still being written, and nobody knows who will read it


def is_for_us_alone(context: Context, body: Mapping[str, Any]) -> bool:
    """Return whether the link was posted where no other organisation reads along."""
    return body["event"].get("source", POSTED) == POSTED and not body.get("is_ext_shared_channel")


def show(context: Context, act: Interaction) -> None:
    """Show under the links of a full member's message how many ask, and one quote; under others nothing."""
    event, member = act.body["event"], context.directory.member(act.user)
    if member.is_external or member.is_guest:
        return
    with context.reading() as unit:
        found = unfurled(unit, [one["url"] for one in event["links"]])
    if not found:
        return
    shown = {one.url: unfurl(one.ticket, one.reach, one.quote, context.zone) for one in found}
    about = {"unfurl_id": event["unfurl_id"], "source": POSTED}
    if not event.get("unfurl_id"):
        about = {"channel": act.channel, "ts": event["message_ts"]}
    context.slack.upsert("chat.unfurl", "showing more under a link", unfurls=shown, **about)
