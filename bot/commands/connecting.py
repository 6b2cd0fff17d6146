"""Commands that connect accounts: init, connect."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from datetime import datetime
from pathlib import Path
from typing import Any

from bot.adapters.accounts import client_of, server_of, token_set, tokens_of
from bot.app import Bot, build
from bot.commands.console import say
from bot.commands.faults import told
from bot.commands.pasting import paste_token
from bot.commands.store import opened
from bot.commands.webhooks import webhook_lines
from bot.engine.clock import SystemClock
from bot.errors import RequestError, SettingError, VocError
from bot.operator.connect import Authorization
from bot.operator.connect import connect as walk_through
from bot.operator.init import Tools
from bot.operator.init import init as set_up
from bot.operator.questions import ASKED
from bot.operator.terminal import Terminal
from bot.ports import Finding

OAUTH_STEPS: Mapping[str, Sequence[str]] = {
    "zendesk": (
        "In Zendesk's Admin Center open Apps and integrations, APIs, OAuth clients, and add a client.",
        "Give it the kind “confidential” and this redirect URL: {redirect}",
        "Put its identifier into VOC_ZENDESK__CLIENT_ID, its secret into VOC_ZENDESK__CLIENT_SECRET (done).",
        "Allow the access as an admin: the exports are for admins only.",
    ),
    "jira": (
        "At https://developer.atlassian.com/console/myapps create an OAuth 2.0 integration.",
        "Under Permissions add the Jira API with these scopes: {scopes}",
        "Under Authorization give it this callback URL: {redirect}",
        "Put its client id into VOC_JIRA__CLIENT_ID, its secret into VOC_JIRA__CLIENT_SECRET (done).",
        "Allow the access with the account that shall read and annotate the tickets.",
    ),
    "linear": (
        "At https://linear.app/settings/api/applications/new create an application.",
        "Give it this callback URL: {redirect}",
        "Put its client id into VOC_LINEAR__CLIENT_ID, its secret into VOC_LINEAR__CLIENT_SECRET (done).",
        "Allow the access as an admin of the workspace: Voc then writes in the application's name.",
    ),
}


def init() -> None:
    """Ask for the tokens, check each live, and write the files in this folder."""
    from config.settings import problem_with

    tools = Tools(problem_with=problem_with, check=_check, estimate=_estimate, manifest=_manifest)
    set_up(Path.cwd(), Terminal(), tools, SystemClock().now())


def manifest() -> None:
    """Print Slack's manifest: for HTTP where a signing secret is set, else for Socket Mode."""
    from config.manifest import manifest_of
    from config.settings import load

    settings = load()
    is_http = settings.slack.signing_secret is not None
    if is_http:
        settings.require("web.public_url", feature="having Slack call this server")
    say(json.dumps(manifest_of(settings, is_http=is_http), indent=2, ensure_ascii=False))


def _manifest(given: Mapping[str, str], is_http: bool) -> Mapping[str, Any]:
    from config.manifest import manifest_of
    from config.settings import settings_alone

    return manifest_of(settings_alone(given), is_http=is_http)


def connect(integration: str, *, paste: bool) -> None:
    """Store what signs in to one integration: by OAuth where a client is set, else a token that is asked for.

    Then say what `check` says of it. Raises RequestError for one that needs no connecting.
    """
    if integration not in OAUTH_STEPS:
        known = ", ".join(OAUTH_STEPS)
        raise RequestError(f"There is nothing to connect for {integration!r}: Voc connects {known}.")
    bot, terminal = opened(), Terminal()
    if variable := token_set(bot.settings, integration):
        raise RequestError(f"{integration.title()} signs in with {variable}: there is nothing to connect.")
    is_source = integration == "zendesk"
    if not is_source and integration not in bot.trackers:
        raise _unset(integration)
    if is_source or getattr(bot.settings, integration).client_id:
        walk_through(_authorization(bot, integration), terminal, paste=paste)
    else:
        paste_token(bot, integration, terminal)
    terminal.show(_said_by(bot, integration))
    for line in webhook_lines(bot, integration):
        terminal.say(line)


def _authorization(bot: Bot, vendor: str) -> Authorization:
    from integrations.oauth import OFFLINE, Challenge, authorization_url, received_code

    server, client = server_of(bot.settings, vendor), client_of(bot.settings, vendor)
    challenge, tokens = Challenge.make(), tokens_of(vendor, bot.stores)
    scopes = ", ".join(scope for scope in server.scopes if scope != OFFLINE)
    facts = {"redirect": client.redirect_uri, "scopes": scopes}
    return Authorization(
        name=vendor.title(),
        steps=[step.format(**facts) for step in OAUTH_STEPS[vendor]],
        url=authorization_url(server, client, challenge),
        redirect_uri=client.redirect_uri,
        finish=lambda answer: tokens.connect(received_code(server, answer, challenge), challenge),
    )


def _unset(vendor: str) -> SettingError:
    from config.checks import fault_of_missing
    from config.settings import Settings

    path = {"jira": "jira.url", "linear": "linear.teams"}[vendor]
    return fault_of_missing(Settings, path, f"connecting {vendor.title()}")


def _check(name: str, given: Mapping[str, str]) -> Sequence[Finding]:
    """Return what an integration with just these settings says of itself."""
    try:
        return _said_by(_bot_with(name, given), name)
    except VocError as exc:
        return [Finding(False, told(exc) or "")]


def _said_by(bot: Bot, name: str) -> Sequence[Finding]:
    if name == "slack":
        return bot.messenger.check()
    return bot.trackers[name].check() if name in bot.trackers else bot.sources[name].check()


def _estimate(name: str, given: Mapping[str, str], since: datetime) -> int | None:
    return _bot_with(name, given).sources[name].estimate(since)


def _bot_with(name: str, given: Mapping[str, str]) -> Bot:
    """Return a bot with one integration: the answers, and what the environment sets that is not asked."""
    from config.settings import settings_from
    from config.sources import variables

    section = f"VOC_{name.upper()}__"
    others = {k: v for k, v in variables().items() if k.startswith(section) and k not in ASKED}
    return build(settings_from({**others, **given}))
