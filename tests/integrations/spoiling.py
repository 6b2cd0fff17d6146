"""Records with one value replaced: what a vendor's next release might answer."""

from __future__ import annotations

import copy
from typing import Any

from hypothesis import strategies as st

JUNK = st.one_of(
    st.none(),
    st.booleans(),
    st.integers(),
    st.floats(allow_nan=False),
    st.text(max_size=5),
    st.lists(st.integers(), max_size=2),
    st.dictionaries(st.text(max_size=3), st.integers(), max_size=2),
)


def paths(record: Any, before: tuple[Any, ...] = ()) -> list[tuple[Any, ...]]:
    """Return the path of every value below the record."""
    if isinstance(record, dict):
        inner = list(record.items())
    elif isinstance(record, list):
        inner = list(enumerate(record))
    else:
        inner = []
    return [path for key, value in inner for path in ((*before, key), *paths(value, (*before, key)))]


def spoiled(record: Any, path: tuple[Any, ...], junk: Any) -> Any:
    """Return a copy with the value at the path replaced."""
    changed = copy.deepcopy(record)
    target = changed
    for key in path[:-1]:
        target = target[key]
    target[path[-1]] = junk
    return changed
