"""A chat in memory that fails as it is told to."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from bot.domain.message import Message, MessageRef
from bot.errors import IntegrationError
from bot.ports import Finding


@dataclass(slots=True)
class Sent:
    """One message as it stands."""

    channel: str
    key: str
    thread: str | None
    message: Message | bytes


class FakeMessenger:
    """Keeps what was posted, by id. `before` and `after` hold errors for the next writes, in order."""

    name = "slack"

    def __init__(self) -> None:
        self.sent: dict[str, Sent] = {}
        self._count = 0
        self.before: list[IntegrationError] = []
        self.after: list[IntegrationError] = []

    def keys(self, channel: str) -> list[str]:
        """Return the keys of the channel's messages, replies among them, in order."""
        return [s.key for s in self.sent.values() if s.channel == channel]

    def post(self, channel: str, message: Message, *, key: str, thread: str | None = None) -> MessageRef:
        """Add a message."""
        return MessageRef(channel, self._add(Sent(channel, key, thread, message)))

    def find(
        self, channel: str, key: str, *, since: datetime, thread: str | None = None
    ) -> MessageRef | None:
        """Return the message with the key."""
        found = next(
            (i for i, s in self.sent.items() if (s.channel, s.key, s.thread) == (channel, key, thread)), None
        )
        return MessageRef(channel, found) if found else None

    def update(self, ref: MessageRef, message: Message, *, key: str) -> None:
        """Replace the message."""
        self._fail(self.before)
        self.sent[ref.id].message = message
        self._fail(self.after)

    def delete(self, ref: MessageRef) -> None:
        """Remove the message."""
        self.sent.pop(ref.id, None)

    def ephemeral(self, channel: str, user: str, message: Message) -> None:
        """Show nothing that lasts."""

    def upload_image(
        self, channel: str, image: bytes, *, key: str, title: str, alt_text: str, thread: str | None = None
    ) -> str:
        """Add an image."""
        return self._add(Sent(channel, f"image {key}", thread, image))

    def find_image(self, channel: str, key: str, *, since: datetime, thread: str | None = None) -> str | None:
        """Return the image with the key."""
        ref = self.find(channel, f"image {key}", since=since, thread=thread)
        return ref.id if ref else None

    def delete_image(self, channel: str, image: str, *, since: datetime, thread: str | None = None) -> None:
        """Remove the image."""
        self._fail(self.before)
        self.sent.pop(image, None)
        self._fail(self.after)

    def channel_id(self, channel: str) -> str:
        """Return the channel as it was given."""
        return channel

    def is_in(self, channel: str) -> bool:
        """Return True."""
        return True

    def channel_name(self, channel: str) -> str:
        """Return the channel as it is given."""
        return channel

    def permalink(self, ref: MessageRef) -> str:
        """Return an address."""
        return f"https://chat.example/{ref.channel}/{ref.id}"

    def check(self) -> Sequence[Finding]:
        """Return that all is well."""
        return [Finding(True, "fine")]

    def _add(self, sent: Sent) -> str:
        self._fail(self.before)
        self._count += 1
        self.sent[str(self._count)] = sent
        self._fail(self.after)
        return str(self._count)

    def _fail(self, errors: list[IntegrationError]) -> None:
        if errors:
            raise errors.pop(0)
