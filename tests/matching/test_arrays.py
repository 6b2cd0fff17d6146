"""The arrays under the index: products, pools of rows, tokens, against plain versions of themselves."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

import numpy as np
import numpy.typing as npt
import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.matching.growing import Growing, Pool, greatest, highest, spread, sums
from bot.matching.late import TitleTokens, kept, rotation
from bot.matching.products import dots, products, unit
from bot.matching.rows import Rows, small

Floats = npt.NDArray[np.float32]

PUTS = st.lists(st.tuples(st.integers(0, 5), st.lists(st.integers(0, 99), max_size=9)), max_size=30)
TOKENS = st.lists(st.lists(st.integers(0, 9), max_size=5), min_size=1, max_size=5)


class Letters:
    """Unit vectors of a few token ids, the same everywhere."""

    vectors: Floats = unit(np.random.default_rng(8).standard_normal((10, 16)))

    def of(self, ids: Sequence[int]) -> Floats:
        return self.vectors[np.array(ids, dtype=np.int64)]


@given(TOKENS, st.lists(st.integers(0, 9), min_size=1, max_size=6))
def test_cover_and_covered_are_weighted_means_of_best_cosines(
    titles: list[list[int]], piece: list[int]
) -> None:
    letters, tokens = Letters(), TitleTokens(16)
    slots = np.arange(1, len(titles) + 1)
    ids = [np.array(title, dtype=np.int32) for title in titles]
    tokens.put(slots.tolist(), ids, [small(kept(letters.of(title))) for title in titles])
    weights = np.linspace(0.2, 1.0, len(piece)).astype(np.float32)

    cover, covered = tokens.signals([(kept(letters.of(piece)), weights)], [slots])

    for at, title in enumerate(titles):
        if not title:
            assert cover[at] == covered[at] == 0
            continue
        cosines = letters.of(piece) @ letters.of(title).T
        held = np.array([sum(token in other for other in titles) for token in title])
        telling = np.log1p((len(titles) - held + 0.5) / (held + 0.5))
        assert cover[at] == pytest.approx(weights @ cosines.max(axis=1) / weights.sum(), abs=0.02)
        assert covered[at] == pytest.approx(cosines.max(axis=0) @ telling / telling.sum(), abs=0.02)


def test_a_rotation_keeps_cosines_and_is_always_the_same() -> None:
    turned = rotation(384)

    assert turned @ turned.T == pytest.approx(np.eye(384), abs=1e-4)
    assert np.array_equal(turned, rotation.__wrapped__(384))


@given(st.integers(1, 70), st.integers(1, 9), st.integers(1, 40))
def test_products_are_products(rows: int, others: int, width: int) -> None:
    random = np.random.default_rng(rows * 1_000 + others)
    one = random.standard_normal((rows, width)).astype(np.float32)
    other = random.standard_normal((others, width)).astype(np.float32)

    assert products(one, other) == pytest.approx(one @ other.T, abs=1e-4)
    assert dots(one, other[0]) == pytest.approx(one @ other[0], abs=1e-4)


def test_equal_rows_have_equal_products_wherever_they_stand() -> None:
    random = np.random.default_rng(1)
    rows = random.standard_normal((1_001, 384)).astype(np.float32)
    rows[[0, 40, 500, 1_000]] = rows[7]
    for many in (1, 3, 4, 30, 64):
        asked = random.standard_normal((many, 384)).astype(np.float32)
        asked[-1] = rows[3]

        found = products(rows, asked)

        assert found[[0, 7, 40, 500, 1_000], -1] == pytest.approx(np.dot(rows[0], rows[3]), abs=1e-4)
        assert np.ptp(found[[0, 7, 40, 500, 1_000], -1]) < 1e-5


@given(PUTS, st.sampled_from([1, 4]))
def test_a_pool_holds_what_was_put_last(puts: Iterable[tuple[int, list[int]]], line: int) -> None:
    values: Growing[np.int32] = Growing(np.int32)
    pool = Pool(values, line=line, fills=(-1,))
    held: dict[int, list[int]] = {row: [] for row in range(6)}
    for row, own in puts:
        pool.put(np.array([row]), np.array([len(own)]), np.array(own, dtype=np.int32))
        held[row] = own
        if len(own) == 9:
            pool.pack()

    lines, sizes = pool.lines(np.arange(6))

    found = values.now.reshape(-1, line)[lines].ravel()
    assert [value for value in found.tolist() if value >= 0] == [v for row in range(6) for v in held[row]]
    assert sizes.tolist() == [-(-len(held[row]) // line) for row in range(6)]


@given(st.lists(st.integers(0, 4), max_size=20))
def test_runs_are_spread_summed_and_searched(sizes: list[int]) -> None:
    ends = np.cumsum(sizes, dtype=np.int64)
    values = np.arange(sum(sizes), dtype=np.float32)
    runs = np.split(values, ends[:-1]) if sizes else []

    assert spread(ends - sizes, np.array(sizes, dtype=np.int64)).tolist() == values.tolist()
    assert sums(values, np.array(sizes, dtype=np.int64)).tolist() == [run.sum() for run in runs]
    assert greatest(values, np.array(sizes, dtype=np.int64)).tolist() == [run.max(initial=0) for run in runs]
    assert set(values[highest(values, 3)].tolist()) == set(values[-3:].tolist())


def test_rows_cleared_are_near_to_nothing() -> None:
    rows = Rows(4)
    rows.put(np.arange(2), small(np.eye(4, dtype=np.float32)[:2]))

    rows.clear(np.array([0]))

    assert rows.scan(np.eye(4, dtype=np.float32)[:1]).tolist() == [[0.0, 0.0]]
