"""The stand-in refuses what Linear refuses."""

from __future__ import annotations

from datetime import timedelta

import pytest

from integrations.sandbox.linear.limits import Budget
from tests.contracts.ticket_trackers import NOW
from tests.integrations.linear.conftest import KEY, Linear

WHO = "{ viewer { id name } }"
CREATE_NEED = "mutation M($input: CustomerNeedCreateInput!) { customerNeedCreate(input: $input) { success } }"
CREATE_ISSUE = "mutation M($input: IssueCreateInput!) { issueCreate(input: $input) { success } }"
CREATE_COMMENT = "mutation M($input: CommentCreateInput!) { commentCreate(input: $input) { success } }"
UPSERT = "mutation M($input: CustomerUpsertInput!) { customerUpsert(input: $input) { success } }"
NEED = {"issueId": "ENG-1", "body": "Words"}


@pytest.mark.parametrize("authorization", ["", "nobody", f"Bearer {KEY}", "lin_oauth", "Bearer nobody"])
def test_a_key_stands_bare_and_a_token_after_bearer(linear: Linear, authorization: str) -> None:
    linear.give_token()

    answer = linear.ask(WHO, authorization=authorization)

    assert (answer.status_code, answer.json()["errors"][0]["extensions"]["code"]) == (
        401,
        "AUTHENTICATION_ERROR",
    )
    assert linear.ask(WHO).json()["data"]["viewer"]["name"] == "Voc"
    assert linear.ask(WHO, authorization="Bearer lin_oauth").status_code == 200


def test_an_expired_token_is_refused(linear: Linear) -> None:
    until = (NOW + timedelta(hours=24)).isoformat()
    linear.client.load("linear", {"tokens": [{"token": "t", "expires_at": until}]})
    before = linear.ask(WHO, authorization="Bearer t").status_code

    linear.clock.advance(86_400)

    assert (before, linear.ask(WHO, authorization="Bearer t").status_code) == (200, 401)


@pytest.mark.parametrize(
    ("mutation", "scope"),
    [
        (CREATE_NEED, "customer:write"),
        (CREATE_ISSUE, "write"),
        (CREATE_COMMENT, "write"),
        (UPSERT, "customer:write"),
    ],
)
def test_a_token_without_the_scope_is_refused(linear: Linear, mutation: str, scope: str) -> None:
    token = f"Bearer {linear.give_token('read', 'customer:read')}"

    answer = linear.ask(mutation, {"input": {"teamId": "x", "name": "x"}}, authorization=token)

    assert (answer.status_code, scope in answer.text) == (403, True)


@pytest.mark.parametrize(
    "query",
    [
        "{ viewer { nothing } }",
        "{ viewer }",
        '{ issues(first: "3") { nodes { id } } }',
        "{ issue { id } }",
        "mutation { issueCreate(input: {}) { success } }",
        "mutation { issueCreate(input: {teamId: 7}) { success } }",
        "{ issues(filter: {nothing: 1}) { nodes { id } } }",
        "not graphql {",
        "",
    ],
)
def test_what_is_not_in_the_schema_is_refused(linear: Linear, query: str) -> None:
    assert linear.ask(query).status_code == 400


def test_variables_of_a_wrong_type_are_refused(linear: Linear) -> None:
    assert linear.ask(CREATE_NEED, {"input": {"issueId": 7}}).status_code == 400
    assert linear.ask(CREATE_NEED, {"input": {"nothing": 7}}).status_code == 400
    assert linear.ask(CREATE_NEED, {"input": NEED | {"body": "a\x00b"}}).status_code == 400


def test_a_query_above_ten_thousand_points_is_refused(linear: Linear) -> None:
    within = linear.ask("{ issues(first: 250) { nodes { labels(first: 34) { nodes { id } } } } }")
    beyond = linear.ask("{ issues(first: 250) { nodes { labels(first: 35) { nodes { id } } } } }")
    unbounded = linear.ask("{ issues(first: 250) { nodes { labels { nodes { id } } } } }")

    assert [answer.status_code for answer in (within, beyond, unbounded)] == [200, 400, 400]
    assert "Query too complex" in beyond.text


def test_more_points_an_hour_than_allowed_are_refused_with_http_400(linear: Linear) -> None:
    token = f"Bearer {linear.give_token()}"
    dear = "{ issues(first: 250) { nodes { labels(first: 34) { nodes { id } } } } }"
    while (answer := linear.ask(dear)).status_code == 200:
        assert float(answer.headers["X-Complexity"]) == 9_851

    assert (answer.status_code, answer.json()["errors"][0]["extensions"]["code"]) == (400, "RATELIMITED")
    assert int(answer.headers["X-RateLimit-Complexity-Remaining"]) < 9_851
    assert int(answer.headers["X-RateLimit-Complexity-Reset"]) / 1000 - NOW.timestamp() == 3600
    assert linear.ask(dear, authorization=token).status_code == 200
    linear.clock.advance(3601)
    assert linear.ask(dear).status_code == 200


