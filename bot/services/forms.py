"""What trackers said that new tickets need, remembered while somebody fills it in."""

from __future__ import annotations

import threading
from datetime import datetime, timedelta

from bot.domain.asking import TicketForm

KEPT_FOR, MOST_KEPT = timedelta(minutes=10), 100


class Forms:
    """Forms by project and kind. Safe for several threads."""

    def __init__(self) -> None:
        self._kept: dict[tuple[str, str], tuple[datetime, TicketForm]] = {}
        self._lock = threading.Lock()

    def recent(self, project: str, kind: str, now: datetime) -> TicketForm | None:
        """Return the form, None where none was kept lately."""
        with self._lock:
            kept_at, form = self._kept.get((project, kind), (now - KEPT_FOR, None))
        return form if now - kept_at < KEPT_FOR else None

    def keep(self, project: str, kind: str, form: TicketForm, now: datetime) -> None:
        """Remember the form, for the kind that was asked for and the one that it is of; the oldest go."""
        with self._lock:
            for name in (kind, form.kind):
                self._kept.pop((project, name), None)
                self._kept[project, name] = now, form
            while len(self._kept) > MOST_KEPT:
                del self._kept[next(iter(self._kept))]
