"""Linear's Markdown: customers' words escaped so that they show as they are, and annotations.

Linear publishes no lengths; MOST_WORDS keeps even fully escaped words within 20,000 characters.
"""

from __future__ import annotations

import re
from collections.abc import Iterable

from bot.domain.annotation import Annotation
from bot.domain.inert import clean, cut, is_address, one_line
from bot.domain.layout import Block, Words, blocks_of

MOST_WORDS = 10_000
JOINER = "\u2060"  # no width, no break: parts what Linear might link, and is not seen
BREAK = "\\\n"
_SIGNS = re.compile(r"([!-/:-@\[-`{-~])")
# What an editor links by itself: mentions, addresses of pages and mailboxes, keys of tickets.
_LINKED = re.compile(
    r"(?<=@)(?=\w)|(?<=\w)(?=@)|(?<=:)(?=//)|(?<=\w)(?=\.[^\W\d])|(?:(?<=[A-Za-z])|(?<=[A-Za-z]\d))(?=-\d)"
)
# Escaped signs wait while marks are dropped: behind a sign that no text holds, as characters of private use.
_HOLD, _HELD = "\0", 0xE000
_HELD_SIGN = re.compile("\0([\ue021-\ue07e])")
_LINE_MARKS = re.compile(r"^\s*(?:#{1,6} |(?:> ?)+|[`~]{3,}\S*$|\\$)")
_LINK = re.compile(r"!?\[([^\[\]\n]*)\]\([^()\s]*\)")
_MARKS = re.compile(r"\*{1,3}|_{2,3}|~~|`+")
_ESCAPE = re.compile(r"\\([!-/:-@\[-`{-~])")


def escaped(text: str) -> str:
    """Return text of one line as Markdown that shows just this text."""
    return _SIGNS.sub(r"\\\1", _LINKED.sub(JOINER, one_line(clean(text))))


def paragraphs(text: str) -> str:
    """Return text of many lines as Markdown, cut at a word's end."""
    blocks = re.split(r"\n\s*\n", cut(clean(text), MOST_WORDS))
    lines = ([escaped(line) for line in block.split("\n") if line.strip()] for block in blocks)
    return "\n\n".join(BREAK.join(block) for block in lines if block)


def plain(markdown: str) -> str:
    """Return the words of somebody's Markdown, for matching: marks dropped, links as their words."""
    bare = markdown.replace(JOINER, "").replace(_HOLD, "")
    held = _ESCAPE.sub(lambda found: _HOLD + chr(_HELD + ord(found[1])), bare.replace(BREAK, "\n"))
    lines = "\n".join(_LINE_MARKS.sub("", line).rstrip() for line in held.split("\n"))
    words = _MARKS.sub("", _LINK.sub(r"\1", lines))
    return _HELD_SIGN.sub(lambda found: chr(ord(found[1]) - _HELD), words).strip()


def annotation_markdown(annotation: Annotation) -> str:
    """Return the living comment."""
    return "\n\n".join(_block(block) for block in blocks_of(annotation))


def is_same(written: str, read: str | None) -> bool:
    """Return whether Linear shows what we wrote: it may drop escapes that are not needed."""
    return _bare(written) == _bare(read or "")


def _bare(markdown: str) -> str:
    return " ".join(_ESCAPE.sub(r"\1", markdown.replace(BREAK, "\n")).split())


def _block(block: Block) -> str:
    lines = [_line(line) for line in block.lines]
    return BREAK.join(f"> {line}" for line in lines) if block.is_quote else BREAK.join(lines)


def _line(line: Iterable[Words]) -> str:
    return "".join(map(_words, line)).strip()


def _words(words: Words) -> str:
    """Return words with their mark; white space at their ends stays outside of it."""
    text = escaped(words.text)
    if not text:
        return " " if words.text else ""
    before = " " if words.text[0].isspace() else ""
    after = " " if words.text[-1].isspace() else ""
    if is_address(words.url):
        text = f"[{text}](<{words.url.replace('&', chr(92) + '&')}>)"
    if words.is_strong:
        text = f"**{text}**"
    return before + text + after
