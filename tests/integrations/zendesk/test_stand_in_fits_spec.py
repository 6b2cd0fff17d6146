"""The stand-in's answers and the adapter's requests, judged by Zendesk's own description."""

from __future__ import annotations

from datetime import timedelta
from pathlib import Path

import pytest
import requests

from bot.errors import VocError
from integrations.sandbox.zendesk.access import ADMIN_TOKEN
from tests.contracts.feedback_sources import NOW, Zendesk
from tests.integrations.openapi import Description

# The description names "Sideloading" in words only, and page sizes of exports not at all.
DOCUMENTED_ELSEWHERE = {
    "/api/v2/incremental/tickets/cursor": {"include", "per_page"},
}
START = int((NOW - timedelta(days=1)).timestamp())


@pytest.fixture(scope="session")
def zendesk(specs_dir: Path) -> Description:
    return Description(specs_dir / "zendesk" / "support-oas.yaml", DOCUMENTED_ELSEWHERE)


@pytest.mark.parametrize(
    ("path", "query"),
    [
        ("/api/v2/incremental/tickets/cursor", f"start_time={START}&include=users,organizations&per_page=2"),
        ("/api/v2/incremental/tickets/cursor", f"start_time={int(NOW.timestamp()) + 200}"),
        ("/api/v2/incremental/ticket_events", f"start_time={START}&include=comment_events"),
        ("/api/v2/incremental/ticket_events", f"start_time={START}"),
        ("/api/v2/tickets/1", ""),
        ("/api/v2/tickets/1/comments", "page[size]=1"),
        ("/api/v2/tickets/1/comments", ""),
        ("/api/v2/users/show_many", "ids=1,10,11"),
        ("/api/v2/organizations/show_many", "ids=5"),
        ("/api/v2/brands", "page[size]=100"),
        ("/api/v2/users/me", ""),
        ("/api/v2/search/count", "query=type:ticket"),
    ],
)
def test_each_answer_has_the_vendors_shape(
    zendesk: Description, tool: Zendesk, path: str, query: str
) -> None:
    for n in range(3):
        tool.write(f"Words {n}", agent_says="An answer", bot_says="Closing")
    tool.black_out("1", "Words")
    tool.clock.advance(600)

    answer = requests.get(
        f"{tool.url}{path}?{query}", headers={"Authorization": f"Bearer {ADMIN_TOKEN}"}, timeout=10
    )

    assert zendesk.refusals("GET", path, answer.status_code, answer.json()) == []


def test_each_request_fits_the_description(zendesk: Description, tool: Zendesk) -> None:
    for n in range(5):
        tool.write(f"Words {n}", agent_says="An answer")
    tool.settle()
    source = tool.source()

    pages = list(source.pages(source.start(NOW - timedelta(days=1))))
    source.fetch("1")
    source.estimate(NOW)
    source.check()

    received = tool.client.requests("zendesk")
    assert len(pages) == 2
    assert {row["status"] for row in received} == {200}
    assert [fault for row in received for fault in zendesk.request_refusals(row)] == []


@pytest.mark.parametrize(
    ("headers", "path", "status", "error"),
    [
        ({}, "/api/v2/users/me", 401, "Couldn't authenticate you"),
        ({"Authorization": "Bearer forged"}, "/api/v2/users/me", 401, "invalid_token"),
        ({"Authorization": "Basic forged"}, "/api/v2/users/me", 401, "Couldn't authenticate you"),
        ({"Authorization": "Bearer no-scope"}, "/api/v2/tickets/1", 403, "Forbidden"),
        ({"Authorization": f"Bearer {ADMIN_TOKEN}"}, "/api/v2/tickets/77", 404, "RecordNotFound"),
        ({"Authorization": f"Bearer {ADMIN_TOKEN}"}, "/api/v2/nothing", 404, "InvalidEndpoint"),
        (
            {"Authorization": f"Bearer {ADMIN_TOKEN}"},
            "/api/v2/incremental/tickets/cursor?start_time=99999999999",
            422,
            "StartTimeTooRecent",
        ),
        (
            {"Authorization": f"Bearer {ADMIN_TOKEN}"},
            "/api/v2/incremental/tickets/cursor?cursor=forged",
            400,
            "InvalidValue",
        ),
    ],
)
def test_the_stand_in_refuses_what_zendesk_refuses(
    tool: Zendesk, headers: dict[str, str], path: str, status: int, error: str
) -> None:
    answer = requests.get(tool.url + path, headers=headers, timeout=10)

    assert (answer.status_code, answer.json()["error"]) == (status, error)


