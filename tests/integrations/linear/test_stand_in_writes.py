"""The stand-in refuses what Linear does not store."""

from __future__ import annotations

from datetime import timedelta
from typing import Any
from uuid import uuid4

import pytest

from tests.contracts.ticket_trackers import NOW
from tests.integrations.linear.conftest import Linear
from tests.integrations.linear.test_stand_in import CREATE_COMMENT, CREATE_ISSUE, CREATE_NEED, UPSERT

ATTACH = "mutation M($input: AttachmentCreateInput!) { attachmentCreate(input: $input) { success } }"
NEED = {"issueId": "ENG-1", "body": "Words"}


def refusal(linear: Linear, mutation: str, **given: Any) -> str:
    return linear.code(mutation, {"input": given})


def test_an_id_that_is_taken_or_is_no_uuid_v4_is_refused(linear: Linear) -> None:
    linear.ref()
    id_ = str(uuid4())

    first = refusal(linear, CREATE_NEED, **NEED, id=id_)
    again = refusal(linear, CREATE_NEED, **NEED, id=id_)
    wrong = refusal(linear, CREATE_NEED, **NEED, id="11111111-1111-1111-1111-111111111111")

    assert first == ""
    assert again.startswith("Conflict on insert of CustomerNeed")
    assert "must be a UUID" in wrong


@pytest.mark.parametrize(
    ("given", "word"),
    [
        ({"issueId": "ENG-9"}, "Entity not found: Issue"),
        ({"issueId": None}, "issueId"),
        ({"customerId": str(uuid4())}, "Entity not found: Customer"),
        ({"customerId": "a", "customerExternalId": "b"}, "Only one"),
        ({"priority": 2}, "priority"),
        ({"createdAt": (NOW + timedelta(hours=1)).isoformat()}, "past"),
        ({"createdAt": "yesterday"}, "ISO 8601"),
        ({"attachmentUrl": "javascript:x"}, "valid URL"),
        ({"body": "x" * 100_001}, "shorter"),
    ],
)
def test_a_request_that_linear_cannot_take_is_refused_whole(
    linear: Linear, given: dict[str, Any], word: str
) -> None:
    linear.ref()

    told = refusal(linear, CREATE_NEED, **(NEED | given))

    assert word in told
    assert (linear.issue("ENG-1")["needs"], linear.issue("ENG-1")["attachments"]) == ([], [])


@pytest.mark.parametrize(
    ("given", "word"),
    [
        ({"name": "A", "domains": ["gmail.com"]}, "Public email domains"),
        ({"name": "A", "externalId": "b", "domains": ["acme.example"]}, "already exists"),
        ({"externalId": "c"}, "name"),
        ({"externalId": "a", "name": " "}, "name"),
    ],
)
def test_a_customer_that_linear_cannot_take_is_refused(
    linear: Linear, given: dict[str, Any], word: str
) -> None:
    acme = {"name": "Acme", "domains": ["acme.example"], "external_ids": ["a"]}
    linear.load(customers=[acme, {"name": "B", "external_ids": ["b"]}])

    assert word in refusal(linear, UPSERT, **given)


def test_a_workspace_without_customer_requests_says_so(linear: Linear) -> None:
    linear.ref()
    linear.load(settings={"customers_enabled": False})

    answers = [
        linear.ask(CREATE_NEED, {"input": NEED}),
        linear.ask(UPSERT, {"input": {"name": "A"}}),
        linear.ask('{ issue(id: "ENG-1") { needs { nodes { id } } } }'),
    ]

    assert [answer.status_code for answer in answers] == [200, 200, 200]
    assert {a.json()["errors"][0]["extensions"]["type"] for a in answers} == {"feature not accessible"}


@pytest.mark.parametrize(
    ("mutation", "given", "word"),
    [
        (ATTACH, {"issueId": "ENG-1", "url": "x", "title": "T"}, "valid URL"),
        (ATTACH, {"issueId": "ENG-1", "url": "https://x.example", "title": " "}, "empty"),
        (ATTACH, {"issueId": "ENG-1", "url": "https://x.example", "title": "x" * 256}, "shorter"),
        (
            ATTACH,
            {"issueId": "ENG-1", "url": "https://x.example", "title": "T", "metadata": {"a": []}},
            "metadata",
        ),
        (
            ATTACH,
            {"issueId": "ENG-1", "url": "https://x.example", "title": "T", "metadata": {"a": True}},
            "metadata",
        ),
        (CREATE_COMMENT, {"issueId": "ENG-1", "body": ""}, "empty"),
        (CREATE_COMMENT, {"body": "x"}, "issueId"),
        (CREATE_ISSUE, {"teamId": "ENG", "title": "T"}, "Entity not found: Team"),
    ],
)
def test_other_writes_are_held_to_their_forms_too(
    linear: Linear, mutation: str, given: dict[str, Any], word: str
) -> None:
    linear.ref()

    assert word in refusal(linear, mutation, **given)


