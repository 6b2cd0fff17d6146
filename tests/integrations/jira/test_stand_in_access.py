"""Who may ask the stand-ins what: each kind of token in its place, with its scopes."""

from __future__ import annotations

from dataclasses import replace
from urllib.parse import parse_qs, urlsplit

import pytest
import requests

from integrations.credentials import StaticCredentials
from integrations.sandbox.jira.adf import document_of
from integrations.sandbox.jira.oauth import CLOUD_ID
from tests.integrations.jira.conftest import API_TOKEN, PERSONAL_TOKEN, Jira

WORDS = {"body": document_of("Some words")}
SEARCH = {"jql": "project = FLD"}


def at_gateway(jira: Jira) -> Jira:
    return replace(jira, url=f"{jira.url}/ex/jira/{CLOUD_ID}")


def bearer(token: str) -> StaticCredentials:
    return StaticCredentials.bearer(token)


def test_a_scoped_token_works_at_the_gateway_only(jira: Jira) -> None:
    jira.load({"key": "FLD-1"}, scoped=True)

    assert jira.ask("GET", "myself").status_code == 401
    assert at_gateway(jira).ask("GET", "myself").status_code == 200


def test_a_token_without_scopes_works_at_the_site_only(jira: Jira) -> None:
    assert jira.ask("GET", "myself").status_code == 200
    assert at_gateway(jira).ask("GET", "myself").status_code == 401


@pytest.mark.parametrize(
    ("scopes", "reads", "writes", "tells"),
    [
        (["read:jira-work", "write:jira-work", "read:jira-user"], 200, 201, 200),
        (["read:jira-work", "write:jira-work"], 200, 201, 401),
        (["read:jira-work"], 200, 401, 401),
        (["write:jira-work"], 401, 201, 401),
    ],
    ids=str,
)
def test_a_bearer_may_do_what_its_scopes_say(
    jira: Jira, scopes: list[str], reads: int, writes: int, tells: int
) -> None:
    jira.load({"key": "FLD-1"})
    jira.client.load("jira", {"tokens": {"t": scopes}})
    gateway = replace(at_gateway(jira), account=bearer("t"))

    assert gateway.ask("GET", "issue/FLD-1").status_code == reads
    assert gateway.ask("POST", "search/jql", SEARCH).status_code == reads
    assert gateway.ask("POST", "issue/FLD-1/comment", WORDS).status_code == writes
    assert gateway.ask("GET", "myself").status_code == tells


def test_a_bearer_is_unknown_at_the_site_and_with_a_wrong_token(jira: Jira) -> None:
    jira.client.load("jira", {"tokens": {"t": ["read:jira-work"]}})

    assert jira.ask_as(bearer("t"), "GET", "project/search").status_code == 403
    assert at_gateway(jira).ask_as(bearer("other"), "GET", "project/search").status_code == 401


def test_what_the_authorisation_server_hands_out_is_good_at_the_gateway_for_an_hour(jira: Jira) -> None:
    back, client = "http://127.0.0.1:8766/callback", {"client_id": "voc", "client_secret": "hush"}
    registered = {"client_id": "voc", "secret": "hush", "redirect_uris": [back]}
    jira.client.load("jira", {"oauth_clients": [registered]})
    jira.load({"key": "FLD-1"})
    asks = {"audience": "api.atlassian.com", "response_type": "code", "prompt": "consent"}
    asks |= {"client_id": "voc", "redirect_uri": back, "scope": "read:jira-work"}

    allowed = requests.get(f"{jira.url}/authorize", asks, allow_redirects=False, timeout=5)
    code = parse_qs(urlsplit(allowed.headers["Location"]).query)["code"][0]
    asks = {**client, "grant_type": "authorization_code", "code": code, "redirect_uri": back}
    token = requests.post(f"{jira.url}/oauth/token", json=asks, timeout=5).json()["access_token"]
    gateway = replace(at_gateway(jira), account=bearer(token))

    assert gateway.ask("GET", "issue/FLD-1").status_code == 200
    jira.clock.advance(3_601)
    assert gateway.ask("GET", "issue/FLD-1").status_code == 401


def test_data_center_takes_personal_tokens_and_no_others(server: Jira) -> None:
    server.load({"key": "FLD-1"})

    statuses = [
        server.ask_as(account, "GET", "issue/FLD-1").status_code
        for account in (PERSONAL_TOKEN, API_TOKEN, bearer("wrong"))
    ]

    assert statuses == [200, 401, 401]


def test_data_center_has_version_2_alone_and_takes_no_documents(server: Jira) -> None:
    server.load({"key": "FLD-1"})

    assert replace(server, api="/rest/api/3").ask("GET", "issue/FLD-1").status_code == 404
    assert server.ask("POST", "search/jql", SEARCH).status_code == 404
    assert server.ask("POST", "issue/bulkfetch", {"issueIdsOrKeys": ["FLD-1"]}).status_code == 405
    assert server.ask("POST", "comment/list", {"ids": [1]}).status_code == 404
    assert server.ask("POST", "issue/FLD-1/comment", WORDS).status_code == 400
    assert server.ask("POST", "issue/FLD-1/comment", {"body": "x" * 32_768}).status_code == 400
    assert server.ask("POST", "issue/FLD-1/comment", {"body": "x" * 32_767}).status_code == 201


def test_anybody_may_ask_what_a_site_is(jira: Jira, server: Jira) -> None:
    told = [
        replace(site, api="/rest/api/2").ask_as(bearer("none"), "GET", "serverInfo").json()["deploymentType"]
        for site in (jira, server)
    ]

    assert told == ["Cloud", "Server"]


def test_data_center_searches_by_offset_and_refuses_what_is_not_there_unless_told(server: Jira) -> None:
    server.load(*({"key": f"FLD-{n}"} for n in range(1, 6)))
    query = {"jql": "id in (1, 10000)", "maxResults": 2}

    page = server.ask("POST", "search", {"jql": "project = FLD ORDER BY key", "startAt": 3}).json()

    assert ([issue["key"] for issue in page["issues"]], page["total"]) == (["FLD-4", "FLD-5"], 5)
    assert server.ask("POST", "search", query).status_code == 400
    assert server.ask("POST", "search", query | {"validateQuery": False}).json()["total"] == 1
    assert server.ask("POST", "search", query | {"reconcileIssues": [1]}).status_code == 400


def test_who_is_no_administrator_cannot_silence_the_mails(jira: Jira, server: Jira) -> None:
    fields = [{"id": "customfield_1", "name": "People", "type": "number"}]
    change = {"fields": {"customfield_1": 3}}
    for site in (jira, server):
        site.load({"key": "FLD-1"}, fields=fields)

    heard = [
        site.ask("PUT", "issue/FLD-1", change, notifyUsers="false").status_code for site in (jira, server)
    ]

    assert heard == [204, 403]
    assert [site.issue("FLD-1")["values"] for site in (jira, server)] == [{}, {}]
    jira.load(admin=True)
    assert jira.ask("PUT", "issue/FLD-1", change, notifyUsers="false").status_code == 204
    assert jira.issue("FLD-1")["values"] == {"customfield_1": 3}
    assert jira.issue("FLD-1")["mails"] == 0
