"""Slack's rules for blocks and views: shapes and limits as data, and the messages that Slack refuses with.

Only the block types that this project may send are known; any other is refused, which is stricter than Slack.
Sources: Block Kit reference (docs.slack.dev/reference/block-kit) and the doc comments of @slack/types 3.2.0.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from integrations.sandbox.slack.inputs import INPUTS, SHAPES, Fields
from integrations.sandbox.slack.rich_text import rich_text_faults

LIMITS: Mapping[str, int] = {
    "message.blocks_max": 50,
    "message.text_truncated_over": 40_000,
    "message.chat_update_text_max": 4_000,
    "message.total_blocks_payload_observed_max": 13_200,
    "view.blocks_max": 100,
    "view.title_max": 24,
    "view.submit_max": 24,
    "view.close_max": 24,
    "view.private_metadata_max": 3_000,
    "view.callback_id_max": 255,
    "block.block_id_max": 255,
    "text_object.min": 1,
    "text_object.max": 3_000,
    "section.text_max": 3_000,
    "section.fields_max_items": 10,
    "section.field_max": 2_000,
    "header.text_max": 150,
    "context.elements_max": 10,
    "actions.elements_max": 25,
    "input.label_max": 2_000,
    "input.hint_max": 2_000,
    "image.url_max": 3_000,
    "image.alt_text_max": 2_000,
    "image.title_max": 2_000,
    "button.text_max": 75,
    "button.value_max": 2_000,
    "button.url_max": 3_000,
    "button.accessibility_label_max": 75,
    "element.action_id_max": 255,
    "element.placeholder_max": 150,
    "option.text_max": 75,
    "option.value_max": 75,
    "option.description_max": 75,
    "select.options_max": 100,
    "overflow.options_max": 5,
    "radio_buttons.options_max": 10,
    "checkboxes.options_max": 10,
    "plain_text_input.min_length_max": 3_000,
    "confirm.title_max": 100,
    "confirm.text_max": 300,
    "confirm.confirm_max": 30,
    "confirm.deny_max": 30,
}

# Fields are "name" (optional) or "name!" (required): a kind, then for lengths and counts the key of LIMITS.
# Kinds: str, url, bool, int, any, style, triggers, plain, text (plain or mrkdwn), mixed (text or image),
# option, confirm, dispatch, rich_text, an element set of SETS, or "[kind" for a list of it.
_PRESS = {"action_id": ("str", "element.action_id_max"), "confirm": ("confirm", "")}
_ACTIONS = ("button", "static_select", "external_select", "overflow", "radio_buttons", "checkboxes")

BLOCKS: Mapping[str, Fields] = {
    "section": {
        "text": ("text", "section.text_max"),
        "fields": ("[text", "section.fields_max_items"),
        "accessory": ("accessory", ""),
        "expand": ("bool", ""),
    },
    "header": {"text!": ("plain", "header.text_max")},
    "divider": {},
    "context": {"elements!": ("[mixed", "context.elements_max")},
    "actions": {"elements!": ("[action", "actions.elements_max")},
    "image": {
        "alt_text!": ("str", "image.alt_text_max"),
        "image_url": ("url", "image.url_max"),
        "slack_file": ("any", ""),
        "title": ("plain", "image.title_max"),
    },
    "input": {
        "label!": ("plain", "input.label_max"),
        "element!": ("input", ""),
        "hint": ("plain", "input.hint_max"),
        "optional": ("bool", ""),
        "dispatch_action": ("bool", ""),
    },
    "rich_text": {"elements!": ("rich_text", "")},
}

ELEMENTS: Mapping[str, Fields] = {
    **SHAPES,
    "button": {
        **_PRESS,
        "text!": ("plain", "button.text_max"),
        "value": ("str", "button.value_max"),
        "url": ("url", "button.url_max"),
        "style": ("style", ""),
        "accessibility_label": ("str", "button.accessibility_label_max"),
    },
    "static_select": {
        **_PRESS,
        "options!": ("[option", "select.options_max"),
        "placeholder": ("plain", "element.placeholder_max"),
        "initial_option": ("option", ""),
        "focus_on_load": ("bool", ""),
    },
    "external_select": {
        **_PRESS,
        "placeholder": ("plain", "element.placeholder_max"),
        "initial_option": ("option", ""),
        "min_query_length": ("int", "plain_text_input.min_length_max"),
        "focus_on_load": ("bool", ""),
    },
    "multi_static_select": {
        **_PRESS,
        "options!": ("[option", "select.options_max"),
        "placeholder": ("plain", "element.placeholder_max"),
        "initial_options": ("[option", "select.options_max"),
    },
    "multi_external_select": {
        **_PRESS,
        "placeholder": ("plain", "element.placeholder_max"),
        "initial_options": ("[option", "select.options_max"),
        "min_query_length": ("int", "plain_text_input.min_length_max"),
        "max_selected_items": ("int", "plain_text_input.min_length_max"),
        "focus_on_load": ("bool", ""),
    },
    "overflow": {**_PRESS, "options!": ("[option", "overflow.options_max")},
    "radio_buttons": {
        **_PRESS,
        "options!": ("[option", "radio_buttons.options_max"),
        "initial_option": ("option", ""),
        "focus_on_load": ("bool", ""),
    },
    "checkboxes": {
        **_PRESS,
        "options!": ("[option", "checkboxes.options_max"),
        "initial_options": ("[option", "checkboxes.options_max"),
        "focus_on_load": ("bool", ""),
    },
    "plain_text_input": {
        "action_id": ("str", "element.action_id_max"),
        "placeholder": ("plain", "element.placeholder_max"),
        "initial_value": ("str", "plain_text_input.min_length_max"),
        "multiline": ("bool", ""),
        "min_length": ("int", "plain_text_input.min_length_max"),
        "max_length": ("int", "plain_text_input.min_length_max"),
        "dispatch_action_config": ("dispatch", ""),
        "focus_on_load": ("bool", ""),
    },
    "image": {"alt_text!": ("str", "image.alt_text_max"), "image_url!": ("url", "image.url_max")},
}

OPTION: Fields = {
    "text!": ("text", "option.text_max"),
    "value!": ("str", "option.value_max"),
    "description": ("text", "option.description_max"),
}
CONFIRM: Fields = {
    "title!": ("plain", "confirm.title_max"),
    "text!": ("text", "confirm.text_max"),
    "confirm!": ("plain", "confirm.confirm_max"),
    "deny!": ("plain", "confirm.deny_max"),
    "style": ("style", ""),
}
DISPATCH: Fields = {"trigger_actions_on!": ("triggers", "")}
TRIGGERS = ("on_enter_pressed", "on_character_entered")
OBJECTS: Mapping[str, Fields] = {"option": OPTION, "confirm": CONFIRM, "dispatch": DISPATCH}
SETS: Mapping[str, Sequence[str]] = {"action": _ACTIONS, "input": INPUTS, "accessory": (*_ACTIONS, "image")}


def block_faults(blocks: Any, at: str = "/blocks", *, most: int = 50, allow: Sequence[str] = ()) -> list[str]:
    """Return what Slack would say about the blocks. allow: block types beyond a message's."""
    if not isinstance(blocks, list):
        return [_say("must be an array", at)]
    found = [_say(f"no more than {most} items allowed", at)] if len(blocks) > most else []
    ids = [b["block_id"] for b in blocks if isinstance(b, dict) and "block_id" in b]
    found += [_say("block_id already exists", at) for n, name in enumerate(ids) if name in ids[:n]]
    for number, block in enumerate(blocks):
        found += _block(block, f"{at}/{number}", allow)
    return found


