"""A payload as a walk over its parts, each with its kind and its place."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

# What a part without a `type` is, by the name that it stands under.
BY_NAME = {
    "options": "option",
    "initial_option": "option",
    "initial_options": "option",
    "option_groups": "option_group",
    "confirm": "confirm",
}
SELECTS = ("static_select", "external_select", "users_select", "conversations_select", "channels_select")


@dataclass(frozen=True, slots=True)
class Node:
    """An object within a payload. kinds: what it is, e.g. a button is "button" and "element"."""

    kinds: frozenset[str]
    value: dict[str, Any]
    pointer: str

    def get(self, name: str) -> Any:
        """Return a field, None without it."""
        return self.value.get(name)


def nodes(value: Any, pointer: str = "", name: str = "") -> Iterator[Node]:
    """Yield every object below and including the value, outermost first."""
    if isinstance(value, list):
        for number, item in enumerate(value):
            yield from nodes(item, f"{pointer}/{number}", name)
    elif isinstance(value, dict):
        yield Node(_kinds(value, name), value, pointer)
        for field, inner in value.items():
            yield from nodes(inner, f"{pointer}/{field}", field)


def strings(value: Any, name: str = "") -> Iterator[str]:
    """Yield every string below the value but the names of types."""
    if isinstance(value, str):
        if name != "type":
            yield value
    elif isinstance(value, dict | list):
        pairs = value.items() if isinstance(value, dict) else ((name, item) for item in value)
        for field, inner in pairs:
            yield from strings(inner, field)


def units(text: str) -> int:
    """Return the length in UTF-16 units, the stricter of the ways in which Slack may count."""
    return len(text.encode("utf-16-le", "surrogatepass")) // 2


def size(value: Any) -> float:
    """Return how long a text or a text object is, how many a list has, or the number itself."""
    if isinstance(value, dict):
        value = value.get("text", "")
    if isinstance(value, str):
        return units(value)
    return len(value) if isinstance(value, list) else float(value)


def _kinds(value: dict[str, Any], name: str) -> frozenset[str]:
    kind = value.get("type")
    found = {str(kind)} if kind else {BY_NAME.get(name, "")}
    if name in ("blocks", "child_blocks"):
        found.add("block")
    if "action_id" in value:
        found.add("element")
    if kind in ("plain_text", "mrkdwn"):
        found.add("text_object")
    if isinstance(kind, str) and kind.removeprefix("multi_") in SELECTS:
        found.add("select")
    return frozenset(found)
