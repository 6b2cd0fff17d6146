"""What turns texts into vectors."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Protocol

if TYPE_CHECKING:
    import numpy as np
    import numpy.typing as npt

    Vectors = npt.NDArray[np.float32]


@dataclass(frozen=True, slots=True)
class Tokens:
    """The tokens of some texts, one text after the other, of each its first 128 at most.

    counts: how many each text has. Of each token: ids: its number in the vocabulary, 0 or more; vectors: a
    unit row, as long as the embedder likes; weights: how telling it is, 0.0 to 1.0.
    """

    counts: npt.NDArray[np.int64]
    ids: npt.NDArray[np.int32]
    vectors: Vectors
    weights: npt.NDArray[np.float32]


@dataclass(frozen=True, slots=True)
class Reading:
    """What an embedder makes of texts. vectors: as `embed` gives; tokens: None where it has none to give."""

    vectors: Vectors
    tokens: Tokens | None = None


class Embedder(Protocol):
    """Texts to vectors. Unit rows, the same text the same row. Safe for several threads.

    No network unless the operator chose one that uses it.
    """

    @property
    def name(self) -> str:
        """The model's name with its version: vectors of another name are made anew."""
        ...

    @property
    def dimensions(self) -> int:
        """Length of a row."""
        ...

    @property
    def languages(self) -> frozenset[str]:
        """What it understands, as BCP 47 primary tags: in others likeness is mostly shared small words."""
        ...

    def embed(self, texts: Sequence[str]) -> Vectors:
        """Return float32[len(texts), dimensions]; a text without known words gives a zero row."""
        ...

    def read(self, texts: Sequence[str]) -> Reading:
        """Return the texts' vectors with those of their tokens, for little more than the vectors alone."""
        ...
