"""Jira's wiki text, which Data Center keeps: annotations and plain text as wiki text, and wiki text as plain.

Customers' words are made inert by writing every sign that could begin markup as a character reference, which
the renderer leaves alone wherever it stands. A backslash would be shorter, but does not hold before every
sign, nor in the middle of an address.
"""

from __future__ import annotations

import html
import re

from bot.domain.annotation import Annotation
from bot.domain.inert import clean, cut
from bot.domain.layout import Block, Line, Words, blocks_of

MOST_CHARACTERS = 32_767
# Of markup, for each stretch of words: with at most four quotes, their speakers, and every address as long
# as can be, the comment stays within its limit.
LONGEST_WORDS = 2_500
LONGEST_REFERENCE = 6  # of one sign
# A hyphen within a word of small letters is no sign; one in FLD-1 makes a link.
SIGNS = re.compile(r"[\\{}\[\]()|!*_?+^~#:<>&@]|-(?![a-z])|(?<![a-z])-|(?<=h[1-6])\.|(?<=bq)\.")

VERBATIM = re.compile(r"\{(code|noformat)(?::[^{}\n]*)?\}(.*?)\{\1\}", re.DOTALL)
# Others are no macros to Jira either: it shows {name} as it is.
MACRO = re.compile(r"(?<![\\{])\{(?:(?:anchor|code|color|noformat|panel|quote)(?::[^{}\n]*)?|[*_])\}")
LINK = re.compile(r"(?<!\\)\[(?:~([^\[\]|\n]+)|([^\[\]|\n]+)(?:\|[^\[\]\n]*)?)\]")
IMAGE = re.compile(r"(?<![\\\w])!\S[^!\n]*\.\w{2,4}(?:\|[^!\n]*)?!")
BEGINNING = re.compile(r"^[ \t]*(?:h[1-6]\.|bq\.|-{4,}[ \t]*$)[ \t]*", re.MULTILINE)
ITEM = re.compile(r"^[ \t]*[*#-]+[ \t]+", re.MULTILINE)
CELLS = re.compile(r"^[ \t]*\|.*\|[ \t]*$", re.MULTILINE)
# Bounded, so that a line full of signs that never close takes no time that grows with its square.
PHRASE = re.compile(r"(?<![\w\\])([*_+^~]|\?\?)(?=\S)([^\n]{1,300}?)(?<=\S)\1(?!\w)")
MONOSPACED = re.compile(r"\{\{([^\n{}]+)\}\}")
ESCAPED = re.compile(r"\\([\\{}\[\]()|!*_?+^~#:<>&@-])")


def annotation_text(annotation: Annotation) -> str:
    """Return the living comment."""
    return "\n\n".join(_block(block) for block in blocks_of(annotation))


def wiki_of(text: str, most: int = MOST_CHARACTERS) -> str:
    """Return plain text as wiki text that shows it, cut at a word's end to `most` UTF-16 units."""
    kept = cut(clean(text), most)
    shown = _escaped(kept)
    while (over := _units(shown) - most) > 0:
        kept = cut(kept, max(2, _units(kept) - max(1, over // LONGEST_REFERENCE)))
        shown = _escaped(kept)
    return shown


def to_text(wiki: object) -> str:
    """Return what a reader sees of people's wiki text, markup left out; "" for what is no text."""
    if not isinstance(wiki, str):
        return ""
    parts: list[str] = []
    end = 0
    text = wiki.replace("\r\n", "\n")
    for block in VERBATIM.finditer(text):
        parts += [_plain(text[end : block.start()]), block[2].strip("\n")]
        end = block.end()
    return "".join([*parts, _plain(text[end:])]).strip()


def _block(block: Block) -> str:
    lines = "\n".join(_line(line) for line in block.lines)
    return "{quote}\n" + lines + "\n{quote}" if block.is_quote else lines


def _line(line: Line) -> str:
    return "".join(_words(words) for words in line)


def _words(words: Words) -> str:
    shown = wiki_of(words.text, LONGEST_WORDS)
    if words.url:
        shown = f"[{shown}|{words.url.replace('[', '%5B').replace(']', '%5D')}]"
    return f"*{shown}*" if words.is_strong else shown


def _escaped(text: str) -> str:
    return SIGNS.sub(lambda sign: f"&#{ord(sign[0])};", text)


def _units(text: str) -> int:
    return len(text.encode("utf-16-le", "surrogatepass")) // 2


def _plain(text: str) -> str:
    text = MACRO.sub("", text)
    text = IMAGE.sub("", text)
    text = LINK.sub(lambda link: f"@{link[1]}" if link[1] else link[2], text)
    text = ITEM.sub("- ", BEGINNING.sub("", text))
    text = CELLS.sub(lambda row: " ".join(row[0].replace("|", " ").split()), text)
    text = PHRASE.sub(lambda phrase: phrase[2], MONOSPACED.sub(lambda words: words[1], text))
    text = ESCAPED.sub(lambda sign: sign[1], text.replace("\\\\", "\n"))
    return html.unescape(text)
