"""Several workspaces: which of them a channel belongs to, and the token that signs a request there."""

from __future__ import annotations

import logging
import time
from collections.abc import Callable, Sequence
from datetime import datetime, timedelta
from typing import Protocol

from slack_sdk import WebClient

from bot.errors import AccessError, IntegrationError, TransientError
from bot.ports import Clock
from integrations.slack.client import VENDOR, SlackApi, web_client
from integrations.slack.oauth import Grant, SlackOAuth

log = logging.getLogger(__name__)

RENEW_BEFORE = timedelta(hours=1)
RENEWING = timedelta(minutes=1)  # longer than the exchange's time-out
# Another worker renews what is over already: its answer is awaited for a while.
LOOKS, LOOK_EVERY_S = 20, 0.5


class Installs(Protocol):
    """Where grants are kept."""

    def get(self, team: str) -> Grant | None:
        """Return the workspace's grant, ended or not."""
        ...

    def put(self, grant: Grant) -> None:
        """Keep a new grant in place of the workspace's former one."""
        ...

    def take(self, grant: Grant, until: datetime) -> bool:
        """Take it upon us alone, until then, to renew these tokens; False where another does or has."""
        ...

    def renew(self, old: Grant, new: Grant) -> Grant:
        """Keep the new tokens in place of the old ones; return what is kept."""
        ...

    def end(self, team: str, at: datetime) -> bool:
        """Note that the app was taken out then; False where it was installed after that, or never."""
        ...

    def reseal(self) -> None:
        """Seal every grant with the newest key."""
        ...


class Workspaces:
    """Every workspace that may have Voc. teams: their ids, the first being the settings' own.

    Only a workspace's own token ever signs its requests: each has an api of its own, which refuses the
    channels of all others.
    """

    def __init__(
        self,
        teams: Sequence[str],
        installs: Installs,
        oauth: SlackOAuth,
        api_url: str,
        clock: Clock,
        *,
        install_page: str,
        sleep: Callable[[float], None] = time.sleep,
    ) -> None:
        self._installs, self._oauth, self._api_url, self._clock = installs, oauth, api_url, clock
        self._remedy, self._sleep = f"install Voc in the workspace, at {install_page}", sleep
        self._clients: dict[str, WebClient] = {}
        self._apis = {team: self._api(team, "" if team == teams[0] else team) for team in teams}

    def of(self, channel: str) -> SlackApi:
        """Return the channel's workspace, the settings' own for "". Raises AccessError for a stranger's."""
        team, separator, _ = channel.partition("/")
        return self.at(team) if separator else self.all()[0]

    def at(self, team: str) -> SlackApi:
        """Return the workspace with that id. Raises AccessError for one that may not have Voc."""
        if team not in self._apis:
            raise AccessError(VENDOR, "choosing a workspace", "it is not among VOC_SLACK__WORKSPACES")
        return self._apis[team]

    def all(self) -> Sequence[SlackApi]:
        """Return every workspace, the settings' own first."""
        return [*self._apis.values()]

    def is_in(self, team: str) -> bool:
        """Return whether Voc is installed there now."""
        grant = self._installs.get(team) if team in self._apis else None
        return grant is not None and grant.installation.ended_at is None

    def end(self, team: str, at: datetime) -> None:
        """Note that a workspace took the app out, or its tokens back."""
        if self._installs.end(team, at):
            log.warning("workspace left", extra={"team": team})

    def _api(self, team: str, name: str) -> SlackApi:
        return SlackApi(lambda: self._client(team), self._sleep, team=name)

    def _client(self, team: str) -> WebClient:
        """Return a client whose token is good for some minutes. Raises AccessError where Voc is not in."""
        grant = self._installs.get(team)
        if grant is None or grant.installation.ended_at is not None:
            raise self._lost(f"not installed in {team}")
        if self._is_over(grant, RENEW_BEFORE):
            grant = self._renewed(grant)
        client = self._clients.get(team)
        if client is None or client.token != grant.access_token:
            client = self._clients[team] = web_client(grant.access_token, self._api_url)
        return client

    def _renewed(self, grant: Grant) -> Grant:
        if not self._installs.take(grant, self._clock.now() + RENEWING):
            return self._renewed_by_another(grant)
        try:
            return self._installs.renew(grant, self._oauth.renewed(grant))
        except IntegrationError as exc:
            if not self._is_over(grant, timedelta(0)):  # it is good yet, and asked for again in a minute
                log.warning("token not renewed", extra={"team": grant.installation.team, "error": str(exc)})
                return grant
            if isinstance(exc, TransientError):
                raise
            raise self._lost("the token is over and was not renewed") from exc

    def _renewed_by_another(self, grant: Grant) -> Grant:
        if not self._is_over(grant, timedelta(0)):
            return grant
        for _ in range(LOOKS):
            self._sleep(LOOK_EVERY_S)
            newer = self._installs.get(grant.installation.team)
            if newer is not None and newer.version != grant.version:
                return newer
        raise TransientError(VENDOR, "signing in", "the token is being renewed")

    def _is_over(self, grant: Grant, before: timedelta) -> bool:
        expires_at = grant.installation.expires_at
        return expires_at is not None and expires_at - before <= self._clock.now()

    def _lost(self, detail: str) -> AccessError:
        return AccessError(VENDOR, "signing in", detail, remedy=self._remedy)
