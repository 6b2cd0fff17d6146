"""Which part of a folder's data an evaluation uses: the same seed, the same choice."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from bot.errors import RequestError
from bot.matching.dataset import Dataset, HistoryRow, TruthRow

SEED = 20261123


@dataclass(frozen=True, slots=True)
class Sample:
    """What to use. leave_out: so many tickets of truth; examples: attached pieces a ticket, None for all."""

    leave_out: int = 0
    examples: int | None = None
    seed: int = SEED


def attached(history: Sequence[HistoryRow], sample: Sample) -> Sequence[HistoryRow]:
    """Return the rows to attach. Raises RequestError when some are asked for and there are none."""
    if sample.examples is None:
        return history
    if not history:
        raise RequestError(
            "--examples: history.csv holds nothing to attach, or is not there. "
            "Add attached pieces to it, or leave the option out"
        )
    return some_examples(history, sample.examples, sample.seed)


def left_out(data: Dataset, count: int, seed: int) -> Dataset:
    """Return the data without that many of the tickets that some piece fits, nor what is attached to them.

    Their pieces stay and are judged: without another ticket that fits, "no ticket fits" is right.
    Raises RequestError when there are not that many.
    """
    fitting = sorted({row.ticket_key for row in data.truth if row.fits})
    if count > len(fitting):
        raise RequestError(
            f"--leave-out {count}: only {len(fitting)} tickets fit some piece of truth.csv. "
            f"Give a number up to {len(fitting)}"
        )
    gone = {fitting[at] for at in np.random.default_rng(seed).permutation(len(fitting))[:count].tolist()}
    return Dataset(
        feedback=data.feedback,
        tickets=[row for row in data.tickets if row.key not in gone],
        truth=[
            TruthRow(row.feedback_id, "", fits=False) if row.ticket_key in gone else row for row in data.truth
        ],
        history=[row for row in data.history if row.ticket_key not in gone],
    )


def some_examples(history: Sequence[HistoryRow], count: int, seed: int) -> list[HistoryRow]:
    """Return at most that many rows of each ticket, in the order of the history; more hold the fewer."""
    taken: Counter[str] = Counter()
    chosen = []
    for at in np.random.default_rng(seed).permutation(len(history)).tolist():
        key = history[at].ticket_key
        taken[key] += 1
        if taken[key] <= count:
            chosen.append(at)
    return [history[at] for at in sorted(chosen)]
