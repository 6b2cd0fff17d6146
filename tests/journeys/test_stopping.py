"""SIGTERM: what is begun is finished or given back in time, and the next process goes on at once."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.journeys.commands import GRACE_S, Installation, installed, terminate, wait_for, wait_until_quiet
from tests.journeys.company import SOME, TICKETS
from tests.journeys.outside import Outside

LEASE_S = 120
SOON_S = 30.0  # a process that waits for a lease takes longer


@pytest.mark.slow
@pytest.mark.parametrize("call_s", [1.0, 20.0], ids=["ending in time", "outlasting it"])
def test_a_stopped_bot_ends_in_time_and_the_next_one_goes_on_at_once(
    database_url: str, tmp_path: Path, call_s: float
) -> None:
    with installed(database_url, tmp_path, VOC_ENGINE__LEASE_S=str(LEASE_S)) as bot:
        bot.set_up()
        bot.must("sync")
        slow = {"do": "slow", "delay_s": call_s, "vendor": "jira", "path": ".*/remotelink", "skip": 1}
        bot.outside.sandbox.faults.add({**slow, "times": None})

        with bot.running("work") as process:
            wait_for(lambda: _links(bot.outside, "APP") > 0, lambda: bot.log)
            took_s = terminate(process)
        begun = _links(bot.outside, "APP")
        bot.outside.sandbox.faults.clear()
        _let_the_next_one_finish(bot)

        assert process.returncode == 0
        assert took_s < GRACE_S
        assert begun <= 2  # the first, and the one that was on its way
        held = bot.outside.held()
        assert {t: [key for key, _ in links] for t, links in held.links.items()} == {
            t: sorted(c.key for c in SOME if c.ticket == t) for t in TICKETS
        }
        assert len(held.comments["APP-1"]) == 1
        assert len({key for key, _ in held.cards}) == len(held.cards) == len(SOME)


def _let_the_next_one_finish(bot: Installation) -> None:
    with bot.running("work"):
        wait_for(lambda: _is_done(bot.outside), lambda: bot.log, at_most_s=SOON_S)
        wait_until_quiet(bot.outside)


def _is_done(world: Outside) -> bool:
    held = world.held()
    return bool(_links(world) == len(held.cards) == len(SOME) and held.comments["APP-1"])


def _links(world: Outside, project: str = "") -> int:
    return sum(len(links) for key, links in world.held().links.items() if key.startswith(project))
