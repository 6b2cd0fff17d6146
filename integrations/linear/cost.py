"""What a document costs by Linear's published rules, and the largest page that it may ask for.

Source: linear.app/developers/rate-limiting: 0.1 a property, 1 an object, a connection's objects times the
number asked for (50 where none is), at most 10,000 points a request. A connection counts as an object too, to
be on the safe side.
"""

from __future__ import annotations

import re
from collections.abc import Iterator

MOST_POINTS, MOST_ROWS, DEFAULT_ROWS = 10_000, 250, 50
_PART = re.compile(r"\([^)]*\)|[{}]|\w+")
_ROWS = re.compile(r"\b(?:first|last): *(\$?)(\w+)")


def points(document: str, rows: int) -> float:
    """Return what one of our documents costs. rows: the value of $first or $last."""
    parts = (found[0] for found in _PART.finditer(document))
    next(part for part in parts if part == "{")
    return _selection(parts, rows, 1)


def largest_page(document: str) -> int:
    """Return how many rows the document may ask for at once."""
    none = points(document, 0)
    each = points(document, 1) - none
    return min(MOST_ROWS, int((MOST_POINTS - none) / each))


def _selection(parts: Iterator[str], rows: int, times: int) -> float:
    """Return the cost of the fields up to the end of this selection. times: how many nodes there may be."""
    cost, name, asked = 0.0, "", DEFAULT_ROWS
    for part in parts:
        if part == "{":
            cost += (1 + _selection(parts, rows, asked)) * (times if name == "nodes" else 1)
            name = ""
        elif part.startswith("("):
            asked = _asked(part, rows)
        else:
            cost += 0.1 if name else 0.0
            name, asked = part, DEFAULT_ROWS
            if part == "}":
                break
    return cost


def _asked(arguments: str, rows: int) -> int:
    found = _ROWS.search(arguments)
    if not found:
        return DEFAULT_ROWS
    return rows if found[1] else int(found[2])
