"""response_url: five answers within thirty minutes, and the answers that come with an acknowledgement."""

from __future__ import annotations

from integrations.sandbox.slack.chat import checked_blocks
from integrations.sandbox.slack.state import Json, Refused, Response, Workspace

USES, LASTS_S = 5, 30 * 60
GONE = ("used_url", "expired_url", "no_such_url")
KNOWN = {
    "text", "blocks", "response_type", "replace_original", "delete_original", "thread_ts", "metadata",
    "unfurl_links", "unfurl_media", "mrkdwn", "attachments", "link_names", "parse",
}  # fmt: skip


def new_response(
    space: Workspace, channel: str, user: str, message_ts: str = "", *, ephemeral: bool = True
) -> str:
    """Return the id of a new response_url."""
    name = space.new_id("R")
    space.responses[name] = Response(
        channel=channel,
        user=user,
        expires_at=space.now() + LASTS_S,
        message_ts=message_ts,
        ephemeral=ephemeral,
    )
    return name


def respond(space: Workspace, response_id: str, body: Json) -> None:
    """Do what the body asks. Raises no_such_url, expired_url, used_url and Slack's refusals of content."""
    rights = space.responses.get(response_id)
    if rights is None:
        raise Refused("no_such_url")
    if space.now() > rights.expires_at:
        raise Refused("expired_url")
    if rights.uses >= USES:
        raise Refused("used_url")
    rights.uses += 1
    apply(space, rights, body)


def apply(space: Workspace, rights: Response, body: Json) -> None:
    """Show, replace or remove a message as the body says."""
    if set(body) - KNOWN:
        raise Refused("invalid_payload")
    original = _original(space, rights)
    if body.get("delete_original"):
        _remove(space, original)
        return
    fields: Json = {"text": str(body.get("text") or "")}
    if body.get("blocks") is not None:
        fields["blocks"] = checked_blocks(body["blocks"])
    if not fields["text"] and not fields.get("blocks"):
        raise Refused("no_text")
    if body.get("replace_original") and original is not None:
        original.pop("blocks", None)
        original.update(fields)
    elif body.get("response_type") == "in_channel":
        space.add_message(space.channels[rights.channel], **fields)
    else:
        ts = space.next_ts()
        space.ephemerals.append({"channel": rights.channel, "user": rights.user, "ts": ts, **fields})
        rights.message_ts = rights.message_ts or ts


def _original(space: Workspace, rights: Response) -> Json | None:
    if rights.ephemeral:
        return next((m for m in space.ephemerals if m["ts"] == rights.message_ts), None)
    return space.channels[rights.channel].message(rights.message_ts)


def _remove(space: Workspace, message: Json | None) -> None:
    if message in space.ephemerals:
        space.ephemerals.remove(message)
    for channel in space.channels.values():
        if message in channel.messages:
            channel.messages.remove(message)
