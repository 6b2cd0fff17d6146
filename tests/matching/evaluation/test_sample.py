"""What is left out, and which examples are attached."""

from __future__ import annotations

from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.errors import RequestError
from bot.matching.dataset import Dataset, FeedbackRow, HistoryRow, TicketRow, TruthRow, read_dataset
from bot.matching.evaluation.judged import case_of
from bot.matching.evaluation.sample import Sample, attached, left_out, some_examples
from tests.matching.evaluation.folders import FEEDBACK, HISTORY, TICKETS, TRUTH, write


@pytest.fixture
def data(tmp_path: Path) -> Dataset:
    return read_dataset(write(tmp_path, feedback=FEEDBACK, tickets=TICKETS, truth=TRUTH, history=HISTORY))


def made(keys: list[str]) -> list[HistoryRow]:
    return [HistoryRow(FeedbackRow(f"h{at}", None, "", "words"), key) for at, key in enumerate(keys)]


def test_leaving_a_ticket_out_takes_its_history_and_leaves_its_pieces_without_a_ticket(data: Dataset) -> None:
    rest = left_out(data, 1, 20261123)

    gone = {row.key for row in data.tickets} - {row.key for row in rest.tickets}
    assert len(gone) == 1
    assert gone < {"APP-1", "APP-2"}  # APP-3 fits no judged piece
    assert not [row for row in rest.history if row.ticket_key in gone]
    assert len(case_of(rest).judged) == 3
    assert case_of(rest).answerable.sum() == 1


def test_leaving_all_out_leaves_every_piece_judged_and_none_answerable(data: Dataset) -> None:
    rest = left_out(data, 2, 1)

    assert [row.key for row in rest.tickets] == ["APP-3"]
    assert rest.truth[:2] == [TruthRow("a", "", False), TruthRow("a", "", False)]
    assert not case_of(rest).answerable.any()
    assert case_of(rest).answers == [{}, {3 - 2: False}, {}]


def test_a_piece_with_another_ticket_that_fits_stays_answerable(data: Dataset) -> None:
    truth = [TruthRow("a", "APP-1", True), TruthRow("a", "APP-2", True)]
    two = Dataset(data.feedback, data.tickets, truth, [])

    assert all(case_of(left_out(two, 1, seed)).answerable.tolist() == [True] for seed in range(5))


def test_the_seed_chooses_and_the_order_of_the_file_does_not(data: Dataset) -> None:
    tickets = [TicketRow(f"APP-{n}", "t", "", "open", None, ()) for n in range(1, 31)]
    truth = [TruthRow("a", ticket.key, True) for ticket in tickets]

    def gone(rows: list[TruthRow], seed: int) -> set[str]:
        rest = left_out(Dataset(data.feedback, tickets, rows, []), 5, seed).tickets
        return {row.key for row in tickets} - {row.key for row in rest}

    assert gone(truth, 1) == gone(truth[::-1], 1)
    assert gone(truth, 1) != gone(truth, 2)


def test_more_than_there_are_cannot_be_left_out(data: Dataset) -> None:
    with pytest.raises(RequestError, match=r"--leave-out 3: only 2 tickets fit .* a number up to 2"):
        left_out(data, 3, 1)


@given(
    st.lists(st.sampled_from(["APP-1", "APP-2", "APP-3"]), max_size=30), st.integers(0, 6), st.integers(0, 3)
)
def test_examples_are_as_many_as_asked_for_and_the_fewer_are_among_the_more(
    keys: list[str], count: int, seed: int
) -> None:
    history = made(keys)

    some, more = some_examples(history, count, seed), some_examples(history, count + 1, seed)

    assert [row for row in more if row in some] == some
    assert some_examples(history, count, seed) == some
    for key in set(keys):
        assert sum(row.ticket_key == key for row in some) == min(count, keys.count(key))


def test_without_a_number_all_of_the_history_is_attached() -> None:
    history = made(["APP-1", "APP-1"])

    assert attached(history, Sample()) == history
    assert attached(history, Sample(examples=1, seed=1)) != history
    assert attached([], Sample()) == []


def test_examples_without_history_are_refused() -> None:
    with pytest.raises(RequestError, match=r"--examples: history\.csv holds nothing .* Add"):
        attached([], Sample(examples=10))
