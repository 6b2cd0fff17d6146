from __future__ import annotations

import dataclasses

from hypothesis import given, settings
from hypothesis import strategies as st

from integrations.charts import trend_chart
from tests.integrations.slack.samples import HOSTILE_TEXT, snapshot, top_ticket

SNAPSHOT = snapshot(top=(top_ticket(trend=(0, 3, 9)), top_ticket(key="BILL-7", trend=(4, 2, 9))))


def test_the_alt_text_says_what_the_picture_shows() -> None:
    chart = trend_chart(SNAPSHOT)

    assert chart is not None
    assert chart[0].startswith(b"\x89PNG")
    assert chart[1] == (
        "Line chart of pieces of feedback a week, 2–22 Nov 2026."
        " SHOP-12 CSV export drops rows: 0, 3, 9. BILL-7 CSV export drops rows: 4, 2, 9."
    )


def test_a_first_week_has_no_trend_to_draw() -> None:
    assert trend_chart(dataclasses.replace(SNAPSHOT, top=(top_ticket(trend=(3,)),))) is None
    assert trend_chart(dataclasses.replace(SNAPSHOT, top=())) is None


@settings(max_examples=8)
@given(HOSTILE_TEXT, st.lists(st.integers(0, 10**6), min_size=2, max_size=12))
def test_any_key_and_any_numbers_can_be_drawn(key: str, trend: list[int]) -> None:
    tickets = (top_ticket(key=key, title=key, trend=tuple(trend)), top_ticket(trend=(0, 0)))

    chart = trend_chart(dataclasses.replace(SNAPSHOT, top=tickets))

    assert chart is not None
    assert len(chart[1]) < 2_000
