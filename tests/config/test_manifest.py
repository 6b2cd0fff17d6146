"""Slack's app manifest fits Slack's schema, and is made of the settings."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest
from jsonschema import Draft7Validator

from bot.errors import SettingError
from config.manifest import manifest, manifest_of, unfurl_domains
from config.scopes import EVENTS, SCOPES
from config.settings import settings_alone

URL = "https://voc.acme.example"
DOMAINS = ("acme.atlassian.net", "linear.app", "acme.zendesk.com", "app.intercom.com", "help.acme.example")


@pytest.fixture(scope="session")
def schema(specs_dir: Path) -> Draft7Validator:
    """Return Slack's schema for a manifest of our version."""
    folder = specs_dir / "slack" / "manifest" / "schemas"
    return Draft7Validator(json.loads((folder / "manifest.schema.1.0.0.json").read_text()))


@pytest.mark.parametrize(
    "made",
    [manifest(), manifest(URL), manifest(URL, domains=DOMAINS, is_shared=True)],
    ids=["socket mode", "http", "several workspaces"],
)
def test_it_fits_slacks_schema(schema: Draft7Validator, made: dict[str, Any]) -> None:
    faults = [error.message for error in schema.iter_errors(made)]

    assert faults == []


def test_socket_mode_needs_no_address_and_http_names_it_everywhere() -> None:
    socket, http = manifest(), manifest(f"{URL}/")
    settings = http["settings"]

    assert "https://" not in json.dumps(socket)
    assert socket["settings"]["socket_mode_enabled"]
    assert not settings["socket_mode_enabled"]
    asked = [
        http["features"]["slash_commands"][0]["url"],
        settings["interactivity"]["request_url"],
        settings["interactivity"]["message_menu_options_url"],
        settings["event_subscriptions"]["request_url"],
    ]
    assert asked == [f"{URL}/slack/events"] * 4


def test_only_an_app_for_several_workspaces_rotates_tokens_and_is_sent_back_to() -> None:
    alone, shared = manifest(URL), manifest(URL, is_shared=True)

    assert "redirect_urls" not in alone["oauth_config"]
    assert not alone["settings"]["token_rotation_enabled"]
    assert shared["oauth_config"]["redirect_urls"] == [f"{URL}/slack/oauth_redirect"]
    assert shared["settings"]["token_rotation_enabled"]


def test_it_asks_for_the_scopes_of_the_table_and_every_event_has_its_own_among_them() -> None:
    made = manifest()

    assert made["oauth_config"]["scopes"] == {"bot": sorted(SCOPES)}
    assert made["settings"]["event_subscriptions"]["bot_events"] == sorted(EVENTS)
    assert {scope for scope in EVENTS.values() if scope} <= set(SCOPES)
    assert not {scope for scope in SCOPES if scope.startswith(("mpim:", "admin", "channels:join"))}


def test_links_to_trackers_and_sources_and_to_what_is_set_are_shown() -> None:
    given = {
        "VOC_JIRA__URL": "https://api.atlassian.com/ex/jira/1f",
        "VOC_JIRA__SITE_URL": "https://acme.atlassian.net",
        "VOC_LINEAR__TEAMS": "APP",
        "VOC_ZENDESK__URL": "https://acme.zendesk.com",
        "VOC_INTERCOM__ACCESS_TOKEN": "token",
        "VOC_SLACK__UNFURL_DOMAINS": "help.acme.example",
    }

    assert unfurl_domains(settings_alone(given)) == DOMAINS
    european = settings_alone({**given, "VOC_INTERCOM__URL": "https://api.eu.intercom.io"})
    assert unfurl_domains(european)[3] == "app.eu.intercom.com"


def test_more_domains_than_slack_takes_are_refused_with_the_setting_to_change() -> None:
    many = ", ".join(f"d{n}.example" for n in range(6))

    with pytest.raises(SettingError, match="Slack takes 5") as refused:
        manifest_of(settings_alone({"VOC_SLACK__UNFURL_DOMAINS": many}), is_http=False)

    assert refused.value.variable == "VOC_SLACK__UNFURL_DOMAINS"
