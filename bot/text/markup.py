"""HTML to text in one pass without a tree, so that no nesting or unclosed tag makes it slower than linear.

HTML5 tree builders (measured: lexbor through resiliparse) take up to minutes for a megabyte of hostile tags.
Source: WHATWG HTML, tokenization and optional tags, as far as they decide which words are seen.
"""

from __future__ import annotations

import html
import re
from collections import Counter

_TAG = re.compile(r"<(?:(!--)|(/?)([A-Za-z][^\s/>]*+)|[!?/])")
_ATTRIBUTE = re.compile(
    r"""[\s/]*+([^\s/>][^\s/>=]*+)(?:\s*+=\s*+(?:"([^"]*+)"|'([^']*+)'|([^\s>"'][^\s>]*+)?))?+"""
)
_TAG_END = re.compile(r"[\s/]*+>")
_SPACES = re.compile(r"[ \t\n\r\f]+")
# html.unescape raises for a number of thousands of digits; none beyond seven names a character.
_NO_CHARACTER = re.compile(r"&#(?:[xX][0-9a-fA-F]{7,}|[0-9]{8,});?")

_VOID = frozenset("area base br col embed hr img input link meta param source track wbr".split())
_RAW = frozenset("script style title textarea xmp iframe noembed noframes".split())
_UNSEEN = frozenset("template noscript svg math object select datalist audio video canvas".split())
_PARAGRAPH = frozenset("p h1 h2 h3 h4 h5 h6 ul ol dl blockquote pre table".split())
_BLOCK = _PARAGRAPH | frozenset(
    "address article aside center dd details div dt fieldset figcaption figure footer form header hr li main "
    "nav section summary tr tbody thead tfoot caption body html".split()
)
# A start tag closes an open element of these: its own kind, a paragraph at any block.
_CLOSES = {"li": {"li"}, "dt": {"dt", "dd"}, "dd": {"dt", "dd"}, "td": {"td", "th"}, "th": {"td", "th"}}
_CLOSES["tr"] = {"td", "th", "tr"}
_HIDING_STYLE = re.compile(
    r"display\s*:\s*none|visibility\s*:\s*hidden|mso-hide\s*:\s*all|(?:font-size|opacity)\s*:\s*0(?![.\d])",
    re.IGNORECASE,
)
# Earlier messages, their introductions, and signatures, as mail programs mark them.
_OTHERS_CLASSES = frozenset(
    "gmail_attr moz-cite-prefix yahoo_quoted protonmail_quote tutanota_quote zmail_extra gmail_signature "
    "moz-signature protonmail_signature_block ms-outlook-mobile-signature".split()
)
_SIGNATURE_IDS = frozenset({"signature", "ms-outlook-mobile-signature"})
# Outlook puts the earlier messages after these, as siblings.
_REST_IS_QUOTED = frozenset({"divrplyfwdmsg", "appendonsend"})


def text_of(source: str, *, without_quotes: bool) -> str:
    """Return what a reader of the HTML sees, in lines and paragraphs; without hidden parts, images and forms.

    without_quotes: leave out what mail programs mark as an earlier message or a signature; a line `>` stands
    where a quoted block stood, as in plain mail.
    """
    reader = _Reader(without_quotes)
    at = 0
    while at < len(source) and not reader.is_done:
        start = source.find("<", at)
        if start < 0:
            reader.words(source[at:])
            break
        reader.words(source[at:start])
        tag = _TAG.match(source, start)
        if tag is None:
            reader.words("<")
            at = start + 1
        else:
            at = _after(source, tag, reader)
    return "".join(reader.parts)


def _after(source: str, tag: re.Match[str], reader: _Reader) -> int:
    """Return where reading goes on after the tag or comment: the end for one never closed, as in browsers."""
    comment, slash, name = tag.group(1), tag.group(2), tag.group(3)
    if comment:
        return _past(source, "-->", tag.end() - 2)
    if not name:
        return _past(source, ">", tag.end())
    name = name.lower()
    attributes, at = _attributes(source, tag.end())
    if slash:
        reader.end(name)
    elif at <= len(source):
        reader.start(name, attributes)
        if name in _RAW:
            close = re.compile(f"</{name}(?=[\\s/>])", re.IGNORECASE).search(source, at)
            return close.start() if close else len(source)
    return at


