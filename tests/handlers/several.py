"""Two workspaces that may have Voc, and how a browser installs it."""

from __future__ import annotations

from functools import cache
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

import requests

from bot.operator.installs import SealedInstalls
from bot.operator.sealing import Sealer, new_key
from handlers.context import Context
from handlers.install import Installing
from handlers.workspaces import Teams
from integrations.slack.client import Apis, SlackApi
from integrations.slack.directory import Directory
from integrations.slack.groups import Groups
from integrations.slack.installs import Workspaces
from integrations.slack.oauth import SlackOAuth
from tests.handlers.world import World
from tests.integrations.slack.teams import BRANCH, CLIENT, HOME, OAUTH, OTHER

STRANGER = {"team": {"id": "T0STRANGE1", "name": "Strangers", "domain": "strangers"}}
SCOPES = {
    "chat:write": "posting",
    "commands": "/voc",
    "channels:read": "finding channels",
    "users:read": "knowing a person's time zone",
}


class Several(World):
    """The workspace of the other tests and a branch's, each of which may install Voc; a third may not."""

    def __init__(self, folder: Path, template: Path, **context: Any) -> None:
        self._sealer = Sealer([new_key()])
        super().__init__(folder, template, **context)
        self.slack.load({"workspaces": [OTHER, STRANGER], "oauth": OAUTH})

    def _context(self, **changes: Any) -> Context:
        self.installs = SealedInstalls(self.database.work, self._sealer, self.clock)
        self.oauth = SlackOAuth(CLIENT, [*SCOPES], f"{self.slack.base_url}/api", self.clock)
        self.workspaces = Workspaces(
            (HOME, BRANCH),
            self.installs,
            self.oauth,
            f"{self.slack.base_url}/api",
            self.clock,
            install_page="https://voc.acme.example/slack/install",
            sleep=self._sleep,
        )
        teams = Teams(
            self.workspaces,
            cache(lambda team: Directory(self.workspaces.at(team), self.clock)),
            cache(lambda team: Groups(self.workspaces.at(team), self.clock)),
        )
        return super()._context(teams=teams, **changes)

    def apis(self, api: SlackApi) -> Apis:
        return self.workspaces

    def installing(self) -> Installing:
        return Installing(
            oauth=self.oauth,
            installs=self.installs,
            work=self.database.work,
            clock=self.clock,
            teams=frozenset((HOME, BRANCH)),
            scopes=SCOPES,
            seal=self._sealer.seal,
            unseal=self._sealer.open,
        )

    def browser(self, language: str = "en") -> Browser:
        """Return a browser that has been nowhere yet."""
        return Browser(self, language)

    def install(self, team: str) -> str:
        """Install Voc in the workspace and return what the last page says."""
        browser = self.browser()
        return browser.finish(browser.allow(team)).text


class Browser:
    """A person's browser, which keeps cookies."""

    def __init__(self, world: Several, language: str) -> None:
        self._world, self._session = world, requests.Session()
        self._session.trust_env = False
        self._session.headers["Accept-Language"] = language

    def offer(self) -> requests.Response:
        """Open the page with the button."""
        return self._session.get(f"{self._world.url}/slack/install", timeout=5)

    def allow(self, team: str, **choices: Any) -> str:
        """Press the button, then "Allow" in a workspace; return the query with which Slack sends back."""
        self._world.slack.load({"oauth": {"team": team, "declines": False, **choices}})
        page = self.offer().text.partition("href='")[2].partition("'")[0].replace("&amp;", "&")
        landed = self._session.get(page, allow_redirects=False, timeout=5)
        return urlsplit(landed.headers["Location"]).query

    def finish(self, query: str) -> requests.Response:
        """Be sent back with the query."""
        return self._session.get(f"{self._world.url}/slack/oauth_redirect?{query}", timeout=5)
