"""The stand-in is as strict as Jira: sign-in, permissions, limits, search that lags, pages that expire."""

from __future__ import annotations

import csv
import sys
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
import requests

from integrations.sandbox.jira.adf import MOST_CHARACTERS, document_of
from integrations.sandbox.jira.state import Settings
from tests.integrations.jira.conftest import Jira

WORDS = {"body": document_of("Some words")}
LINK = {
    "globalId": "voc:1",
    "relationship": "voice",
    "object": {"url": "https://voc.example/1", "title": "A title"},
}
DRAFT: dict[str, Any] = {"project": {"key": "FLD"}, "issuetype": {"name": "Task"}, "summary": "A title"}


def test_a_wrong_token_sees_what_a_stranger_sees_and_a_header_says_why(jira: Jira) -> None:
    jira.load({"key": "FLD-1"})
    auth = (Settings().email, "expired")

    search = requests.post(
        f"{jira.url}/rest/api/3/search/jql", json={"jql": "project = FLD"}, auth=auth, timeout=5
    )
    issue = requests.get(f"{jira.url}/rest/api/3/issue/FLD-1", auth=auth, timeout=5)
    myself = requests.get(f"{jira.url}/rest/api/3/myself", auth=auth, timeout=5)

    assert (search.status_code, search.json()["issues"]) == (200, [])
    assert (issue.status_code, myself.status_code) == (404, 401)
    assert {a.headers["X-Seraph-LoginReason"] for a in (search, issue)} == {"AUTHENTICATED_FAILED"}


@pytest.mark.parametrize(
    ("denied", "method", "path", "body", "status"),
    [
        ("BROWSE_PROJECTS", "GET", "issue/FLD-1", None, 404),
        ("ADD_COMMENTS", "POST", "issue/FLD-1/comment", WORDS, 400),
        ("LINK_ISSUES", "POST", "issue/FLD-1/remotelink", LINK, 403),
        ("CREATE_ISSUES", "POST", "issue", {"fields": DRAFT}, 403),
    ],
)
def test_a_missing_permission_refuses_and_is_told(
    jira: Jira, denied: str, method: str, path: str, body: Any, status: int
) -> None:
    jira.load({"key": "FLD-1"}, denied=[denied])

    answer = jira.ask(method, path, body)
    told = jira.ask("GET", "mypermissions", permissions=f"{denied},EDIT_ISSUES").json()["permissions"]

    assert answer.status_code == status
    assert {name: told[name]["havePermission"] for name in told} == {denied: False, "EDIT_ISSUES": True}


def test_nobody_edits_or_deletes_the_comments_of_others(jira: Jira) -> None:
    jira.load({"key": "FLD-1", "comments": [{"author": "Mia", "body": "Hers"}]})
    path = f"issue/FLD-1/comment/{jira.issue('FLD-1')['comments'][0]['id']}"

    assert jira.ask("PUT", path, WORDS).status_code == 400
    assert jira.ask("DELETE", path).status_code == 400


@pytest.mark.parametrize(
    ("fields", "refused"),
    [
        ({"summary": ""}, "summary"),
        ({"summary": "two\nlines"}, "summary"),
        ({"summary": "🙂" * 128}, "summary"),
        ({"labels": ["two words"]}, "labels"),
        ({"labels": ["x" * 256]}, "labels"),
        ({"project": {"key": "GONE"}}, "project"),
        ({"issuetype": {"name": "Wish"}}, "issuetype"),
        ({"colour": "red"}, "colour"),
        ({"description": "plain text"}, "description"),
        ({"description": document_of("x" * (MOST_CHARACTERS + 1))}, "description"),
    ],
    ids=str,
)
def test_an_issue_with_a_wrong_field_is_refused_by_its_name(
    jira: Jira, fields: dict[str, Any], refused: str
) -> None:
    jira.load({"key": "FLD-1"})

    answer = jira.ask("POST", "issue", {"fields": DRAFT | fields})

    assert (answer.status_code, list(answer.json()["errors"])) == (400, [refused])


def test_a_description_of_the_longest_length_is_taken(jira: Jira) -> None:
    jira.load({"key": "FLD-1"})
    description = document_of("x" * (MOST_CHARACTERS - 1))

    assert jira.ask("POST", "issue", {"fields": DRAFT | {"description": description}}).status_code == 201


@pytest.mark.parametrize(
    ("change", "refused"),
    [
        ({"object": {"title": "A title"}}, "url"),
        ({"object": {"url": "https://voc.example"}}, "title"),
        ({"object": {"url": "voc.example", "title": "A title"}}, "url"),
        ({"object": {"url": "https://voc.example", "title": "x" * 256}}, "title"),
        ({"globalId": "x" * 256}, "globalId"),
        ({"object": None}, "object"),
    ],
    ids=str,
)
def test_a_link_with_a_wrong_member_is_refused_by_its_name(
    jira: Jira, change: dict[str, Any], refused: str
) -> None:
    jira.load({"key": "FLD-1"})

    answer = jira.ask("POST", "issue/FLD-1/remotelink", LINK | change)

    assert (answer.status_code, list(answer.json()["errors"])) == (400, [refused])


