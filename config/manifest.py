"""Slack's app manifest: what the app is called, may do and hears of, and where Slack reaches it."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING, Any
from urllib.parse import urlsplit

from bot.errors import SettingError
from config.scopes import EVENTS, SCOPES

if TYPE_CHECKING:
    from config.settings import Settings

MOST_DOMAINS = 5
REQUESTS, REDIRECT = "/slack/events", "/slack/oauth_redirect"
USAGE = (
    "help | search words | ticket KEY | customer NAME | top | themes | inbox | add “words” | attach ITEM KEY"
    " | unlink ITEM | digest | subscribe | unsubscribe | status"
)
INTERCOM_APPS = {f"api.{region}intercom.io": f"app.{region}intercom.com" for region in ("", "eu.", "au.")}
SHORTCUTS = (
    ("message", "voc_add_message", "Add as feedback", "Keeps what a customer said here, with its thread"),
    (
        "message",
        "voc_attach_message",
        "Attach to a ticket…",
        "Makes it feedback about a ticket you choose",
    ),
    ("message", "voc_who_else", "Who else said this?", "Shows what customers said that means the same"),
    ("global", "voc_add", "Add feedback", "Records what a customer said, in their words"),
)


def manifest(
    public_url: str | None = None, *, domains: Sequence[str] = (), is_shared: bool = False
) -> dict[str, Any]:
    """Return the manifest for Socket Mode, or for HTTP at this address.

    domains: whose links are shown with who asked. is_shared: for several workspaces, installed by OAuth.
    """
    url = f"{public_url.rstrip('/')}{REQUESTS}" if public_url else ""
    asked = {"request_url": url} if url else {}
    options = {"message_menu_options_url": url} if url else {}  # what a search within a dialog asks for
    redirects = {"redirect_urls": [f"{(public_url or '').rstrip('/')}{REDIRECT}"]} if is_shared else {}
    return {
        "_metadata": {"major_version": 1, "minor_version": 1},
        "display_information": {
            "name": "Voc",
            "description": "The voice of the customer: their words on the ticket, and a weekly digest.",
            "background_color": "#1f3a5f",
        },
        "features": _features(url, domains),
        "oauth_config": {**redirects, "scopes": {"bot": list(SCOPES)}},
        "settings": {
            "event_subscriptions": {**asked, "bot_events": list(EVENTS)},
            "interactivity": {"is_enabled": True, **asked, **options},
            "org_deploy_enabled": False,
            "socket_mode_enabled": not url,
            "token_rotation_enabled": is_shared,
        },
    }


def _features(url: str, domains: Sequence[str]) -> dict[str, Any]:
    command = {
        "command": "/voc",
        "description": "What customers say, and the tickets it is about",
        "usage_hint": USAGE,
        "should_escape": False,
        **({"url": url} if url else {}),
    }
    kinds = ("type", "callback_id", "name", "description")
    return {
        "app_home": {
            "home_tab_enabled": True,
            "messages_tab_enabled": True,
            "messages_tab_read_only_enabled": False,
        },
        "bot_user": {"display_name": "voc", "always_online": True},
        "shortcuts": [dict(zip(kinds, shortcut, strict=True)) for shortcut in SHORTCUTS],
        "slash_commands": [command],
        **({"unfurl_domains": list(domains)} if domains else {}),
    }


def manifest_of(settings: Settings, *, is_http: bool) -> dict[str, Any]:
    """Return the manifest for the settings. Raises SettingError for more domains than Slack takes."""
    address = settings.web.public_url if is_http else None
    is_shared = is_http and settings.slack.client_id is not None
    return manifest(address, domains=unfurl_domains(settings), is_shared=is_shared)


def unfurl_domains(settings: Settings) -> tuple[str, ...]:
    """Return the domains whose links Voc shows more about: those of trackers, of sources, and those set."""
    jira = settings.jira.site_url or settings.jira.url
    intercom = settings.intercom.url if settings.has_intercom else ""
    found = [
        urlsplit(jira or "").hostname,
        "linear.app" if settings.has_linear else None,
        urlsplit(settings.zendesk.url or "").hostname,
        INTERCOM_APPS.get(urlsplit(intercom).hostname or ""),
        *settings.slack.unfurl_domains,
    ]
    domains = tuple(dict.fromkeys(domain for domain in found if domain))
    if len(domains) > MOST_DOMAINS:
        problem = f"and trackers and sources make {len(domains)} domains: Slack takes {MOST_DOMAINS}"
        feature = "showing who asked under links"
        raise SettingError("VOC_SLACK__UNFURL_DOMAINS", problem, feature=feature, remedy="Take some out")
    return domains
