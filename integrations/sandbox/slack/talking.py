"""What people write and do in channels: the app hears of it where it listens."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Any
from urllib.parse import urlsplit

from integrations.sandbox.slack.conversations import BROADCAST
from integrations.sandbox.slack.state import Channel, Json, Workspace

if TYPE_CHECKING:
    from integrations.sandbox.slack.stand_in import SlackStandIn

URL = re.compile(r"https?://[^\s<>|]+")


class Talking:
    """People at the client, outside of the app's own dialogs. Each act returns once the app was told."""

    def __init__(self, slack: SlackStandIn) -> None:
        self._slack = slack

    @property
    def _space(self) -> Workspace:
        return self._slack.space

    def say(self, user: str, channel: str, text: str, *, thread: str = "", is_broadcast: bool = False) -> str:
        """Write a message (a reply, with its thread's ts) and return its ts.

        text: as typed. is_broadcast: whether the reply is also sent to the channel.
        """
        with self._slack.lock:
            where, known = self._space.channels[channel], self._space.users[user]
            fields: Json = {"client_msg_id": self._space.new_id(""), "type": "message", "user": user}
            fields |= {"team": known.get("team_id", self._space.team["id"]), "text": _stored(text)}
            fields["ts"] = self._space.next_ts()
            if thread:
                parent = where.message(thread)
                if parent is None:
                    raise ValueError(f"no message {thread} in {channel}")
                fields |= {"thread_ts": parent.setdefault("thread_ts", thread)}
                fields |= {"parent_user_id": parent["user"]}
                if is_broadcast:
                    fields |= {"subtype": BROADCAST, "root": _plain(parent)}
            where.messages.append(fields)
        told = _plain(fields)
        shared = self._links(where, fields, text)
        self._tell_message(where, told)
        if shared is not None:
            self._slack.events.tell("link_shared", shared, where)
        return str(fields["ts"])

    def edit(self, user: str, channel: str, ts: str, text: str) -> None:
        """Change what somebody wrote."""
        with self._slack.lock:
            where = self._space.channels[channel]
            message = _found(where, ts)
            before = _plain(message)
            message |= {"text": _stored(text), "edited": {"user": user, "ts": self._space.next_ts()}}
        self._tell_change(where, _plain(message), before)

    def remove(self, channel: str, ts: str) -> None:
        """Delete a message; one that has replies leaves a stone behind, as in Slack."""
        with self._slack.lock:
            where = self._space.channels[channel]
            message = _found(where, ts)
            before = _plain(message)
            if where.replies(ts):
                kept = {name: message[name] for name in ("type", "ts", "thread_ts")}
                message.clear()
                message.update(kept, subtype="tombstone", user="USLACKBOT", text="This message was deleted.")
            else:
                where.messages.remove(message)
        if message.get("subtype") == "tombstone":
            self._tell_change(where, _plain(message), before)
            return
        at = self._space.next_ts()
        event = {"type": "message", "subtype": "message_deleted", "hidden": True, "deleted_ts": ts}
        self._tell_message(where, event | {"previous_message": before, "ts": at})

    def react(self, user: str, channel: str, ts: str, reaction: str) -> Json | None:
        """Put a reaction on a message; return the callback that the app was sent."""
        with self._slack.lock:
            where = self._space.channels[channel]
            given = _found(where, ts).setdefault("reactions", [])
            known = next((r for r in given if r["name"] == reaction), None)
            if known is None:
                known = {"name": reaction, "users": [], "count": 0}
                given.append(known)
            if user not in known["users"]:
                known["users"].append(user)
            known["count"] = len(known["users"])
        return self._tell_reaction("reaction_added", user, where, ts, reaction)

    def unreact(self, user: str, channel: str, ts: str, reaction: str) -> Json | None:
        """Take a reaction back; return the callback that the app was sent."""
        with self._slack.lock:
            where = self._space.channels[channel]
            message = _found(where, ts)
            for known in message.get("reactions", []):
                if known["name"] == reaction and user in known["users"]:
                    known["users"].remove(user)
                    known["count"] -= 1
            message["reactions"] = [r for r in message.get("reactions", []) if r["count"]]
        return self._tell_reaction("reaction_removed", user, where, ts, reaction)

    def open_home(self, user: str, tab: str = "home") -> Json | None:
        """Open the app's home; the callback carries the view that is published there."""
        with self._slack.lock:
            event: Json = {"type": "app_home_opened", "user": user, "channel": f"D{user[1:]}", "tab": tab}
            event["event_ts"] = self._space.next_ts()
            if shown := self._space.views.get(self._space.homes.get(user, "")):
                event["view"] = dict(shown)
        return self._slack.events.tell("app_home_opened", event)

    def echo(self, channel: str, ts: str) -> None:
        """Tell the app of its own message, as Slack does of every one in a channel."""
        where = self._space.channels[channel]
        self._tell_message(where, _plain(_found(where, ts)))

    def remove_app(self, user: str, channel: str) -> None:
        """Take the app out of a channel."""
        with self._slack.lock:
            where, app = self._space.channels[channel], self._space.app["user_id"]
            where.is_member = False
        self._tell_left(where, app)
        kind = "group_left" if where.is_private else "channel_left"
        event = {"type": kind, "channel": channel, "actor_id": user, "event_ts": self._space.next_ts()}
        self._slack.events.tell(kind, event, where)

    def leave(self, user: str, channel: str) -> None:
        """Leave a channel."""
        self._tell_left(self._space.channels[channel], user)

    def archive(self, user: str, channel: str, *, is_archived: bool = True) -> None:
        """Archive a channel, or bring it back."""
        with self._slack.lock:
            where = self._space.channels[channel]
            where.is_archived = is_archived
        kind = ("group_" if where.is_private else "channel_") + ("archive" if is_archived else "unarchive")
        event = {"type": kind, "channel": channel, "user": user, "event_ts": self._space.next_ts()}
        self._slack.events.tell(kind, event, where)

    def rename(self, channel: str, name: str) -> None:
        """Give a channel another name."""
        with self._slack.lock:
            where = self._space.channels[channel]
            where.name = name
        kind = "group_rename" if where.is_private else "channel_rename"
        about = {"id": channel, "name": name, "name_normalized": name, "created": 1_700_000_000}
        if not where.is_private:
            about |= {"is_channel": True, "is_mpim": False}
        event = {"type": kind, "channel": about, "event_ts": self._space.next_ts()}
        self._slack.events.tell(kind, event, where)

    def uninstall(self) -> None:
        """Remove the app from the workspace: its tokens are revoked, then it is told of both."""
        with self._slack.lock:
            bot = str(self._space.app["user_id"])
            self._space.app["token"] = ""
        self._slack.events.tell(
            "tokens_revoked", {"type": "tokens_revoked", "tokens": {"oauth": [], "bot": [bot]}}
        )
        self._slack.events.tell("app_uninstalled", {"type": "app_uninstalled"})

    def _tell_message(self, where: Channel, event: Json) -> None:
        kind = "im" if where.id.startswith("D") else "groups" if where.is_private else "channels"
        about = {"channel": where.id, "channel_type": {"im": "im", "groups": "group"}.get(kind, "channel")}
        if where.is_member:
            self._slack.events.tell(f"message.{kind}", {**event, **about, "event_ts": event["ts"]}, where)

    def _tell_change(self, where: Channel, message: Json, before: Json) -> None:
        event = {"type": "message", "subtype": "message_changed", "hidden": True, "message": message}
        self._tell_message(where, event | {"previous_message": before, "ts": self._space.next_ts()})

    def _tell_reaction(self, kind: str, user: str, where: Channel, ts: str, reaction: str) -> Json | None:
        event = {
            "type": kind,
            "user": user,
            "reaction": reaction,
            "item": {"type": "message", "channel": where.id, "ts": ts},
            "event_ts": self._space.next_ts(),
        }
        if (author := _found(where, ts).get("user")) is not None:
            event["item_user"] = author
        return self._slack.events.tell(kind, event, where) if where.is_member else None

    def _tell_left(self, where: Channel, user: str) -> None:
        event = {
            "type": "member_left_channel",
            "user": user,
            "channel": where.id,
            "channel_type": "G" if where.is_private else "C",
            "team": self._space.team["id"],
            "event_ts": self._space.next_ts(),
        }
        self._slack.events.tell("member_left_channel", event, where)

    def _links(self, where: Channel, message: Json, text: str) -> Json | None:
        """Return the event of links to the app's domains; Slack tells of them also where it is no member."""
        domains = self._space.app["unfurl_domains"]
        links = [{"domain": d, "url": u} for u in URL.findall(text) if (d := _domain(u, domains))]
        if not links:
            return None
        event: Json = {
            "type": "link_shared",
            "channel": where.id,
            "is_bot_user_member": where.is_member,
            "user": message["user"],
            "message_ts": message["ts"],
            "unfurl_id": f"{where.id}.{message['ts']}.{self._space.new_id('').lower()}",
            "source": "conversations_history",
            "links": links,
            "event_ts": self._space.next_ts(),
        }
        if "thread_ts" in message:
            event["thread_ts"] = message["thread_ts"]
        with self._slack.lock:
            message["shared"] = {"unfurl_id": event["unfurl_id"], "urls": [one["url"] for one in links]}
        return event


def _stored(text: str) -> str:
    """Return what was typed as Slack keeps it: three letters as entities, addresses in angle brackets."""
    escaped = text.replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;")
    return URL.sub(lambda found: f"<{found.group()}>", escaped)


def _domain(url: str, domains: Any) -> str:
    """Return the app's domain that the address is of, "" for none; subdomains count."""
    host = urlsplit(url).hostname or ""
    return next((d for d in domains if host == d or host.endswith(f".{d}")), "")


def _plain(message: Json) -> Json:
    """Return the message as events carry it."""
    return {name: value for name, value in message.items() if name not in ("reactions", "shared", "unfurls")}


def _found(where: Channel, ts: str) -> Json:
    message = where.message(ts)
    if message is None:
        raise ValueError(f"no message {ts} in {where.id}")
    return message
