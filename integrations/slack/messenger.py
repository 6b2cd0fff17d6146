"""Slack as a Messenger: messages carry their key as metadata, so that a lost answer can be looked up."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from contextlib import suppress
from datetime import datetime, timedelta
from types import MappingProxyType
from typing import Any

import requests

from bot.domain.message import Message, MessageRef
from bot.errors import (
    AccessError,
    IntegrationError,
    NotFoundError,
    UncertainError,
)
from bot.i18n import speaking
from bot.ports import Clock, Finding
from integrations.http import plain_session
from integrations.slack.blocks.elements import Post
from integrations.slack.blocks.render import language_of, render
from integrations.slack.checking import check_channel, check_workspace, is_foreign
from integrations.slack.client import VENDOR, Apis, is_direct
from integrations.slack.uploading import DOING as UPLOADING
from integrations.slack.uploading import file_name, send_bytes

EVENT_TYPE = "voc_message"
CHANNEL_ID = re.compile(r"(T[A-Z0-9]+/)?[CGD][A-Z0-9]{7,}")
PERSON_ID = re.compile(r"[UW][A-Z0-9]{5,}")
SKEW = timedelta(minutes=10)  # how far Slack's clock and ours may differ when a message is looked for
ALT_TEXT_MOST = 1_000  # alt_txt_too_large beyond
PAGE = 200


class SlackMessenger:
    """The Messenger port on Slack's Web API. channels: those that the settings name, by id or #name; scopes:
    each with what needs it; `check` tries both. language: of what is said in channels.

    A message too long for Slack goes on in its thread. If the process dies between the two, `find` finds the
    message and its rest stays out; only a Notice of more than 10,000 characters is that long.
    """

    def __init__(
        self,
        api: Apis,
        *,
        clock: Clock,
        session: requests.Session | None = None,
        channels: Sequence[str] = (),
        scopes: Mapping[str, str] = MappingProxyType({}),
        language: str = "en",
    ) -> None:
        self._api, self._clock, self._language = api, clock, language
        self._channels, self._scopes = channels, scopes
        self._session = session or plain_session()
        self._ids: dict[str, str] = {}

    @property
    def name(self) -> str:
        """Return "slack"."""
        return VENDOR

    def post(self, channel: str, message: Message, *, key: str, thread: str | None = None) -> MessageRef:
        """Post a message findable by key; what is too long goes on in its thread."""
        began = self._clock.now()
        first, *rest = self._rendered(message)
        ref = self._post(self.channel_id(channel), first, key, thread)
        for number, page in enumerate(rest, start=2):
            self._continue(ref, page, f"{key}#{number}", thread or ref.id, began)
        return ref

    def find(
        self, channel: str, key: str, *, since: datetime, thread: str | None = None
    ) -> MessageRef | None:
        """Return our message with that key posted at or after `since`, or None."""
        where = self.channel_id(channel)
        for message in self._messages(where, since, thread):
            metadata = message.get("metadata") or {}
            if (
                metadata.get("event_type") == EVENT_TYPE
                and (metadata.get("event_payload") or {}).get("key") == key
            ):
                return MessageRef(where, str(message["ts"]))
        return None

    def update(self, ref: MessageRef, message: Message, *, key: str) -> None:
        """Show the message's first post anew in place."""
        page = self._rendered(message)[0]
        self._api.of(ref.channel).upsert(
            "chat.update",
            "updating a message",
            channel=ref.channel,
            ts=ref.id,
            **_content(page),
            metadata=metadata(key),
        )

    def delete(self, ref: MessageRef) -> None:
        """Remove our message; no error when it is gone."""
        try:
            self._api.of(ref.channel).upsert(
                "chat.delete", "deleting a message", channel=ref.channel, ts=ref.id
            )
        except NotFoundError:
            return

    def ephemeral(self, channel: str, user: str, message: Message) -> None:
        """Show a message to one person only."""
        where = self.channel_id(channel)
        for page in self._rendered(message):
            self._api.of(where).write(
                "chat.postEphemeral",
                "showing a message",
                channel=where,
                user=user,
                **_content(page),
            )

    def upload_image(
        self, channel: str, image: bytes, *, key: str, title: str, alt_text: str, thread: str | None = None
    ) -> str:
        """Share a PNG with alt text and return the file's id; the file's name carries the key."""
        where = self.channel_id(channel)
        api = self._api.of(where)
        place = api.read(
            "files.getUploadURLExternal",
            UPLOADING,
            filename=file_name(key),
            length=len(image),
            alt_txt=alt_text[:ALT_TEXT_MOST],
        )
        send_bytes(self._session, str(place["upload_url"]), image)
        file = {"id": place["file_id"], "title": title}
        into = {"thread_ts": thread} if thread else {}
        api.write("files.completeUploadExternal", "sharing an image", files=[file], channel_id=where, **into)
        return str(place["file_id"])

    def find_image(self, channel: str, key: str, *, since: datetime, thread: str | None = None) -> str | None:
        """Return the id of the image shared with that key, or None."""
        wanted = file_name(key)
        for message in self._messages(self.channel_id(channel), since, thread):
            for file in message.get("files") or []:
                if file.get("name") == wanted:
                    return str(file["id"])
        return None

    def delete_image(self, channel: str, image: str, *, since: datetime, thread: str | None = None) -> None:
        """Remove our file. Its message goes first: it would say that a file is missing."""
        where = self.channel_id(channel)
        for message in self._messages(where, since, thread):
            if any(file.get("id") == image for file in message.get("files") or []):
                self.delete(MessageRef(where, str(message["ts"])))
        with suppress(NotFoundError):
            self._api.of(where).upsert("files.delete", "deleting an image", file=image)

    def channel_id(self, channel: str) -> str:
        """Return the channel's id, looked up once where a name is given. Raises NotFoundError.

        A person's is that of their direct messages with Voc.
        """
        if CHANNEL_ID.fullmatch(channel):
            return channel
        if PERSON_ID.fullmatch(channel):
            return self._ids.get(channel) or self._conversation_with(channel)
        name = channel.removeprefix("#")
        if name not in self._ids:
            kinds = {"types": "public_channel,private_channel", "exclude_archived": True, "limit": PAGE}
            for page in self._api.of("").pages("conversations.list", "finding a channel", **kinds):
                self._ids |= {str(c["name"]): str(c["id"]) for c in page.get("channels") or []}
        if name not in self._ids:
            raise NotFoundError(VENDOR, "finding a channel", f"#{name}")
        return self._ids[name]

    def is_in(self, channel: str) -> bool:
        """Return whether Voc is in the channel and it is not archived."""
        try:
            info = self._info(channel)
        except (AccessError, NotFoundError):
            return False
        return bool(info.get("is_member")) and not info.get("is_archived")

    def is_shared(self, channel: str) -> bool:
        """Return whether another organisation reads the channel, or soon will, and no setting names it."""
        if channel in {self._ids.get(name.removeprefix("#"), name) for name in self._channels}:
            return False  # as far as is known without asking
        return is_foreign(self._info(channel)) and channel not in self._named()

    def _named(self) -> Iterator[str]:
        """Yield the ids of the channels that the settings name, as far as they are to be found."""
        for channel in self._channels:
            with suppress(NotFoundError):
                yield self.channel_id(channel)

    def channel_name(self, channel: str) -> str:
        """Return what people call the channel; its id where Slack does not tell Voc."""
        try:
            info = self._info(channel)
        except IntegrationError:
            return channel
        return f"#{info['name']}" if info.get("name") else channel

    def _conversation_with(self, user: str) -> str:
        answer = self._api.of("").upsert("conversations.open", "opening a conversation", users=user)
        self._ids[user] = str(answer["channel"]["id"])
        return self._ids[user]

    def permalink(self, ref: MessageRef) -> str:
        """Return the message's web address."""
        answer = self._api.of(ref.channel).read(
            "chat.getPermalink", "asking for a link", channel=ref.channel, message_ts=ref.id
        )
        return str(answer["permalink"])

    def check(self) -> Sequence[Finding]:
        """Return what works and what is missing."""
        found = [finding for api in self._api.all() for finding in check_workspace(api, self._scopes)]
        channels = self._channels if found[0].is_ok else ()
        return [*found, *(check_channel(channel, self._info) for channel in channels)]

    def _info(self, channel: str) -> Mapping[str, Any]:
        where = self.channel_id(channel)
        if is_direct(where):  # it is open as it stands, and to ask of it would want one scope more
            return {"id": where, "is_member": True}
        answer = self._api.of(where).read("conversations.info", "reading a channel", channel=where)
        found: Mapping[str, Any] = answer["channel"]
        return found

    def _rendered(self, message: Message) -> tuple[Post, ...]:
        with speaking(language_of(message) or self._language):
            return render(message)

    def _post(self, channel: str, page: Post, key: str, thread: str | None) -> MessageRef:
        into = {"thread_ts": thread} if thread else {}
        answer = self._api.of(channel).write(
            "chat.postMessage",
            "posting a message",
            channel=channel,
            **_content(page),
            metadata=metadata(key),
            unfurl_links=False,
            unfurl_media=False,
            **into,
        )
        ref = MessageRef(str(answer["channel"]), str(answer["ts"]))
        if thread and answer["message"].get("thread_ts") != thread:
            # Slack has no error for a thread that is gone: it posts to the channel.
            self.delete(ref)
            raise NotFoundError(VENDOR, "posting to a thread")
        return ref

    def _continue(self, ref: MessageRef, page: Post, key: str, thread: str, began: datetime) -> None:
        """Post a further page; after a lost answer, post it again only if it is not there."""
        try:
            self._post(ref.channel, page, key, thread)
        except UncertainError:
            if self.find(ref.channel, key, since=began, thread=thread) is None:
                self._post(ref.channel, page, key, thread)

    def _messages(self, channel: str, since: datetime, thread: str | None) -> Iterator[Mapping[str, Any]]:
        """Yield the channel's or the thread's messages since the moment; none where the thread is gone."""
        window = {"oldest": f"{(since - SKEW).timestamp():.6f}", "limit": PAGE, "include_all_metadata": True}
        method = "conversations.replies" if thread else "conversations.history"
        into = {"ts": thread} if thread else {}
        try:
            for page in self._api.of(channel).pages(
                method, "looking for a message", channel=channel, **window, **into
            ):
                yield from page.get("messages") or []
        except NotFoundError:
            return


def _content(page: Post) -> dict[str, Any]:
    return {"text": page.text, "blocks": page.blocks}


def metadata(key: str) -> dict[str, Any]:
    """Return what a message carries, so that it is found again by its key."""
    return {"event_type": EVENT_TYPE, "event_payload": {"key": key}}
