"""What the Slack app may do and hears of, and what needs it: read by the manifest and by `check`."""

from __future__ import annotations

from collections.abc import Mapping

# By Slack's pages docs.slack.dev/reference/scopes/…, with the methods and events that take each.
SCOPES: Mapping[str, str] = {
    "channels:history": "finding a message again after a lost answer, and taking messages as feedback",
    "channels:read": "finding channels by name, and hearing when one is archived or renamed",
    "chat:write": "posting",
    "chat:write.public": "posting in public channels that Voc is not in",
    "commands": "/voc and the shortcuts",
    "files:write": "the digest's chart",
    "groups:history": "finding a message again, and taking messages as feedback, in private channels",
    "groups:read": "finding private channels by name, and hearing when one is archived or renamed",
    "im:history": "finding a direct message again after a lost answer",
    "im:write": "digests and notices by direct message",
    "links:read": "hearing of links to tickets and conversations",
    "links:write": "showing under such a link who asked for it",
    "reactions:read": "taking a message as feedback by a reaction",
    "usergroups:read": "knowing who is in the groups that may decide",
    "users:read": "a person's time zone and language, and whether they are a guest",
    "users:read.email": "knowing the author of a captured message as a customer",
}

# The events that are asked for, each with the scopes of which Slack wants one ("": none).
EVENTS: Mapping[str, str] = {
    "app_home_opened": "",
    "app_uninstalled": "",
    "channel_archive": "channels:read",
    "channel_deleted": "channels:read",
    "channel_left": "channels:read",
    "channel_rename": "channels:read",
    "channel_unarchive": "channels:read",
    "group_archive": "groups:read",
    "group_deleted": "groups:read",
    "group_left": "groups:read",
    "group_rename": "groups:read",
    "group_unarchive": "groups:read",
    "link_shared": "links:read",
    "member_joined_channel": "channels:read",
    "member_left_channel": "channels:read",
    "message.channels": "channels:history",
    "message.groups": "groups:history",
    "reaction_added": "reactions:read",
    "reaction_removed": "reactions:read",
    "tokens_revoked": "",
}
