"""Each kind of write fails once, in each way that vendors and networks do: the end is the same."""

from __future__ import annotations

from dataclasses import asdict
from typing import Any

import pytest

from tests.journeys.conftest import Stage

pytestmark = [pytest.mark.slow, pytest.mark.timeout(400)]

WAYS: dict[str, dict[str, Any]] = {
    "performed, answer lost": {"do": "lost"},
    "performed, half an answer": {"do": "half"},
    "too many requests": {"do": "status", "status": 429, "retry_after_s": 1},
    "unavailable": {"do": "status", "status": 503},
    "connection reset": {"do": "reset"},
}


@pytest.mark.parametrize("way", WAYS.values(), ids=WAYS.keys())
def test_each_kind_of_write_may_fail_once(stage: Stage, way: dict[str, Any]) -> None:
    with stage.lives() as lives:
        expected = lives.go_all_the_way()
        kinds = lives.outside.kinds()
    assert expected[0].is_whole

    with stage.lives() as lives:
        lives.hurries = True
        for kind in kinds:
            lives.outside.sandbox.faults.add({**asdict(kind), **way})

        assert lives.go_all_the_way() == expected, lives.log
        assert sum(row["fault"] != "" for row in lives.outside.writes()) >= len(kinds)
