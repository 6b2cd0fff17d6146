"""Customers' words are looked for: by the words themselves, joined with what they mean."""

from __future__ import annotations

import logging
from collections.abc import Callable, Collection, Sequence
from dataclasses import dataclass
from enum import StrEnum
from typing import Protocol

from bot.domain.ranking import fused
from bot.domain.search import Among
from bot.errors import VocError
from bot.repositories import Work

log = logging.getLogger(__name__)

MOST, NEAREST, FEW = 100, 2_000, 5_000


class Likeness(Protocol):
    """Pieces by what they mean."""

    def like(self, text: str, most: int, among: Collection[int] | None = None) -> list[int] | None:
        """Return the pieces that mean much the same, nearest first; None while they load."""
        ...


class ByMeaning(StrEnum):
    """Whether meaning was looked at."""

    YES = "yes"
    LOADING = "loading"
    OFF = "off"
    FAILED = "failed"


@dataclass(frozen=True, slots=True)
class Searcher:
    """What searching needs. likeness: makes it when first asked; None where no meanings are compared."""

    reading: Work
    likeness: Callable[[], Likeness] | None = None


@dataclass(frozen=True, slots=True)
class Found:
    """What was found, best first, MOST at most. is_any: no piece holds all the words, these hold some."""

    feedback_ids: tuple[int, ...]
    by_meaning: ByMeaning
    is_any: bool = False


def search(searcher: Searcher, phrases: Sequence[str], among: Among) -> Found:
    """Return the pieces that hold the phrases or mean much the same, best first.

    phrases: words, or several in their order.
    """
    with searcher.reading() as unit:
        holding = unit.search.holding(phrases, among, limit=MOST)
        is_any = not holding and len(phrases) > 1
        if is_any:
            holding = unit.search.holding(phrases, among, limit=MOST, is_any=True)
        is_counted = searcher.likeness is not None and not among.is_everything
        few = unit.search.few(among, FEW) if is_counted else None
    alike, by_meaning = _alike(searcher, " ".join(phrases), among, few)
    return Found(tuple(fused([holding, alike], MOST)), by_meaning, is_any and bool(holding))


def _alike(
    searcher: Searcher, text: str, among: Among, few: Sequence[int] | None
) -> tuple[list[int], ByMeaning]:
    """Return the pieces that count and mean much the same. few: all that count, where they are few."""
    if searcher.likeness is None:
        return [], ByMeaning.OFF
    is_narrow = few is not None or among.is_everything
    try:
        found = searcher.likeness().like(text, MOST if is_narrow else NEAREST, few)
    except VocError as exc:
        log.warning("meanings not compared", extra={"error": type(exc).__name__})
        return [], ByMeaning.FAILED
    if found is None:
        return [], ByMeaning.LOADING
    with searcher.reading() as unit:  # what was set aside since the meanings were looked at never shows
        return unit.search.within(found, among)[:MOST], ByMeaning.YES
