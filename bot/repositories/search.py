"""Looking for pieces by words, and for customers by name."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Protocol

from bot.domain.search import Among, Named


class Search(Protocol):
    """Full text of the pieces that are not set aside; the index changes with them, in one transaction."""

    def holding(self, phrases: Sequence[str], among: Among, *, limit: int, is_any: bool = False) -> list[int]:
        """Return the pieces that hold all the phrases (is_any: one of them), best first.

        phrases: words, or several in their order; those without a telling word count for nothing. Only the
        newest two thousand pieces that hold them are weighed.
        """
        ...

    def within(self, feedback_ids: Sequence[int], among: Among) -> list[int]:
        """Return those of the pieces that count, in the order of the ids."""
        ...

    def few(self, among: Among, most: int) -> list[int] | None:
        """Return all pieces that count, None where they are more than `most`."""
        ...

    def page(self, after: int, limit: int) -> list[tuple[int, str]]:
        """Return the pieces that are not set aside, by id, each with the hash of its words."""
        ...

    def words(self, feedback_ids: Sequence[int]) -> Mapping[int, str]:
        """Return the pieces' words, unredacted: for comparing inside the house only."""
        ...

    def known(self, what: str) -> list[str]:
        """Return the stored sources, segments or projects, by name. what: "source", "segment", "project"."""
        ...


class Names(Protocol):
    """Customers by name, in any letter case, with or without accents."""

    def called(
        self, name: str, kinds: Sequence[str] = ("company", "person"), *, limit: int = 10
    ) -> list[Named]:
        """Return those of exactly that name or address; else those whose name holds all its words."""
        ...

    def nearest(
        self, name: str, kinds: Sequence[str] = ("company", "person"), *, limit: int = 3
    ) -> list[Named]:
        """Return those whose names are most like it, best first."""
        ...

    def some_company(self) -> str:
        """Return the name of a company, for examples; "" where none is known."""
        ...

    def names(self, kind: str, ids: Sequence[int]) -> Mapping[int, str]:
        """Return the names by id; unknown ids are left out."""
        ...
