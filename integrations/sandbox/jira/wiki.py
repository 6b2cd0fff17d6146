"""Wiki text as Jira Data Center reads it: which of its signs are live, and what a reader sees.

Source: the server's own help, "Text Formatting Notation" (/secure/WikiRendererHelpAction.jspa?section=all).
Judged more strictly than a server does: what might be live, counts as live.
"""

from __future__ import annotations

import html
import re
from collections.abc import Iterator
from dataclasses import dataclass

MACRO = re.compile(r"(?<!\\)\{([^{}\n]+)\}")
LINK = re.compile(r"(?<!\\)\[([^\[\]\n]+)\]")
IMAGE = re.compile(r"(?<!\\)!(?=\S)([^!\n]+?)(?<=\S)!")
ADDRESS = re.compile(r"\b(?:https?|ftps?|file|irc|news|nntp)://\S+|\bmailto:\S+")
HELD = "\ufffc"  # stands for what is understood already
ON_A_LINE = {
    "heading": re.compile(r"^\s*h[1-6]\.", re.MULTILINE),
    "quote": re.compile(r"^\s*bq\.", re.MULTILINE),
    "list": re.compile(r"^\s*[*#-]+\s", re.MULTILINE),
    "rule": re.compile(r"^\s*-{4,}\s*$", re.MULTILINE),
    "table": re.compile(r"^\s*\|", re.MULTILINE),
}
WITHIN = {
    "dash": re.compile(r"(?<!\S)-{2,3}(?!\S)"),
    "break": re.compile(r"\\\\"),
    "face": re.compile(r":-?[()DPp]|;-?\)|\((?:[ynix/!+?*-]|on|off|flag|flagoff|\*[rgby]|c|r|tm)\)"),
    "key": re.compile(r"\b[A-Z][A-Z0-9_]+-\d+\b"),
}
PHRASES = ("*", "_", "+", "^", "~", "-", "??")


@dataclass(frozen=True, slots=True)
class Live:
    """A live piece of markup. kind: macro, link, mention, image, address, strong, list…"""

    kind: str
    text: str


def live(text: str) -> list[Live]:
    """Return all that a server might not show as plain words, in no order."""
    found: list[Live] = []
    rest = LINK.sub(lambda match: _held(found, _kind_of_link(match[1]), match[1]), text)
    rest = MACRO.sub(lambda match: _held(found, "macro", match[1]), rest)
    rest = IMAGE.sub(lambda match: _held(found, "image", match[1]), rest)
    rest = ADDRESS.sub(lambda match: _held(found, "address", match[0]), rest)
    return [*found, *_others(rest)]


def plain(text: str) -> str:
    """Return what a reader sees of a text whose only markup is links, quotes and strong words."""
    shown = LINK.sub(lambda match: match[1].split("|")[0], text)
    shown = re.sub(r"\n?(?<!\\)\{quote\}\n?", "\n", shown)
    shown = _phrase("*").sub(lambda match: match[1], MACRO.sub("", shown))
    return html.unescape(shown).strip()


def _kind_of_link(inside: str) -> str:
    if inside.startswith(("~", "^", "#")):
        return {"~": "mention", "^": "attachment", "#": "anchor"}[inside[0]]
    return "link"


def _held(found: list[Live], kind: str, text: str) -> str:
    found.append(Live(kind, text))
    return HELD


def _others(rest: str) -> Iterator[Live]:
    for kind, pattern in (ON_A_LINE | WITHIN).items():
        yield from (Live(kind, match[0]) for match in pattern.finditer(rest))
    for sign in PHRASES:
        kind = "strong" if sign == "*" else f"phrase {sign}"
        yield from (Live(kind, match[1]) for match in _phrase(sign).finditer(rest))
    yield from (Live("brace", sign) for sign in re.findall(r"(?<!\\)[{}]", rest))


def _phrase(sign: str) -> re.Pattern[str]:
    s = re.escape(sign)
    return re.compile(rf"(?<![\w\\]){s}(?=\S)((?:(?!{s})[^\n])+?)(?<=\S){s}(?!\w)")
