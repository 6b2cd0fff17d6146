"""Atlassian Document Format: annotations and plain text as documents, and documents as plain text.

Customers' words go into text nodes only, which Jira never reads as markup.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from datetime import UTC, datetime
from typing import Any

from bot.domain.annotation import Annotation
from bot.domain.inert import clean, cut
from bot.domain.layout import Block, Words, blocks_of

Node = dict[str, Any]

MOST_CHARACTERS = 32_767
DEEPEST = 50
LINES = frozenset("paragraph heading codeBlock taskItem decisionItem".split())
ITEMS = frozenset("listItem taskItem decisionItem".split())


def document_of(text: str, most: int = MOST_CHARACTERS) -> Node:
    """Return plain text as a document, a paragraph for each block of lines, cut at a word's end."""
    blocks = (block.strip("\n") for block in cut(clean(text), most).split("\n\n"))
    return _document(_paragraph(_broken(block.split("\n"))) for block in blocks if block.strip())


def annotation_document(annotation: Annotation) -> Node:
    """Return the living comment."""
    return _document(_block(block) for block in blocks_of(annotation))


def to_text(document: Any) -> str:
    """Return a document's text, blocks on lines of their own; what is unknown gives the text within it."""
    if isinstance(document, str):
        return document.strip()
    lines = "".join(_pieces(document, 0)).split("\n")
    kept = [line.rstrip() for line in lines]
    return "\n".join(line for n, line in enumerate(kept) if line or (n and kept[n - 1])).strip()


def _document(blocks: Iterable[Node]) -> Node:
    return {"type": "doc", "version": 1, "content": list(blocks)}


def _paragraph(content: Sequence[Node]) -> Node:
    return {"type": "paragraph", "content": list(content)}


def _text(words: str, *marks: Node) -> Node:
    return {"type": "text", "text": words, **({"marks": list(marks)} if marks else {})}


def _broken(lines: Iterable[str]) -> list[Node]:
    content: list[Node] = []
    for number, line in enumerate(lines):
        content += [{"type": "hardBreak"}] if number else []
        content += [_text(line)] if line else []
    return content


def _block(block: Block) -> Node:
    content: list[Node] = []
    for number, line in enumerate(block.lines):
        content += [{"type": "hardBreak"}] if number else []
        content += [_words(words) for words in line]
    paragraph = _paragraph(content)
    return {"type": "blockquote", "content": [paragraph]} if block.is_quote else paragraph


def _words(words: Words) -> Node:
    link = [{"type": "link", "attrs": {"href": words.url}}] if words.url else []
    return _text(words.text, *([{"type": "strong"}] if words.is_strong else []), *link)


def _pieces(node: Any, depth: int) -> Iterator[str]:
    if not isinstance(node, dict) or depth > DEEPEST:
        return
    kind, attributes = str(node.get("type")), node.get("attrs")
    yield "- " if kind in ITEMS else ""
    if kind == "hardBreak":
        yield "\n"
    elif isinstance(node.get("text"), str):
        yield node["text"]
    elif isinstance(attributes, dict) and not node.get("content"):
        yield _inline(kind, attributes)
    children = node.get("content")
    for child in children if isinstance(children, list) else ():
        yield from _pieces(child, depth + 1)
    yield "\n" * ((kind in LINES) + (depth == 1))


def _inline(kind: str, attributes: Node) -> str:
    """Return what a leaf shows: a mention's name, an emoji, a card's address, a status, a day."""
    if kind == "date":
        try:
            return f"{datetime.fromtimestamp(int(attributes['timestamp']) / 1000, UTC):%Y-%m-%d}"
        except (KeyError, TypeError, ValueError, OverflowError, OSError):
            return ""
    shown = (attributes.get(name) for name in ("text", "shortName", "url"))
    return next((value for value in shown if isinstance(value, str)), "")
