"""Interactive elements as the client handles them: found in blocks, acted on, filled in."""

from __future__ import annotations

from typing import Any

from integrations.sandbox.slack.state import Json, Workspace

CHOICES = ("static_select", "radio_buttons", "overflow")


def find_element(blocks: list[Json], block_id: str, action_id: str) -> Json:
    """Return the element. Raises ValueError without it: a person can't press what isn't shown."""
    for block in blocks:
        if block.get("block_id") != block_id:
            continue
        for element in [*block.get("elements", []), block.get("element"), block.get("accessory")]:
            if element and element.get("action_id") == action_id:
                return dict(element)
    raise ValueError(f"no element {action_id} in block {block_id}")


def action(element: Json, block_id: str, value: Any, space: Workspace) -> Json:
    """Return the payload's account of the act."""
    kept: Json = {
        name: element[name] for name in ("type", "action_id", "text", "value", "style") if name in element
    }
    return {**kept, "block_id": block_id, **entered(element, value), "action_ts": space.next_ts()}


def entered(element: Json, value: Any) -> Json:
    """Return a value as state and actions carry it. value: text, an option's value, or a list of these."""
    kind = element["type"]
    if kind == "plain_text_input":
        return {"value": value or None}
    if kind in CHOICES:
        return {"selected_option": _option(element, value) if value else None}
    if kind == "checkboxes":
        return {"selected_options": [_option(element, one) for one in value or []]}
    return {}


def is_missing(block: Json, values: Json) -> bool:
    """Return whether the block is a required input that nothing was entered into."""
    if block["type"] != "input" or block.get("optional"):
        return False
    element = block["element"]
    given = values.get(block["block_id"], {}).get(element.get("action_id"), {})
    started = element.get("initial_value") or element.get("initial_option")
    return not (
        given.get("value") or given.get("selected_option") or given.get("selected_options") or started
    )


def _option(element: Json, value: str) -> Json:
    for option in element["options"]:
        if option["value"] == value:
            return dict(option)
    raise ValueError(f"no option {value}")
