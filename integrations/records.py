"""Reading a vendor's records: what an unexpected shape raises, and texts that are texts."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Any

# What reading a record of unexpected shape may raise: caught around one item, which is counted and named.
UNEXPECTED_SHAPE = (AttributeError, LookupError, OverflowError, TypeError, ValueError)


def moment(stamp: float) -> datetime:
    """Return the time of seconds since 1970. Raises OverflowError for one that no calendar holds."""
    try:
        return datetime.fromtimestamp(stamp, UTC)
    except OSError as exc:  # so far away that the system's own clock functions refuse it
        raise OverflowError(f"{stamp} is no time") from exc


def text(value: Any) -> str:
    """Return the text, "" for None. Raises TypeError for anything else."""
    if value is None:
        return ""
    if not isinstance(value, str):
        raise TypeError(f"a text, not {type(value).__name__}")
    return value
