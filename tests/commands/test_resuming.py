"""A first import that is killed half-way, on every kind of database."""

from __future__ import annotations

import signal
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from integrations.sandbox.client import SandboxClient
from tests.commands.operator import Operator, asked, status

EXPORT = "/api/v2/incremental/tickets/cursor"
A_PAGE = 500
MANY = A_PAGE + 50


def ticket(number: int) -> dict[str, Any]:
    """Return a customer's ticket in the stand-in's form."""
    said_at = datetime.now(UTC) - timedelta(days=20, seconds=number)
    words = f"The export of report {number} stops half-way, can you help me with that?"
    return {
        "id": number,
        "requester_id": 101,
        "created_at": said_at.strftime("%Y-%m-%dT%H:%M:%SZ"),
        "comments": [{"body": words}],
    }


@pytest.mark.slow
def test_a_killed_first_import_goes_on_behind_its_last_whole_page(
    operator: Operator, sandbox: SandboxClient, database_url: str
) -> None:
    sandbox.load("zendesk", {"tickets": [ticket(10_000 + n) for n in range(MANY)]})
    settings = {"DATABASE_URL": database_url}

    with operator.running("sync", "--source", "zendesk", **settings) as process:
        sandbox.fault("kill_before", vendor="zendesk", path=EXPORT, skip=1, pid=process.pid)
        process.wait(50)
    kept = status(operator, **settings)["conversations"]
    seen = len(sandbox.requests("zendesk"))
    ran = operator.run("sync", "--source", "zendesk", **settings)

    assert (process.returncode, kept) == (-signal.SIGKILL, A_PAGE)
    assert ran.code == 0
    assert "zendesk: going on where it stopped\n" in ran.out
    assert "cursor=" in asked(sandbox, "zendesk", EXPORT, seen)[0]["query"]
    assert status(operator, **settings)["conversations"] == MANY + 3
