"""A Jira site of its own for each test, and a caller that speaks to it without the adapter."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import Any

import pytest
import requests

from integrations.credentials import Credentials, StaticCredentials
from integrations.jira.tracker import JiraTracker
from integrations.sandbox.client import SandboxClient
from integrations.sandbox.clock import SandboxClock
from integrations.sandbox.jira.stand_in import JiraStandIn
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

    def ask(self, method: str, path: str, body: Any = None, **params: Any) -> requests.Response:
        """Send a request as our account."""
        auth = (Settings().email, Settings().api_token)
        url = f"{self.url}/rest/api/3/{path}"
        return requests.request(method, url, json=body, params=params, auth=auth, timeout=10)

    def send_text(self, method: str, path: str, text: str) -> requests.Response:
        """Send a body as plain text, as our account."""
        auth, headers = (Settings().email, Settings().api_token), {"Content-Type": "text/plain"}
        return requests.request(
            method, f"{self.url}/rest/api/3/{path}", data=text, headers=headers, auth=auth, timeout=10
        )

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
            credentials or API_TOKEN,
            projects or ["FLD"],
            sleep=self.sleep,
            now=lambda: self.clock.now().timestamp(),
            **more,
        )


@pytest.fixture
def jira_with() -> Iterator[Callable[[str], Jira]]:
    """Return a function that starts a site under a profile of limits."""
    started: list[Sandbox] = []

    def start(profile: str) -> Jira:
        clock = SandboxClock(NOW, frozen=True)
        sandbox = Sandbox([JiraStandIn], clock=clock, profile=profile)
        client = SandboxClient(sandbox.start())
        started.append(sandbox)
        return Jira(client, clock, sandbox.urls["jira"])

    yield start
    for sandbox in started:
        sandbox.stop()


@pytest.fixture
def jira(jira_with: Callable[[str], Jira]) -> Jira:
    """Return a site with Jira's documented limits."""
    return jira_with("vendor")
