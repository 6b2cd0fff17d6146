"""Characters that show nothing or deceive, and white space, made regular; linear in the text's length."""

from __future__ import annotations

import re
import unicodedata
from functools import lru_cache

# Controls, soft hyphen, marks of direction, zero-width and tag characters, surrogates, what XML forbids.
_UNSEEN = re.compile(
    "[\x00-\x08\x0e-\x1b\x7f-\x84\x86-\x9f\u00ad\u034f\u061c\u180e\u200b\u200e\u200f\u202a-\u202e"
    "\u2060-\u206f\ufeff\ufff9-\ufffb\ufffe\uffff\ud800-\udfff\U000e0000-\U000e0fff]+"
)
# Joiners shape emoji and Indic or Persian words; between ASCII characters they only break a word's look-up.
_STRAY_JOINER = re.compile("(?<=[!-~])[\u200c\u200d]+(?=[!-~])")
_LINE_END = re.compile("\r\n?|[\x0b\x0c\x1c-\x1e\x85\u2028\u2029]")
_SPACE = re.compile(r"[^\S\n]+")
_SPACE_AT_END = re.compile(r" ?\n ?")
_EMPTY_LINES = re.compile(r"\n{3,}")


def visible(text: str) -> str:
    """Return text without characters that show nothing; the words that a reader sees stay as they are."""
    return _STRAY_JOINER.sub("", _UNSEEN.sub("", text))


def tidy(text: str) -> str:
    """Return visible text, one space between words, none at a line's ends, at most one empty line."""
    lines = _SPACE.sub(" ", _LINE_END.sub("\n", visible(text)))
    return _EMPTY_LINES.sub("\n\n", _SPACE_AT_END.sub("\n", lines)).strip()


def has_words(text: str) -> bool:
    """Return whether a letter or a digit is in text."""
    return any(map(str.isalnum, text))


def folded(text: str) -> str:
    """Return text with digits, full-width letters, dashes and spaces as in ASCII.

    Character by character: of the same length, so that an offset into it is an offset into text.
    """
    return text if text.isascii() else "".join(map(_plain, text))


@lru_cache(maxsize=4096)
def _plain(char: str) -> str:
    digit = unicodedata.decimal(char, None)
    if digit is not None:
        return str(digit)
    category = unicodedata.category(char)
    if category == "Pd" or char == "\u2212":
        return "-"
    if category == "Zs":
        return " "
    compatible = unicodedata.normalize("NFKC", char)
    return compatible if len(compatible) == 1 else char
