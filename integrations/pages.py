"""Pagination that ends, and lists that are lists: what every listing of a vendor goes through."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Any, TypeVar

from bot.errors import AnswerError

Item = TypeVar("Item")


class Tokens:
    """Remembers the last tokens of one listing: loops seen in the field repeat within a few pages."""

    def __init__(self, vendor: str, doing: str, *, remember: int = 1000) -> None:
        self._vendor, self._doing, self._remember = vendor, doing, remember
        self._seen: dict[str, None] = {}

    def next(self, token: str) -> str:
        """Return the token. Raises AnswerError if this listing has used it before."""
        if token in self._seen:
            raise AnswerError(self._vendor, self._doing, "the vendor repeats a page token")
        self._seen[token] = None
        if len(self._seen) > self._remember:
            del self._seen[next(iter(self._seen))]
        return token


def rows(answer: Any, name: str, vendor: str, doing: str) -> list[dict[str, Any]]:
    """Return the answer's list of records. Raises AnswerError where there is none."""
    found = answer.get(name) if isinstance(answer, dict) else None
    if not isinstance(found, list) or not all(isinstance(row, dict) for row in found):
        raise AnswerError(vendor, doing, f"no list of {name}")
    return found


def chunks(items: Sequence[Item], size: int) -> Iterator[Sequence[Item]]:
    """Yield the items in runs of at most `size`."""
    for first in range(0, len(items), size):
        yield items[first : first + size]
