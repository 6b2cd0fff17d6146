"""How long a message is: for Slack, and for who reads it."""

from __future__ import annotations

from collections.abc import Iterator

from integrations.slack.blocks.elements import Json, escape

# Slack's own sum is not documented; msg_blocks_too_long was seen near 13,200. Characters as below.
CHARACTERS_MOST = 10_000
HEADER_COST = 100


def characters(blocks: list[Json]) -> int:
    """Return a cautious count of what Slack counts: all strings, & < > as entities, a toll a header."""

    def strings(node: object) -> Iterator[str]:
        if isinstance(node, str):
            yield node
        elif isinstance(node, dict | list):
            for item in node.values() if isinstance(node, dict) else node:
                yield from strings(item)

    toll: int = HEADER_COST * sum(block["type"] == "header" for block in blocks)
    return toll + sum(len(escape(found)) for found in strings(blocks))


def seen(node: object) -> int:
    """Return how many characters a reader reads: all but what buttons say."""
    if isinstance(node, list):
        return sum(map(seen, node))
    if not isinstance(node, dict) or node.get("type") == "button":
        return 0
    own = len(node["text"]) if isinstance(node.get("text"), str) else 0
    return own + sum(seen(value) for value in node.values() if isinstance(value, dict | list))
