"""What every ticket tracker promises of the fields that a new ticket must have."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import pytest

from bot.domain.asking import FieldKind
from bot.errors import FieldsError
from tests.contracts.jira_sites import JiraCloud
from tests.contracts.ticket_trackers import DRAFT, TrackerUnderTest

AS_KEPT: dict[str, Any] = {
    "customfield_10061": "Two words",
    "customfield_10062": "First\nsecond",
    "customfield_10063": 2.5,
    "customfield_10064": "2026-12-24",
    "customfield_10065": {"id": "11"},
    "customfield_10066": [{"id": "21"}, {"id": "22"}],
}


def test_a_ticket_is_made_with_answers_to_all_that_is_asked(site: TrackerUnderTest) -> None:
    answers = site.require_fields()
    form = site.tracker().form("FLD")

    made = site.tracker().create(replace(DRAFT, kind=form.kind, fields=answers))

    assert [field.id for field in form.fields if not field.optional] == list(answers)
    assert site.values(made.key) == {name: AS_KEPT[name] for name in answers}
    assert FieldKind.OTHER not in {field.kind for field in form.fields}


def test_every_answer_that_is_missing_is_told_by_its_field_and_nothing_is_made(
    site: TrackerUnderTest,
) -> None:
    for name in (answers := site.require_fields()):
        rest = {other: answer for other, answer in answers.items() if other != name}

        with pytest.raises(FieldsError) as told:
            site.tracker().create(replace(DRAFT, fields=rest))

        assert told.value.fields == {name: ""}
    assert site.titles() == []


def test_an_answer_to_what_is_not_asked_is_refused_by_its_field(site: TrackerUnderTest) -> None:
    answers = {**site.require_fields(), "nowhere": "x"}

    with pytest.raises(FieldsError) as told:
        site.tracker().create(replace(DRAFT, fields=answers))

    assert list(told.value.fields) == ["nowhere"]
    assert site.titles() == []


def test_a_choice_that_there_is_not_is_refused_by_its_field(jira_site: JiraCloud) -> None:
    answers = jira_site.require_fields()
    wrong: dict[str, Any] = {"customfield_10065": "99", "customfield_10066": ("21", "99")}

    with pytest.raises(FieldsError) as told:
        jira_site.tracker().create(replace(DRAFT, fields={**answers, **wrong}))

    assert list(told.value.fields) == list(wrong)


def test_what_the_tracker_itself_refuses_is_told_by_its_field_and_never_in_the_message(
    jira_site: JiraCloud,
) -> None:
    answers = {**jira_site.require_fields(), "customfield_10061": "secret " * 50}

    with pytest.raises(FieldsError) as told:
        jira_site.tracker().create(replace(DRAFT, fields=answers))

    assert told.value.fields["customfield_10061"].startswith("The entered text is too long")
    assert str(told.value).endswith("was refused (400: customfield_10061)")


def test_another_kind_of_ticket_asks_for_other_fields(jira_site: JiraCloud) -> None:
    answers = jira_site.require_fields()
    kinds = {name: id_ for id_, name in jira_site.tracker().form("FLD").kinds}

    form = jira_site.tracker().form("FLD", kinds["Bug"])
    browser = form.fields[-1]
    made = jira_site.tracker().create(
        replace(DRAFT, kind=form.kind, fields={**answers, browser.id: "Firefox"})
    )

    assert list(kinds) == ["Task", "Bug", "Story", "Epic"]
    assert (browser.name, jira_site.values(made.key)[browser.id]) == ("Browser", "Firefox")


def test_a_field_that_only_the_trackers_own_form_can_ask_comes_with_a_link_to_it(
    jira_site: JiraCloud,
) -> None:
    field = {"id": "customfield_10070", "name": "Approver", "type": "user", "required": True}
    jira_site.client.load("jira", {"settings": {"fields": [field]}})

    form = jira_site.tracker().form("FLD")

    assert [(one.name, one.kind) for one in form.fields] == [("Approver", FieldKind.OTHER)]
    assert form.url == f"{jira_site.address}/secure/CreateIssue.jspa?pid=10000&issuetype=1"
