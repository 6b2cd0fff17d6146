"""Ticket keys in people's texts."""

from __future__ import annotations

import re

# A key as Jira and Linear form it: a project of 2 to 10 letters and digits, a hyphen, a number.
_KEY = re.compile(
    r"(?<![A-Za-z0-9_-])([A-Za-z][A-Za-z0-9]{1,9})-([1-9][0-9]{0,6})(?![A-Za-z0-9_]|-[A-Za-z0-9])"
)


def ticket_keys(text: str) -> list[str]:
    """Return what looks like ticket keys, in upper case, in order, each once.

    Looks only: UTF-8 and COVID-19 come back too, and the caller keeps those that name a stored ticket.
    A key in lower case counts only inside a web address, where people paste them.
    """
    found = dict[str, None]()
    for match in _KEY.finditer(text):
        is_in_address = text[max(0, match.start() - 1) : match.start()] in ("/", "=")
        if match[1] == match[1].upper() or is_in_address:
            found[f"{match[1].upper()}-{match[2]}"] = None
    return list(found)
