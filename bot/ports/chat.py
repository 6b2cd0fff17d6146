"""Where people are talked to."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Protocol

from bot.domain.message import Message, MessageRef
from bot.ports.basics import Finding


@dataclass(frozen=True, slots=True)
class Posted:
    """A message that was found or made, with the thread it started or joined."""

    ref: MessageRef
    thread: str | None = None


class Messenger(Protocol):
    """A chat. One visible message per call, within the vendor's limits by construction.

    Writes raise as TicketTracker's do.
    """

    @property
    def name(self) -> str:
        """The messenger's name, e.g. "slack"."""
        ...

    def post(self, channel: str, message: Message, *, key: str, thread: str | None = None) -> MessageRef:
        """Post a message findable by key; what is too long goes on in its thread. thread: the parent's id."""
        ...

    def find(
        self, channel: str, key: str, *, since: datetime, thread: str | None = None
    ) -> MessageRef | None:
        """Return our message with that key posted at or after `since`, or None.

        Raises AccessError if it can't look.
        """
        ...

    def update(self, ref: MessageRef, message: Message, *, key: str) -> None:
        """Show the message anew in place. The same content twice is harmless."""
        ...

    def delete(self, ref: MessageRef) -> None:
        """Remove our message; no error when it is gone."""
        ...

    def ephemeral(self, channel: str, user: str, message: Message) -> None:
        """Show a message to one person only; may be shown twice or not at all after a fault."""
        ...

    def upload_image(
        self, channel: str, image: bytes, *, key: str, title: str, alt_text: str, thread: str | None = None
    ) -> str:
        """Share a PNG with alt text and return the file's id; the file's name carries the key."""
        ...

    def find_image(self, channel: str, key: str, *, since: datetime, thread: str | None = None) -> str | None:
        """Return the id of the image shared with that key, or None."""
        ...

    def delete_image(self, channel: str, image: str, *, since: datetime, thread: str | None = None) -> None:
        """Remove our image, and the message posted at or after `since` that shares it; no error when gone."""
        ...

    def channel_id(self, channel: str) -> str:
        """Return the immutable id of a channel given by id or #name. Raises NotFoundError."""
        ...

    def is_in(self, channel: str) -> bool:
        """Return whether we are in the channel and it is open. Raises TransientError."""
        ...

    def channel_name(self, channel: str) -> str:
        """Return what people call the channel, e.g. "#product"; the given where the chat does not tell."""
        ...

    def permalink(self, ref: MessageRef) -> str:
        """Return the message's web address."""
        ...

    def check(self) -> Sequence[Finding]:
        """Return what works and what is missing; never raises IntegrationError."""
        ...
