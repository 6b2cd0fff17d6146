"""The check tells kinds of token apart, and names what is missing with what to do."""

from __future__ import annotations

from dataclasses import replace

import pytest

from integrations.credentials import StaticCredentials
from integrations.jira.tracker import JiraTracker
from integrations.sandbox.jira.oauth import CLOUD_ID
from tests.integrations.jira.conftest import API_TOKEN, PERSONAL_TOKEN, Jira

OAUTH = StaticCredentials.bearer("oauth")
FIGURES = {"people": "Voices"}
FIELDS = [{"id": "customfield_1", "name": "Voices", "type": "number"}]


@pytest.fixture
def gateway(jira: Jira) -> str:
    jira.load({"key": "FLD-1"})
    jira.client.load("jira", {"tokens": {"oauth": ["read:jira-work", "write:jira-work"]}})
    return f"{jira.url}/ex/jira/{CLOUD_ID}"


def told(tracker: JiraTracker) -> list[str]:
    return [finding.what for finding in tracker.check()]


def remedies(tracker: JiraTracker) -> str:
    return " ".join(finding.remedy for finding in tracker.check() if not finding.is_ok)


def test_says_which_kind_of_token_signs_in_where_and_as_whom(jira: Jira, server: Jira, gateway: str) -> None:
    server.load({"key": "FLD-1"})
    basic = told(jira.tracker())
    oauth = told(jira.tracker(url=gateway, credentials=OAUTH))
    personal = told(server.tracker())
    jira.load(scoped=True)
    scoped = told(jira.tracker(url=gateway))

    assert [basic[0], scoped[0], oauth[0], personal[0]] == [
        "signed in to Jira Cloud with an API token as Voc",
        "signed in to Jira Cloud with an API token with scopes as Voc",
        "signed in to Jira Cloud with OAuth",
        "signed in to Jira Data Center with a personal access token as Voc",
    ]
    assert {findings[-1] for findings in (basic, scoped, oauth, personal)} == {
        "project FLD can be read, commented, linked and added to"
    }


def test_a_token_in_the_wrong_place_is_sent_to_the_right_one(jira: Jira, gateway: str) -> None:
    unscoped_at_gateway = remedies(jira.tracker(url=gateway))
    oauth_at_site = remedies(jira.tracker(credentials=OAUTH))
    jira.load(scoped=True)
    scoped_at_site = remedies(jira.tracker())

    assert "One without scopes works only at the site itself" in unscoped_at_gateway
    assert "what OAuth gives works only below https://api.atlassian.com/ex/jira/" in oauth_at_site
    assert "One with scopes works only below https://api.atlassian.com/ex/jira/" in scoped_at_site


def test_a_missing_scope_is_told_as_such(jira: Jira, gateway: str) -> None:
    jira.client.load("jira", {"tokens": {"oauth": ["write:jira-work"]}})

    [account] = jira.tracker(url=gateway, credentials=OAUTH).check()

    assert account.what == "Jira Cloud refuses OAuth: 401: scope does not match"
    assert "read:jira-work and write:jira-work" in account.remedy


@pytest.mark.parametrize("account", [StaticCredentials.basic("voc@acme.example", "old"), PERSONAL_TOKEN])
def test_a_refused_token_ends_the_check(jira: Jira, account: StaticCredentials) -> None:
    [finding] = jira.tracker(credentials=account).check()

    assert not finding.is_ok
    assert finding.remedy


def test_missing_permissions_and_projects_are_named(jira: Jira, server: Jira) -> None:
    for site in (jira, server):
        site.load({"key": "FLD-1"}, denied=["ADD_COMMENTS", "CREATE_ISSUES"])

        account, field, gone = site.tracker("FLD", "GONE").check()

        assert account.is_ok
        assert field.what == "project FLD lacks ADD_COMMENTS, CREATE_ISSUES"
        assert "GONE" in gone.what
        assert not gone.is_ok


def test_fields_for_figures_need_more_and_are_told(jira: Jira) -> None:
    jira.load({"key": "FLD-1"}, denied=["EDIT_ISSUES"], fields=FIELDS)
    lacking = told(jira.tracker(figure_fields=FIGURES))
    jira.load(denied=[], admin=True)
    quiet = told(jira.tracker(figure_fields=FIGURES))
    missing = jira.tracker(figure_fields={"people": "Gone"}).check()[-1]

    assert lacking[1:] == [
        "project FLD lacks EDIT_ISSUES",
        "figures are kept in Voices; watchers are mailed of each change, as the account is no administrator",
    ]
    assert quiet[-1] == "figures are kept in Voices"
    assert (missing.is_ok, missing.what) == (
        False,
        "there is no field Gone: name it as Jira does, or by its id",
    )


def test_linking_that_is_off_is_told(jira: Jira) -> None:
    jira.load({"key": "FLD-1"}, issue_linking=False)

    assert "issue linking is turned off, so no voice can be linked" in told(jira.tracker())


def test_a_project_is_asked_for(jira: Jira) -> None:
    tracker = JiraTracker(jira.url, API_TOKEN, [])

    assert [finding.is_ok for finding in tracker.check()] == [True, False]


def test_credentials_are_renewed_once_and_for_all_that_follows(jira: Jira, gateway: str) -> None:
    class Pair:
        """Credentials with an access token that is refused at first."""

        token = "spent"

        def headers(self) -> dict[str, str]:
            return {"Authorization": f"Bearer {self.token}"}

        def renew(self, refused: object) -> bool:
            self.token = "oauth"
            return True

    pair = Pair()

    assert jira.tracker(url=gateway, credentials=pair, deployment="cloud").get("FLD-1").key == "FLD-1"
    assert pair.token == "oauth"
    assert len(jira.asked("GET", "/issue/FLD-1")) == 2


def test_a_site_that_cannot_be_reached_is_told(jira: Jira) -> None:
    away = replace(jira, url="http://127.0.0.1:9").tracker()

    assert [finding.is_ok for finding in away.check()] == [False]
