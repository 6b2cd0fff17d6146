"""Where the first fitting ticket stands, against the slow way of looking it up."""

from __future__ import annotations

import numpy as np
from hypothesis import given
from hypothesis import strategies as st

from bot.matching.evaluation.judged import NOWHERE, ranked

SCORES = st.dictionaries(st.integers(1, 9), st.sampled_from([0.1, 0.5, 0.9]), max_size=9)
ANSWERS = st.dictionaries(st.integers(1, 9), st.booleans(), max_size=9)


@given(SCORES, ANSWERS)
def test_the_first_fitting_ticket_is_found_where_a_reader_finds_it(
    scores: dict[int, float], answers: dict[int, bool]
) -> None:
    ids = sorted(scores)
    read = sorted(ids, key=lambda one: (-scores[one], one))
    fitting = [place for place, one in enumerate(read, 1) if answers.get(one)]

    found = ranked([answers], [(np.array(ids, dtype=np.int64), np.array([scores[one] for one in ids]))])

    assert found.places.tolist() == [fitting[0] if fitting else NOWHERE]
    assert found.scores.tolist() == [scores.get(one, 0.0) for one in answers]
