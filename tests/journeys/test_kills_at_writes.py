"""Killed around each kind of outward write, the bot leaves each of them done once."""

from __future__ import annotations

import pytest

from tests.journeys.company import PROJECTS
from tests.journeys.conftest import Stage
from tests.journeys.lives import KILLED

SHADOW = dict.fromkeys(PROJECTS, (False, False))
pytestmark = [pytest.mark.slow, pytest.mark.timeout(400)]


@pytest.mark.parametrize("moment", ["kill_before", "kill_after"])
def test_killed_around_any_kind_of_write_the_bot_does_it_once(stage: Stage, moment: str) -> None:
    with stage.lives() as lives:
        expected = lives.go_all_the_way()
        kinds = lives.outside.kinds()
    assert expected[0].is_whole

    for kind in kinds:
        with stage.lives() as lives:
            lives.doom, lives.doom_comes = kind, moment

            assert lives.go_all_the_way() == expected, (kind, lives.log)
            assert lives.statuses.count(KILLED) == 1, kind


@pytest.mark.parametrize("moment", ["kill_before", "kill_after"])
def test_killed_around_any_write_of_what_waits_for_people_there_is_one_message(
    stage: Stage, moment: str
) -> None:
    with stage.lives(switches=SHADOW) as lives:
        expected = lives.go_all_the_way()
        kinds = lives.outside.kinds()
    assert all("wait for a decision" in text for held in expected for _, text in held.cards)
    assert all(held.cards for held in expected)

    for kind in kinds:
        with stage.lives(switches=SHADOW) as lives:
            lives.doom, lives.doom_comes = kind, moment

            assert lives.go_all_the_way() == expected, (kind, lives.log)
            assert lives.statuses.count(KILLED) == 1, kind
