"""A Jira site of its own for each test, and a caller that speaks to it without the adapter."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime
from typing import Any

import pytest
import requests

from integrations.credentials import Credentials, StaticCredentials
from integrations.jira.tracker import JiraTracker
from integrations.sandbox.client import SandboxClient
from integrations.sandbox.clock import SandboxClock
from integrations.sandbox.jira.stand_in import JiraServerStandIn, JiraStandIn
from integrations.sandbox.jira.state import Settings
from integrations.sandbox.serving import Sandbox

API_TOKEN = StaticCredentials.basic(Settings().email, Settings().api_token)
PERSONAL_TOKEN = StaticCredentials.bearer(Settings().personal_token)
NOW = datetime(2026, 11, 23, 12, 0, tzinfo=UTC)


@dataclass
class Jira:
    """A running site. slept: the seconds that the tracker waited, which the site's clock has moved."""

    client: SandboxClient
    clock: SandboxClock
    url: str
    slept: list[float] = field(default_factory=list)
    api: str = "/rest/api/3"
    account: Credentials = API_TOKEN

    def ask(self, method: str, path: str, body: Any = None, **params: Any) -> requests.Response:
        """Send a request as our account."""
        return self._send(method, path, {}, json=body, params=params)

    def ask_as(
        self, credentials: Credentials, method: str, path: str, body: Any = None, **params: Any
    ) -> requests.Response:
        """Send a request with other credentials."""
        return replace(self, account=credentials).ask(method, path, body, **params)

    def send_text(self, method: str, path: str, text: str) -> requests.Response:
        """Send a body as plain text, as our account."""
        return self._send(method, path, {"Content-Type": "text/plain"}, data=text)

    def _send(self, method: str, path: str, headers: dict[str, str], **content: Any) -> requests.Response:
        url, signed = f"{self.url}{self.api}/{path}", {**self.account.headers(), **headers}
        return requests.request(method, url, headers=signed, timeout=10, **content)

    def asked(self, method: str, end: str = "") -> list[dict[str, Any]]:
        """Return the requests to paths with that end."""
        rows = self.client.requests("jira")
        return [row for row in rows if row["method"] == method and row["path"].endswith(end)]

    def load(self, *issues: dict[str, Any], **settings: Any) -> None:
        """Add issues (key and whatever else matters) and change settings."""
        made = [{"summary": "A title"} | issue for issue in issues]
        self.client.load("jira", {"issues": made, "settings": settings})

    def issue(self, key: str) -> dict[str, Any]:
        """Return an issue as it is."""
        return next(issue for issue in self.client.state("jira")["issues"] if issue["key"] == key)

    def sleep(self, seconds: float) -> None:
        """Wait, in the site's time."""
        self.slept.append(seconds)
        self.clock.advance(seconds)

    def tracker(
        self, *projects: str, url: str | None = None, credentials: Credentials | None = None, **more: Any
    ) -> JiraTracker:
        """Return the adapter. more: its other settings."""
        return JiraTracker(
            url or self.url,
            credentials or self.account,
            projects or ["FLD"],
            sleep=self.sleep,
            now=lambda: self.clock.now().timestamp(),
            **more,
        )


@pytest.fixture
def jira_with() -> Iterator[Callable[..., Jira]]:
    """Return a function that starts a site under a profile of limits."""
    started: list[Sandbox] = []

    def start(profile: str, stand_in: type[JiraStandIn] = JiraStandIn) -> Jira:
        clock = SandboxClock(NOW, frozen=True)
        sandbox = Sandbox([stand_in], clock=clock, profile=profile)
        client = SandboxClient(sandbox.start())
        started.append(sandbox)
        return Jira(client, clock, sandbox.urls["jira"])

    yield start
    for sandbox in started:
        sandbox.stop()


@pytest.fixture
def jira(jira_with: Callable[..., Jira]) -> Jira:
    """Return a site with Jira's documented limits."""
    return jira_with("vendor")


@pytest.fixture
def server(jira_with: Callable[..., Jira]) -> Jira:
    """Return a Data Center."""
    return replace(jira_with("vendor", JiraServerStandIn), api="/rest/api/2", account=PERSONAL_TOKEN)
