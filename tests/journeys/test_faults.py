"""Each kind of write fails once, in each way that vendors and networks do: the end is the same."""

from __future__ import annotations

from dataclasses import asdict
from typing import Any

import pytest

from tests.journeys.conftest import Stage
from tests.journeys.lives import Lives
from tests.journeys.outside import Held, Kind

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
        expected = _all_through(lives)
        kinds = lives.outside.kinds()
    assert expected[0].is_whole

    with stage.lives() as lives:
        for kind in kinds:
            lives.outside.sandbox.faults.add({**asdict(kind), **way})

        assert _all_through(lives) == expected, lives.log
        assert _struck(lives, kinds) >= len(kinds)


def _all_through(lives: Lives) -> list[Held]:
    """Return what is held after all was said, and after some of it was taken back."""
    lives.drain_through_deaths()
    first = lives.outside.held()
    lives.change_what_was_said()
    lives.drain_through_deaths()
    return [first, lives.outside.held()]


def _struck(lives: Lives, kinds: list[Kind]) -> int:
    return sum(row["fault"] != "" for row in lives.outside.writes())
