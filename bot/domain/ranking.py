"""Several rankings made one."""

from __future__ import annotations

from collections.abc import Sequence

SMOOTHING = 60


def fused(rankings: Sequence[Sequence[int]], most: int) -> list[int]:
    """Return what stands high in the rankings, best first; of equals the highest number.

    Source: reciprocal rank fusion, Cormack, Clarke and Büttcher 2009, with their constant of 60.
    """
    scores: dict[int, float] = {}
    for ranking in rankings:
        for rank, one in enumerate(ranking, start=1):
            scores[one] = scores.get(one, 0.0) + 1.0 / (SMOOTHING + rank)
    return sorted(scores, key=lambda one: (-scores[one], -one))[:most]
