"""Two workspaces with the app, and where their tokens are kept."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime
from typing import Any

import requests

from integrations.oauth import OAuthClient
from integrations.slack.installs import Workspaces
from integrations.slack.oauth import Grant, SlackOAuth
from tests.integrations.slack.world import Slack

HOME, BRANCH = "T0SANDBOX1", "T0BRANCH01"
BRANCH_CHANNEL, CLARA = "C0BRANCH01", "U0CLARA001"
CLIENT = OAuthClient("2141.6912", "hush", "https://voc.acme.example/slack/oauth_redirect")
SCOPES = (
    "channels:history channels:read chat:write commands files:write groups:history groups:read users:read"
).split()
OAUTH = {"client_id": "2141.6912", "client_secret": "hush", "redirect_uris": [CLIENT.redirect_uri]}
OTHER = {
    "team": {"id": BRANCH, "name": "Branch", "domain": "branch"},
    "app": {"user_id": "U0VOCBRAN1", "bot_id": "B0BRANCH01"},
    "users": [{"id": CLARA, "name": "clara", "real_name": "Clara", "tz": "Asia/Tokyo"}],
    "channels": [{"id": BRANCH_CHANNEL, "name": "branch"}],
}


class Kept:
    """Grants in memory, as each process sees them."""

    def __init__(self) -> None:
        self.grants: dict[str, Grant] = {}
        self.taken: dict[bytes, datetime] = {}
        self._count = 0

    def get(self, team: str) -> Grant | None:
        return self.grants.get(team)

    def put(self, grant: Grant) -> None:
        self._count += 1
        self.grants[grant.installation.team] = replace(grant, version=str(self._count).encode())

    def take(self, grant: Grant, until: datetime) -> bool:
        is_free = grant.version not in self.taken
        self.taken.setdefault(grant.version, until)
        return is_free

    def renew(self, old: Grant, new: Grant) -> Grant:
        self.put(new)
        return self.grants[new.installation.team]

    def end(self, team: str, at: datetime) -> bool:
        grant = self.grants[team]
        self.grants[team] = replace(grant, installation=replace(grant.installation, ended_at=at))
        return True

    def reseal(self) -> None:
        return


class Teams:
    """The app at both workspaces."""

    def __init__(self, slack: Slack) -> None:
        self.slack, self.kept = slack, Kept()
        slack.stand_in.load({"workspaces": [OTHER], "oauth": OAUTH})
        self.oauth = SlackOAuth(CLIENT, SCOPES, f"{slack.url}/api", slack.clock)

    def code(self, team: str = HOME, **choices: Any) -> str:
        """Press "Allow" in a workspace and return the code."""
        self.slack.stand_in.load({"oauth": {"team": team, **choices}})
        landed = requests.get(self.oauth.page("s"), allow_redirects=False, timeout=5)
        return landed.headers["Location"].partition("code=")[2].partition("&")[0]

    def install(self, team: str = HOME, **choices: Any) -> Grant:
        """Install the app and keep the grant."""
        self.kept.put(self.oauth.granted(self.code(team, **choices)))
        return self.kept.grants[team]

    def workspaces(self) -> Workspaces:
        """Return one process's way to both."""
        return Workspaces(
            (HOME, BRANCH),
            self.kept,
            self.oauth,
            f"{self.slack.url}/api",
            self.slack.clock,
            install_page="https://voc.acme.example/slack/install",
            sleep=self.slack.clock.advance,
        )

    def asked(self, method: str) -> int:
        """Return how often a method was called."""
        return sum(row["path"] == f"/api/{method}" for row in self.slack.sandbox.ledger.rows())
