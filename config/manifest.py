"""Slack's app manifest: what the app is called, may do, and where Slack reaches it."""

from __future__ import annotations

from typing import Any

BOT_SCOPES = (
    "channels:history",  # find our own message again when its answer was lost
    "channels:read",
    "chat:write",
    "chat:write.public",
    "commands",
    "files:write",  # the digest's chart
    "groups:history",
    "groups:read",
    "usergroups:read",  # who may decide
    "users:read",
)


def manifest(request_url: str | None = None) -> dict[str, Any]:
    """Return the manifest for Socket Mode, or for HTTP at request_url (it ends in `/slack/events`)."""
    reached = {"url": request_url} if request_url else {}
    asked = {"request_url": request_url} if request_url else {}
    command = {
        "command": "/voc",
        "description": "What customers say, and the tickets it is about",
        "usage_hint": "help | status | ticket KEY | themes | digest preview | digest now | digest schedule",
        "should_escape": False,
        **reached,
    }
    return {
        "_metadata": {"major_version": 1, "minor_version": 1},
        "display_information": {
            "name": "Voc",
            "description": "The voice of the customer: their words on the ticket, and a weekly digest.",
            "background_color": "#1f3a5f",
        },
        "features": {
            "bot_user": {"display_name": "voc", "always_online": True},
            "slash_commands": [command],
        },
        "oauth_config": {"scopes": {"bot": list(BOT_SCOPES)}},
        "settings": {
            "interactivity": {"is_enabled": True, **asked},
            "org_deploy_enabled": False,
            "socket_mode_enabled": request_url is None,
            "token_rotation_enabled": False,
        },
    }
