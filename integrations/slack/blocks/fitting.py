"""Blocks made to fit a message: where words are too many in all, the longest are cut."""

from __future__ import annotations

from collections.abc import Iterator

from bot.domain.inert import cut_at_word
from integrations.slack.blocks.elements import Json
from integrations.slack.blocks.sizes import CHARACTERS_MOST, characters

SHORTEST = 40


def fitting(blocks: list[Json]) -> list[Json]:
    """Return the blocks, which are the caller's own, cut so that Slack takes them in one message."""
    while characters(blocks) > CHARACTERS_MOST:
        longest = max(_leaves(blocks), key=lambda leaf: len(leaf["text"]), default=None)
        if longest is None or len(longest["text"]) <= SHORTEST:
            return blocks
        longest["text"] = cut_at_word(longest["text"], max(SHORTEST, len(longest["text"]) * 2 // 3))
    return blocks


def _leaves(node: object) -> Iterator[Json]:
    """Yield what shows words literally, and so may be cut anywhere."""
    if isinstance(node, dict):
        if node.get("type") in ("text", "link") and node.get("text"):
            yield node
        node = [value for value in node.values() if isinstance(value, list | dict)]
    if isinstance(node, list):
        for item in node:
            yield from _leaves(item)
