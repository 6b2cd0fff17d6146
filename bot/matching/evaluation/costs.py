"""What matching costs: time and memory."""

from __future__ import annotations

import resource
import statistics
import sys
import time
from collections.abc import Sequence
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from bot.matching.evaluation.memo import Memo
    from bot.matching.matcher import Matcher
    from bot.matching.search import Piece

_TIMED, _RUNS = 500, 3


def pieces_per_second(matcher: Matcher, memo: Memo, pieces: Sequence[Piece]) -> float | None:
    """Return how many pieces are embedded, searched and decided in a second, the median of three runs."""
    some = pieces[:_TIMED]
    if not some:
        return None
    seconds = []
    for _ in range(1 + _RUNS):
        memo.forget(piece.text for piece in some)
        start = time.perf_counter()
        matcher.match(some)
        seconds.append(time.perf_counter() - start)
    return round(len(some) / statistics.median(seconds[1:]), 1)


def peak_memory_mb() -> float:
    """Return the process's highest resident size; macOS counts bytes, Linux kilobytes."""
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    return round(peak / (1 << 20 if sys.platform == "darwin" else 1 << 10), 1)
