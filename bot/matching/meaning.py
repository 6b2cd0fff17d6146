"""Many texts by what they mean, held in memory: which of them are far more like a query than chance."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from bot.matching.themes import far_above, plain_sentences

if TYPE_CHECKING:
    import numpy.typing as npt

    from bot.ports import Embedder, Vectors

SAMPLE = 1_000  # rows that the background is taken from
SPREADS = 3.0


@dataclass(frozen=True, slots=True)
class Meaning:
    """Texts by id, in the order of the ids. hashes: of their words; background: what anything may be like."""

    ids: npt.NDArray[np.int64]
    hashes: tuple[str, ...]
    rows: Vectors
    background: Vectors

    def like(self, wanted: Vectors, most: int, among: Collection[int] | None = None) -> list[int]:
        """Return the ids of the texts that are far more like the wanted row than chance, most like first.

        among: those that count, None for all.
        """
        if not len(self.ids) or not wanted.any():
            return []
        places = np.arange(len(self.ids)) if among is None else self._places(among)
        likeness = (self.rows if among is None else self.rows[places]) @ wanted
        floor = far_above(self.background @ wanted, SPREADS)
        best = np.argpartition(-likeness, most)[:most] if len(likeness) > most else np.arange(len(likeness))
        best = best[likeness[best] > floor]
        order = np.lexsort((-self.ids[places[best]], -likeness[best]))
        found: list[int] = self.ids[places[best[order]]].tolist()
        return found

    def changed(self, present: Mapping[int, str]) -> list[int]:
        """Return those of the present texts, hashes by id, that are not held, or of other words."""
        known = dict(zip(self.ids.tolist(), self.hashes, strict=True))
        return [text for text, words in present.items() if known.get(text) != words]

    def _places(self, among: Collection[int]) -> npt.NDArray[np.intp]:
        wanted = np.fromiter(among, np.int64, len(among))
        return np.flatnonzero(np.isin(self.ids, wanted))


def meaning_of(
    embedder: Embedder,
    present: Mapping[int, str],
    made: Mapping[int, Vectors],
    before: Meaning | None = None,
) -> Meaning:
    """Return the present texts, hashes of words by id: with the rows made for them, else those of before."""
    kept = {text: at for at, text in enumerate(before.ids.tolist())} if before else {}
    ids = sorted(text for text in present if text in made or text in kept)
    rows = np.zeros((len(ids), embedder.dimensions), np.float32)
    for at, text in enumerate(ids):
        if text in made:
            rows[at] = made[text]
    if before is not None:
        old = [at for at, text in enumerate(ids) if text not in made]
        rows[old] = before.rows[[kept[ids[at]] for at in old]]
    sample = rows[:: max(1, len(rows) // SAMPLE)]
    background = np.concatenate([sample, embedder.embed(plain_sentences())])
    return Meaning(np.array(ids, np.int64), tuple(present[text] for text in ids), rows, background)
