"""Killed around each kind of outward write, the bot leaves each of them done once."""

from __future__ import annotations

from dataclasses import asdict
from datetime import timedelta

import pytest

from tests.journeys.conftest import Stage
from tests.journeys.lives import KILLED, Lives
from tests.journeys.outside import Held

pytestmark = [pytest.mark.slow, pytest.mark.timeout(400)]


def change_what_was_said(lives: Lives) -> None:
    """Let a customer's conversation be deleted and another's words be blacked out, and two days pass."""
    lives.outside.load("zendesk", delete=[2], redact=[{"ticket_id": 1, "text": "the month's report is late"}])
    lives.pass_time(timedelta(days=2))


@pytest.mark.parametrize("do", ["kill_before", "kill_after"])
def test_killed_around_any_kind_of_write_the_bot_does_it_once(stage: Stage, do: str) -> None:
    with stage.lives() as lives:
        expected = [_all_through(lives, {}), _changed_through(lives, {})]
        kinds = lives.outside.kinds()

    for kind in kinds:
        with stage.lives() as lives:
            rule = {"do": do, **asdict(kind)}
            found = [_all_through(lives, rule), _changed_through(lives, rule)]

            assert found == expected, (kind, lives.log)
            assert lives.statuses.count(KILLED) == 1, kind


def _all_through(lives: Lives, rule: dict[str, object]) -> Held:
    lives.drain_through(**rule)
    return lives.outside.held()


def _changed_through(lives: Lives, rule: dict[str, object]) -> Held:
    change_what_was_said(lives)
    return _all_through(lives, {} if KILLED in lives.statuses else rule)
