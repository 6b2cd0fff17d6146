"""The head: a classifier over tickets with attached pieces."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from bot.matching.head import EMPTY, SHRINK, fit_head
from bot.matching.products import unit


def _examples(seed: int, tickets: int, each: int) -> tuple[np.ndarray, np.ndarray]:
    """Return unit rows around one centre a ticket, and the ticket ids: 10, 20, …"""
    random = np.random.default_rng(seed)
    centres = random.normal(size=(tickets, 8))
    rows = np.repeat(centres, each, axis=0) + random.normal(scale=0.4, size=(tickets * each, 8))
    return unit(rows.astype(np.float32)), np.repeat(np.arange(1, tickets + 1) * 10, each)


def test_it_learns_the_direction_in_which_two_near_tickets_differ() -> None:
    same = np.ones(20, dtype=np.float32)
    noise = np.random.default_rng(3).normal(scale=0.5, size=(40, 6)).astype(np.float32)
    small = np.repeat(np.array([0.3, -0.3], dtype=np.float32), 20)
    rows = unit(np.hstack([np.concatenate([same, same])[:, None] * 2, small[:, None], noise]))

    head = fit_head(rows[::2], np.repeat([7, 9], 10))

    assert head.tickets.tolist() == [7, 9]
    assert (head.shares(rows[1::2]).argmax(axis=1) == np.repeat([0, 1], 10)).mean() >= 0.9


@settings(max_examples=20, deadline=None)
@given(st.integers(0, 1_000), st.integers(2, 6), st.integers(1, 8))
def test_shares_are_a_division_of_one(seed: int, tickets: int, each: int) -> None:
    rows, ids = _examples(seed, tickets, each)

    shares = fit_head(rows, ids).shares(rows)

    assert shares.shape == (len(rows), tickets)
    assert (shares >= 0).all()
    assert shares.sum(axis=1) == pytest.approx(np.ones(len(rows)), abs=1e-5)


@settings(max_examples=20, deadline=None)
@given(st.integers(0, 1_000))
def test_it_comes_to_rest_where_the_loss_is_flat(seed: int) -> None:
    rows, ids = _examples(seed, 4, 6)

    head = fit_head(rows, ids)

    pulls = head.shares(rows)
    pulls[np.arange(len(rows)), np.searchsorted(head.tickets, ids)] -= 1
    slope = rows.T @ pulls + SHRINK * head.weights[:-1]
    at_start = rows.T @ (np.full_like(pulls, 0.25) - (ids[:, None] == head.tickets))
    assert np.linalg.norm(slope) < 0.05 * np.linalg.norm(at_start)


def test_the_same_examples_in_another_order_teach_the_same() -> None:
    rows, ids = _examples(1, 5, 6)
    order = np.random.default_rng(2).permutation(len(rows))

    one, other = fit_head(rows, ids), fit_head(rows[order], ids[order])

    assert one.shares(rows) == pytest.approx(other.shares(rows), abs=1e-3)


def test_one_ticket_alone_teaches_nothing() -> None:
    rows, ids = _examples(1, 1, 6)

    assert fit_head(rows, ids) is EMPTY
    assert EMPTY.shares(rows[:, :0]).shape == (6, 0)


def test_a_piece_without_words_belongs_to_none() -> None:
    rows, ids = _examples(1, 3, 6)

    assert not fit_head(rows, ids).shares(np.zeros((1, 8), np.float32)).any()
