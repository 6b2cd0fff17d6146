"""The stand-in's answers and the adapter's requests, judged by Intercom's own description."""

from __future__ import annotations

from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
import requests

from integrations.sandbox.intercom.stand_in import TOKEN
from tests.contracts.feedback_sources import NOW, Intercom
from tests.integrations.openapi import Description

HEADERS = {"Authorization": f"Bearer {TOKEN}", "Intercom-Version": "2.15"}
SINCE = {"field": "updated_at", "operator": ">", "value": int(NOW.timestamp()) - 5}


@pytest.fixture(scope="session")
def intercom(specs_dir: Path) -> Description:
    return Description(specs_dir / "intercom" / "api.intercom.io-2.15.yaml")


def ask(tool: Intercom, path: str, body: Any = None, **headers: str) -> requests.Response:
    method = "GET" if body is None else "POST"
    return requests.request(method, tool.url + path, json=body, headers=HEADERS | headers, timeout=10)


@pytest.mark.parametrize(
    ("path", "body"),
    [
        ("/conversations/search", {"query": SINCE, "pagination": {"per_page": 2}}),
        ("/conversations/1", None),
        ("/contacts/c1", None),
        ("/companies/co1", None),
        ("/me", None),
    ],
)
def test_each_answer_has_the_vendors_shape(
    intercom: Description, tool: Intercom, path: str, body: Any
) -> None:
    for n in range(3):
        tool.write(f"Words {n}", agent_says="An answer", bot_says="Closing")
    tool.black_out("1", "Words")

    answer = ask(tool, path, body)

    assert answer.status_code == 200
    assert intercom.refusals("GET" if body is None else "POST", path, 200, answer.json()) == []


@pytest.mark.parametrize(
    ("path", "headers", "status"),
    [
        ("/contacts/c1", {"Authorization": "Bearer forged"}, 401),
        ("/companies/none", {}, 404),
        ("/conversations/77", {}, 404),
        ("/conversations/1", {"Authorization": "Bearer no-people"}, 404),
    ],
)
def test_each_refusal_has_the_vendors_shape(
    intercom: Description, tool: Intercom, path: str, headers: dict[str, str], status: int
) -> None:
    answer = ask(tool, path, **headers)

    assert answer.status_code == status
    assert intercom.refusals("GET", path, status, answer.json()) == []


def test_each_request_fits_the_description(intercom: Description, tool: Intercom) -> None:
    for n in range(5):
        tool.write(f"Words {n}", agent_says="An answer")
    tool.settle()
    source = tool.source()

    pages = list(source.pages(source.start(NOW - timedelta(days=1))))
    source.fetch("1")
    source.estimate(NOW)

    received = tool.client.requests("intercom")
    assert len(pages) == 2
    assert {row["status"] for row in received} == {200}
    assert [fault for row in received for fault in intercom.request_refusals(row)] == []


@pytest.mark.parametrize(
    "body",
    [
        {},
        {"query": {"field": "colour", "operator": "=", "value": "red"}},
        {"query": {"field": "updated_at", "operator": ">=", "value": 1}},
        {"query": {"field": "updated_at", "operator": ">", "value": "yesterday"}},
        {"query": {"operator": "AND", "value": [SINCE] * 16}},
        {
            "query": {
                "operator": "AND",
                "value": [{"operator": "OR", "value": [{"operator": "OR", "value": [SINCE]}]}],
            }
        },
        {"query": SINCE, "pagination": {"per_page": 151}},
        {"query": SINCE, "pagination": {"starting_after": "forged"}},
    ],
)
def test_a_search_that_intercom_refuses_is_refused(tool: Intercom, body: dict[str, Any]) -> None:
    answer = ask(tool, "/conversations/search", body)

    assert answer.status_code == 400
    assert answer.json()["type"] == "error.list"


def test_another_version_is_refused(tool: Intercom) -> None:
    answer = ask(tool, "/me", **{"Intercom-Version": "2.0"})

    assert answer.json()["errors"][0]["code"] == "intercom_version_invalid"


def test_a_token_without_permission_is_told_what_is_closed(tool: Intercom) -> None:
    findings = tool.source(token="no-people").check()

    assert [finding.is_ok for finding in findings] == [True, True, False]
    assert "people" in findings[-1].what
    assert findings[-1].remedy


def test_each_answer_tells_how_many_requests_are_left(tool: Intercom) -> None:
    first, second = ask(tool, "/me"), ask(tool, "/me")

    left = [int(answer.headers["X-RateLimit-Remaining"]) for answer in (first, second)]
    assert left[0] - left[1] == 1
    assert int(first.headers["X-RateLimit-Reset"]) > tool.clock.now().timestamp()
