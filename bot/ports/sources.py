"""Where feedback is read."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Protocol

from bot.domain.feedback import ReceivedConversation
from bot.ports.basics import Finding, Unreadable


@dataclass(frozen=True, slots=True, kw_only=True)
class FeedbackPage:
    """A page of changes. cursor: closes the page; saved with it, reading goes on after it.

    gone: deleted at the source.
    """

    conversations: tuple[ReceivedConversation, ...]
    cursor: str
    gone: tuple[str, ...] = ()
    unreadable: tuple[Unreadable, ...] = ()


class FeedbackSource(Protocol):
    """A support tool, read only. At least once, in order of change, ids stable, times aware UTC."""

    @property
    def name(self) -> str:
        """The source's name, e.g. "zendesk"."""
        ...

    def start(self, since: datetime) -> str:
        """Return the cursor that reads everything changed at or after `since`. No network."""
        ...

    def pages(self, after: str) -> Iterator[FeedbackPage]:
        """Yield what changed after the cursor until nothing more is there now.

        Raises TransientError, AccessError; AnswerError when the vendor repeats a page token.
        """
        ...

    def fetch(self, external_id: str) -> ReceivedConversation:
        """Return one conversation as it is now. Raises NotFoundError when it was deleted."""
        ...

    def estimate(self, since: datetime) -> int | None:
        """Return about how many conversations changed since, None where the vendor can't say."""
        ...

    def check(self) -> Sequence[Finding]:
        """Return what works and what is missing (token, scopes, reach); never raises IntegrationError."""
        ...
