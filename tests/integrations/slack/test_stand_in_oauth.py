"""The stand-in's OAuth is as strict as Slack's: secrets, addresses, codes, tokens."""

from __future__ import annotations

from typing import Any

import pytest
import requests

from tests.integrations.slack.teams import BRANCH, BRANCH_CHANNEL, CLIENT, Teams
from tests.integrations.slack.world import CHANNEL, Slack

RIGHT = (CLIENT.client_id, CLIENT.client_secret)


@pytest.fixture
def teams(slack: Slack) -> Teams:
    return Teams(slack)


def access(teams: Teams, *, auth: tuple[str, str] = RIGHT, **form: str) -> dict[str, Any]:
    url = f"{teams.slack.url}/api/oauth.v2.access"
    return dict(requests.post(url, data=form, auth=auth, timeout=5).json())


def call(teams: Teams, method: str, token: str, **form: str) -> dict[str, Any]:
    headers = {"Authorization": f"Bearer {token}"}
    url = f"{teams.slack.url}/api/{method}"
    return dict(requests.post(url, data=form, headers=headers, timeout=5).json())


def test_the_exchange_answers_as_slack_documents_it(teams: Teams) -> None:
    answer = access(teams, code=teams.code(BRANCH), redirect_uri=CLIENT.redirect_uri)

    assert answer.pop("access_token").startswith("xoxe.xoxb-1-")
    assert answer.pop("refresh_token").startswith("xoxe-1-")
    assert answer.pop("scope").split(",")[0] == "channels:history"
    assert answer == {
        "ok": True,
        "token_type": "bot",
        "bot_user_id": "U0VOCBRAN1",
        "app_id": "A0SANDBOX1",
        "team": {"id": BRANCH, "name": "Branch"},
        "enterprise": None,
        "is_enterprise_install": False,
        "authed_user": {"id": "U0INSTALL1"},
        "expires_in": 43_200,
    }


@pytest.mark.parametrize(
    ("auth", "changed", "error"),
    [
        (("other", "hush"), {}, "invalid_client_id"),
        ((CLIENT.client_id, "wrong"), {}, "bad_client_secret"),
        (RIGHT, {"code": "made up"}, "invalid_code"),
        (RIGHT, {"redirect_uri": "https://evil.example/"}, "bad_redirect_uri"),
        (RIGHT, {"grant_type": "password"}, "invalid_grant_type"),
        (RIGHT, {"grant_type": "refresh_token", "refresh_token": "made up"}, "invalid_refresh_token"),
    ],
)
def test_a_wrong_exchange_is_refused(
    teams: Teams, auth: tuple[str, str], changed: dict[str, str], error: str
) -> None:
    form = {"code": teams.code(), "redirect_uri": CLIENT.redirect_uri, **changed}

    assert access(teams, auth=auth, **form)["error"] == error


def test_the_page_sends_nobody_to_an_address_that_is_not_registered(teams: Teams) -> None:
    page = teams.oauth.page("s").replace("voc.acme.example", "evil.example")

    assert requests.get(page, allow_redirects=False, timeout=5).status_code == 400


def test_a_token_is_for_its_workspace_alone_and_for_twelve_hours(teams: Teams) -> None:
    token = teams.install(BRANCH).access_token

    assert call(teams, "conversations.info", token, channel=BRANCH_CHANNEL)["ok"]
    assert call(teams, "conversations.info", token, channel=CHANNEL)["error"] == "channel_not_found"
    teams.slack.clock.advance(43_200)
    assert call(teams, "auth.test", token)["error"] == "token_expired"


def test_a_refresh_token_is_good_once_and_two_tokens_are_alive_at_most(teams: Teams) -> None:
    first = teams.install(BRANCH)
    second = teams.oauth.renewed(first)
    third = teams.oauth.renewed(second)

    form = {"grant_type": "refresh_token", "refresh_token": first.refresh_token}
    assert access(teams, auth=RIGHT, **form)["error"] == "invalid_refresh_token"
    assert call(teams, "auth.test", first.access_token)["error"] == "token_revoked"
    assert call(teams, "auth.test", second.access_token)["ok"]
    assert call(teams, "auth.test", third.access_token)["ok"]


def test_a_revoked_token_takes_the_refresh_token_with_it(teams: Teams) -> None:
    grant = teams.install(BRANCH)

    assert call(teams, "auth.revoke", grant.access_token, test="1") == {"ok": True, "revoked": False}
    assert call(teams, "auth.revoke", grant.access_token) == {"ok": True, "revoked": True}

    assert call(teams, "auth.test", grant.access_token)["error"] == "token_revoked"
    form = {"grant_type": "refresh_token", "refresh_token": grant.refresh_token}
    assert access(teams, auth=RIGHT, **form)["error"] == "invalid_refresh_token"