def _past(source: str, mark: str, at: int) -> int:
    found = source.find(mark, at)
    return len(source) if found < 0 else found + len(mark)


def _attributes(source: str, at: int) -> tuple[dict[str, str], int]:
    """Return the tag's attributes and the place after it, past source's end for a tag that is cut off."""
    found: dict[str, str] = {}
    while not (end := _TAG_END.match(source, at)):
        attribute = _ATTRIBUTE.match(source, at)
        if attribute is None:
            return found, len(source) + 1
        name, double, single, bare = attribute.groups()
        found.setdefault(name.lower(), double or single or bare or "")
        at = attribute.end()
    return found, end.end()


class _Reader:
    """The text so far and the elements that are open; within a hidden one, nothing is added."""

    def __init__(self, without_quotes: bool) -> None:
        self.parts: list[str] = []
        self.is_done = False
        self._without_quotes = without_quotes
        self._open: list[str] = []
        self._count: Counter[str] = Counter()
        self._hidden_at: int | None = None
        # Line ends owed before the next words: those of nested and adjoining blocks are one.
        self._gap = 0

    def words(self, source: str) -> None:
        if self._hidden_at is None and source:
            seen = html.unescape(_NO_CHARACTER.sub("", source)) if "&" in source else source
            self._add(seen if self._count["pre"] else _SPACES.sub(" ", seen))

    def start(self, name: str, attributes: dict[str, str]) -> None:
        closes = _CLOSES.get(name, set()) | ({"p"} if name in _BLOCK else set())
        while self._open and self._open[-1] in closes:
            self._pop()
        is_seen = self._hidden_at is None and not _is_hidden(name, attributes)
        if is_seen:
            self._break(name)
        if name in _VOID:
            return
        self._open.append(name)
        self._count[name] += 1
        if self._hidden_at is None and (not is_seen or self._is_quoted(name, attributes)):
            self._hidden_at = len(self._open)

    def end(self, name: str) -> None:
        is_seen = self._hidden_at is None
        if self._count[name]:
            while self._pop() != name:
                pass
        if is_seen:
            self._break(name)

    def _pop(self) -> str:
        name = self._open.pop()
        self._count[name] -= 1
        if self._hidden_at is not None and len(self._open) < self._hidden_at:
            self._hidden_at = None
        return name

    def _break(self, name: str) -> None:
        if name == "br":
            self._add("\n")
        elif name in ("td", "th"):
            self._add("\t")
        elif name in _BLOCK:
            self._gap = max(self._gap, 2 if name in _PARAGRAPH else 1)

    def _add(self, text: str) -> None:
        if text in (" ", "\t") and self._gap:
            return
        self.parts.append("\n" * self._gap + text)
        self._gap = 0

    def _is_quoted(self, name: str, attributes: dict[str, str]) -> bool:
        """Whether the element is an earlier message or a signature, to be left out."""
        if not self._without_quotes or not attributes:
            return False
        classes = set(attributes.get("class", "").split())
        identity = attributes.get("id", "").lower().removeprefix("x_")
        self.is_done = identity in _REST_IS_QUOTED
        is_cited = name == "blockquote" and ("gmail_quote" in classes or attributes.get("type") == "cite")
        if is_cited:
            self._add("\n>\n")
        return is_cited or identity in _SIGNATURE_IDS or bool(classes & _OTHERS_CLASSES)


def _is_hidden(name: str, attributes: dict[str, str]) -> bool:
    is_unseen = name in _RAW or name in _UNSEEN or "hidden" in attributes
    return is_unseen or bool(_HIDING_STYLE.search(attributes.get("style", "")))
