"""What a review session tells of what was so meanwhile, or comes later."""

from __future__ import annotations

import pytest

from bot.services.ingest import withdraw
from bot.services.quiet import set_quiet_hours
from integrations.slack.blocks import ids
from tests.handlers.test_sessions import inbox, press, refresh
from tests.handlers.world import ANNA, OWNERS, World


@pytest.fixture
def piece(world: World) -> int:
    """Return a piece proposed for FLD-1, which waits in the owners' channel."""
    piece = world.piece("The export drops rows after page two.")
    world.decide(piece, world.ticket("FLD-1", "Export all rows"))
    refresh(world, piece)
    return piece


def test_who_asks_the_channel_in_quiet_hours_is_told_when_the_card_comes(world: World, piece: int) -> None:
    set_quiet_hours(world.context.work, world.clock, world.context.rules, "9:00-11:30", ANNA)
    world.presses(ANNA, inbox(world), ids.REVIEW)

    following = press(world, ANNA, ids.SESSION_ASK)
    refresh(world)

    assert "It is quiet now: the card comes on Wednesday, 18 November 2026 at 11:30" in following
    assert "card-" not in str(world.messages(OWNERS)[-1]["blocks"])


def test_words_that_were_removed_meanwhile_are_told_as_such(world: World, piece: int) -> None:
    world.presses(ANNA, inbox(world), ids.REVIEW)
    with world.context.work() as unit:
        voice = unit.pieces.voice(piece)
        withdraw(unit, "zendesk", [voice.external_id], world.clock.now())
        unit.commit()

    following = press(world, ANNA, ids.SESSION_ATTACH)

    assert "The customer’s words were removed at their source." in following
    assert "Somebody else" not in following
    assert "0 decided · nothing waits any more" in following
