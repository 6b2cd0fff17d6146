"""Our own rules: words stand without pictures, colours or blocks, and nobody is called by accident."""

from __future__ import annotations

import re
import unicodedata
from collections import Counter
from collections.abc import Collection, Iterator
from typing import Any

from tests.slack_check.nodes import Node, strings

MENTION = re.compile(r"<([@#!][^>|\s]+)(?:\|[^>]*)?>")
LINK = re.compile(r"<[a-z]+:[^>|]*\|([^>]*)>")
SHORTCODE = re.compile(r":[a-z0-9_+-]+:")
COLOURED = re.compile(
    "[🔴🟠🟡🟢🔵🟣🟤⚫⚪🟥🟧🟨🟩🟦🟪🟫⬛⬜❤🧡💛💚💙💜]|:(?:large_)?[a-z]+_(?:circle|square|heart):"
)


def says_something(text: Any) -> bool:
    """Return whether the text says something without its mentions and marks; an emoji is read out."""
    left = SHORTCODE.sub(" ", MENTION.sub(" ", LINK.sub(r"\1", str(text or ""))))
    return any(c.isalnum() or unicodedata.category(c) == "So" for c in left)


def alone_faults(message: Node) -> Iterator[tuple[str, str]]:
    """Yield where a message's text does not stand alone for screen readers and notifications."""
    if not says_something(message.get("text")):
        yield "/text", "text.alone: it must say what the message says"


def part_faults(part: Node, known: Collection[str]) -> Iterator[tuple[str, str]]:
    """Yield what is wrong with one part of a message or view. known: ids of the workspace."""
    if "image" in part.kinds and not str(part.get("alt_text") or "").strip():
        yield f"{part.pointer}/alt_text", "image.alt: an image needs a text"
    if "actions" in part.kinds:
        yield from _button_faults(part)
    if part.kinds & {"text_object", "rich_text_section"}:
        seen = "".join(strings(part.get("elements") or part.get("text")))
        if COLOURED.search(seen) and not says_something(COLOURED.sub(" ", seen)):
            yield part.pointer, "colour.alone: a colour needs a word beside it"
    if "mrkdwn" in part.kinds or "markdown" in part.kinds:
        yield from mention_faults(part.get("text"), f"{part.pointer}/text", known)
    if part.kinds & {"broadcast", "usergroup"}:
        yield part.pointer, "mention.many: nobody asked to call a whole channel or group"
    for kind in ("user", "channel"):
        if kind in part.kinds and f"{kind}_id" in part.value and part.get(f"{kind}_id") not in known:
            yield part.pointer, f"mention.stranger: {part.get(f'{kind}_id')}"


def mention_faults(text: Any, pointer: str, known: Collection[str]) -> Iterator[tuple[str, str]]:
    """Yield the mentions in mrkdwn that Voc cannot have meant. known: ids of the workspace."""
    for found in MENTION.findall(str(text or "")):
        if found.startswith("!") and not found.startswith("!date^"):
            yield pointer, f"mention.many: {found}"
        elif found[0] in "@#" and found[1:] not in known:
            yield pointer, f"mention.stranger: {found}"


def unique_faults(blocks: list[Any], pointer: str) -> Iterator[tuple[str, str]]:
    """Yield block ids that stand twice in one message or view, and action ids within one block."""
    ids = Counter(b["block_id"] for b in blocks if isinstance(b, dict) and b.get("block_id"))
    yield from ((pointer, f"block_id.unique: {name}") for name, times in ids.items() if times > 1)
    for number, block in enumerate(blocks):
        elements = block.get("elements") if isinstance(block, dict) else None
        acts = Counter(e["action_id"] for e in elements or [] if isinstance(e, dict) and "action_id" in e)
        for name, times in acts.items():
            if times > 1:
                yield f"{pointer}/{number}", f"action_id.unique: {name}"


def _button_faults(row: Node) -> Iterator[tuple[str, str]]:
    """Yield buttons of a row that say the same and are told apart by their style."""
    styles: dict[str, set[str]] = {}
    for element in row.get("elements") or []:
        if isinstance(element, dict) and element.get("type") == "button":
            said = element.get("accessibility_label") or (element.get("text") or {}).get("text")
            styles.setdefault(str(said), set()).add(str(element.get("style")))
    for said, own in styles.items():
        if len(own) > 1:
            yield row.pointer, f"colour.alone: only its style tells one {said!r} from another"
