"""Atlassian Document Format as Jira takes it: what is no valid document is refused, nothing is mended.

Source: developer.atlassian.com/cloud/jira/platform/apis/document/structure, and its pages of nodes and marks.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any
from urllib.parse import urlsplit

MOST_CHARACTERS = 32_767
INLINE = frozenset("text hardBreak mention emoji inlineCard date status".split())
TEXT = frozenset({"text"})
LISTS = frozenset({"bulletList", "orderedList"})
CELL = LISTS | {"paragraph", "heading", "blockquote", "codeBlock", "panel", "rule"}
TOP = CELL | {"table", "expand", "taskList"}

NOT_IN_URLS = re.compile(r"""[\s\x00-\x1f\x7f"<>\\^`{|}]""")

Check = Callable[[Any], bool]


def _is_text(value: Any) -> bool:
    return isinstance(value, str) and value != ""


def _is_whole(low: int, high: int) -> Check:
    return lambda value: isinstance(value, int) and not isinstance(value, bool) and low <= value <= high


def _is_one_of(*allowed: str) -> Check:
    return lambda value: value in allowed


def is_link(value: Any) -> bool:
    """Return whether the value is an address of a web page or mailbox, without a sign that none may hold."""
    if not isinstance(value, str) or NOT_IN_URLS.search(value):
        return False
    parts = urlsplit(value)
    return parts.scheme in ("http", "https", "mailto") and bool(parts.netloc or parts.path)


@dataclass(frozen=True, slots=True)
class Rule:
    """What a node may hold. least: fewest children; first: what the first may be; marks: on its text."""

    children: frozenset[str] = frozenset()
    required: Mapping[str, Check] = field(default_factory=dict)
    optional: Mapping[str, Check] = field(default_factory=dict)
    least: int = 0
    first: frozenset[str] = frozenset()
    marks: bool = True


RULES: Mapping[str, Rule] = {
    "paragraph": Rule(INLINE),
    "heading": Rule(INLINE, {"level": _is_whole(1, 6)}),
    "bulletList": Rule(frozenset({"listItem"}), least=1),
    "orderedList": Rule(frozenset({"listItem"}), optional={"order": _is_whole(0, 10**6)}, least=1),
    "listItem": Rule(
        LISTS | {"paragraph", "codeBlock"}, least=1, first=frozenset({"paragraph", "codeBlock"})
    ),
    "blockquote": Rule(LISTS | {"paragraph", "codeBlock"}, least=1),
    "codeBlock": Rule(TEXT, optional={"language": _is_text}, marks=False),
    "rule": Rule(),
    "panel": Rule(
        LISTS | {"paragraph", "heading"},
        {"panelType": _is_one_of("info", "note", "tip", "warning", "error", "success")},
        least=1,
    ),
    "expand": Rule(CELL, optional={"title": _is_text}, least=1),
    "taskList": Rule(frozenset({"taskItem"}), {"localId": _is_text}, least=1),
    "taskItem": Rule(INLINE, {"localId": _is_text, "state": _is_one_of("TODO", "DONE")}),
    "table": Rule(frozenset({"tableRow"}), least=1),
    "tableRow": Rule(frozenset({"tableCell", "tableHeader"}), least=1),
    "tableCell": Rule(CELL, least=1),
    "tableHeader": Rule(CELL, least=1),
    "hardBreak": Rule(optional={"text": _is_one_of("\n")}),
    "mention": Rule(required={"id": _is_text}, optional={"text": _is_text, "accessLevel": _is_text}),
    "emoji": Rule(required={"shortName": _is_text}, optional={"id": _is_text, "text": _is_text}),
    "inlineCard": Rule(required={"url": is_link}),
    "date": Rule(required={"timestamp": _is_text}),
    "status": Rule(required={"text": _is_text, "color": _is_text}),
}
MARKS: Mapping[str, Rule] = {
    "link": Rule(required={"href": is_link}, optional={"title": _is_text}),
    "textColor": Rule(required={"color": _is_text}),
    "subsup": Rule(required={"type": _is_one_of("sub", "sup")}),
    **{name: Rule() for name in ("strong", "em", "code", "strike", "underline")},
}


def fault(document: Any) -> str:
    """Return what is wrong with the document, "" for a valid one."""
    return next(_faults_of_document(document), "")


def length(node: Any) -> int:
    """Return how much of the limit the document uses: UTF-16 units of its text and one for each break."""
    if node.get("type") == "text":
        return utf16(node["text"])
    children = node.get("content", [])
    between = max(0, len(children) - 1) if children and children[0].get("type") not in INLINE else 0
    return int(node.get("type") == "hardBreak") + between + sum(length(child) for child in children)


