"""The whole cycle, as it is run every day, posts each thing once."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.journeys.commands import Installation, installed, wait_for, wait_until_quiet
from tests.journeys.company import SOME, TICKETS
from tests.journeys.outside import changes


@pytest.mark.slow
def test_the_cycle_run_twice_posts_nothing_twice(database_url: str, tmp_path: Path) -> None:
    with installed(database_url, tmp_path) as bot:
        bot.set_up()
        bot.must("sync")
        _run_cycle(bot)
        once, writes = bot.outside.held(), _told(bot)

        bot.must("sync")
        _run_cycle(bot)

        assert once.is_whole
        assert {t: [key for key, _ in links] for t, links in once.links.items()} == {
            t: sorted(c.key for c in SOME if c.ticket == t) for t in TICKETS
        }
        assert bot.outside.held() == once
        assert _told(bot) == writes


def _run_cycle(bot: Installation) -> None:
    """Let everything run in one process, ask for the digest, and end when all is out."""
    with bot.running("up"):
        wait_for(lambda: bot.say("status") == "ok", lambda: bot.log)
        wait_until_quiet(bot.outside)
        assert bot.say("digest now") == "ok"
        wait_for(lambda: bot.outside.held().is_whole, lambda: bot.log)
        wait_until_quiet(bot.outside)


def _told(bot: Installation) -> int:
    """Return how many requests wrote something that others than the person who asked can see."""
    others = (
        "search/jql",
        "comment/list",
        "conversations.",
        "users.info",
        "auth.test",
        "getPermalink",
        "/response/",
        "chat.postEphemeral",
    )
    acts = (row for row in bot.outside.writes() if changes(row))
    return sum(not any(part in row["path"] for part in others) for row in acts)
