"""Settings for several workspaces become a bot that lets them in, each under its own token."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
from pydantic import SecretStr

from bot.app import Bot, build
from bot.domain.message import Notice
from bot.errors import AccessError
from bot.operator.sealing import new_key
from bot.storage.schema import migrate
from config.settings import settings_of
from tests.integrations.slack.teams import BRANCH, BRANCH_CHANNEL, CLIENT, HOME, Teams
from tests.integrations.slack.world import CHANNEL, slack_world


@pytest.fixture
def teams() -> Iterator[Teams]:
    with slack_world("open") as slack:
        yield Teams(slack)


@pytest.fixture
def bot(tmp_path: Path, teams: Teams) -> Iterator[Bot]:
    """Return a bot as the settings make it, on the stand-in's clock."""
    settings = settings_of(
        {
            "secret_key": new_key(),
            "database": {"url": f"sqlite:///{tmp_path / 'voc.db'}"},
            "web": {"public_url": CLIENT.redirect_uri.removesuffix("/slack/oauth_redirect")},
            "slack": {
                "api_url": f"{teams.slack.url}/api",
                "client_id": CLIENT.client_id,
                "client_secret": CLIENT.client_secret,
                "signing_secret": "8f742231",
                "workspaces": [HOME, BRANCH],
            },
            "routes": [{"owner_channel": CHANNEL, "digest_channels": [f"{BRANCH}/{BRANCH_CHANNEL}"]}],
        }
    )
    made = build(settings, clock=teams.slack.clock)
    migrate(made.database.engine)
    yield made
    made.close()


def test_what_the_pages_keep_is_what_messages_are_signed_with(bot: Bot, teams: Teams) -> None:
    assert bot.installing is not None
    for team in (HOME, BRANCH):
        bot.installing.installs.put(teams.oauth.granted(teams.code(team)))

    home = bot.messenger.post(CHANNEL, Notice("at home"), key="k")
    away = bot.messenger.post(f"{BRANCH}/{BRANCH_CHANNEL}", Notice("away"), key="k")

    assert home.channel == CHANNEL
    assert away.channel == f"{BRANCH}/{BRANCH_CHANNEL}"
    assert bot.teams is not None
    assert bot.teams.workspaces.is_in(BRANCH)
    assert bot.teams.directory(BRANCH).zone("U0CLARA001") == "Asia/Tokyo"


def test_the_check_names_the_page_where_nothing_is_installed_yet(bot: Bot) -> None:
    found = bot.messenger.check()

    assert [finding.is_ok for finding in found] == [False, False]
    assert all("/slack/install" in finding.remedy for finding in found)


def test_after_a_new_key_everything_is_sealed_with_it_within_a_day(bot: Bot, teams: Teams) -> None:
    assert bot.installing is not None
    bot.installing.installs.put(teams.oauth.granted(teams.code(BRANCH)))
    new, old = new_key(), bot.settings.secret_keys[0]

    both = build(bot.settings.model_copy(update={"secret_key": SecretStr(f"{new},{old}")}), work=bot.work)
    alone = build(bot.settings.model_copy(update={"secret_key": SecretStr(new)}), work=bot.work)
    assert both.installing is not None
    assert alone.installing is not None
    both.installing.installs.reseal()

    assert alone.installing.installs.get(BRANCH) is not None


def test_a_channel_of_no_named_workspace_is_refused(bot: Bot) -> None:
    with pytest.raises(AccessError, match="VOC_SLACK__WORKSPACES"):
        bot.messenger.post("T0STRANGE1/C0STRANGE1", Notice("x"), key="k")
