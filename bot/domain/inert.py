"""Words of others as plain text that fits: what every tracker can store, cut where it counts."""

from __future__ import annotations

import re
import unicodedata

LONGEST_URL = 2_000
_SIGN = r"""\s"<>\\^`{|}\x00-\x1f\x7f\ud800-\udfff"""  # what no address may hold as it is
_ADDRESS = re.compile(f"https?://[^/?#{_SIGN}][^{_SIGN}]*")


def cut_at_word(text: str, most: int, mark: str = "…") -> str:
    """Return text, or its beginning up to a word's end with mark, of at most `most` characters in all.

    Raises ValueError when `most` leaves no room for mark.
    """
    if most < len(mark):
        raise ValueError(f"{most} characters leave no room for {mark!r}")
    if len(text) <= most:
        return text
    head, follows = text[: most - len(mark)], text[most - len(mark)]
    words = head.rsplit(None, 1)
    at_end = follows.isspace() or head[-1:].isspace()
    kept = head if at_end or len(words) < 2 else words[0]
    return kept.rstrip() + mark


def cut(text: str, most: int) -> str:
    """Return text cut at a word's end to `most` (2 or more) UTF-16 units, which is what trackers count."""
    kept = cut_at_word(text, most)
    while kept and (over := len(kept.encode("utf-16-le", "surrogatepass")) // 2 - most) > 0:
        kept = cut_at_word(kept, max(1, len(kept) - (over + 1) // 2))
    return kept


def clean(text: str) -> str:
    """Return text without what can't be stored: lone surrogates, control characters but "\\n" and "\\t"."""
    return "".join(c for c in text if c in "\n\t" or unicodedata.category(c) not in ("Cc", "Cs"))


def one_line(text: str) -> str:
    """Return text with each run of white space as one space."""
    return " ".join(text.split())


def is_address(url: str) -> bool:
    """Return whether url is a web address that may stand as a link's target."""
    return len(url) <= LONGEST_URL and _ADDRESS.fullmatch(url) is not None
