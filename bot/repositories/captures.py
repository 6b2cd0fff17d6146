"""What people took as feedback in the chat."""

from __future__ import annotations

from datetime import datetime
from typing import Protocol

from bot.domain.capture import Capture


class Captures(Protocol):
    """Threads that were taken as feedback by hand."""

    def get(self, external_id: str) -> Capture | None:
        """Return what was said of the thread, or None."""
        ...

    def put(self, capture: Capture, now: datetime) -> None:
        """Keep it in place of what was said of the thread before."""
        ...
