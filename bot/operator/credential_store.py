"""Where one account's rotating tokens live: a sealed row, replaced whole."""

from __future__ import annotations

import json
from collections.abc import Mapping
from typing import Any

from bot.operator.sealing import Sealer
from bot.ports import Clock
from bot.repositories import Work


class CredentialStore:
    """The tokens of one account. integration: "zendesk"; account: its URL, to tell it from others."""

    def __init__(self, work: Work, sealer: Sealer, clock: Clock, integration: str, account: str) -> None:
        self._work, self._sealer, self._clock = work, sealer, clock
        self._row = (integration, account)

    def get(self) -> dict[str, Any] | None:
        """Return the newest record, None before the first. Raises SettingError when no key opens it."""
        with self._work() as unit:
            sealed = unit.credentials.get(*self._row)
        return None if sealed is None else dict(json.loads(self._sealer.open(sealed)))

    def replace(self, record: Mapping[str, Any]) -> None:
        """Store the record in place of the old one; return once it is committed."""
        sealed = self._sealer.seal(json.dumps(dict(record)).encode())
        with self._work() as unit:
            unit.credentials.put(*self._row, sealed, self._clock.now())
            unit.commit()

    def reseal(self) -> None:
        """Seal the record with the newest key, so that older ones can be dropped."""
        with self._work() as unit:
            if (sealed := unit.credentials.get(*self._row)) is not None:
                unit.credentials.put(*self._row, self._sealer.rotate(sealed), self._clock.now())
                unit.commit()
