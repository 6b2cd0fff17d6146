"""What may be chosen for a new issue, and what becomes of the choices."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import pytest

from bot.domain.annotation import TicketDraft
from bot.domain.asking import FieldKind, TicketField
from bot.errors import FieldsError, NotFoundError
from tests.integrations.linear.conftest import Linear

DRAFT = TicketDraft(key="draft:9", project="ENG", title="White map", body="Words")


@pytest.fixture
def fields(linear: Linear) -> dict[str, TicketField]:
    """Return what may be chosen for a ticket in ENG, by its name."""
    labels: list[dict[str, Any]] = [
        {"name": "Area", "is_group": True},
        {"name": "Sync", "parent": "Area"},
        {"name": "Maps", "parent": "Area"},
        {"name": "Theirs", "team": "OPS"},
        {"name": "ours", "team": "ENG"},
    ]
    projects = [
        {"name": "Atlas", "teams": ["ENG", "OPS"]},
        {"name": "Done", "teams": ["ENG"], "status": "completed"},
        {"name": "Move", "teams": ["OPS"]},
    ]
    linear.load(labels=labels, projects=projects)
    return {one.name: one for one in linear.tracker().form("ENG").fields}


def chosen(field: TicketField, *names: str) -> str | tuple[str, ...]:
    """Return the ids of the choices."""
    ids = {name: id_ for id_, name in field.choices}
    found = tuple(ids[name] for name in names)
    return found if field.kind is FieldKind.CHOICES else found[0]


def test_what_goes_with_the_team_may_be_chosen_and_nothing_must_be(fields: dict[str, TicketField]) -> None:
    choices = {name: [label for _, label in field.choices] for name, field in fields.items()}

    assert choices == {
        "Status": ["Triage", "Backlog", "Todo", "In Progress", "Done", "Canceled"],
        "Priority": ["Urgent", "High", "Medium", "Low"],
        "Labels": ["Area: Maps", "Area: Sync", "ours"],
        "Project in Linear": ["Atlas"],
    }
    assert all(field.optional for field in fields.values())


def test_a_team_without_labels_and_projects_is_not_asked_for_any(linear: Linear) -> None:
    names = [one.name for one in linear.tracker().form("OPS").fields]

    assert names == ["Status", "Priority"]


def test_an_issue_is_made_with_all_that_was_chosen(linear: Linear, fields: dict[str, TicketField]) -> None:
    wanted = {
        "Status": ("In Progress",),
        "Priority": ("High",),
        "Labels": ("Area: Sync", "ours"),
        "Project in Linear": ("Atlas",),
    }
    answers: dict[str, str | tuple[str, ...]] = {
        fields[name].id: chosen(fields[name], *names) for name, names in wanted.items()
    }

    made = linear.tracker().create(replace(DRAFT, fields=answers))

    issue = linear.issue(made.key)
    assert (issue["status"], issue["priority"], issue["project"]) == ("In Progress", 2, "Atlas")
    assert sorted(issue["labels"]) == ["Sync", "ours"]


def test_who_chooses_nothing_waits_for_no_further_question(linear: Linear) -> None:
    linear.tracker().create(DRAFT)

    assert linear.asked() == ["Team", "CreateTicket", "Ticket"]


def test_a_choice_that_is_gone_is_told_by_its_field_and_nothing_is_made(
    linear: Linear, fields: dict[str, TicketField]
) -> None:
    labels = (*chosen(fields["Labels"], "ours"), "gone")
    answers: dict[str, str | tuple[str, ...]] = {"stateId": "gone", "labelIds": labels, "nowhere": "x"}

    with pytest.raises(FieldsError) as told:
        linear.tracker().create(replace(DRAFT, fields=answers))

    gone = "This choice is no longer there."
    assert told.value.fields == {"stateId": gone, "labelIds": gone, "nowhere": ""}
    assert linear.client.state("linear")["issues"] == []


def test_labels_of_one_group_are_refused_in_linears_words_by_their_field_alone(
    linear: Linear, fields: dict[str, TicketField]
) -> None:
    answers = {"labelIds": chosen(fields["Labels"], "Area: Maps", "Area: Sync")}

    with pytest.raises(FieldsError) as told:
        linear.tracker().create(replace(DRAFT, fields=answers))

    assert told.value.fields["labelIds"].startswith("The label 'Maps' is in the same group as 'Sync'.")
    assert "Maps" not in str(told.value)


def test_all_labels_and_projects_can_be_chosen_however_many(linear: Linear) -> None:
    linear.load(
        labels=[{"name": f"label {n:03}"} for n in range(251)],
        projects=[{"name": f"project {n:03}", "teams": ["ENG"]} for n in range(501)],
    )

    fields = {one.name: one for one in linear.tracker().form("ENG").fields}

    assert [name for _, name in fields["Labels"].choices] == [f"label {n:03}" for n in range(251)]
    assert len(dict(fields["Project in Linear"].choices)) == 501
    assert linear.asked() == ["Form", "Labels", "Projects", "Projects"]


def test_a_team_that_is_not_there_has_no_form(linear: Linear) -> None:
    with pytest.raises(NotFoundError):
        linear.tracker().form("NONE")
