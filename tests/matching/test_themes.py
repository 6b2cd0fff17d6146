"""Clusters: the same for the same rows, none of what is unlike, and what people say about rows holds."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.matching.graph import communities, mutual_neighbours
from bot.matching.themes import FREE, clusters, floor_of, middle_first, nearest
from bot.ports import Embedder

if TYPE_CHECKING:
    from bot.ports import Vectors

FLOOR = 0.6
KINDS = st.lists(st.integers(0, 4), min_size=1, max_size=40)


def rows(kinds: list[int], seed: int = 1, spread: float = 0.3) -> Vectors:
    """Return a unit row for each kind, near others of its kind and far from the rest."""
    chance = np.random.default_rng(seed)
    made = np.eye(24, dtype=np.float32)[kinds]
    made += spread / 5 * chance.standard_normal(made.shape).astype(np.float32)
    return np.asarray(made / np.linalg.norm(made, axis=1, keepdims=True), dtype=np.float32)


@given(KINDS, st.integers(0, 99))
def test_each_row_is_in_one_group_at_most_and_none_holds_two_kinds(kinds: list[int], seed: int) -> None:
    found = clusters(rows(kinds, seed), FLOOR)

    held = [row for group in found for row in group]
    assert len(held) == len(set(held))
    assert all(len(group) > 1 and len({kinds[row] for row in group}) == 1 for group in found)


@given(KINDS, st.integers(0, 99))
def test_the_same_rows_give_the_same_groups(kinds: list[int], seed: int) -> None:
    vectors = rows(kinds, seed)

    assert clusters(vectors, FLOOR) == clusters(vectors.copy(), FLOOR)


def test_large_kinds_are_found_whole() -> None:
    kinds = [0] * 9 + [1] * 8 + [2] * 7

    assert [len(group) for group in clusters(rows(kinds), FLOOR)] == [9, 8, 7]


@given(KINDS, st.data())
def test_what_a_person_keeps_together_stays_so_and_what_is_kept_apart_never_meets(
    kinds: list[int], data: st.DataObject
) -> None:
    held = data.draw(st.lists(st.sampled_from([FREE, FREE, 7, 8]), min_size=len(kinds), max_size=len(kinds)))

    found = clusters(rows(kinds), FLOOR, held)

    home = {row: at for at, group in enumerate(found) for row in group}
    for name in (7, 8):
        assert len({home.get(row) for row, kept in enumerate(held) if kept == name}) <= 1
    assert all({held[row] for row in group} - {FREE} in (set(), {7}, {8}) for group in found)


def test_rows_without_words_and_rows_unlike_all_others_are_in_no_group() -> None:
    vectors = np.concatenate([rows([0, 0, 0, 1]), np.zeros((2, 24), np.float32)])

    assert clusters(vectors, FLOOR) == [[0, 1, 2]]
    assert clusters(vectors[:0], FLOOR) == []


def test_a_row_joins_the_group_it_is_most_like_or_none() -> None:
    vectors = rows([0, 0, 1, 1])
    groups = {5: vectors[:2], 3: vectors[2:]}

    assert nearest(rows([1, 0, 2], seed=3), groups, FLOOR) == [3, 5, None]
    assert nearest(vectors, {}, FLOOR) == [None] * 4


def test_the_row_in_the_middle_comes_first() -> None:
    angles = np.array([0.0, 0.4, 0.5])
    vectors = np.stack([np.cos(angles), np.sin(angles)], axis=1).astype(np.float32)

    assert middle_first(vectors)[0] == 1


def test_neighbours_are_mutual_and_near_enough() -> None:
    vectors = rows([0, 0, 0, 1, 1])

    graph = mutual_neighbours(vectors, 2, FLOOR)

    links = set(zip(graph.sources.tolist(), graph.targets.tolist(), strict=True))
    assert links == {(a, b) for a in range(3) for b in range(3) if a != b} | {(3, 4), (4, 3)}


def test_without_links_each_node_is_its_own_community() -> None:
    assert communities(mutual_neighbours(rows([0, 1, 2]), 2, FLOOR), 1.0).tolist() == [0, 1, 2]


@pytest.mark.parametrize("alike", [3, 12])
def test_a_few_that_say_the_same_are_found_though_nothing_else_is_there(
    embedder: Embedder, alike: int
) -> None:
    said = [f"Please add a dark mode to the app, version {number}." for number in range(alike)]
    vectors = embedder.embed(said)

    assert clusters(vectors, floor_of(vectors, embedder)) == [list(range(alike))]


def test_what_has_nothing_in_common_makes_no_group(embedder: Embedder) -> None:
    said = ["The soup was cold", "Who won the election in 1998?", "My left shoe squeaks", "Rust never sleeps"]
    vectors = embedder.embed(said)

    assert clusters(vectors, floor_of(vectors, embedder)) == []
