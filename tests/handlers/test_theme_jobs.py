"""Themes are kept by tasks: after each matching, once a day, and while a ticket is not known to be there."""

from __future__ import annotations

import pytest

from bot.services.theme_tickets import KIND
from tests.handlers.shop import BLIP, DAY, MINUTE, Shop
from tests.handlers.world import NOW, World


@pytest.fixture
def shop(world: World) -> Shop:
    return Shop(world)


def test_themes_are_kept_after_each_matching_and_once_a_day(shop: Shop) -> None:
    shop.tick()
    shop.gathered.clear()

    shop.tick(MINUTE)
    nothing_new = list(shop.gathered)
    shop.world.piece("Where is the dark mode?", person="2")
    shop.tick(MINUTE)
    shop.source.fault = BLIP
    shop.tick(DAY)

    assert nothing_new == []
    assert set(shop.gathered) == {NOW + 2 * MINUTE, NOW + 2 * MINUTE + DAY}


def test_a_ticket_that_is_not_known_to_be_there_is_gone_on_with(shop: Shop) -> None:
    shop.tick()
    shop.gathered.clear()
    with shop.world.context.work() as unit:
        unit.effects.want(KIND, "jira", "theme:1", "created", NOW)
        unit.commit()

    shop.tick(MINUTE)

    assert set(shop.gathered) == {NOW + MINUTE}
