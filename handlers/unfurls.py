"""Links that people post: under those that Voc knows, it shows who asks."""

from __future__ import annotations

import logging
from collections.abc import Mapping
from typing import Any

from bot.errors import IntegrationError
from bot.services.unfurl import unfurled
from handlers.context import Context
from handlers.interaction import Interaction
from integrations.slack.blocks.unfurl import unfurl

MOST_UNKNOWN = 20  # people asked for one by one before something is shown

log = logging.getLogger(__name__)

POSTED = "conversations_history"  # else it is still being written, and nobody knows who will read it


def is_for_us_alone(context: Context, body: Mapping[str, Any]) -> bool:
    """Return whether the link was posted where no other organisation reads along."""
    return body["event"].get("source", POSTED) == POSTED and not body.get("is_ext_shared_channel")


def show(context: Context, act: Interaction) -> None:
    """Show under the links of a full member's message how many ask, and one quote; under others nothing.

    What is shown there, everybody in the channel reads: with a guest or somebody unknown among them, nothing
    is. Slack has no way to show more under a link to some people alone.
    """
    event, member = act.body["event"], context.directory.member(act.user)
    if member.is_external or member.is_guest:
        return
    with context.reading() as unit:
        found = unfurled(unit, [one["url"] for one in event["links"]])
    if not found or not _is_among_us(context, act.channel):
        return
    shown = {one.url: unfurl(one.ticket, one.reach, one.quote, context.zone) for one in found}
    about = {"unfurl_id": event["unfurl_id"], "source": POSTED}
    if not event.get("unfurl_id"):
        about = {"channel": act.channel, "ts": event["message_ts"]}
    context.slack.upsert("chat.unfurl", "showing more under a link", unfurls=shown, **about)


def _is_among_us(context: Context, channel: str) -> bool:
    """Return whether all in the channel are full members; where Slack does not tell it, they are not."""
    try:
        unknown = context.members.all(channel) - context.directory.full_members()
        if len(unknown) > MOST_UNKNOWN:
            return False
        # Who came to the workspace since its people were listed.
        looked_up = [context.directory.member(user) for user in unknown]
    except IntegrationError as exc:
        log.info("nothing shown under a link", extra={"channel": channel, "error": type(exc).__name__})
        return False
    return not any(one.is_guest or one.is_external for one in looked_up)
