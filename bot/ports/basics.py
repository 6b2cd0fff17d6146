"""What several ports speak of."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Protocol


class Clock(Protocol):
    """The time."""

    def now(self) -> datetime:
        """Return this moment, aware, in UTC."""
        ...


@dataclass(frozen=True, slots=True)
class Finding:
    """One line of a health check. remedy: the next step for the operator, "" when all is well."""

    is_ok: bool
    what: str
    remedy: str = ""


@dataclass(frozen=True, slots=True)
class Unreadable:
    """An item that the vendor answered in an unexpected shape: kept by id, counted, shown."""

    external_id: str
    why: str
