"""SIGTERM: what is begun is finished or given back within ten seconds, and the next process goes on at once."""

from __future__ import annotations

import time
from pathlib import Path

from tests.journeys.commands import GRACE_S, installed, terminate, wait_for, wait_until_quiet
from tests.journeys.company import DIGEST, FEW, TICKETS

LEASE_S = 120  # a process that waits for it misses every deadline below


def test_a_stopped_bot_ends_in_time_and_its_successor_goes_on_at_once(database_url: str, tmp_path: Path) -> None:
    with installed(database_url, tmp_path, VOC_ENGINE__LEASE_S=str(LEASE_S)) as bot:
        bot.set_up()
        bot.must("sync")
        world = bot.outside
        world.sandbox.faults.add(
            {"do": "slow", "delay_s": 1.0, "vendor": "jira", "path": ".*/remotelink", "times": None}
        )

        with bot.running("work") as process:
            wait_for(lambda: any(world.held().links.values()), lambda: bot.log)
            took_s = terminate(process)
        begun = sum(map(len, world.held().links.values()))
        world.sandbox.faults.clear()
        began = time.monotonic()
        with bot.running("work"):
            wait_for(
                lambda: sum(map(len, world.held().links.values())) == len(FEW)
                and all(world.held().comments[c.ticket] for c in FEW)
                and len(world.held().cards) == len(FEW),
                lambda: bot.log,
                at_most_s=LEASE_S / 2,
            )
            wait_until_quiet(world)

        assert process.returncode == 0
        assert took_s < GRACE_S
        assert 0 < begun < len(FEW)
        assert time.monotonic() - began < LEASE_S / 2
        held = world.held()
        assert {t: [key for key, _ in links] for t, links in held.links.items()} == {
            t: sorted(c.key for c in FEW if c.ticket == t) for t in TICKETS
        }
        assert all(len(held.comments[c.ticket]) == 1 for c in FEW)
        assert len({key for key, _ in held.cards}) == len(held.cards) == len(FEW)
        assert world.messages(DIGEST) == []
