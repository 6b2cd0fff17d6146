"""The tokens of one text, taken out of those of many, and back."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from itertools import pairwise

import numpy as np

from bot.ports import Tokens


def each(tokens: Tokens | None, texts: int) -> Iterator[Tokens | None]:
    """Yield the tokens of each text. texts: how many there are."""
    if tokens is None:
        yield from [None] * texts
        return
    for at, (start, end) in enumerate(pairwise([0, *np.cumsum(tokens.counts).tolist()])):
        part = slice(start, end)
        yield Tokens(tokens.counts[at : at + 1], tokens.ids[part], tokens.vectors[part], tokens.weights[part])


def joined(tokens: Sequence[Tokens]) -> Tokens:
    """Return the tokens of several texts as one."""
    parts = [(one.counts, one.ids, one.vectors, one.weights) for one in tokens]
    return Tokens(*(np.concatenate(some) for some in zip(*parts, strict=True)))
