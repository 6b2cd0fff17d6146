"""How Slack reads what it is sent: characters counted, mentions found, views checked."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from typing import Any

from integrations.sandbox.slack.block_kit import LIMITS, block_faults, field_faults
from integrations.sandbox.slack.choices import choice_faults
from integrations.sandbox.slack.inputs import Fields

MENTION = re.compile(r"<(!(?:channel|here|everyone|subteam\^\w+)|@[UW]\w+)(?:\|[^>]*)?>")
BARE_MENTION = re.compile(r"(?<!\w)@(?:channel|here|everyone)\b")
HEADER_COST = 100  # observed; Slack does not document how it counts
_VIEW: Fields = {
    "blocks!": ("any", ""),  # checked as blocks
    "private_metadata": ("str", "view.private_metadata_max"),
    "callback_id": ("str", "view.callback_id_max"),
    "external_id": ("str", "view.callback_id_max"),
}
VIEWS: Mapping[str, Fields] = {
    "home": _VIEW,
    "modal": {
        **_VIEW,
        "title!": ("plain", "view.title_max"),
        "submit": ("plain", "view.submit_max"),
        "close": ("plain", "view.close_max"),
        "clear_on_close": ("bool", ""),
        "notify_on_close": ("bool", ""),
        "submit_disabled": ("bool", ""),
    },
}
TEXT_FIELDS = ("text", "alt_text", "url", "image_url", "value")


def counted_characters(blocks: list[dict[str, Any]]) -> int:
    """Return how long Slack takes the blocks to be: strings, & < > as entities, a toll for each header."""
    toll: int = HEADER_COST * sum(block.get("type") == "header" for block in blocks)
    return toll + sum(len(_entities(text)) for text in _strings(blocks))


def mentions(message: Mapping[str, Any]) -> list[str]:
    """Return whom the message would notify: "@here", "@U123" and the like, in order of appearance."""
    found = [*_in_mrkdwn(str(message.get("text", ""))), *_in_blocks(message.get("blocks") or [])]
    if message.get("link_names") or message.get("parse") == "full":
        found += [name for text in _strings([message]) for name in BARE_MENTION.findall(text)]
    return list(dict.fromkeys(found))


def view_faults(view: Any) -> list[str]:
    """Return what Slack would say about a modal or home view."""
    if not isinstance(view, dict) or view.get("type") not in VIEWS:
        return ["invalid `type` [json-pointer:/view/type]"]
    found = list(field_faults(view, VIEWS[view["type"]], "/view"))
    found += block_faults(
        view.get("blocks"), "/view/blocks", most=LIMITS["view.blocks_max"], allow=("input",)
    )
    found += choice_faults(view.get("blocks"), "/view/blocks")
    has_input = any(isinstance(b, dict) and b.get("type") == "input" for b in view.get("blocks") or [])
    if view["type"] == "modal" and has_input and "submit" not in view:
        found.append("missing required field: submit [json-pointer:/view]")
    return found


def _in_blocks(node: Any) -> Iterator[str]:
    if isinstance(node, list):
        for item in node:
            yield from _in_blocks(item)
    elif isinstance(node, dict):
        match node.get("type"):
            case "mrkdwn":
                yield from _in_mrkdwn(str(node.get("text", "")))
            case "user":
                yield f"@{node.get('user_id')}"
            case "usergroup":
                yield f"@{node.get('usergroup_id')}"
            case "broadcast":
                yield f"@{node.get('range')}"
            case _:
                for value in node.values():
                    yield from _in_blocks(value)


def _in_mrkdwn(text: str) -> list[str]:
    return [f"@{found.lstrip('!@')}" for found in MENTION.findall(text)]


def _strings(node: Any) -> Iterator[str]:
    if isinstance(node, list):
        for item in node:
            yield from _strings(item)
    elif isinstance(node, dict):
        for name, value in node.items():
            if isinstance(value, str):
                if name in TEXT_FIELDS:
                    yield value
            else:
                yield from _strings(value)


def _entities(text: str) -> str:
    return text.replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;")
