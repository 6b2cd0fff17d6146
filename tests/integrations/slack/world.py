"""A workspace to test in: Slack's stand-in over HTTP, on a clock that stands still, and Voc at it."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime
from typing import Any

from integrations.sandbox.clock import SandboxClock
from integrations.sandbox.serving import Sandbox
from integrations.sandbox.slack.stand_in import SlackStandIn
from integrations.slack.client import SlackApi, web_client
from integrations.slack.messenger import SlackMessenger

NOW = datetime(2026, 11, 23, 9, tzinfo=UTC)
CHANNEL, PRIVATE, STRANGE, ARCHIVED = "C0PRODUCT1", "C0SECRET01", "C0STRANGE1", "C0ARCHIVE1"
ADA = "U0ADA00001"
WORKSPACE = {
    "users": [
        {"id": ADA, "name": "ada", "real_name": "Ada"},
        {"id": "U0BEN00001", "name": "ben", "real_name": "Ben"},
    ],
    "channels": [
        {"id": CHANNEL, "name": "product"},
        {"id": PRIVATE, "name": "secret", "is_private": True, "is_member": False},
        {"id": STRANGE, "name": "strange", "is_member": False},
        {"id": ARCHIVED, "name": "old", "is_archived": True},
    ],
}


class Slack:
    """The stand-in and what a test needs of it."""

    def __init__(self, sandbox: Sandbox) -> None:
        self.sandbox, self.clock = sandbox, sandbox.clock
        stand_in = sandbox.stand_ins["slack"]
        assert isinstance(stand_in, SlackStandIn)
        self.stand_in = stand_in
        self.stand_in.load(WORKSPACE)
        self.url = sandbox.urls["slack"]

    def api(self, token: str = "xoxb-sandbox", *, timeout_s: int = 5) -> SlackApi:
        client = web_client(token, f"{self.url}/api", timeout_s=timeout_s)
        return SlackApi(lambda: client, sleep=self.clock.advance)

    def messenger(self, **options: Any) -> SlackMessenger:
        return SlackMessenger(self.api(), clock=self.clock, **options)

    def messages(self, channel: str = CHANNEL) -> list[dict[str, Any]]:
        with self.stand_in.lock:
            return next(list(c["messages"]) for c in self.stand_in.dump()["channels"] if c["id"] == channel)

    def fault(self, do: str, method: str = ".*", **rule: Any) -> None:
        self.sandbox.faults.add({"do": do, "vendor": "slack", "path": f"/api/{method}", **rule})


@contextmanager
def slack_world(profile: str = "vendor") -> Iterator[Slack]:
    sandbox = Sandbox([SlackStandIn], clock=SandboxClock(NOW, frozen=True), profile=profile)
    sandbox.start()
    try:
        yield Slack(sandbox)
    finally:
        sandbox.stop()
