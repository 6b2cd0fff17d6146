"""JQL as the stand-in reads it, and the adapter's quoting against it."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from integrations.jira.mapping import jql_text
from integrations.sandbox.jira.jql import Clause, JqlError, parse
from tests.integrations.jira.conftest import Jira


@given(st.text())
def test_any_value_survives_quoting(value: str) -> None:
    assert parse(f"labels = {jql_text(value)}").where == Clause("labels", "=", (value,))


@pytest.mark.parametrize(
    ("query", "message"),
    [
        ("", "Unbounded JQL"),
        ("ORDER BY updated ASC", "Unbounded JQL"),
        ("project = DO", "'DO' is a reserved JQL word"),
        ("project = int", "'int' is a reserved JQL word"),
        ("project = GONE", "does not exist for the field 'project'"),
        ("key = FLD-999", "does not exist for field 'key'"),
        ("colour = red", "Field 'colour' does not exist"),
        ("project = FLD AND updated >= startOfDay()", "Unable to find JQL function"),
        ("project = FLD AND updated >= yesterday", "is invalid. Valid formats"),
        ("project = FLD AND updated >= '2026-11-23T10:00:00Z'", "is invalid. Valid formats"),
        ("project >= FLD", "not supported by the 'project' field"),
        ("labels = 'a", "has not been completed"),
        ("labels = a.b", "reserved JQL character"),
        (r"labels = 'a\q'", "illegal JQL escape"),
        ("project = FLD project = FLD", "Expecting either 'OR' or 'AND'"),
        ("project in FLD", "Expecting '('"),
        ("(project = FLD", "Expecting ')'"),
        ("project = FLD ORDER BY labels", "Not able to sort"),
        ("project = FLD ORDER updated", "Expecting 'BY'"),
        ("project =", "Expecting either a value"),
    ],
)
def test_refuses_what_jira_refuses(jira: Jira, query: str, message: str) -> None:
    jira.load({"key": "FLD-1"})

    answer = jira.ask("POST", "search/jql", {"jql": query})

    assert answer.status_code == 400
    assert message in answer.json()["errorMessages"][0]


@pytest.mark.parametrize(
    ("query", "found"),
    [
        ("project = FLD ORDER BY key ASC", ["FLD-1", "FLD-2", "FLD-10"]),
        ('project in ("DO", "FLD") AND labels = "voc-1"', ["DO-1"]),
        ("project = 'field' order by key desc", ["FLD-10", "FLD-2", "FLD-1"]),
        ("project != FLD", ["DO-1"]),
        ("NOT (project = FLD OR labels = x) OR key = fld-2", ["DO-1", "FLD-2"]),
        ("statusCategory not in (done) AND project = FLD ORDER BY created ASC, key ASC", ["FLD-1", "FLD-2"]),
        ("updated >= -90m ORDER BY updated ASC", ["FLD-10", "DO-1"]),
        ('updated < "-1h 30m" ORDER BY key', ["FLD-1", "FLD-2"]),
        # The account's zone is Sydney's: 11 hours ahead.
        ('updated >= "2026-11-23 22:30"', ["DO-1"]),
    ],
)
def test_finds_what_matches_in_the_order_asked(jira: Jira, query: str, found: list[str]) -> None:
    jira.client.load("jira", {"projects": [{"key": "FLD", "name": "Field"}]})
    jira.load(
        {"key": "FLD-1", "created": "2026-11-01T08:00:00+00:00", "updated": "2026-11-01T08:00:00+00:00"},
        {"key": "FLD-2", "created": "2026-11-02T08:00:00+00:00", "updated": "2026-11-02T08:00:00+00:00"},
        {"key": "FLD-10", "statusCategory": "done", "updated": "2026-11-23T11:00:00+00:00"},
        {"key": "DO-1", "labels": ["voc-1"], "updated": "2026-11-23T11:45:00+00:00"},
    )

    answer = jira.ask("POST", "search/jql", {"jql": query, "fields": ["summary"]}).json()

    assert [issue["key"] for issue in answer["issues"]] == found


def test_nothing_but_a_query_is_parsed() -> None:
    with pytest.raises(JqlError):
        parse("project = FLD; DROP TABLE issue")
