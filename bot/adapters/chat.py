"""Slack, by a bot token for one workspace, or by OAuth for several."""

from __future__ import annotations

from functools import cache
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from bot.operator.installs import SealedInstalls
    from bot.operator.sealing import Sealer
    from bot.ports import Clock
    from bot.repositories import Work
    from config.settings import Settings
    from handlers.install import Installing
    from handlers.workspaces import Teams
    from integrations.slack.client import SlackApi
    from integrations.slack.installs import Workspaces
    from integrations.slack.oauth import SlackOAuth

FEATURE = "installing Voc in several workspaces"


def api(settings: Settings) -> SlackApi:
    """Return the one workspace's. Raises SettingError without a bot token."""
    from integrations.slack.client import SlackApi, web_client

    token = settings.require("slack.bot_token", feature="posting to Slack")
    client = web_client(token, settings.slack.api_url)
    return SlackApi(lambda: client)


def workspaces(settings: Settings, clock: Clock, work: Work) -> Workspaces:
    """Return all workspaces that may have Voc."""
    from integrations.slack.installs import Workspaces

    return Workspaces(
        settings.slack.workspaces,
        installs(settings, clock, work),
        _oauth(settings, clock),
        settings.slack.api_url,
        clock,
        install_page=f"{settings.web.public_url}/slack/install",
    )


def teams(of: Workspaces, clock: Clock) -> Teams:
    """Return what requests are placed by."""
    from handlers.workspaces import Teams
    from integrations.slack.directory import Directory
    from integrations.slack.groups import Groups

    return Teams(
        of,
        cache(lambda team: Directory(of.at(team), clock)),
        cache(lambda team: Groups(of.at(team), clock)),
    )


def installing(settings: Settings, clock: Clock, work: Work) -> Installing:
    """Return what the pages for installing need."""
    from config.scopes import SCOPES
    from handlers.install import Installing

    sealer = _sealer(settings)
    return Installing(
        oauth=_oauth(settings, clock),
        installs=installs(settings, clock, work),
        work=work,
        clock=clock,
        teams=frozenset(settings.slack.workspaces),
        scopes=SCOPES,
        seal=sealer.seal,
        unseal=sealer.open,
    )


def installs(settings: Settings, clock: Clock, work: Work) -> SealedInstalls:
    """Return where workspaces' tokens are kept."""
    from bot.operator.installs import SealedInstalls

    return SealedInstalls(work, _sealer(settings), clock)


def _oauth(settings: Settings, clock: Clock) -> SlackOAuth:
    from config.scopes import SCOPES
    from integrations.oauth import OAuthClient
    from integrations.slack.oauth import SlackOAuth

    address = settings.require("web.public_url", feature=FEATURE)
    client = OAuthClient(
        settings.require("slack.client_id", feature=FEATURE),
        settings.require("slack.client_secret", feature=FEATURE),
        f"{address}/slack/oauth_redirect",
    )
    return SlackOAuth(client, [*SCOPES], settings.slack.api_url, clock)


def _sealer(settings: Settings) -> Sealer:
    from bot.operator.sealing import Sealer

    return Sealer(settings.secret_keys)
