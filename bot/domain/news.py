"""What the owners of a project must hear of once: kept until they were told."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum


class NewsKind(StrEnum):
    """What happened. UNLINKED: so many links vanished at once that nobody can have meant each of them."""

    GONE = "gone"
    UNLINKED = "unlinked"
    REFUSED = "refused"
    RESUMED = "resumed"


@dataclass(frozen=True, slots=True, kw_only=True)
class News:
    """One event. subject: the ticket's key, or why writing is refused; number: how many pieces or links."""

    kind: NewsKind
    tracker: str
    project: str
    at: datetime
    subject: str = ""
    number: int = 0
