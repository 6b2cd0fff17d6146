"""Slack's message text as people see it: entities and links undone, what shows no words left out."""

from __future__ import annotations

import re

# <https://a|label>, <mailto:a@b|a@b>, <#C1|general>, <!date^…|label>, <@U1>, <!here>
_TOKEN = re.compile(r"<([^<>|\n]*)(?:\|([^<>\n]*))?>")
# :tada:, :+1::skin-tone-3:, standing apart; no times of day, and nothing within an address
_NAME = r"(?:[+-]1|100|1234|(?=[\d_'+-]*[a-z])[\w'+-]{1,100})"
_EMOJI = re.compile(rf"(?<![^\s(*_~])(?::{_NAME}:)+(?![^\s.,!?;)*_~])")
_ENTITIES = (("&lt;", "<"), ("&gt;", ">"), ("&amp;", "&"))  # Slack escapes these three and no others


def shown_of(text: str) -> str:
    """Return the words that the message shows. What only an id stands for, a person's name, is left out.

    Marks of style stay, as nobody can tell `*` of bold from a customer's own.
    """
    shown = _TOKEN.sub(_token, text)
    for entity, letter in _ENTITIES:
        shown = shown.replace(entity, letter)
    return shown


def without_emoji(text: str) -> str:
    """Return the message without the names that Slack stores for emoji: they are shown as pictures."""
    return _EMOJI.sub("", text)


def _token(found: re.Match[str]) -> str:
    target, label = found.group(1), found.group(2)
    if label:
        return f"#{label}" if target.startswith("#") else label
    if target.startswith("!"):
        return f"@{target[1:]}" if target[1:] in ("here", "channel", "everyone") else ""
    return "" if target.startswith(("@", "#")) else target.removeprefix("mailto:").removeprefix("tel:")
