"""What is looked for among the pieces, and what came of looking."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class Among:
    """Which pieces count. said in [since, until); source, segment, project: in any letter case, "" for any.

    companies: ids, None for any; project: of the ticket that the piece is attached to.
    """

    since: datetime | None = None
    until: datetime | None = None
    source: str = ""
    segment: str = ""
    project: str = ""
    companies: tuple[int, ...] | None = None

    @property
    def is_everything(self) -> bool:
        """Whether no piece is left out."""
        return self == Among()


@dataclass(frozen=True, slots=True)
class Named:
    """A person or a company by name. kind: "person" or "company"."""

    kind: str
    id: int
    name: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Record:
    """All that one customer said, in numbers. done: attached pieces whose ticket is done."""

    pieces: int
    conversations: int
    people: int
    attached: int
    done: int
    first: datetime | None
    last: datetime | None
