"""What works in Slack and what is missing: the token, its scopes, the channels that settings name."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from typing import Any

from bot.errors import IntegrationError
from bot.ports import Finding
from integrations.slack.client import SlackApi

REINSTALL = "Reinstall the app with it: python -m bot manifest shows the manifest that has it"


def check_workspace(api: SlackApi, needed: Mapping[str, str]) -> Sequence[Finding]:
    """Return whether the workspace lets us in, and each scope that it did not grant."""
    try:
        who, granted = api.identity()
    except IntegrationError as exc:
        return [Finding(False, str(exc), getattr(exc, "remedy", ""))]
    missing = {scope: feature for scope, feature in needed.items() if scope not in granted}
    return [
        Finding(True, f"Slack answers as {who}"),
        *(
            Finding(False, f"Slack scope {scope} is missing, needed for {feature}", REINSTALL)
            for scope, feature in missing.items()
        ),
    ]


def check_channel(channel: str, info: Callable[[str], Mapping[str, Any]]) -> Finding:
    """Return whether the channel can be posted to. info: what Slack says of it."""
    try:
        found = info(channel)
    except IntegrationError as exc:
        return Finding(False, f"Slack channel {channel}: {exc}", getattr(exc, "remedy", ""))
    name = f"#{found['name']}" if found.get("name") else channel
    if found.get("is_archived"):
        return Finding(False, f"Slack channel {name} is archived", "Unarchive it, or choose another channel")
    if not found.get("is_member"):
        return Finding(False, f"Slack channel {name} does not have Voc in it", "Type /invite @voc there")
    return Finding(True, f"Slack channel {name} can be posted to")


def is_foreign(found: Mapping[str, Any]) -> bool:
    """Return whether another organisation reads the channel, or soon will. found: what Slack says of it."""
    return bool(found.get("is_ext_shared") or found.get("is_pending_ext_shared"))
