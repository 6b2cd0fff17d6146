"""A post as a person reads it."""

from __future__ import annotations

from typing import Any

from integrations.slack.blocks.elements import Post


def shown(node: Any) -> str:
    """Return every text that is seen, in order."""
    if isinstance(node, list):
        return "\n".join(shown(item) for item in node)
    if isinstance(node, dict):
        if isinstance(node.get("text"), str):
            return str(node["text"])
        return "\n".join(shown(value) for value in node.values() if isinstance(value, dict | list))
    return ""


def buttons(post: Post) -> list[tuple[str, str]]:
    """Return the action id and the value of each button in a row."""
    rows = [block for block in post.blocks if block["type"] == "actions"]
    return [(b["action_id"], b["value"]) for row in rows for b in row["elements"] if "value" in b]
