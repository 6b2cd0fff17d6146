"""Atlassian Document Format: annotations and plain text as documents, and documents as plain text.

Customers' words go into text nodes only, which Jira never reads as markup.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable, Iterator, Sequence
from datetime import UTC, datetime
from typing import Any

from bot.domain.annotation import Annotation, Reach, cut_at_word, one_line
from bot.domain.voice import QuotedVoice

Node = dict[str, Any]

MOST_CHARACTERS = 32_767
MOST_QUOTES, MOST_KINDS, MOST_VALUES = 3, 5, 5
LONGEST_QUOTE, LONGEST_FACT, LONGEST_URL = 2_000, 80, 2_000
DEEPEST = 50
_SIGN = r"""\s"<>\\^`{|}\x00-\x1f\x7f\ud800-\udfff"""  # what no address may hold as it is
ADDRESS = re.compile(f"https?://[^/?#{_SIGN}][^{_SIGN}]*")
LINES = frozenset("paragraph heading codeBlock taskItem decisionItem".split())
ITEMS = frozenset("listItem taskItem decisionItem".split())
KINDS = {"app_version": "app version", "os": "OS"}


def cut(text: str, most: int) -> str:
    """Return text cut at a word's end to `most` (2 or more) UTF-16 units, which is what Jira counts."""
    kept = cut_at_word(text, most)
    while kept and (over := len(kept.encode("utf-16-le", "surrogatepass")) // 2 - most) > 0:
        kept = cut_at_word(kept, max(1, len(kept) - (over + 1) // 2))
    return kept


def clean(text: str) -> str:
    """Return text without what Jira can't store: lone surrogates, control characters but "\\n" and "\\t"."""
    return "".join(c for c in text if c in "\n\t" or unicodedata.category(c) not in ("Cc", "Cs"))


def document_of(text: str, most: int = MOST_CHARACTERS) -> Node:
    """Return plain text as a document, a paragraph for each block of lines, cut at a word's end."""
    blocks = (block.strip("\n") for block in cut(clean(text), most).split("\n\n"))
    return _document(_paragraph(_broken(block.split("\n"))) for block in blocks if block.strip())


def annotation_document(annotation: Annotation) -> Node:
    """Return the living comment, at most twelve lines."""
    blocks = [_paragraph(_reach_lines(annotation))]
    blocks += [_quote(voice) for voice in annotation.quotes[:MOST_QUOTES]]
    if context := _context(annotation):
        blocks.append(_paragraph([_text("As stated: " + context)]))
    heard = f"First heard {_day(annotation.first_heard)}, last heard {_day(annotation.last_heard)}"
    blocks.append(_paragraph([_text(heard), *_links(annotation)]))
    return _document(blocks)


def to_text(document: Any) -> str:
    """Return a document's text, blocks on lines of their own; what is unknown gives the text within it."""
    if isinstance(document, str):
        return document.strip()
    lines = "".join(_pieces(document, 0)).split("\n")
    kept = [line.rstrip() for line in lines]
    return "\n".join(line for n, line in enumerate(kept) if line or (n and kept[n - 1])).strip()


def is_link(url: str) -> bool:
    """Return whether url is a web address that may stand in a document."""
    return len(url) <= LONGEST_URL and ADDRESS.fullmatch(url) is not None


def _document(blocks: Iterable[Node]) -> Node:
    return {"type": "doc", "version": 1, "content": list(blocks)}


def _paragraph(content: Sequence[Node]) -> Node:
    return {"type": "paragraph", "content": list(content)}


def _text(words: str, *marks: Node) -> Node:
    return {"type": "text", "text": words, **({"marks": list(marks)} if marks else {})}


def _link(words: str, url: str) -> Node:
    return _text(words, {"type": "link", "attrs": {"href": url}})


def _broken(lines: Iterable[str]) -> list[Node]:
    content: list[Node] = []
    for number, line in enumerate(lines):
        content += [{"type": "hardBreak"}] if number else []
        content += [_text(line)] if line else []
    return content


def _reach_lines(annotation: Annotation) -> list[Node]:
    said = _text(_reach(annotation.reach), {"type": "strong"})
    new = annotation.new_this_month
    added = _reach(new) if new.people or new.companies else "nobody"
    content = [said, _text(f" | new in the last 30 days: {added}")]
    if annotation.heard_after_done:
        content += [{"type": "hardBreak"}, _text("Reported again after the fix", {"type": "strong"})]
    return content


def _reach(reach: Reach) -> str:
    parts = [_count(reach.people, "person", "people")]
    parts += [_count(reach.companies, "company", "companies")] if reach.companies else []
    if reach.revenue:
        money = " + ".join(f"{sum_.currency} {sum_.amount:,.0f}" for sum_ in reach.revenue)
        parts.append(f"{money} a year")
    return " · ".join(parts)


def _count(number: int, one: str, many: str) -> str:
    return f"{number:,} {one if number == 1 else many}"


def _quote(voice: QuotedVoice) -> Node:
    words = one_line(clean(voice.words)) + ("…" if voice.cut else "")
    content = [_text(f"“{cut(words, LONGEST_QUOTE)}”"), {"type": "hardBreak"}, _text("— " + _speaker(voice))]
    if is_link(voice.url):
        content += [_text(" · "), _link("conversation", voice.url)]
    return {"type": "blockquote", "content": [_paragraph(content)]}


def _speaker(voice: QuotedVoice) -> str:
    who = " at ".join(part for part in (_fact(voice.role), _fact(voice.company)) if part) or "a customer"
    known = [who, _fact(voice.plan) and f"{_fact(voice.plan)} plan", _fact(voice.segment)]
    known += [f"customer since {voice.since:%Y-%m}" if voice.since else "", _day(voice.said_at)]
    return " · ".join(part for part in known if part)


def _fact(text: str) -> str:
    return cut(one_line(clean(text)), LONGEST_FACT)


def _context(annotation: Annotation) -> str:
    kinds = []
    for kind, values in annotation.context[:MOST_KINDS]:
        shown = ", ".join(f"{_fact(value)} ({often})" for value, often in values[:MOST_VALUES])
        kinds.append(f"{KINDS.get(kind, _fact(kind))} {shown}")
    return " · ".join(kinds)


def _links(annotation: Annotation) -> Iterator[Node]:
    for words, url in (("all of it", annotation.all_url), ("wrong match?", annotation.wrong_match_url)):
        if is_link(url):
            yield from (_text(" | "), _link(words, url))


def _day(moment: datetime) -> str:
    return f"{moment.astimezone(UTC):%Y-%m-%d}"


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
            return _day(datetime.fromtimestamp(int(attributes["timestamp"]) / 1000, UTC))
        except (KeyError, TypeError, ValueError, OverflowError, OSError):
            return ""
    shown = (attributes.get(name) for name in ("text", "shortName", "url"))
    return next((value for value in shown if isinstance(value, str)), "")
