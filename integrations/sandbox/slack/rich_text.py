"""Slack's rules for rich text: which elements nest in which, and what each must carry."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from typing import Any

LEAVES: Mapping[str, tuple[Sequence[str], Sequence[str]]] = {  # required strings, optional fields
    "text": (("text",), ("style",)),
    "link": (("url",), ("text", "style", "unsafe")),
    "emoji": (("name",), ("style", "unicode")),
    "user": (("user_id",), ("style",)),
    "channel": (("channel_id",), ("style",)),
    "usergroup": (("usergroup_id",), ("style",)),
    "broadcast": (("range",), ("style",)),
}
GROUPS: Mapping[str, Sequence[str]] = {
    "rich_text_section": (),
    "rich_text_quote": ("border",),
    "rich_text_preformatted": ("border",),
    "rich_text_list": ("style", "indent", "border"),
}
STYLES = ("bold", "italic", "strike", "code", "underline")


def rich_text_faults(elements: Any, at: str) -> Iterator[str]:
    """Yield what is wrong with the elements of a rich_text block."""
    if not isinstance(elements, list) or not elements:
        yield f"must be an array with at least 1 item [json-pointer:{at}]"
        return
    for number, element in enumerate(elements):
        yield from _group(element, f"{at}/{number}")


def _group(group: Any, at: str) -> Iterator[str]:
    kind = group.get("type") if isinstance(group, dict) else None
    if kind not in GROUPS:
        yield f"unsupported type: {kind} [json-pointer:{at}/type]"
        return
    for name in set(group) - {"type", "elements", *GROUPS[str(kind)]}:
        yield f"additional properties are not allowed: {name} [json-pointer:{at}]"
    children = group.get("elements")
    if not isinstance(children, list):
        yield f"missing required field: elements [json-pointer:{at}]"
    elif kind == "rich_text_list":
        if group.get("style") not in ("bullet", "ordered"):
            yield f"must be one of: bullet, ordered [json-pointer:{at}/style]"
        for number, child in enumerate(children):
            if not isinstance(child, dict) or child.get("type") != "rich_text_section":
                yield f"a list holds rich_text_section only [json-pointer:{at}/elements/{number}/type]"
            else:
                yield from _group(child, f"{at}/elements/{number}")
    else:
        for number, child in enumerate(children):
            yield from _leaf(child, f"{at}/elements/{number}")


def _leaf(leaf: Any, at: str) -> Iterator[str]:
    kind = leaf.get("type") if isinstance(leaf, dict) else None
    if kind not in LEAVES:
        yield f"unsupported type: {kind} [json-pointer:{at}/type]"
        return
    required, optional = LEAVES[str(kind)]
    for name in set(leaf) - {"type", *required, *optional}:
        yield f"additional properties are not allowed: {name} [json-pointer:{at}]"
    for name in required:
        if not isinstance(leaf.get(name), str):
            yield f"missing required field: {name} [json-pointer:{at}]"
        elif not leaf[name]:
            yield f"must be more than 0 characters [json-pointer:{at}/{name}]"
    if kind == "link" and not str(leaf.get("url")).startswith(("http://", "https://", "mailto:")):
        yield f"must be a valid url [json-pointer:{at}/url]"
    style = leaf.get("style", {})
    if not isinstance(style, dict) or any(k not in STYLES or type(v) is not bool for k, v in style.items()):
        yield f"failed to match all allowed schemas [json-pointer:{at}/style]"
