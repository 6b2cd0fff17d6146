"""Where workspaces' tokens live: a sealed row each."""

from __future__ import annotations

import json
from dataclasses import replace
from datetime import datetime
from typing import TYPE_CHECKING

from bot.operator.sealing import Sealer
from bot.ports import Clock
from bot.repositories import Work

if TYPE_CHECKING:
    from integrations.slack.oauth import Grant


class SealedInstalls:
    """The installations of Voc's Slack app."""

    def __init__(self, work: Work, sealer: Sealer, clock: Clock) -> None:
        self._work, self._sealer, self._clock = work, sealer, clock

    def get(self, team: str) -> Grant | None:
        """Return the workspace's grant, ended or not. Raises SettingError when no key opens it."""
        from integrations.slack.oauth import Grant

        with self._work() as unit:
            stored = unit.installations.get(team)
        if stored is None:
            return None
        pair = json.loads(self._sealer.open(stored.tokens))
        return Grant(stored.installation, pair["access"], pair["refresh"], stored.tokens)

    def put(self, grant: Grant) -> None:
        """Keep a new grant in place of the workspace's former one."""
        with self._work() as unit:
            unit.installations.put(grant.installation, self._sealed(grant))
            unit.commit()

    def take(self, grant: Grant, until: datetime) -> bool:
        """Take it upon us alone, until then, to renew these tokens; False where another does or has."""
        team, now = grant.installation.team, self._clock.now()
        with self._work() as unit:
            is_ours = unit.installations.take(team, grant.version, until=until, now=now)
            unit.commit()
        return is_ours

    def renew(self, old: Grant, new: Grant) -> Grant:
        """Keep the new tokens in place of the old ones; return what is kept.

        Where the workspace was installed anew meanwhile, what that brought stays.
        """
        sealed, expires_at = self._sealed(new), new.installation.expires_at
        with self._work() as unit:
            unit.installations.renew(old.installation.team, old.version, sealed, expires_at)
            unit.commit()
        return self.get(old.installation.team) or replace(new, version=sealed)

    def end(self, team: str, at: datetime) -> bool:
        """Note that the app was taken out then; False where it was installed after that, or never."""
        with self._work() as unit:
            is_end = unit.installations.end(team, at)
            unit.commit()
        return is_end

    def reseal(self) -> None:
        """Seal every workspace's tokens with the newest key, so that older ones can be dropped.

        Tokens that are being renewed are left alone: what they become is sealed with it anyway.
        """
        now = self._clock.now()
        with self._work() as unit:
            for installation, tokens in unit.installations.all():
                if unit.installations.take(installation.team, tokens, until=now, now=now):
                    again = self._sealer.rotate(tokens)
                    unit.installations.renew(installation.team, tokens, again, installation.expires_at)
            unit.commit()

    def _sealed(self, grant: Grant) -> bytes:
        return self._sealer.seal(
            json.dumps({"access": grant.access_token, "refresh": grant.refresh_token}).encode()
        )
