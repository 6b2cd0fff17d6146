"""Commands that connect accounts: init, connect."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime
from pathlib import Path

from bot.adapters import zendesk_client
from bot.app import Bot, build
from bot.commands.faults import told
from bot.commands.store import opened
from bot.engine.clock import SystemClock
from bot.errors import RequestError, VocError
from bot.operator.connect import Authorization
from bot.operator.connect import connect as walk_through
from bot.operator.init import Tools
from bot.operator.init import init as set_up
from bot.operator.questions import STEPS
from bot.operator.terminal import Terminal
from bot.ports import Finding

ZENDESK_STEPS = (
    "In Zendesk's Admin Center open Apps and integrations, APIs, OAuth clients, and add a client.",
    "Give it the kind “confidential” and this redirect URL: {redirect}",
    "Put its identifier into VOC_ZENDESK__CLIENT_ID and its secret into VOC_ZENDESK__CLIENT_SECRET (done).",
    "Allow the access as an admin: the exports are for admins only.",
)


def init() -> None:
    """Ask for the tokens, check each live, and write the files in this folder."""
    from config.manifest import manifest
    from config.settings import problem_with

    tools = Tools(problem_with=problem_with, check=_check, estimate=_estimate, manifest=manifest)
    set_up(Path.cwd(), Terminal(), tools, SystemClock().now())


def connect(integration: str, *, paste: bool) -> None:
    """Walk through one integration's OAuth. Raises RequestError for one that has none."""
    if integration != "zendesk":
        raise RequestError(
            f"There is nothing to connect for {integration!r}: only zendesk signs in by OAuth so far."
        )
    from integrations.zendesk.oauth import Challenge, authorization_url, received_code

    bot = opened()
    url = bot.settings.require("zendesk.url", feature="connecting Zendesk")
    client, tokens, challenge = zendesk_client(bot.settings), bot.zendesk_tokens, Challenge.make()
    steps = [step.format(redirect=client.redirect_uri) for step in ZENDESK_STEPS]
    authorization = Authorization(
        name="Zendesk",
        steps=steps,
        url=authorization_url(url, client, challenge),
        redirect_uri=client.redirect_uri,
        finish=lambda answer: tokens.connect(received_code(answer, challenge), challenge),
    )
    walk_through(authorization, Terminal(), paste=paste)


def _check(name: str, given: Mapping[str, str]) -> Sequence[Finding]:
    """Return what an integration with just these settings says of itself."""
    try:
        bot = _bot_with(name, given)
        if name == "slack":
            return bot.messenger.check()
        return bot.trackers[name].check() if name in bot.trackers else bot.sources[name].check()
    except VocError as exc:
        return [Finding(False, told(exc) or "")]


def _estimate(name: str, given: Mapping[str, str], since: datetime) -> int | None:
    return _bot_with(name, given).sources[name].estimate(since)


def _bot_with(name: str, given: Mapping[str, str]) -> Bot:
    """Return a bot with one integration: the answers, and what the environment sets that is not asked."""
    from config.settings import settings_from
    from config.sources import variables

    asked = {variable for step in STEPS for way in step.ways for variable in way.variables}
    section = f"VOC_{name.upper()}__"
    others = {k: v for k, v in variables().items() if k.startswith(section) and k not in asked}
    return build(settings_from({**others, **given}))
