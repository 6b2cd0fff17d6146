"""The workspace's state: channels with their messages, people, files, views, and what was sent to the app."""

from __future__ import annotations

import secrets
from dataclasses import dataclass, field
from typing import Any

from integrations.sandbox.clock import SandboxClock

Json = dict[str, Any]

SCOPES = (
    "commands chat:write channels:read groups:read channels:history groups:history channels:join"
    " files:write im:history im:write links:read links:write reactions:read usergroups:read"
    " users:read users:read.email"
).split()


class Refused(Exception):
    """Slack's answer {"ok": false, "error": …}. facts: what else the answer carries."""

    def __init__(self, error: str, **facts: Any) -> None:
        super().__init__(error)
        self.error, self.facts = error, facts

    @property
    def answer(self) -> Json:
        """The answer's body."""
        return {"ok": False, "error": self.error, **self.facts}


@dataclass(slots=True, kw_only=True)
class Channel:
    """A channel with its messages, oldest first, replies among them. is_member: whether the app is in it.

    is_ext_shared: with another organisation, by Slack Connect. user: whose direct messages with the app it
    holds, "" for any other channel. people: who is in it, None for everybody.
    """

    id: str
    name: str
    is_private: bool = False
    is_member: bool = True
    is_archived: bool = False
    people: list[str] | None = None
    is_ext_shared: bool = False
    topic: str = ""
    user: str = ""
    messages: list[Json] = field(default_factory=list)

    def message(self, ts: str) -> Json | None:
        """Return the message with that ts."""
        return next((m for m in self.messages if m["ts"] == ts), None)

    def replies(self, ts: str) -> list[Json]:
        """Return the thread's replies, oldest first, without its parent."""
        return [m for m in self.messages if m.get("thread_ts") == ts and m["ts"] != ts]


@dataclass(slots=True, kw_only=True)
class StoredFile:
    """An uploaded file. content None: announced, its bytes not yet here; is_shared: completed.

    is_deleted: its bytes are gone, and what shared it says so.
    """

    id: str
    name: str
    length: int
    alt_text: str = ""
    title: str = ""
    content: bytes | None = None
    is_shared: bool = False
    is_deleted: bool = False


@dataclass(slots=True, kw_only=True)
class Trigger:
    """A moment in which the app may open a modal for a user."""

    user: str
    expires_at: float
    is_used: bool = False


@dataclass(slots=True, kw_only=True)
class Response:
    """A response_url's rights. message_ts: what it may replace; ephemeral: whether that is one person's."""

    channel: str
    user: str
    expires_at: float
    message_ts: str = ""
    ephemeral: bool = True
    uses: int = 0


class Workspace:
    """One Slack workspace with one app in it."""

    def __init__(self, clock: SandboxClock) -> None:
        self.clock = clock
        self.team: Json = {"id": "T0SANDBOX1", "name": "Sandbox", "domain": "sandbox"}
        self.app: Json = {
            "token": "xoxb-sandbox",
            "app_token": "xapp-sandbox",
            "scopes": list(SCOPES),
            "id": "A0SANDBOX1",
            "bot_id": "B0SANDBOX1",
            "user_id": "U0SANDBOXB",
            "name": "voc",
            "events": [],  # what it subscribed to
            "unfurl_domains": [],
        }
        self.bot: Json = {"url": "", "signing_secret": "sandbox-signing-secret"}
        self.users: dict[str, Json] = {}
        self.usergroups: dict[str, Json] = {}
        self.channels: dict[str, Channel] = {}
        self.files: dict[str, StoredFile] = {}
        self.ephemerals: list[Json] = []
        self.views: dict[str, Json] = {}
        self.modals: dict[str, list[str]] = {}  # a user's open views, the top one last
        self.homes: dict[str, str] = {}
        self.offered: dict[tuple[str, str, str], list[Json]] = {}  # in selects, by view, block and action
        self.triggers: dict[str, Trigger] = {}
        self.responses: dict[str, Response] = {}
        self.interactions: list[Json] = []
        self.deliveries: list[Json] = []
        self._last_ts = 0

    def now(self) -> float:
        """Return the stand-in's time in seconds since 1970."""
        return self.clock.now().timestamp()

    def next_ts(self) -> str:
        """Return a ts that no other message has."""
        self._last_ts = max(self._last_ts + 1, int(self.now() * 1_000_000))
        return f"{self._last_ts // 1_000_000}.{self._last_ts % 1_000_000:06d}"

    def new_id(self, prefix: str) -> str:
        """Return an id of Slack's form."""
        return prefix + secrets.token_hex(5).upper()

    def new_trigger(self, user: str) -> str:
        """Return a trigger_id: good for one modal within three seconds."""
        trigger = f"{int(self.now())}.{secrets.randbelow(10**12)}.{secrets.token_hex(16)}"
        self.triggers[trigger] = Trigger(user=user, expires_at=self.now() + 3)
        return trigger

    def channel(self, channel_id: str) -> Channel:
        """Return the channel. Raises channel_not_found, also for a name and for what the app may not see.

        Slack takes names in chat.postMessage and nowhere else; refusing them there too is the stricter.
        """
        found = self.channels.get(channel_id)
        if found is None or (found.is_private and not found.is_member):
            raise Refused("channel_not_found")
        return found

    def add_message(self, channel: Channel, **fields: Any) -> Json:
        """Add the app's own message to the channel and return it."""
        message = {
            "type": "message",
            "user": self.app["user_id"],
            "bot_id": self.app["bot_id"],
            "app_id": self.app["id"],
            "team": self.team["id"],
            "ts": self.next_ts(),
            **fields,
        }
        channel.messages.append(message)
        return message