def test_a_link_sent_again_is_replaced_and_loses_what_is_left_out(jira: Jira) -> None:
    jira.load({"key": "FLD-1"})
    first = jira.ask("POST", "issue/FLD-1/remotelink", LINK)
    without = {name: LINK[name] for name in ("globalId", "object")}

    second = jira.ask("POST", "issue/FLD-1/remotelink", without)

    assert (first.status_code, second.status_code) == (201, 200)
    assert first.json() == second.json()
    assert "relationship" not in jira.ask("GET", "issue/FLD-1/remotelink", globalId="voc:1").json()


def test_a_full_issue_takes_no_more(jira: Jira) -> None:
    jira.load({"key": "FLD-1"}, most_comments=1, most_links=1)

    comments = [jira.ask("POST", "issue/FLD-1/comment", WORDS).status_code for _ in range(2)]
    links = [
        jira.ask("POST", "issue/FLD-1/remotelink", LINK | {"globalId": f"voc:{n}"}).status_code
        for n in range(2)
    ]

    assert (comments, links) == ([201, 413], [201, 413])


def test_watchers_are_written_to_unless_asked_not_to(jira: Jira) -> None:
    jira.load({"key": "FLD-1"}, watchers=4)
    path = "issue/FLD-1/comment/" + jira.ask("POST", "issue/FLD-1/comment", WORDS).json()["id"]

    jira.ask("PUT", path, WORDS, notifyUsers="false")
    quiet = jira.issue("FLD-1")["comments"][0]["mails"]
    jira.ask("PUT", path, WORDS)

    assert (quiet, jira.issue("FLD-1")["comments"][0]["mails"]) == (4, 8)
    assert jira.ask("PUT", path, WORDS, notifyUsers="no").status_code == 400


def test_properties_come_with_the_list_and_not_with_the_page(jira: Jira) -> None:
    jira.load({"key": "FLD-1"})
    properties = [{"key": "voc.annotation", "value": {"version": 1}}]
    made = jira.ask("POST", "issue/FLD-1/comment", WORDS | {"properties": properties}).json()["id"]

    page = jira.ask("GET", "issue/FLD-1/comment", expand="properties").json()["comments"][0]
    listed = jira.ask("POST", "comment/list", {"ids": [int(made), 1]}, expand="properties").json()["values"]
    one = jira.ask("GET", f"comment/{made}/properties/voc.annotation").json()

    assert "properties" not in page
    assert [comment["properties"] for comment in listed] == [properties]
    assert one == properties[0]


@pytest.mark.parametrize(
    "visibility",
    ["everybody", {"type": "team", "value": "A"}, {"type": "role"}, {"type": "group", "value": 7}],
)
def test_a_comment_is_shown_to_a_role_or_a_group_and_nobody_else(jira: Jira, visibility: Any) -> None:
    jira.load({"key": "FLD-1"})

    answer = jira.ask("POST", "issue/FLD-1/comment", {**WORDS, "visibility": visibility})

    assert answer.status_code == 400


def test_too_many_calls_in_a_second_are_refused_with_the_reason(jira: Jira) -> None:
    answers = [jira.ask("GET", "serverInfo") for _ in range(101)]

    assert [a.status_code for a in answers] == [200] * 100 + [429]
    assert answers[-1].headers["RateLimit-Reason"] == "jira-burst-based"
    assert int(answers[-1].headers["Retry-After"]) >= 1


def test_too_many_writes_on_one_issue_are_refused_with_the_reason(jira: Jira) -> None:
    jira.load({"key": "FLD-1"}, {"key": "FLD-2"})

    answers = [jira.ask("POST", "issue/FLD-1/remotelink", LINK) for _ in range(21)]

    assert [a.status_code for a in answers].count(429) == 1
    assert answers[-1].headers["RateLimit-Reason"] == "jira-per-issue-on-write"
    assert jira.ask("POST", "issue/FLD-2/remotelink", LINK).status_code == 201


def test_the_open_profile_refuses_no_rate(jira_with: Callable[[str], Jira]) -> None:
    jira = jira_with("open")

    assert {jira.ask("GET", "serverInfo").status_code for _ in range(150)} == {200}


def test_loads_thousands_of_long_issues_in_three_seconds(
    jira_with: Callable[[str], Jira], data_dir: Path
) -> None:
    csv.field_size_limit(sys.maxsize)
    with (data_dir / "nextcloud" / "tickets.csv").open(encoding="utf-8") as file:
        rows = list(csv.DictReader(file))
    issues = [
        {
            "key": row["key"],
            "summary": row["title"][:255],
            "description": row["description"][:MOST_CHARACTERS],
        }
        for row in rows
    ]
    jira = jira_with("open")
    start = time.perf_counter()

    jira.load(*issues)

    assert time.perf_counter() - start < 3
    assert len(jira.client.state("jira")["issues"]) == len({row["key"] for row in rows}) == 2362
