"""A token that is pasted instead of set: checked live, then stored sealed."""

from __future__ import annotations

from bot.adapters import trackers
from bot.app import Bot
from bot.errors import RequestError
from bot.operator.terminal import Terminal
from bot.ports import TicketTracker
from integrations.credentials import Credentials, StaticCredentials, StoredCredentials

KINDS = ("API token of a Cloud account", "Personal access token of Data Center")


def paste_token(bot: Bot, vendor: str, terminal: Terminal) -> None:
    """Ask for the vendor's token, try it, and store it.

    Raises RequestError, nothing stored, when it does not do and the operator does not want it all the same.
    """
    credentials = _jira(bot, terminal) if vendor == "jira" else _linear(terminal)
    terminal.say("Checking…")
    findings = _tracker(bot, vendor, credentials).check()
    if not all(finding.is_ok for finding in findings):
        terminal.show(findings)
        if not terminal.confirm("Store it all the same?", default=False):
            raise RequestError("Nothing was stored")
    bot.stores.of(vendor).replace(StoredCredentials.record(credentials))
    terminal.say(f"{vendor.title()} is connected.")


def _jira(bot: Bot, terminal: Terminal) -> Credentials:
    kind = {"cloud": 0, "server": 1}.get(bot.settings.jira.deployment or "")
    if kind is None:
        kind = terminal.choose("Which token", KINDS)
    if kind == 1:
        return StaticCredentials.bearer(_asked(terminal, "Personal access token (Profile)"))
    email = terminal.ask("E-mail address of the account", bot.settings.jira.email or "")
    return StaticCredentials.basic(email, _asked(terminal, "API token (id.atlassian.com, Security)"))


def _linear(terminal: Terminal) -> Credentials:
    return StaticCredentials.raw(_asked(terminal, "API key (Settings, Security & access)"))


def _asked(terminal: Terminal, question: str) -> str:
    while not (token := terminal.ask(question, is_secret=True)):
        terminal.say("  It is needed.")
    return token


def _tracker(bot: Bot, vendor: str, credentials: Credentials) -> TicketTracker:
    if vendor == "jira":
        return trackers.jira(
            bot.settings, bot.settings.require("jira.url", feature=trackers.JIRA), credentials
        )
    return trackers.linear(bot.settings, bot.settings.linear.url, credentials)