def _block(block: Any, at: str, allow: Sequence[str]) -> Iterator[str]:
    kind = str(block.get("type")) if isinstance(block, dict) else ""
    if kind not in BLOCKS or (kind == "input" and "input" not in allow):
        yield _say(f"unsupported type: {kind}", f"{at}/type")
        return
    yield from field_faults(block, {**BLOCKS[kind], "block_id": ("str", "block.block_id_max")}, at)
    if kind == "section" and not block.get("text") and not block.get("fields"):
        yield _say("missing required field: text", at)
    if kind == "image" and ("image_url" in block) == ("slack_file" in block):
        yield _say("must have image_url or slack_file", at)


def field_faults(thing: Mapping[str, Any], fields: Fields, at: str) -> Iterator[str]:
    """Yield what is wrong with the thing's fields."""
    known = {name.rstrip("!"): rule for name, rule in fields.items()}
    for name in thing:
        if name not in known and name != "type":
            yield _say(f"additional properties are not allowed: {name}", at)
    for name in fields:
        if name.endswith("!") and name[:-1] not in thing:
            yield _say(f"missing required field: {name[:-1]}", at)
    for name, (kind, limit) in known.items():
        if name in thing:
            yield from _value(thing[name], kind, LIMITS.get(limit, 0), f"{at}/{name}")


