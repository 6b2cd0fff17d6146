"""An embedder that counts and can fail, and a real one, loaded once."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from functools import cache
from typing import TYPE_CHECKING

import numpy as np

from bot.errors import TransientError
from bot.matching.embed import embedder_named
from bot.matching.products import unit
from bot.ports import Reading

if TYPE_CHECKING:
    from bot.ports import Embedder, Vectors


@cache
def wordllama() -> Embedder:
    """Return the real embedder that is loaded soonest."""
    return embedder_named("wordllama")


@dataclass
class FakeEmbedder:
    """Counts letters. embedded: every text, in order; fails_after: texts until its endpoint goes down."""

    name: str = "letters"
    fails_after: int | None = None
    dimensions: int = 26
    languages: frozenset[str] = frozenset({"en"})
    embedded: list[str] = field(default_factory=list)

    def embed(self, texts: Sequence[str]) -> Vectors:
        """Return unit rows, or raise."""
        if self.fails_after is not None and len(self.embedded) + len(texts) > self.fails_after:
            raise TransientError("letters", "making vectors")
        self.embedded += texts
        rows = np.zeros((len(texts), self.dimensions), dtype=np.float32)
        for at, text in enumerate(texts):
            for letter in text.lower():
                if "a" <= letter <= "z":
                    rows[at, ord(letter) - ord("a")] += 1
        return unit(rows)

    def read(self, texts: Sequence[str]) -> Reading:
        """Return the rows as `embed` does."""
        return Reading(self.embed(texts))