def test_nobody_edits_the_comments_of_others(linear: Linear) -> None:
    linear.load({"identifier": "ENG-1", "comments": [{"body": "Mine"}]})
    [comment] = linear.issue("ENG-1")["comments"]
    edit = 'mutation M($id: String!) { commentUpdate(id: $id, input: {body: "Ours"}) { success } }'

    told = linear.code(edit, {"id": comment["id"]})

    assert "not allowed" in told
    assert linear.issue("ENG-1")["comments"] == [comment]


@pytest.fixture
def placed(linear: Linear) -> dict[str, str]:
    """Return the ids of what issues can be put into, by name."""
    labels: list[dict[str, Any]] = [
        {"name": "Area", "is_group": True},
        {"name": "Maps", "parent": "Area"},
        {"name": "Sync", "parent": "Area"},
        {"name": "Theirs", "team": "OPS"},
        {"name": "Ours", "team": "ENG"},
    ]
    projects = [{"name": "Atlas", "teams": ["ENG"]}, {"name": "Move", "teams": ["OPS"]}]
    linear.load(labels=labels, projects=projects)
    data = linear.ask(ALL).json()["data"]
    found = {one["name"]: str(one["id"]) for one in data["issueLabels"]["nodes"]}
    for team in data["teams"]["nodes"]:
        found |= {team["key"]: team["id"]} | {p["name"]: p["id"] for p in team["projects"]["nodes"]}
        found |= {f"{team['key']} {state['name']}": state["id"] for state in team["states"]["nodes"]}
    return found


ALL = """{
  issueLabels { nodes { id name } }
  teams { nodes { id key states { nodes { id name } } projects { nodes { id name } } } }
}"""


@pytest.mark.parametrize(
    ("given", "word"),
    [
        ({"stateId": "OPS Todo"}, "Discrepancy between issue team and state"),
        ({"stateId": "gone"}, "Entity not found: WorkflowState"),
        ({"projectId": "Move"}, "Discrepancy between issue team and state"),
        ({"projectId": "gone"}, "Entity not found: Project"),
        ({"priority": 5}, "between 0 and 4"),
        ({"priority": -1}, "between 0 and 4"),
        ({"labelIds": ["Theirs"]}, "labelIds for incorrect team"),
        ({"labelIds": ["Area"]}, "labelIds contain parent labels"),
        ({"labelIds": ["Ours", "Maps", "Sync"]}, "labelIds not exclusive child labels"),
        ({"labelIds": ["gone"]}, "Entity not found: IssueLabel"),
    ],
)
def test_an_issue_is_put_into_nothing_that_does_not_go_with_its_team(
    linear: Linear, placed: dict[str, str], given: dict[str, Any], word: str
) -> None:
    named = {
        name: [placed.get(one, one) for one in value] if isinstance(value, list) else placed.get(value, value)
        for name, value in given.items()
    }

    told = refusal(linear, CREATE_ISSUE, teamId=placed["ENG"], title="T", **named)

    assert word in told
    assert linear.client.state("linear")["issues"] == []


def test_an_issue_is_put_where_it_is_wanted(linear: Linear, placed: dict[str, str]) -> None:
    where = {"stateId": placed["ENG In Progress"], "projectId": placed["Atlas"], "priority": 4}

    told = refusal(
        linear,
        CREATE_ISSUE,
        **{"teamId": placed["ENG"], "title": "T", "labelIds": [placed["Maps"], placed["Ours"]], **where},
    )

    made = linear.issue("ENG-1")
    assert (told, made["status"], made["project"], made["priority"]) == ("", "In Progress", "Atlas", 4)
    assert made["labels"] == ["Maps", "Ours"]


def test_one_address_is_one_attachment_an_issue(linear: Linear) -> None:
    linear.ref()
    given = {"issueId": "ENG-1", "url": "https://x.example", "title": "First"}

    told = [refusal(linear, ATTACH, **given), refusal(linear, ATTACH, **given, subtitle="Again")]

    [shown] = linear.issue("ENG-1")["attachments"]
    assert (told, shown["subtitle"]) == (["", ""], "Again")
