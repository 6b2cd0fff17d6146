"""What Slack says of choices beyond their shape: what is chosen at first, and where the cursor stands.

Sources: the doc comments of @slack/types on initial_option, initial_options and focus_on_load.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

Json = dict[str, Any]


def choice_faults(blocks: Any, at: str = "/blocks") -> Iterator[str]:
    """Yield what is wrong with the elements of blocks whose shapes are right."""
    focused = 0
    for number, block in enumerate(blocks if isinstance(blocks, list) else []):
        for element in _elements(block):
            yield from _initial(element, f"{at}/{number}")
            focused += element.get("focus_on_load") is True
    if focused > 1:
        yield f"only one element can be focused on load [json-pointer:{at}]"


def _elements(block: Any) -> Iterator[Json]:
    if isinstance(block, dict):
        listed = block.get("elements")
        some = [
            *(listed if isinstance(listed, list) else []),
            block.get("element"),
            block.get("accessory"),
        ]
        yield from (one for one in some if isinstance(one, dict))


def _initial(element: Json, at: str) -> Iterator[str]:
    """Yield that something is chosen at first which is not among the options; Slack compares them whole."""
    options = element.get("options")
    if not isinstance(options, list):
        return
    chosen = element.get("initial_options", [])
    first = [element["initial_option"]] if "initial_option" in element else []
    for one in [*first, *(chosen if isinstance(chosen, list) else [])]:
        if one not in options:
            yield f"initial option is none of the options [json-pointer:{at}/{element.get('type')}]"
