"""Killed again and again at random moments, the bot does each act once."""

from __future__ import annotations

import random
from collections import Counter
from datetime import timedelta

import pytest

from tests.journeys.company import MANY
from tests.journeys.conftest import Stage
from tests.journeys.lives import Lives
from tests.journeys.outside import Held

pytestmark = [pytest.mark.slow, pytest.mark.timeout(400)]

WORLDS, KILLS = 4, 5


@pytest.mark.parametrize("seed", range(WORLDS))
def test_killed_at_random_moments_the_bot_does_each_act_once(stage: Stage, seed: int) -> None:
    moments = random.Random(seed)
    with stage.lives(MANY) as lives:
        _drain(lives)
        expected = lives.outside.held()
    assert expected.is_whole

    with stage.unread_lives(MANY) as lives:
        lives.prepare(with_feedback=False)
        for _ in range(KILLS):
            lives.work(dies_after_s=moments.uniform(1.0, 2.8))
        _drain(lives)

        held = lives.outside.held()
        assert (held.links, held.comments) == (expected.links, expected.comments), lives.log
        assert _shown(held.cards) == _shown(expected.cards)  # they are numbered as they were read
        assert len(held.digests) == 1
        assert len(held.charts) == _charts(held)
        assert max(Counter(key for key, _ in held.replies).values(), default=0) <= 1


def _drain(lives: Lives) -> None:
    """Do all that is due today, and what waits for another day."""
    lives.drain_through_deaths()
    lives.pass_time(timedelta(days=2))  # a comment that was written early is edited, links are audited
    lives.drain_through_deaths()


def _shown(messages: list[tuple[str, str]]) -> list[str]:
    return sorted(text for _, text in messages)


def _charts(held: Held) -> int:
    """Return one where the digest names a ticket, whatever it knew when it was built."""
    return int("Loudest tickets" in held.digests[0][1])
