"""The app's manifest asks for what the listeners need."""

from __future__ import annotations

from config.manifest import manifest
from handlers.commands import VERBS
from handlers.slack_app import LISTENERS


def listened_to(kind: str) -> set[str]:
    """Return the names of what is listened to."""
    return {one.name for one in LISTENERS if one.kind == kind and isinstance(one.name, str)}


def test_its_commands_are_those_that_are_listened_to() -> None:
    named = [command["command"] for command in manifest()["features"]["slash_commands"]]

    assert set(named) == listened_to("command")


def test_its_usage_hint_names_every_verb() -> None:
    hint = manifest()["features"]["slash_commands"][0]["usage_hint"]

    assert {usage.split()[0] for usage in hint.split(" | ")} == set(VERBS)


def test_it_asks_for_every_event_and_shortcut_that_is_listened_to() -> None:
    made = manifest()
    # One listener takes the messages of all kinds of channel.
    events = {name.partition(".")[0] for name in made["settings"]["event_subscriptions"]["bot_events"]}

    assert listened_to("event") <= events
    assert listened_to("shortcut") <= {shortcut["callback_id"] for shortcut in made["features"]["shortcuts"]}


def test_its_scopes_cover_what_the_listeners_call() -> None:
    scopes = set(manifest()["oauth_config"]["scopes"]["bot"])

    # commands: /voc; conversations.info; users.info; chat.postEphemeral
    assert {"commands", "channels:read", "groups:read", "users:read", "chat:write"} <= scopes
