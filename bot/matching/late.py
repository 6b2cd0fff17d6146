"""How far a piece's tokens are met by a title's, and the title's by the piece's: late interaction.

A token's vector is turned by a fixed random rotation, of which the first dimensions are kept: as good as
directions learnt from the tickets, but the same for every index. Source: Khattab and Zaharia 2020 (ColBERT).
"""

from __future__ import annotations

from collections.abc import Sequence
from functools import lru_cache
from typing import TYPE_CHECKING

import numpy as np

from bot.matching.growing import Growing, Pool, Whole, greatest, sums, tally
from bot.matching.products import products, unit
from bot.matching.rows import Small

if TYPE_CHECKING:
    from bot.matching.tfidf import Features, Floats
    from bot.ports import Vectors

KEPT = 192  # dimensions of a token
KEPT_OF_MANY = 64
MOST_WHOLE = 10_000  # tickets whose tokens keep all of them
_SEED = 20261123

Kept = tuple["Vectors", "Floats"]  # what is `kept` of a piece's tokens, and their weights


@lru_cache(maxsize=4)
def rotation(dimensions: int) -> Vectors:
    """Return float32[dimensions, dimensions], a random rotation, always the same."""
    square = np.random.default_rng(_SEED).standard_normal((dimensions, dimensions))
    turned, signs = np.linalg.qr(square)
    return np.asarray(turned * np.sign(np.diag(signs)), dtype=np.float32)


def kept(vectors: Vectors) -> Vectors:
    """Return of tokens' vectors what is kept: of more than KEPT_OF_MANY dimensions the first when rotated."""
    width = vectors.shape[1]
    if width <= KEPT_OF_MANY:
        return vectors
    return products(vectors, rotation(width)[:, :KEPT].T)


class TitleTokens:
    """The tokens of titles, by ticket slot. width: how many dimensions of them are `kept`."""

    def __init__(self, width: int, most_whole: int = MOST_WHOLE) -> None:
        self._most_whole = most_whole
        self._ids: Growing[np.int32] = Growing(np.int32)
        self._vectors: Growing[np.int8] = Growing(np.int8, width)
        self._slopes: Growing[np.float32] = Growing(np.float32)
        self._pool = Pool(self._ids, self._vectors, self._slopes)
        self._holding: Growing[np.int32] = Growing(np.int32)  # titles, by token
        self._titles = 0
        self._idf: Floats = np.zeros(0, np.float32)

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
            self._slopes.replace(_slopes(self._vectors.now))
        sizes, flat = np.array([len(own) for own in ids]), np.concatenate(ids)
        rows = np.concatenate(vectors)[:, : self._vectors.now.shape[1]]
        self._pool.put(np.array(slots), sizes, flat, rows, _slopes(rows))
        self._count(flat, sizes, 1)

    def drop(self, slots: Whole) -> None:
        """Forget the slots, which are there."""
        places, sizes = self._pool.lines(slots)
        self._count(self._ids.now[places], sizes, -1)
        self._titles -= len(slots)
        self._pool.drop(slots)
        if self._pool.is_mostly_unused:
            self._pool.pack()

    def signals(self, pieces: Sequence[Kept], slots: Sequence[Whole]) -> tuple[Floats, Floats]:
        """Return how far each piece's tokens are met by its titles', and the titles' by the piece's.

        slots: of each piece's titles. Each signal is a mean of every token's best cosine on the other side,
        by how telling the tokens are: the piece's by their weights, the title's by how few titles hold them.
        """
        places, sizes = self._pool.lines(np.concatenate(slots))
        slopes = self._slopes.now.take(places)[:, None]
        met, cover, first, start = np.zeros(len(places), np.float32), [], 0, 0
        for (vectors, weights), own in zip(pieces, slots, strict=True):
            many = sizes[first : first + len(own)]
            first, part = first + len(own), slice(start, start := start + int(many.sum()))
            if len(weights) and len(places):
                titles = self._vectors.now.take(places[part], axis=0).astype(np.float32)
                cosines = products(titles, unit(vectors[:, : titles.shape[1]])) * slopes[part]
                cover.append(greatest(cosines, many) @ (weights / max(float(weights.sum()), 1e-9)))
                met[part] = np.ascontiguousarray(cosines.T).max(axis=0)
            else:
                cover.append(np.zeros(len(own), np.float32))
        telling = self._idf_now().take(self._ids.now.take(places))
        covered = sums(met * telling, sizes) / np.maximum(sums(telling, sizes), 1e-9)
        return np.concatenate(cover), covered.astype(np.float32)

    def _idf_now(self) -> Floats:
        """Return how much each token tells."""
        if not len(self._idf):
            held = self._holding.now
            self._idf = np.log1p((self._titles - held + 0.5) / (held + 0.5)).astype(np.float32)
        return self._idf

    def _count(self, ids: Features, sizes: Whole, by: int) -> None:
        """Count each token once a title."""
        self._idf = self._idf[:0]
        self._holding.reach(int(ids.max(initial=-1)) + 1)
        owners = np.repeat(np.arange(len(sizes)), sizes)
        once = np.unique(owners << 32 | ids) & 0xFFFFFFFF
        tally(self._holding.now, once, by)


def _slopes(vectors: Small) -> Floats:
    """Return what makes each row one of length one."""
    wide = vectors.astype(np.float32)
    return np.asarray(1 / np.maximum(np.sqrt(np.einsum("ij,ij->i", wide, wide)), 1), dtype=np.float32)
