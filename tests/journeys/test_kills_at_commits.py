"""Killed before and after each commit of the ledger of outward acts, the bot leaves every act done once."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.journeys.conftest import Stage
from tests.journeys.lives import KILLED

pytestmark = [pytest.mark.slow, pytest.mark.timeout(600)]


@pytest.mark.parametrize("moment", ["before", "after"])
def test_killed_at_any_commit_of_the_ledger_the_bot_does_each_act_once(
    stage: Stage, moment: str, tmp_path: Path
) -> None:
    count = tmp_path / "count"
    with stage.lives() as lives:
        lives.drain(count=str(count))
        expected = lives.outside.held()
    assert expected.is_whole

    for number in range(1, int(count.read_text()) + 1):
        with stage.lives() as lives:
            assert lives.drain(kill_at=number, moment=moment) == KILLED, (number, lives.log)
            lives.drain_through_deaths()

            assert lives.outside.held() == expected, (number, lives.log)
