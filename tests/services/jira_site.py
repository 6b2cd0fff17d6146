"""A Jira site in which tickets are created."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Any

from bot.services.creating import Ticketing
from integrations.credentials import StaticCredentials
from integrations.jira.tracker import JiraTracker
from integrations.sandbox.client import SandboxClient
from integrations.sandbox.clock import SandboxClock
from integrations.sandbox.jira.stand_in import JiraStandIn
from integrations.sandbox.jira.state import Settings
from integrations.sandbox.serving import Sandbox
from tests.fakes.clock import MONDAY
from tests.services.conftest import Store

CREATING = {"vendor": "jira", "method": "POST", "path": "/rest/api/3/issue"}


@dataclass
class Site:
    """A Jira site with the project APP."""

    client: SandboxClient
    clock: SandboxClock
    ticketing: Ticketing

    def issues(self) -> list[dict[str, Any]]:
        return [i for i in self.client.state("jira")["issues"] if i["key"].startswith("APP-")]

    def later(self, store: Store, seconds: float) -> None:
        """Let time pass on both sides."""
        store.clock.advance(seconds=seconds)
        self.clock.advance(seconds)


@contextmanager
def jira_site(store: Store) -> Iterator[Site]:
    """Serve it for a test."""
    clock = SandboxClock(MONDAY, frozen=True)
    sandbox = Sandbox([JiraStandIn], clock=clock, profile="vendor")
    client = SandboxClient(sandbox.start())
    client.load("jira", {"projects": [{"key": "APP", "name": "App"}], "issues": []})
    account = StaticCredentials.basic(Settings().email, Settings().api_token)
    tracker = JiraTracker(sandbox.urls["jira"], account, ["APP"], sleep=clock.advance)
    ticketing = Ticketing(store.work, store.clock, lambda: {"jira": tracker}, {"APP": "jira"})
    yield Site(client, clock, ticketing)
    sandbox.stop()
