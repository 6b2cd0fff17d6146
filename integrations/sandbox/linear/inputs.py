"""What every input is held to: texts that can be stored, addresses of pages, times in the past.

Linear publishes no lengths: 255 for one line is what its own refusals name, the others are on the safe side.
"""

from __future__ import annotations

import re
from datetime import datetime
from typing import Any
from urllib.parse import urlsplit

from integrations.sandbox.linear.refusals import invalid

UNSTORABLE = re.compile(r"[\x00-\x08\x0b\x0c\x0e-\x1f\ud800-\udfff]")
NOT_IN_URLS = re.compile(r"""[\s\x00-\x1f\x7f"<>\\^`{|}]""")


def check_texts(value: Any) -> None:
    """Refuse an input with a sign in it that no database takes."""
    if isinstance(value, str):
        if UNSTORABLE.search(value):
            raise invalid("Invalid characters in the input.", status=400)
    elif isinstance(value, dict | list):
        for item in value.values() if isinstance(value, dict) else value:
            check_texts(item)


def some_text(name: str, value: str | None) -> str:
    """Return a text that is not empty."""
    if not value or not value.strip():
        raise invalid(f"{name} must not be empty.")
    return value


def most(name: str, value: str | None, units: int) -> str | None:
    """Return a text of at most so many UTF-16 units."""
    if value is not None and len(value.encode("utf-16-le")) // 2 > units:
        raise invalid(f"{name} must be shorter than or equal to {units} characters.")
    return value


def web_address(name: str, value: str) -> str:
    """Return the address of a page."""
    parts = urlsplit(value)
    if NOT_IN_URLS.search(value) or parts.scheme not in ("http", "https") or not parts.netloc:
        raise invalid(f"{name} must be a valid URL.")
    return value


def past(name: str, value: str | None, now: datetime) -> datetime:
    """Return a time of the past, now for none."""
    if value is None:
        return now
    try:
        moment = datetime.fromisoformat(value)
        is_past = moment <= now
    except (ValueError, TypeError):
        raise invalid(f"{name} must be a time in ISO 8601 with an offset.") from None
    if not is_past:
        raise invalid(f"{name} must be in the past.")
    return moment