def _value(value: Any, kind: str, most: int, at: str) -> Iterator[str]:
    if kind.startswith("["):
        yield from _list(value, kind[1:], most, at)
    elif kind in ("plain", "text", "mixed"):
        yield from _text(value, kind, most, at)
    elif kind == "rich_text":
        yield from rich_text_faults(value, at)
    elif kind in OBJECTS:
        yield from _object(value, OBJECTS[kind], at)
    elif kind in SETS:
        yield from _element(value, SETS[kind], at)
    else:
        yield from _scalar(value, kind, most, at)


def _scalar(value: Any, kind: str, most: int, at: str) -> Iterator[str]:
    if kind in ("str", "url"):
        yield from _string(value, most, at, least=0 if kind == "str" else 1)
        if kind == "url" and not str(value).startswith(("http://", "https://")):
            yield _say("must be a valid url", at)
    elif kind == "bool" and type(value) is not bool:
        yield _say("must be a boolean", at)
    elif kind == "int" and (type(value) is not int or not 0 <= value <= most):
        yield _say(f"must be an integer between 0 and {most}", at)
    elif kind == "triggers" and not (isinstance(value, list) and value and all(v in TRIGGERS for v in value)):
        yield _say(f"must be a list of: {', '.join(TRIGGERS)}", at)
    elif kind == "style" and value not in ("primary", "danger"):
        yield _say("must be one of: primary, danger", at)


def _list(value: Any, kind: str, most: int, at: str) -> Iterator[str]:
    if not isinstance(value, list) or not value:
        yield _say("must be an array with at least 1 item", at)
        return
    if len(value) > most:
        yield _say(f"no more than {most} items allowed", at)
    for number, item in enumerate(value):
        longest = LIMITS["section.field_max"] if kind == "text" else LIMITS["text_object.max"]
        yield from _value(item, kind, longest, f"{at}/{number}")
    names = [item.get("action_id") for item in value if isinstance(item, dict) and item.get("action_id")]
    if len(set(names)) < len(names):
        yield _say("action_id already exists", at)


def _object(value: Any, fields: Fields, at: str) -> Iterator[str]:
    if isinstance(value, dict):
        yield from field_faults(value, fields, at)
    else:
        yield _say("must be an object", at)


def _element(value: Any, allowed: Sequence[str], at: str) -> Iterator[str]:
    kind = value.get("type") if isinstance(value, dict) else None
    if kind not in allowed:
        yield _say(f"unsupported type: {kind}", f"{at}/type")
    else:
        yield from field_faults(value, ELEMENTS[str(kind)], at)


def _text(value: Any, kind: str, most: int, at: str) -> Iterator[str]:
    found = value.get("type") if isinstance(value, dict) else None
    if kind == "mixed" and found == "image":
        yield from field_faults(value, ELEMENTS["image"], at)
        return
    if found not in (("plain_text",) if kind == "plain" else ("plain_text", "mrkdwn")):
        yield _say(f"unsupported type: {found}", f"{at}/type")
        return
    extra: Fields = {"emoji": ("bool", "")} if found == "plain_text" else {"verbatim": ("bool", "")}
    yield from field_faults({k: v for k, v in value.items() if k != "text"}, extra, at)
    yield from _string(value.get("text"), most or LIMITS["text_object.max"], f"{at}/text", least=1)


def _string(value: Any, most: int, at: str, *, least: int) -> Iterator[str]:
    if not isinstance(value, str):
        yield _say("must be a string", at)
    elif len(value) < least:
        yield _say("must be more than 0 characters", at)
    elif units(value) > most:
        yield _say(f"must be less than {most + 1} characters", at)


def units(text: str) -> int:
    """Return the length in UTF-16 units, the stricter of the ways in which Slack may count."""
    return len(text) + sum(character > "\uffff" for character in text)


def _say(what: str, at: str) -> str:
    return f"{what} [json-pointer:{at}]"
