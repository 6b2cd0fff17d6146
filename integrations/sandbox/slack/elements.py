"""Interactive elements as the client handles them: found in blocks, acted on, filled in."""

from __future__ import annotations

from typing import Any

from integrations.sandbox.slack.block_kit import LIMITS, OPTION, field_faults
from integrations.sandbox.slack.inputs import ENTRIES
from integrations.sandbox.slack.state import Json, Refused, Workspace

CHOICES = ("static_select", "external_select", "radio_buttons", "overflow")
SEVERAL = ("checkboxes", "multi_static_select", "multi_external_select")
ASKING = ("external_select", "multi_external_select")  # their options come from the app


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
    if kind in ENTRIES:
        return {ENTRIES[kind][0]: value or None}
    if kind in CHOICES:
        return {"selected_option": _option(element, value) if value else None}
    if kind in SEVERAL:
        return {"selected_options": [_option(element, one) for one in value or []]}
    return {}


def offer(space: Workspace, where: tuple[str, str, str], answer: Any) -> Json:
    """Keep what the app offers in a select of a view: it may be chosen. Raises invalid_options."""
    offered = answer.get("options") if isinstance(answer, dict) else None
    if not isinstance(offered, list) or len(offered) > LIMITS["select.options_max"]:
        raise Refused("invalid_options")
    if faults := [f for n, one in enumerate(offered) for f in field_faults(one, OPTION, f"/options/{n}")]:
        raise Refused("invalid_options", messages=faults)
    space.offered[where] = offered
    return {"options": offered}


def with_state(view: Json) -> Json:
    """Return the view as the app is sent it: its state names every input, an untouched one as it started."""
    typed = view["state"]["values"]
    values: Json = {}
    for block in view["blocks"]:
        if block["type"] == "input":
            element, had = block["element"], typed.get(block["block_id"], {})
            name = element.get("action_id", "")
            values[block["block_id"]] = {
                name: had.get(name) or {"type": element["type"], **_initial(element)}
            }
    return {**view, "state": {"values": values}}


def missing_inputs(view: Json) -> list[str]:
    """Return the block ids of required inputs that are empty. view: with its whole state."""
    required = {b["block_id"] for b in view["blocks"] if b["type"] == "input" and not b.get("optional")}
    filled = ("value", "selected_date", "selected_option", "selected_options")
    return [
        block
        for block, fields in view["state"]["values"].items()
        if block in required and not any(entry.get(name) for entry in fields.values() for name in filled)
    ]


def _initial(element: Json) -> Json:
    if element["type"] in ENTRIES:
        name, initial = ENTRIES[element["type"]]
        return {name: element.get(initial)}
    if element["type"] in SEVERAL:
        return {"selected_options": element.get("initial_options", [])}
    return {"selected_option": element.get("initial_option")}


def _option(element: Json, value: str) -> Json:
    for option in element.get("options", []):
        if option["value"] == value:
            return dict(option)
    raise ValueError(f"no option {value}")
