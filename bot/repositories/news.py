"""What owners must hear of, and whether outward acts are done at all."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Protocol

from bot.domain.news import News, NewsKind


@dataclass(frozen=True, slots=True)
class Stop:
    """Who stopped all outward acts, and when."""

    by: str
    at: datetime


class Writes(Protocol):
    """Whether outward acts are done at all."""

    def stopped(self) -> Stop | None:
        """Return who stopped them, None while they are done."""
        ...

    def stop(self, by: str, now: datetime) -> Stop:
        """Let no outward act begin, in any process; return the stop that is in force."""
        ...

    def resume(self) -> None:
        """Let them begin again."""
        ...


@dataclass(frozen=True, slots=True)
class UntoldNews:
    """One event that owners did not hear of yet. batch: the notice that is to tell of it, "" for none."""

    id: int
    news: News
    batch: str = ""


class NewsBoard(Protocol):
    """What owners must hear of once."""

    def add(self, news: News) -> None:
        """Keep it until it is told."""
        ...

    def untold(self) -> list[UntoldNews]:
        """Return what was not told yet, oldest first."""
        ...

    def gather(self, ids: Sequence[int], batch: str) -> None:
        """Let one notice tell of these, and of no others ever."""
        ...

    def told(self, batch: str, now: datetime) -> None:
        """The notice is out."""
        ...

    def last_of(self, project: str, kinds: Sequence[NewsKind]) -> NewsKind | None:
        """Return which of the kinds was the project's last news."""
        ...
