"""The app's manifest asks for what the listeners need, no less and no more."""

from __future__ import annotations

from config.manifest import manifest
from handlers.commands import VERBS
from handlers.commands.digest import WORDS
from handlers.slack_app import LISTENERS


def test_its_commands_are_those_that_are_listened_to() -> None:
    named = [command["command"] for command in manifest()["features"]["slash_commands"]]

    assert named == [listener.name for listener in LISTENERS if listener.kind == "command"]


def test_its_usage_hint_names_every_verb() -> None:
    hint = manifest()["features"]["slash_commands"][0]["usage_hint"]

    usages = [usage.split() for usage in hint.split(" | ")]
    assert {usage[0] for usage in usages} == set(VERBS)
    assert {usage[1] for usage in usages if usage[0] == "digest"} == set(WORDS)


def test_interactivity_and_events_are_on_as_the_listeners_need() -> None:
    settings = manifest("https://voc.example/slack/events")["settings"]
    kinds = {listener.kind for listener in LISTENERS}

    assert settings["interactivity"]["is_enabled"] is bool(kinds & {"action", "view", "shortcut"})
    assert ("event_subscriptions" in settings) is ("event" in kinds)


def test_its_scopes_cover_what_the_listeners_call() -> None:
    scopes = set(manifest()["oauth_config"]["scopes"]["bot"])

    # commands: /voc; conversations.info; users.info; chat.postEphemeral
    assert {"commands", "channels:read", "groups:read", "users:read", "chat:write"} <= scopes
