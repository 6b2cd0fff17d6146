"""A webhook that the running program takes at the address that `status` shows."""

from __future__ import annotations

import json
from datetime import UTC, datetime
from typing import Any

import pytest
import requests

from bot.engine.clock import SystemClock
from bot.engine.queue import SqlQueue
from bot.storage.engine import open_database
from tests.commands.operator import Operator, status
from tests.commands.test_running import living
from tests.handlers.hooks import hexed

SECRET = "hook-secret"


@pytest.fixture
def hooked(operator: Operator) -> Operator:
    """Return an operator who has set the secret of Jira's webhook."""
    operator.settings["VOC_JIRA__WEBHOOK_SECRET"] = SECRET
    return operator


def waiting(operator: Operator) -> int:
    """Return how many tasks wait."""
    engine = open_database(operator.settings["DATABASE_URL"])
    counts = SqlQueue(engine, SystemClock()).counts()
    engine.dispose()
    return counts["waiting"]


def delivered(url: str, event: dict[str, Any], secret: str) -> int:
    body = json.dumps(event).encode()
    headers = {"X-Hub-Signature": f"sha256={hexed(body, secret)}"}
    return requests.post(url, data=body, headers=headers, timeout=10).status_code


def test_serve_takes_what_jira_signed_and_leaves_the_reading_to_a_worker(hooked: Operator) -> None:
    (endpoint,) = status(hooked)["webhooks"]
    event = {"timestamp": round(datetime.now(UTC).timestamp() * 1000), "issue": {"id": "10001"}}

    with living(hooked, "serve") as (_, address):
        url = address + endpoint["path"]
        answers = [delivered(url, event, SECRET), delivered(url, event, SECRET), delivered(url, event, "x")]
        strangers = delivered(f"{address}/webhooks/linear/0a1b2c3d4e5f", event, SECRET)

    assert (endpoint["tracker"], endpoint["missing"]) == ("jira", "")
    assert answers == [200, 200, 401]
    assert strangers == 404
    assert waiting(hooked) == 1


def test_without_its_secret_a_webhook_is_not_there(operator: Operator) -> None:
    (endpoint,) = status(operator)["webhooks"]

    with living(operator, "serve") as (_, address):
        answer = delivered(address + endpoint["path"], {"timestamp": 1}, "")

    assert (answer, endpoint["missing"]) == (404, "VOC_JIRA__WEBHOOK_SECRET")
