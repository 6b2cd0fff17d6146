"""Jira's document format as HTML."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from markupsafe import Markup, escape

from integrations.sandbox.viewer import wiki
from integrations.sandbox.viewer.mrkdwn import lines, web_link

TAGS = {
    "paragraph": "p",
    "bulletList": "ul",
    "orderedList": "ol",
    "listItem": "li",
    "blockquote": "blockquote",
    "codeBlock": "pre",
    "panel": "aside",
    "table": "table",
    "tableRow": "tr",
    "tableHeader": "th",
    "tableCell": "td",
    "doc": "div",
    "heading": "h4",
}
VOID = {"hardBreak": "<br>", "rule": "<hr>"}
MARKS = {"strong": "b", "em": "i", "code": "code", "strike": "s", "underline": "u"}


def to_html(node: Any) -> Markup:
    """Return a document, or wiki text, as HTML; nodes not known show what is in them."""
    if not isinstance(node, Mapping):
        return wiki.to_html(str(node or ""))
    kind = str(node.get("type"))
    if kind == "text":
        return _marked(node)
    if kind in VOID:
        return Markup(VOID[kind])  # noqa: S704 - our own tags
    if kind in ("mention", "emoji", "status", "date"):
        attrs = node.get("attrs", {})
        return escape(attrs.get("text") or attrs.get("shortName") or "")
    return _wrapped(TAGS[kind], node) if kind in TAGS else _inside(node)


def _inside(node: Mapping[str, Any]) -> Markup:
    return Markup("").join(to_html(child) for child in node.get("content", []))


def _wrapped(tag: str, node: Mapping[str, Any]) -> Markup:
    return Markup("<{0} dir=auto>{1}</{0}>").format(Markup(tag), _inside(node))  # noqa: S704 - our own tags


def _marked(node: Mapping[str, Any]) -> Markup:
    shown = lines(str(node.get("text", "")))
    for mark in node.get("marks", []):
        if mark["type"] == "link":
            shown = web_link(str(mark.get("attrs", {}).get("href", "")), str(shown.unescape()))
        elif mark["type"] in MARKS:
            shown = Markup("<{0}>{1}</{0}>").format(Markup(MARKS[mark["type"]]), shown)  # noqa: S704 - our own tags
    return shown