def test_the_stand_in_serves_ten_exports_a_minute(tool: Zendesk) -> None:
    tool.settle()
    url = f"{tool.url}/api/v2/incremental/tickets/cursor?start_time={START}"
    headers = {"Authorization": f"Bearer {ADMIN_TOKEN}"}

    answers = [requests.get(url, headers=headers, timeout=10) for _ in range(11)]
    tool.clock.advance(60)
    later = requests.get(url, headers=headers, timeout=10)

    assert [answer.status_code for answer in answers] == [200] * 10 + [429]
    assert 1 <= int(answers[-1].headers["Retry-After"]) <= 61
    assert later.status_code == 200


@pytest.mark.parametrize(
    ("path", "records"),
    [("tickets/cursor", "tickets"), ("ticket_events", "ticket_events")],
)
def test_what_ai_agents_handled_is_hidden_unless_asked_for(tool: Zendesk, path: str, records: str) -> None:
    tool.client.load(
        "zendesk",
        {"tickets": [{"id": 1, "requester_id": 10, "comments": [{"body": "x"}], "support_type": "ai_agent"}]},
    )
    tool.settle()
    url = f"{tool.url}/api/v2/incremental/{path}?start_time={START}"
    headers = {"Authorization": f"Bearer {ADMIN_TOKEN}"}

    default = requests.get(url, headers=headers, timeout=10).json()[records]
    everything = requests.get(f"{url}&support_type_scope=all", headers=headers, timeout=10).json()[records]

    assert [len(default), len(everything)] == [0, 1]


def test_deleted_people_are_not_shown(tool: Zendesk) -> None:
    tool.client.load("zendesk", {"users": [{"id": 50, "name": "Gone", "active": False}]})
    headers = {"Authorization": f"Bearer {ADMIN_TOKEN}"}

    answer = requests.get(f"{tool.url}/api/v2/users/show_many?ids=1,50", headers=headers, timeout=10)

    assert [user["id"] for user in answer.json()["users"]] == [1]


@pytest.mark.parametrize("query", ["page[size]=101", "page[size]=1&page[after]=forged"])
def test_a_page_that_is_none_is_refused(tool: Zendesk, query: str) -> None:
    tool.write("Words")
    headers = {"Authorization": f"Bearer {ADMIN_TOKEN}"}

    answer = requests.get(f"{tool.url}/api/v2/tickets/1/comments?{query}", headers=headers, timeout=10)

    assert answer.status_code == 400


def test_an_agents_token_is_told_that_the_export_needs_an_admin(tool: Zendesk) -> None:
    findings = tool.source(token="agent").check()

    assert [finding.is_ok for finding in findings] == [True, False]
    assert "admin" in findings[-1].what
    assert findings[-1].remedy


def test_a_token_without_the_scope_is_told_that_the_export_is_closed(tool: Zendesk) -> None:
    findings = tool.source(token="no-scope").check()

    assert findings[-1].is_ok is False
    assert findings[-1].remedy


def test_a_refusal_carries_no_words_of_the_vendor(tool: Zendesk) -> None:
    source = tool.source(token="forged")

    with pytest.raises(VocError) as caught:
        source.fetch("1")

    assert "revoked" not in str(caught.value)
