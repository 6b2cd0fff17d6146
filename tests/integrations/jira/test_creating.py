"""New tickets: what a project requires is told by name before anything is made."""

from __future__ import annotations

from typing import Any

import pytest

from bot.domain.annotation import TicketDraft
from bot.errors import AccessError, AnswerError
from tests.integrations.jira.conftest import Jira

DRAFT = TicketDraft(key="draft:9", project="FLD", title="White map", body="Words", labels=())
FIELDS: list[dict[str, Any]] = [
    {"id": "customfield_10061", "name": "Severity", "required": True},
    {"id": "customfield_10062", "name": "Team", "required": True},
    {"id": "customfield_10063", "name": "Size", "type": "number"},
]


@pytest.fixture(params=["jira", "server"])
def site(request: pytest.FixtureRequest) -> Jira:
    found: Jira = request.getfixturevalue(request.param)
    found.load({"key": "FLD-1"}, fields=FIELDS)
    return found


def test_required_fields_that_are_missing_are_named_and_nothing_is_made(site: Jira) -> None:
    with pytest.raises(
        AnswerError, match=r"FLD also requires Severity, Team: set them under \[jira.create_fields\]"
    ):
        site.tracker().create(DRAFT)

    assert site.asked("POST", "/issue") == []


def test_further_fields_are_written_by_name_or_by_id(site: Jira) -> None:
    extra = {"severity": "High", "customfield_10062": "Maps", "Size": 3}

    made = site.tracker(create_fields=extra).create(DRAFT)

    assert site.issue(made.key)["values"] == {
        "customfield_10061": "High",
        "customfield_10062": "Maps",
        "customfield_10063": 3,
    }


def test_a_field_that_the_project_does_not_have_is_left_out(site: Jira) -> None:
    extra = {"Severity": "High", "Team": "Maps", "Product area of another project": "Maps"}

    made = site.tracker(create_fields=extra).create(DRAFT)

    assert set(site.issue(made.key)["values"]) == {"customfield_10061", "customfield_10062"}


def test_an_issue_type_that_the_project_lacks_is_told_with_those_that_it_has(site: Jira) -> None:
    with pytest.raises(AnswerError, match="FLD has no issue type Wish, only Bug, Epic, Story, Task"):
        site.tracker(issue_type="Wish").create(DRAFT)


def test_a_created_ticket_is_found_at_once_by_whoever_made_it(site: Jira) -> None:
    site.load(fields=[], **({"search_lag_s": 60} if site.api.endswith("3") else {}))
    tracker = site.tracker()

    made = tracker.create(DRAFT)

    assert tracker.find_created(DRAFT.key) == made


def test_who_may_not_create_is_told_so(site: Jira) -> None:
    site.load(fields=[], denied=["CREATE_ISSUES"])

    with pytest.raises(AccessError) as told:
        site.tracker().create(DRAFT)

    assert "permission scheme" in told.value.remedy
