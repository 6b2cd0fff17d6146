"""Through many weeks every quote is a customer's words at that time, and nothing redacted leaves."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.handlers.surfaces.crawling import Crawler
from tests.handlers.surfaces.life import Life
from tests.handlers.surfaces.test_surfaces import COMMANDS, strange_world
from tests.handlers.world import ANNA, BEN, PRODUCT

WEEKS = 12


@pytest.mark.slow
@pytest.mark.timeout(1200)
@pytest.mark.parametrize("seed", range(2))
def test_weeks_of_words_edits_redactions_and_decisions(handlers_template: Path, seed: int) -> None:
    with strange_world(handlers_template, seed, 0) as world:
        life = Life(world, seed)
        world.says(ANNA, "digest schedule mon 9:00 Europe/Berlin")

        for week in range(WEEKS):
            for _ in range(7):
                life.day()
            crawler = Crawler(world, (ANNA, BEN)[week % 2], "as was said", is_backwards=week % 3 == 1)
            crawler.type_all(
                {verb: ways for verb, ways in COMMANDS.items() if verb not in ("add", "unsubscribe")}
            )
            crawler.press_all()
            life.witness.look()
        life.show()

        digests = [m for m in world.messages(PRODUCT) if m.get("metadata")]
        assert len(digests) >= WEEKS - 1
        assert life.witness.quotes > 20 * WEEKS
        assert [secret for secret in life.witness.secrets if secret in life.witness.shown()] == []
