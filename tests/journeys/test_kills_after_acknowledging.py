"""What Slack was told to have arrived is dealt with, though the process that said so is killed at once."""

from __future__ import annotations

import pytest

from config.scopes import EVENTS
from integrations.sandbox.slack.stand_in import SlackStandIn
from tests.journeys.company import USER
from tests.journeys.conftest import Stage

pytestmark = [pytest.mark.slow, pytest.mark.timeout(120)]


def test_an_event_that_was_acknowledged_outlives_its_process(stage: Stage) -> None:
    with stage.lives() as lives:
        slack = lives.outside.sandbox.stand_ins["slack"]
        assert isinstance(slack, SlackStandIn)
        with lives.hearing() as address:
            lives.outside.load("slack", bot={"url": address}, app={"events": list(EVENTS)})
            slack.talking.open_home(USER)
        [told] = slack.space.deliveries
        shown_by_the_first = dict(slack.space.homes)

        lives.drain_through_deaths()

        assert told["status"] == "ok"
        assert shown_by_the_first == {}
        assert slack.space.homes.keys() == {USER}, lives.log
