"""Vectors are made once, and what was made stays made whatever happens next."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

import numpy as np
import pytest

from bot.errors import TransientError
from bot.matching.products import unit
from bot.matching.vectors import MADE_AT_ONCE, vector_key, vectors_of
from tests.fakes.embedder import FakeEmbedder


class Cache(dict[str, bytes]):
    """A cache in memory."""

    def get_many(self, keys: Sequence[str]) -> Mapping[str, bytes]:
        """Return those that are kept."""
        return {key: self[key] for key in keys if key in self}

    def put_many(self, vectors: Mapping[str, bytes]) -> None:
        """Keep them."""
        self.update(vectors)


TEXTS = [f"text {'abcdefghij'[number % 10] * (number // 10)}" for number in range(2 * MADE_AT_ONCE + 10)]


def test_what_was_made_before_a_failure_is_not_made_again() -> None:
    cache, embedder = Cache(), FakeEmbedder(fails_after=MADE_AT_ONCE)

    with pytest.raises(TransientError):
        vectors_of(TEXTS, embedder, cache)
    embedder.fails_after = None
    rows = vectors_of(TEXTS, embedder, cache)

    assert embedder.embedded == list(dict.fromkeys(TEXTS))
    assert np.array_equal(rows, FakeEmbedder().embed(TEXTS))


def test_a_text_is_made_once_for_each_embedder() -> None:
    cache, one, other = Cache(), FakeEmbedder("one"), FakeEmbedder("other")

    for embedder in (one, other, one, other):
        vectors_of(["export", "import", "export"], embedder, cache)

    assert one.embedded == other.embedded == ["export", "import"]
    assert len(cache) == 4


def test_a_stored_row_of_another_length_is_made_anew() -> None:
    cache, embedder = Cache(), FakeEmbedder()
    cache[vector_key(embedder.name, "export")] = b"\0" * 8

    rows = vectors_of(["export"], embedder, cache)

    assert np.linalg.norm(rows) == pytest.approx(1)
    assert embedder.embedded == ["export"]


def test_rows_get_length_one_and_rows_of_zeros_stay() -> None:
    rows = unit(np.array([[3.0, 4.0], [0.0, 0.0], [1e300, 0.0]], dtype=np.float64) / 1e150)

    assert rows.dtype == np.float32
    assert rows == pytest.approx(np.array([[0.6, 0.8], [0, 0], [1, 0]], dtype=np.float32))
