"""Which outward acts this process has claimed, so that it can let go of them when it ends."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime

from bot.errors import Stopping


class Claims:
    """Claims by the act's id, each with its end. Any thread may call: each step is one of a dict's own."""

    def __init__(self) -> None:
        self._held: dict[int, datetime] = {}
        self._is_closed = False

    def admit(self) -> None:
        """Raise Stopping once nothing new may be claimed."""
        if self._is_closed:
            raise Stopping

    def close(self) -> None:
        """Admit nothing from now on."""
        self._is_closed = True

    def hold(self, effect_id: int, until: datetime) -> None:
        """Note a claim, or its later end."""
        self._held[effect_id] = until

    def drop(self, effect_id: int) -> None:
        """Forget a claim."""
        self._held.pop(effect_id, None)

    def held(self) -> Mapping[int, datetime]:
        """Return what is claimed now."""
        return dict(self._held)