def utf16(text: str) -> int:
    """Return the length of text as Jira counts it."""
    return len(text.encode("utf-16-le", "surrogatepass")) // 2


def plain(node: Any) -> str:
    """Return the document's text, for tests and the viewer to look at."""
    if node.get("type") == "text":
        return str(node["text"])
    if node.get("type") == "hardBreak":
        return "\n"
    children = node.get("content", [])
    between = "\n" if children and children[0].get("type") not in INLINE else ""
    return between.join(plain(child) for child in children)


def document_of(text: str) -> dict[str, Any]:
    """Return plain text as a document: a paragraph for each block of lines."""
    blocks = [block for block in text.replace("\r\n", "\n").split("\n\n") if block.strip()]
    return {"type": "doc", "version": 1, "content": [_paragraph(block.strip("\n")) for block in blocks]}


def _paragraph(block: str) -> dict[str, Any]:
    content: list[dict[str, Any]] = []
    for number, line in enumerate(block.split("\n")):
        if number:
            content.append({"type": "hardBreak"})
        if line:
            content.append({"type": "text", "text": line})
    return {"type": "paragraph", "content": content}


def _faults_of_document(document: Any) -> Iterator[str]:
    if not isinstance(document, dict):
        yield "a document is an object"
    elif set(document) != {"type", "version", "content"}:
        yield "a document has type, version and content and nothing else"
    elif document["type"] != "doc" or document["version"] != 1 or isinstance(document["version"], bool):
        yield "a document has type doc and version 1"
    else:
        yield from _faults_of_children(document["content"], Rule(TOP), "doc")


def _faults_of_children(children: Any, rule: Rule, where: str) -> Iterator[str]:
    if not isinstance(children, list):
        yield f"{where}: content is a list"
        return
    if len(children) < rule.least:
        yield f"{where}: too few children"
    for number, child in enumerate(children):
        kind = child.get("type") if isinstance(child, dict) else None
        allowed = rule.first if number == 0 and rule.first else rule.children
        if kind not in allowed:
            yield f"{where}: {kind} is not allowed here"
        else:
            yield from _faults_of_node(child, f"{where}/{kind}", with_marks=rule.marks)


def _faults_of_node(node: dict[str, Any], where: str, *, with_marks: bool) -> Iterator[str]:
    if node["type"] == "text":
        yield from _faults_of_text(node, where, with_marks=with_marks)
        return
    rule = RULES[node["type"]]
    if unknown := set(node) - {"type", "attrs", "content"}:
        yield f"{where}: unknown members {sorted(unknown)}"
    if "content" in node and not rule.children:
        yield f"{where}: takes no content"
    yield from _faults_of_attributes(node.get("attrs", {}), rule, where)
    if rule.children:
        yield from _faults_of_children(node.get("content", []), rule, where)


def _faults_of_attributes(attributes: Any, rule: Rule, where: str) -> Iterator[str]:
    if not isinstance(attributes, dict):
        yield f"{where}: attrs is an object"
        return
    checks = {"localId": _is_text, **rule.optional, **rule.required}
    for name in rule.required.keys() - attributes.keys():
        yield f"{where}: {name} is required"
    for name, value in attributes.items():
        if name not in checks or not checks[name](value):
            yield f"{where}: attribute {name} is not allowed or wrong"


def _faults_of_text(node: dict[str, Any], where: str, *, with_marks: bool) -> Iterator[str]:
    if unknown := set(node) - {"type", "text", "marks"}:
        yield f"{where}: unknown members {sorted(unknown)}"
    if not _is_text(node.get("text")):
        yield f"{where}: text must not be empty"
    elif with_marks and "\n" in node["text"]:
        yield f"{where}: a line ends with a hardBreak"
    marks = node.get("marks", [])
    if not isinstance(marks, list) or (marks and not with_marks):
        yield f"{where}: marks are not allowed here"
        return
    kinds = [mark.get("type") if isinstance(mark, dict) else None for mark in marks]
    if len(set(kinds)) < len(kinds) or ("code" in kinds and not set(kinds) <= {"code", "link"}):
        yield f"{where}: these marks do not go together"
    for kind, mark in zip(kinds, marks, strict=True):
        if kind is None or kind not in MARKS or set(mark) - {"type", "attrs"}:
            yield f"{where}: unknown mark {kind}"
        else:
            yield from _faults_of_attributes(mark.get("attrs", {}), MARKS[kind], f"{where}/{kind}")
