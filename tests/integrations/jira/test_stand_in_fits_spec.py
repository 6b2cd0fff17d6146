"""Requests of the adapter and answers of the stand-in, judged by Jira's published description."""

from __future__ import annotations

from datetime import date
from pathlib import Path
from typing import Any

import pytest

from bot.domain.annotation import Figures
from integrations.sandbox.jira.adf import document_of
from tests.integrations.jira.annotations import ANNOTATION, EVIDENCE
from tests.integrations.jira.conftest import Jira
from tests.integrations.jira.test_tracker import DRAFT
from tests.integrations.openapi import Description

API = "/rest/api/3/"
FIELDS = [
    {"id": "customfield_1", "name": "Voices", "type": "number"},
    {"id": "customfield_2", "name": "Severity", "required": True},
]


@pytest.fixture(scope="session")
def description(specs_dir: Path) -> Description:
    return Description(specs_dir / "jira" / "jira-platform-v3.json")


def work_through(jira: Jira) -> None:
    """Let the adapter do everything that it can."""
    jira.load(*({"key": f"FLD-{n}", "description": "Words"} for n in range(1, 6)), fields=FIELDS)
    tracker = jira.tracker(per_page=2, figure_fields={"people": "Voices"}, create_fields={"Severity": "High"})
    pages = list(tracker.changed_since(None))
    list(tracker.changed_since(pages[-1].cursor))
    ref = tracker.get("FLD-1").ref
    jira.load({"key": "FLD-1", "comments": [{"author": "Mia", "body": "Hers"}]})
    made = tracker.annotate(ref, ANNOTATION, None)
    tracker.annotate(ref, ANNOTATION, made)
    tracker.find_annotation(ref)
    tracker.link(ref, EVIDENCE)
    tracker.unlink(ref, EVIDENCE.key)
    tracker.create(DRAFT)
    tracker.find_created(DRAFT.key)
    tracker.many([ref.external_id])
    tracker.linked(ref)
    tracker.show_figures(ref, Figures(people=1, companies=1, revenue=None, last_heard=date(2026, 11, 21)))
    list(tracker.changed_since(pages[-1].cursor))
    tracker.check()


def test_every_request_of_the_adapter_is_described(jira: Jira, description: Description) -> None:
    work_through(jira)

    requests = jira.client.requests("jira")
    for row in requests:  # the one request of version 2, by which the two deployments are told apart
        row["path"] = row["path"].replace("/rest/api/2/serverInfo", "/rest/api/3/serverInfo")

    routes = {row["route"].removeprefix(API) for row in requests}
    assert routes > {"search/jql", "issue/<key>/comment", "issue/bulkfetch", "field", "configuration"}
    assert [fault for row in requests for fault in description.request_refusals(row)] == []
    assert {row["status"] for row in requests} <= {200, 201, 204}


def test_every_answer_of_the_stand_in_is_described(jira: Jira, description: Description) -> None:
    jira.load(
        {
            "key": "FLD-1",
            "description": "Words",
            "labels": ["a"],
            "components": ["App"],
            "statusCategory": "done",
        },
        {"key": "FLD-2", "duplicates": ["FLD-1"]},
        fields=FIELDS[:1],
    )
    words = {"body": document_of("Words"), "properties": [{"key": "k", "value": 1}]}
    link = {"globalId": "voc:1", "object": {"url": "https://voc.example/1", "title": "A title"}}
    draft = {"project": {"key": "FLD"}, "issuetype": {"name": "Task"}, "summary": "A title"}
    made = jira.ask("POST", "issue/FLD-1/comment", words).json()["id"]
    asked: list[tuple[str, str, Any, dict[str, str], int]] = [
        ("GET", "serverInfo", None, {}, 200),
        ("GET", "myself", None, {}, 200),
        ("GET", "mypermissions", None, {"permissions": "LINK_ISSUES"}, 200),
        ("GET", "mypermissions", None, {"permissions": "FLY"}, 400),
        ("GET", "configuration", None, {}, 200),
        ("GET", "field", None, {}, 200),
        ("POST", "issue/bulkfetch", {"issueIdsOrKeys": ["FLD-1", "FLD-9"], "fields": ["*all"]}, {}, 200),
        ("GET", "issue/createmeta/FLD/issuetypes", None, {}, 200),
        ("GET", "issue/createmeta/FLD/issuetypes/1", None, {"maxResults": "2"}, 200),
        ("GET", "project/search", None, {}, 200),
        ("GET", "project/FLD", None, {}, 200),
        ("POST", "search/jql", {"jql": "project = FLD", "fields": ["*all"], "maxResults": 1}, {}, 200),
        ("POST", "search/jql", {"jql": "project = FLD"}, {}, 200),
        ("GET", "issue/FLD-1", None, {}, 200),
        ("GET", "issue/FLD-1", None, {"fields": "summary"}, 200),
        ("POST", "issue", {"fields": draft}, {}, 201),
        ("POST", "issue", {"fields": {}}, {}, 400),
        ("POST", "issue/FLD-1/comment", words, {}, 201),
        ("GET", "issue/FLD-1/comment", None, {}, 200),
        ("GET", f"issue/FLD-1/comment/{made}", None, {}, 200),
        ("PUT", f"issue/FLD-1/comment/{made}", words, {"notifyUsers": "false"}, 200),
        ("POST", "comment/list", {"ids": [int(made)]}, {"expand": "properties"}, 200),
        ("GET", f"comment/{made}/properties", None, {}, 200),
        ("GET", f"comment/{made}/properties/k", None, {}, 200),
        ("POST", "issue/FLD-1/remotelink", link, {}, 201),
        ("POST", "issue/FLD-1/remotelink", link, {}, 200),
        ("GET", "issue/FLD-1/remotelink", None, {}, 200),
        ("GET", "issue/FLD-1/remotelink", None, {"globalId": "voc:1"}, 200),
    ]
    faults = []

    for method, path, body, params, status in asked:
        answer = jira.ask(method, path, body, **params)
        assert answer.status_code == status, (method, path, answer.text)
        faults += description.refusals(method, API + path, status, answer.json())

    assert faults == []


@pytest.mark.parametrize(
    ("method", "path"),
    [("GET", "issue/FLD-99"), ("GET", "issue/FLD-1/comment/5"), ("GET", "project/GONE"), ("GET", "nothing")],
)
def test_refusals_have_jiras_shape(jira: Jira, method: str, path: str) -> None:
    jira.load({"key": "FLD-1"})

    answer = jira.ask(method, path)

    assert answer.status_code == 404
    assert set(answer.json()) == {"errorMessages", "errors"}
