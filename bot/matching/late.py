"""How far a piece's tokens are met by a title's, and the title's by the piece's: late interaction.

A token's vector is turned by a fixed random rotation, of which the first dimensions are kept: as good as
directions learnt from the tickets, but the same for every index. Source: Khattab and Zaharia 2020 (ColBERT).
"""

from __future__ import annotations

from collections.abc import Sequence
from functools import lru_cache
from typing import TYPE_CHECKING

import numpy as np

from bot.matching.growing import Growing, Pool, Whole, greatest, sums
from bot.matching.rows import Small, in_fours, small, unit

if TYPE_CHECKING:
    from bot.matching.tfidf import Features, Floats
    from bot.ports import Tokens, Vectors

KEPT = 192  # dimensions of a token
KEPT_OF_MANY = 64
MOST_WHOLE = 10_000  # tickets whose tokens keep all of them
_SEED = 20261123


def kept_of(dimensions: int) -> int:
    """Return how many dimensions are kept of so many."""
    return min(dimensions, KEPT)


@lru_cache(maxsize=4)
def rotation(dimensions: int) -> Vectors:
    """Return float32[dimensions, KEPT or fewer]: the first columns of a random rotation, always the same."""
    square = np.random.default_rng(_SEED).standard_normal((dimensions, dimensions))
    turned, signs = np.linalg.qr(square)
    columns = (turned * np.sign(np.diag(signs)))[:, : kept_of(dimensions)]
    return np.ascontiguousarray(columns, dtype=np.float32)


def kept(vectors: Vectors) -> Small:
    """Return what is kept of tokens' vectors."""
    if not len(vectors):
        return np.zeros((0, kept_of(vectors.shape[1])), dtype=np.int8)
    return small(in_fours(vectors) @ rotation(vectors.shape[1]))[: len(vectors)]


class TitleTokens:
    """The tokens of titles, by ticket slot."""

    def __init__(self, dimensions: int, most_whole: int = MOST_WHOLE) -> None:
        self._most_whole = most_whole
        self._ids: Growing[np.int32] = Growing(np.int32)
        self._vectors: Growing[np.int8] = Growing(np.int8, kept_of(dimensions))
        self._lengths: Growing[np.float32] = Growing(np.float32)
        self._pool = Pool(self._ids, self._vectors, self._lengths)
        self._holding: Growing[np.int32] = Growing(np.int32)  # titles, by token
        self._titles = 0

    @property
    def nbytes(self) -> int:
        """Return how much memory it takes."""
        return self._pool.nbytes + self._holding.nbytes

    def put(self, slots: Sequence[int], ids: Sequence[Features], vectors: Sequence[Small]) -> None:
        """Hold the tokens of slots that are not there yet. vectors: what is `kept` of the tokens'."""
        if not slots:
            return
        self._titles += len(slots)
        if self._titles > self._most_whole and self._vectors.now.shape[1] > KEPT_OF_MANY:
            self._vectors.shorten(KEPT_OF_MANY)
            self._lengths.replace(_lengths(self._vectors.now))
        sizes, flat = np.array([len(own) for own in ids]), np.concatenate(ids)
        rows = np.concatenate(vectors)[:, : self._vectors.now.shape[1]]
        self._pool.put(np.array(slots), sizes, flat, rows, _lengths(rows))
        self._count(flat, sizes, 1)

    def drop(self, slots: Whole) -> None:
        """Forget the slots, which are there."""
        places, sizes = self._pool.places(slots)
        self._count(self._ids.now[places], sizes, -1)
        self._titles -= len(slots)
        self._pool.drop(slots)
        if self._pool.is_mostly_unused:
            self._pool.pack()

    def signals(self, tokens: Tokens, slots: Whole) -> tuple[Floats, Floats]:
        """Return how far one piece's tokens are met by each title's, and the title's by the piece's.

        Each 0.0 to 1.0 in practice: a mean of each token's best cosine on the other side, by how telling the
        tokens are: the piece's by their weights, the title's by how few titles hold them.
        """
        places, sizes = self._pool.places(slots)
        if not len(places) or not len(tokens.ids):
            return np.zeros(len(slots), np.float32), np.zeros(len(slots), np.float32)
        vectors = self._vectors.now[places].astype(np.float32)
        said = in_fours(unit(kept(tokens.vectors)[:, : vectors.shape[1]]))
        cosines = vectors @ said.T
        cosines /= self._lengths.now[places][:, None]
        met = greatest(cosines, sizes)[:, : len(tokens.ids)]
        cover = np.einsum("ij,j->i", met, tokens.weights) / max(float(tokens.weights.sum()), 1e-9)
        telling = self._idf(self._ids.now[places])
        covered = sums(cosines.max(axis=1) * telling, sizes) / np.maximum(sums(telling, sizes), 1e-9)
        return cover.astype(np.float32), covered.astype(np.float32)

    def _idf(self, ids: Features) -> Floats:
        held = self._holding.now[ids]
        return np.log1p((self._titles - held + 0.5) / (held + 0.5)).astype(np.float32)

    def _count(self, ids: Features, sizes: Whole, by: int) -> None:
        """Count each token once a title."""
        self._holding.reach(int(ids.max(initial=-1)) + 1)
        owners = np.repeat(np.arange(len(sizes)), sizes)
        once = np.unique(owners << 32 | ids) & 0xFFFFFFFF
        np.add.at(self._holding.now, once, by)


def _lengths(vectors: Small) -> Floats:
    wide = vectors.astype(np.float32)
    return np.asarray(np.maximum(np.sqrt(np.einsum("ij,ij->i", wide, wide)), 1), dtype=np.float32)
