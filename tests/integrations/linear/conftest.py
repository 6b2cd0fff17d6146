"""A Linear workspace of its own for each test, and a caller that speaks to it without the adapter."""

from __future__ import annotations

import json
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import pytest
import requests
from graphql import GraphQLSchema, build_schema

from bot.domain.ticket import TicketRef
from integrations.credentials import StaticCredentials
from integrations.linear.tracker import LinearTracker
from integrations.sandbox.client import SandboxClient
from integrations.sandbox.clock import SandboxClock
from integrations.sandbox.linear.stand_in import LinearStandIn
from integrations.sandbox.linear.state import SCOPES, Settings
from integrations.sandbox.serving import Sandbox
from tests.contracts.ticket_trackers import NOW
from tests.integrations.linear.judging import judged

KEY = Settings().api_key


@dataclass
class Linear:
    """A running workspace. slept: the seconds that the tracker waited, in the workspace's time."""

    client: SandboxClient
    clock: SandboxClock
    url: str
    stand_in: LinearStandIn
    slept: list[float] = field(default_factory=list)

    def ask(
        self, query: str, variables: dict[str, Any] | None = None, *, authorization: str = KEY
    ) -> requests.Response:
        """Send a request as our account."""
        body = {"query": query, "variables": variables or {}}
        headers = {"Authorization": authorization}
        return requests.post(f"{self.url}/graphql", json=body, headers=headers, timeout=10)

    def code(self, query: str, variables: dict[str, Any] | None = None, *, authorization: str = KEY) -> str:
        """Return the words of the refusal, "" for none."""
        errors = self.ask(query, variables, authorization=authorization).json().get("errors")
        return (
            f"{errors[0]['message']}: {errors[0]['extensions']['userPresentableMessage']}" if errors else ""
        )

    def load(self, *issues: dict[str, Any], **more: Any) -> None:
        """Add issues (identifier and whatever else matters) and other records."""
        made = [{"title": "A title", "updated": self.clock.now().isoformat()} | issue for issue in issues]
        self.client.load("linear", {"issues": made, **more})

    def issue(self, identifier: str) -> dict[str, Any]:
        """Return an issue as it is."""
        issues = self.client.state("linear")["issues"]
        return next(dict(issue) for issue in issues if issue["identifier"] == identifier)

    def ref(self, identifier: str = "ENG-1") -> TicketRef:
        """Make a ticket, if it is not there, and return its ref."""
        self.load({"identifier": identifier})
        return TicketRef("linear", self.issue(identifier)["id"])

    def sleep(self, seconds: float) -> None:
        """Wait, in the workspace's time."""
        self.slept.append(seconds)
        self.clock.advance(seconds)

    def tracker(self, *teams: str, token: str = "", per_page: int | None = None) -> LinearTracker:
        """Return the adapter, with the API key or an OAuth token."""
        credentials = StaticCredentials.bearer(token) if token else StaticCredentials.raw(KEY)
        return LinearTracker(
            f"{self.url}/graphql", credentials, teams or ("ENG",), per_page=per_page, sleep=self.sleep
        )

    def give_token(self, *scopes: str) -> str:
        """Return an OAuth token with these scopes, all for none."""
        self.client.load("linear", {"tokens": [{"token": "lin_oauth", "scopes": scopes or SCOPES}]})
        return "lin_oauth"

    def asked(self, kind: str = "") -> list[str]:
        """Return the names of the operations asked for. kind: "query" or "mutation" alone."""
        queries = [
            str(json.loads(row["body"])["query"]).split("(")[0] for row in self.client.requests("linear")
        ]
        return [query.split()[1] for query in queries if query.split()[0].startswith(kind)]


@pytest.fixture(scope="session")
def schema(specs_dir: Path) -> GraphQLSchema:
    """Return Linear's own schema."""
    return build_schema((specs_dir / "linear" / "schema.graphql").read_text(), assume_valid=True)


@pytest.fixture
def linear(schema: GraphQLSchema) -> Iterator[Linear]:
    """Return a workspace whose requests and answers are held against Linear's schema."""
    clock = SandboxClock(NOW, frozen=True)
    sandbox = Sandbox([judged(schema)], clock=clock, profile="vendor")
    client = SandboxClient(sandbox.start())
    client.load("linear", {"teams": [{"key": "ENG", "name": "Engineering"}, {"key": "OPS", "name": "Ops"}]})
    stand_in = sandbox.stand_ins["linear"]
    assert isinstance(stand_in, LinearStandIn)
    yield Linear(client, clock, sandbox.urls["linear"], stand_in)
    sandbox.stop()
