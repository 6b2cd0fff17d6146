"""What is behind a digest's numbers, a page at a time."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum

from bot.domain.digest import DigestSnapshot
from bot.domain.voice import QuotedVoice

PAGE = 10


class Kind(StrEnum):
    """What is counted; each is a field of Said."""

    PIECES = "pieces"
    PEOPLE = "people"
    COMPANIES = "companies"
    CONVERSATIONS = "conversations"


@dataclass(frozen=True, slots=True)
class Entry:
    """One thing counted. voice: the newest, None where its words are withdrawn; company: where it is one.

    pieces: how many it stands for.
    """

    voice: QuotedVoice | None
    pieces: int
    company: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Page:
    """Some of what is behind a number. totals: how many there are of each kind; page: from 0."""

    snapshot: DigestSnapshot
    name: str
    kind: Kind
    page: int
    totals: tuple[tuple[Kind, int], ...]
    entries: tuple[Entry, ...]

    @property
    def pages(self) -> int:
        """How many pages there are, at least one."""
        return max(1, -(-dict(self.totals)[self.kind] // PAGE))
