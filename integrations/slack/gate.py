"""A channel that refuses is left alone: what is for it waits, at no call to Slack, and it is told once.

So is one that people of another organisation have come to read, unless the settings name it.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from datetime import datetime, timedelta
from typing import TypeVar

from bot.domain.message import Message, MessageRef
from bot.errors import AccessError, IntegrationError, NotFoundError
from bot.ports import Clock, Finding, Messenger
from bot.repositories import Work
from integrations.slack.client import REMEDIES, VENDOR

LOOK_EVERY = timedelta(days=1)  # one look at a channel whose return no event told of
SHUT = frozenset({"not_in_channel", "channel_not_found", "is_archived", "is_inactive"})
NO_SUCH = "no_such_channel"
SHARED = "ext_shared"
CLOSED = (*SHUT, NO_SUCH, SHARED)

T = TypeVar("T")


class ChannelGate:
    """The Messenger port, in front of another's.

    is_shared: whether people of another organisation read a channel that is not meant for them; on_news:
    called when a channel shuts or opens again.
    """

    def __init__(
        self,
        messenger: Messenger,
        work: Work,
        clock: Clock,
        *,
        is_shared: Callable[[str], bool] = lambda channel: False,
        on_news: Callable[[], None] = lambda: None,
    ) -> None:
        self._messenger, self._work, self._clock, self._on_news = messenger, work, clock, on_news
        self._is_shared = is_shared

    @property
    def name(self) -> str:
        """Return "slack"."""
        return self._messenger.name

    def post(self, channel: str, message: Message, *, key: str, thread: str | None = None) -> MessageRef:
        """Post, unless the channel is shut."""

        def post(where: str) -> MessageRef:
            if not thread and self._is_shared(where):
                raise AccessError(VENDOR, "posting", SHARED, remedy=REMEDIES[SHARED])
            return self._messenger.post(where, message, key=key, thread=thread)

        return self._at(channel, post, "posting")

    def find(
        self, channel: str, key: str, *, since: datetime, thread: str | None = None
    ) -> MessageRef | None:
        """Look for a message, unless the channel is shut."""
        return self._at(
            channel, lambda where: self._messenger.find(where, key, since=since, thread=thread), "looking"
        )

    def update(self, ref: MessageRef, message: Message, *, key: str) -> None:
        """Show the message anew, unless the channel is shut."""
        self._at(ref.channel, lambda _: self._messenger.update(ref, message, key=key), "updating a message")

    def delete(self, ref: MessageRef) -> None:
        """Remove our message, unless the channel is shut."""
        self._at(ref.channel, lambda _: self._messenger.delete(ref), "deleting a message")

    def ephemeral(self, channel: str, user: str, message: Message) -> None:
        """Show a message to one person, who is there and asked for it: that needs no gate."""
        self._messenger.ephemeral(channel, user, message)

    def upload_image(
        self, channel: str, image: bytes, *, key: str, title: str, alt_text: str, thread: str | None = None
    ) -> str:
        """Share a picture, unless the channel is shut."""
        return self._at(
            channel,
            lambda where: self._messenger.upload_image(
                where, image, key=key, title=title, alt_text=alt_text, thread=thread
            ),
            "sharing an image",
        )

    def find_image(self, channel: str, key: str, *, since: datetime, thread: str | None = None) -> str | None:
        """Look for a picture, unless the channel is shut."""
        return self._at(
            channel,
            lambda where: self._messenger.find_image(where, key, since=since, thread=thread),
            "looking",
        )

    def delete_image(self, channel: str, image: str, *, since: datetime, thread: str | None = None) -> None:
        """Remove our picture, unless the channel is shut."""
        self._at(
            channel,
            lambda where: self._messenger.delete_image(where, image, since=since, thread=thread),
            "deleting an image",
        )

    def channel_id(self, channel: str) -> str:
        """Return the channel's id."""
        return self._messenger.channel_id(channel)

    def is_in(self, channel: str) -> bool:
        """Return whether we are in the channel and it is open."""
        return self._messenger.is_in(channel)

    def channel_name(self, channel: str) -> str:
        """Return what people call the channel."""
        return self._messenger.channel_name(channel)

    def permalink(self, ref: MessageRef) -> str:
        """Return the message's web address."""
        return self._messenger.permalink(ref)

    def check(self) -> Sequence[Finding]:
        """Return what works and what is missing."""
        return self._messenger.check()

    def _at(self, channel: str, do: Callable[[str], T], doing: str) -> T:
        """Do it at the channel. Raises AccessError at once for one that is shut and not to be tried yet."""
        self._must_be_open(channel, doing)
        where = channel
        try:
            where = self._id_of(channel)
            if where != channel:
                self._must_be_open(where, doing)
            result = do(where)
        except (AccessError, NotFoundError) as exc:
            if (reason := exc.detail.partition(" ")[0]) in CLOSED:
                self._shut(where, reason)
            raise
        self._opened(channel, where)
        return result

    def _id_of(self, channel: str) -> str:
        try:
            return self._messenger.channel_id(channel)
        except NotFoundError as exc:
            # It was renamed or deleted, or is private and Voc not in it: for a person to mend.
            raise AccessError(VENDOR, exc.doing, f"{NO_SUCH} {channel}", remedy=REMEDIES[NO_SUCH]) from exc

    def _must_be_open(self, channel: str, doing: str) -> None:
        with self._work() as unit:
            trouble = unit.channels.get(channel)
        if trouble is None:
            return
        if self._clock.now() >= trouble.look_at:
            # Slack may take a post in a public channel that Voc was taken out of; who did that meant it.
            if self._messenger.is_in(channel):
                return
            self._shut(channel, trouble.reason)
        raise AccessError(VENDOR, doing, trouble.reason, remedy=REMEDIES[trouble.reason])

    def _shut(self, channel: str, reason: str) -> None:
        now = self._clock.now()
        with self._work() as unit:
            is_news = unit.channels.note(channel, reason, now, now + LOOK_EVERY)
            unit.commit()
        if is_news:
            self._on_news()

    def _opened(self, *channels: str) -> None:
        with self._work() as unit:
            known = [c for c in dict.fromkeys(channels) if unit.channels.get(c) is not None]
        if known:
            open_again(self._work, self._clock, known)
            self._on_news()


def open_again(work: Work, clock: Clock, channels: Sequence[str]) -> bool:
    """Let go out what waited for the channels; return whether any was shut."""
    now = clock.now()
    with work() as unit:
        was_shut = [unit.channels.over(channel, now) for channel in channels]
        for channel in channels:
            unit.effects.reopen(channel, now)
        unit.commit()
    return any(was_shut)


def closed_by(exc: IntegrationError) -> bool:
    """Return whether it is a channel that refuses, which is told of by itself."""
    return exc.vendor == VENDOR and exc.detail.partition(" ")[0] in CLOSED
