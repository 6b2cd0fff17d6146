"""Each workspace's requests are signed by its own token, which is renewed once and in time."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta

import pytest

from bot.domain.message import Notice
from bot.errors import AccessError, RequestError, TransientError
from integrations.slack.messenger import SlackMessenger
from tests.integrations.slack.teams import BRANCH, BRANCH_CHANNEL, HOME, Teams
from tests.integrations.slack.world import CHANNEL, Slack

HOUR = 3600.0


@pytest.fixture
def teams(slack: Slack) -> Teams:
    return Teams(slack)


def test_a_message_goes_to_its_channels_workspace_and_is_found_changed_and_removed_there(
    teams: Teams,
) -> None:
    teams.install(HOME)
    teams.install(BRANCH)
    messenger = SlackMessenger(teams.workspaces(), clock=teams.slack.clock)
    began, branch = teams.slack.clock.now(), teams.slack.stand_in.spaces[BRANCH].channels[BRANCH_CHANNEL]

    home = messenger.post("#product", Notice("at home"), key="k")
    away = messenger.post(f"{BRANCH}/{BRANCH_CHANNEL}", Notice("away"), key="k")
    messenger.update(away, Notice("changed"), key="k")
    messenger.upload_image(away.channel, b"png", key="i", title="t", alt_text="a", thread=away.id)

    assert home.channel == CHANNEL
    assert away.channel == f"{BRANCH}/{BRANCH_CHANNEL}"
    assert [m["text"] for m in branch.messages] == ["changed", ""]
    assert messenger.find(away.channel, "k", since=began) == away
    assert messenger.permalink(away).startswith(f"{teams.slack.url}/archives/{BRANCH_CHANNEL}/")
    messenger.delete(away)
    assert [m["text"] for m in teams.slack.messages()] == ["at home"]
    assert branch.messages[0]["subtype"] == "tombstone"


def test_no_workspaces_token_is_used_for_the_channel_of_another(teams: Teams) -> None:
    teams.install(HOME)
    teams.install(BRANCH)
    workspaces = teams.workspaces()
    before = len(teams.slack.sandbox.ledger.rows())

    with pytest.raises(AccessError, match="another workspace"):
        workspaces.at(HOME).write("chat.postMessage", "posting", channel=f"{BRANCH}/C1", text="x")
    with pytest.raises(AccessError, match="another workspace"):
        workspaces.at(BRANCH).write("chat.postMessage", "posting", channel=f"{HOME}/C1", text="x")
    with pytest.raises(AccessError, match="VOC_SLACK__WORKSPACES"):
        workspaces.of("T0STRANGER/C1")

    assert len(teams.slack.sandbox.ledger.rows()) == before


def test_a_token_is_renewed_by_one_worker_alone_before_it_is_over(teams: Teams) -> None:
    old = teams.install(BRANCH)
    teams.slack.clock.advance(11.5 * HOUR)
    workers = [teams.workspaces().at(BRANCH) for _ in range(4)]

    with ThreadPoolExecutor(4) as threads:
        who = list(threads.map(lambda worker: worker.identity()[0], workers))

    assert who == ["@voc in Branch"] * 4
    assert teams.asked("oauth.v2.access") == 2  # the code, and one renewal
    assert teams.kept.grants[BRANCH].access_token != old.access_token


def test_a_token_that_is_over_is_renewed_for_the_next_digest_without_any_request(teams: Teams) -> None:
    teams.install(BRANCH)
    messenger = SlackMessenger(teams.workspaces(), clock=teams.slack.clock)

    for _ in range(3):
        teams.slack.clock.advance(100 * HOUR)
        messenger.post(f"{BRANCH}/{BRANCH_CHANNEL}", Notice("weekly"), key="k")

    assert teams.asked("oauth.v2.access") == 4
    assert len(teams.slack.stand_in.spaces[BRANCH].channels[BRANCH_CHANNEL].messages) == 3


def test_a_renewal_that_fails_leaves_the_token_in_use_while_it_is_good(teams: Teams) -> None:
    teams.install(BRANCH)
    api = teams.workspaces().at(BRANCH)
    teams.slack.clock.advance(11.5 * HOUR)
    teams.slack.fault("status", "oauth.v2.access", status=503)

    who, _ = api.identity()

    assert who == "@voc in Branch"


def test_who_waits_for_anothers_renewal_goes_on_with_what_it_brings(teams: Teams) -> None:
    grant = teams.install(BRANCH)
    teams.slack.clock.advance(13 * HOUR)
    teams.kept.take(grant, teams.slack.clock.now() + timedelta(minutes=1))
    waiting = teams.workspaces().at(BRANCH)

    with pytest.raises(TransientError, match="being renewed"):
        waiting.identity()
    teams.kept.renew(grant, teams.oauth.renewed(grant))

    assert waiting.identity()[0] == "@voc in Branch"


@pytest.mark.parametrize("goes", ["never came", "left", "was told to go"])
def test_without_an_installation_the_page_to_install_it_is_named(teams: Teams, goes: str) -> None:
    if goes != "never came":
        teams.install(BRANCH)
    workspaces = teams.workspaces()
    if goes == "left":
        workspaces.end(BRANCH, teams.slack.clock.now())
    if goes == "was told to go":
        teams.slack.stand_in.oauth.revoke(BRANCH)
        teams.slack.clock.advance(13 * HOUR)

    with pytest.raises(AccessError) as refused:
        workspaces.at(BRANCH).identity()

    assert "https://voc.acme.example/slack/install" in refused.value.remedy
    assert workspaces.is_in(BRANCH) is (goes == "was told to go")


def test_an_app_whose_tokens_do_not_rotate_keeps_its_token(teams: Teams) -> None:
    teams.install(BRANCH, rotates=False)
    teams.slack.clock.advance(1000 * HOUR)

    assert teams.workspaces().at(BRANCH).identity()[0] == "@voc in Branch"
    assert teams.asked("oauth.v2.access") == 1


def test_the_whole_organisation_is_refused_in_words_and_its_token_given_back(teams: Teams) -> None:
    code = teams.code(BRANCH, is_org=True)

    with pytest.raises(RequestError, match="one workspace at a time"):
        teams.oauth.granted(code)

    assert teams.slack.stand_in.oauth.living(BRANCH) == 0


def test_a_code_is_good_once_and_for_ten_minutes(teams: Teams) -> None:
    used, old = teams.code(), teams.code()
    teams.oauth.granted(used)
    teams.slack.clock.advance(601)

    for code in (used, old, "made up"):
        with pytest.raises(RequestError, match="Start again"):
            teams.oauth.granted(code)


def test_the_check_looks_at_every_workspace(teams: Teams) -> None:
    teams.install(HOME)
    teams.install(BRANCH, skips=["files:write"])

    needs = {"files:write": "the digest's chart"}
    found = SlackMessenger(teams.workspaces(), clock=teams.slack.clock, scopes=needs).check()

    assert [finding.is_ok for finding in found] == [True, True, False]
    assert "Branch" in found[1].what
    assert "files:write is missing" in found[2].what