@pytest.mark.parametrize(("is_oauth", "most"), [(False, 2_500), (True, 5_000)])
def test_requests_an_hour_are_counted_for_each_caller(is_oauth: bool, most: int) -> None:
    budget = Budget("vendor")
    for _ in range(most):
        assert budget.take("we", NOW, 1, is_oauth=is_oauth)

    assert not budget.take("we", NOW, 1, is_oauth=is_oauth)
    assert budget.headers("we", NOW, is_oauth=is_oauth)["X-RateLimit-Requests-Remaining"] == "0"
    assert budget.take("others", NOW, 1, is_oauth=is_oauth)
    assert budget.take("we", NOW + timedelta(hours=1), 1, is_oauth=is_oauth)


def listing(arguments: str) -> str:
    return f"{{ issues({arguments}) {{ nodes {{ identifier }} pageInfo {{ startCursor endCursor }} }} }}"


@pytest.mark.parametrize("arguments", ["first: 251", "first: 0", "last: 251", "first: 1, last: 1"])
def test_pages_have_their_bounds(linear: Linear, arguments: str) -> None:
    assert "Argument Validation Error" in linear.code(listing(arguments))


def test_an_unknown_cursor_is_refused(linear: Linear) -> None:
    linear.load({"identifier": "ENG-1"}, {"identifier": "ENG-2"})
    cursor = linear.ask(listing("first: 1")).json()["data"]["issues"]["pageInfo"]["endCursor"]
    known = linear.code(listing(f'first: 1, after: "{cursor}"'))
    linear.load(deleted=["ENG-1", "ENG-2"])

    assert known == ""
    assert "cursor" in linear.code(listing(f'first: 1, after: "{cursor}"'))
    assert "cursor" in linear.code(listing('last: 1, before: "nothing"'))


def test_lists_go_from_the_newest_to_the_oldest_both_ways(linear: Linear) -> None:
    for number in range(1, 6):
        linear.load({"identifier": f"ENG-{number}"})
        linear.clock.advance(1)

    def page(arguments: str) -> list[str]:
        found = linear.ask(listing(f"orderBy: updatedAt, {arguments}")).json()["data"]["issues"]
        return [issue["identifier"] for issue in found["nodes"]]

    def cursor(identifier: str) -> str:
        return f'"{linear.issue(identifier)["id"]}"'

    assert page("first: 2") == ["ENG-5", "ENG-4"]
    assert page(f"first: 2, after: {cursor('ENG-4')}") == ["ENG-3", "ENG-2"]
    assert page("last: 2") == ["ENG-2", "ENG-1"]
    assert page(f"last: 2, before: {cursor('ENG-2')}") == ["ENG-4", "ENG-3"]


def test_archived_issues_are_listed_on_request_only(linear: Linear) -> None:
    linear.load({"identifier": "ENG-1", "archived": True})

    def count(arguments: str) -> int:
        return len(linear.ask(listing(arguments)).json()["data"]["issues"]["nodes"])

    assert (count("first: 5"), count("first: 5, includeArchived: true")) == (0, 1)


def test_a_hidden_team_hides_its_labels_and_what_is_related_to_its_issues(linear: Linear) -> None:
    linear.load({"identifier": "ENG-1"}, {"identifier": "OPS-1"}, {"identifier": "ENG-2"})
    linear.load({"identifier": "ENG-1", "related_to": ["OPS-1", "ENG-2"]})
    linear.load(teams=[{"key": "OPS", "hidden": True}], labels=[{"name": "Theirs", "team": "OPS"}])
    related = '{ issue(id: "ENG-1") { relations { nodes { relatedIssue { identifier } } } } }'

    labels = linear.ask("{ issueLabels { nodes { name } } }").json()["data"]["issueLabels"]["nodes"]
    issue = linear.ask(related).json()["data"]["issue"]

    assert labels == []
    assert issue["relations"]["nodes"] == [{"relatedIssue": {"identifier": "ENG-2"}}]


def test_a_team_that_is_hidden_from_us_hides_its_issues(linear: Linear) -> None:
    linear.ref()
    linear.load(teams=[{"key": "ENG", "hidden": True}])

    assert "Entity not found: Issue" in linear.code('{ issue(id: "ENG-1") { id } }')
    assert linear.ask(listing("first: 5")).json()["data"]["issues"]["nodes"] == []


def test_what_is_loaded_is_told_again(linear: Linear) -> None:
    linear.load({"identifier": "ENG-1", "labels": ["map"], "state": "started"}, teams=[{"key": "A"}])
    linear.load({"id": linear.issue("ENG-1")["id"], "identifier": "OPS-4"})

    shown = linear.issue("OPS-4")
    assert (shown["labels"], shown["state"], shown["previous_identifiers"]) == (["map"], "started", ["ENG-1"])


def test_a_token_handed_out_by_oauth_is_taken_with_its_scopes(linear: Linear) -> None:
    grants = linear.stand_in.oauth.grants
    grants.add("client", "secret", "https://voc.example/back")
    pair = grants.issue(grants.clients["client"], ("read",))

    bearer = f"Bearer {pair.access_token}"
    assert linear.ask(WHO, authorization=bearer).json()["data"]["viewer"]["name"] == "Voc"
    assert linear.ask(UPSERT, {"input": {"name": "A"}}, authorization=bearer).status_code == 403
