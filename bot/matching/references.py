"""Ticket keys that somebody wrote down: the surest sign of what a piece is about."""

from __future__ import annotations

import re
from collections.abc import Collection

_KEY = r"([A-Za-z][A-Za-z0-9_]{1,19})-([1-9]\d{0,8})"
_URL = re.compile(
    rf"(?:/browse/|/issues?/|[?&]selectedIssue=){_KEY}(?![\w-])|linear\.app/[\w-]+/issue/{_KEY}(?!\w)"
)
_BARE = re.compile(rf"(?<![\w/.@#=-]){_KEY}(?![\w@]|[-./]\w)")


def references(text: str, known_prefixes: Collection[str]) -> list[str]:
    """Return the ticket keys in the text, upper case, in order, each once.

    known_prefixes: the projects that exist, upper case: UTF-8 is no ticket where no project is called UTF.
    In running text only keys in capitals count; in a Jira or Linear address any case does.
    """
    if "-" not in text:
        return []
    found: list[tuple[int, str]] = []
    for match in _URL.finditer(text):
        prefix, number = match.group(1, 2) if match.group(1) else match.group(3, 4)
        found.append((match.start(), f"{prefix.upper()}-{number}"))
    found.extend((m.start(), m.group()) for m in _BARE.finditer(text) if m.group(1).isupper())
    keys = (key for _, key in sorted(found))
    return list(dict.fromkeys(key for key in keys if key.rpartition("-")[0] in known_prefixes))
