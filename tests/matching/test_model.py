"""The shipped weights, and the facts that they weigh."""

from __future__ import annotations

import json
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.matching.model import WEIGHTS, Doubles, features, load_model, probabilities, read_model
from bot.matching.signals import SIGNALS, Candidates

RISING = ("ahead", "untaught_ahead", "behind", "near", "very_near", "head", "told")
SHARE = st.floats(0, 1, width=32)
SHIPPED = sorted(WEIGHTS.glob("*.json"))


def found(rows: list[list[float]], members: list[int]) -> Candidates:
    return Candidates(
        ticket_ids=np.arange(len(rows), dtype=np.int64),
        signals=np.array(rows, dtype=np.float32),
        members=np.array(members, dtype=np.int64),
        like=np.zeros(len(rows), dtype=np.int64),
    )


@pytest.mark.parametrize("path", SHIPPED, ids=lambda path: path.stem)
def test_shipped_weights_let_no_score_fall_for_a_better_likeness_or_lead(path: Path) -> None:
    weights = json.loads(path.read_text("utf-8"))["calibrate"]

    falling = [name for name in RISING if weights[name] <= 0]

    assert falling == []


@given(st.lists(st.tuples(st.lists(SHARE, min_size=8, max_size=8), st.integers(0, 200)), min_size=1))
def test_a_refit_weighs_the_very_facts_that_a_match_does(told: list[tuple[list[float], int]]) -> None:
    model, rows, members = load_model(), [row for row, _ in told], [many for _, many in told]

    scores = model.scores(found(rows, members))

    log_members: Doubles = np.log1p(np.array(members, dtype=np.float64))
    measured: Doubles = np.array(rows, dtype=np.float32).astype(np.float64)
    facts = features(measured, log_members, model.rank, np.ones(len(rows), dtype=np.bool_))
    assert scores == pytest.approx(probabilities(facts @ model.calibrate))


def test_a_lead_among_untaught_tickets_is_weighed_by_itself() -> None:
    model = read_model(WEIGHTS / "minilm.json")
    ahead, level = np.eye(len(SIGNALS))[SIGNALS.index("bm25")], np.zeros(len(SIGNALS))

    untaught, taught = (
        features(np.stack([ahead, level]), np.full(2, log), model.rank, np.ones(2, dtype=np.bool_))
        for log in (0.0, 1.0)
    )

    lead = model.rank[SIGNALS.index("bm25")]
    assert untaught[0, 1:3].tolist() == [0.0, lead]
    assert taught[0, 1:3].tolist() == [lead, 0.0]
