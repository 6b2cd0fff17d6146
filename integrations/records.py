"""Reading a vendor's records: what an unexpected shape raises, and texts that are texts."""

from __future__ import annotations

from typing import Any

# What reading a record of unexpected shape may raise: caught around one item, which is counted and named.
UNEXPECTED_SHAPE = (AttributeError, LookupError, OverflowError, TypeError, ValueError)


def text(value: Any) -> str:
    """Return the text, "" for None. Raises TypeError for anything else."""
    if value is None:
        return ""
    if not isinstance(value, str):
        raise TypeError(f"a text, not {type(value).__name__}")
    return value
