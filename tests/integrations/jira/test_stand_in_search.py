"""Search at the stand-in: late, in pages, by tokens, and in no other form than Jira describes."""

from __future__ import annotations

from typing import Any

import pytest

from tests.contracts.ticket_trackers import NOW
from tests.integrations.jira.conftest import Jira
from tests.integrations.jira.test_stand_in import DRAFT


def test_search_shows_a_write_late_unless_it_is_reconciled(jira: Jira) -> None:
    jira.load({"key": "FLD-1"}, search_lag_s=30)
    made = jira.ask("POST", "issue", {"fields": DRAFT}).json()
    query: dict[str, Any] = {"jql": "project = FLD ORDER BY key", "fields": ["key"]}

    def found(**more: Any) -> list[str]:
        answer = jira.ask("POST", "search/jql", {**query, **more}).json()
        return [issue["key"] for issue in answer["issues"]]

    assert found() == ["FLD-1"]
    assert found(reconcileIssues=[int(made["id"])]) == ["FLD-1", made["key"]]
    jira.clock.advance(31)
    assert found() == ["FLD-1", made["key"]]


def test_pages_go_on_where_the_last_ended_whatever_moves_meanwhile(jira: Jira) -> None:
    jira.load(*({"key": f"FLD-{n}", "created": f"2026-11-0{n}T08:00:00+00:00"} for n in range(1, 7)))
    query = {"jql": "project = FLD ORDER BY updated ASC", "fields": ["key"], "maxResults": 2}
    first = jira.ask("POST", "search/jql", query).json()
    jira.load({"key": "FLD-1", "updated": NOW.isoformat()})

    second = jira.ask("POST", "search/jql", query | {"nextPageToken": first["nextPageToken"]}).json()

    assert [issue["key"] for issue in second["issues"]] == ["FLD-3", "FLD-4"]


def test_a_page_token_is_for_its_query_and_seven_days(jira: Jira) -> None:
    jira.load({"key": "FLD-1"}, {"key": "FLD-2"})
    query = {"jql": "project = FLD", "maxResults": 1}
    token = jira.ask("POST", "search/jql", query).json()["nextPageToken"]

    def status(**change: Any) -> int:
        return jira.ask("POST", "search/jql", {**query, "nextPageToken": token, **change}).status_code

    assert status() == 200
    assert (status(jql="key = FLD-1"), status(nextPageToken="made up")) == (400, 400)
    jira.clock.advance(7 * 86_400 + 1)
    assert status() == 400


def test_search_gives_ids_only_unless_asked_and_refuses_unknown_members(jira: Jira) -> None:
    jira.load(*({"key": f"FLD-{n}"} for n in range(1, 121)))
    query = {"jql": "project = FLD", "maxResults": 5000}

    ids = jira.ask("POST", "search/jql", query).json()
    with_fields = jira.ask("POST", "search/jql", query | {"fields": ["summary"]}).json()

    assert (len(ids["issues"]), set(ids["issues"][0]), ids["isLast"]) == (120, {"id"}, True)
    assert (len(with_fields["issues"]), with_fields["isLast"]) == (100, False)
    assert jira.ask("POST", "search/jql", query | {"startAt": 0}).status_code == 400
    assert jira.ask("POST", "search", query).status_code == 410


@pytest.mark.parametrize(
    "change",
    [
        {"reconcileIssues": ["10000"]},
        {"reconcileIssues": list(range(51))},
        {"properties": ["a"] * 6},
        {"expand": ["names"]},
        {"nextPageToken": 7},
        {"failFast": "yes"},
        {"jql": "project = FLD ORDER BY " + ", ".join(["created"] * 8)},
    ],
    ids=str,
)
def test_a_search_that_asks_for_too_much_or_in_another_form_is_refused(
    jira: Jira, change: dict[str, Any]
) -> None:
    jira.load({"key": "FLD-1"})
    query = {"jql": "project = FLD"}

    taken, refused = (jira.ask("POST", "search/jql", one) for one in (query, query | change))

    assert (taken.status_code, refused.status_code) == (200, 400)
