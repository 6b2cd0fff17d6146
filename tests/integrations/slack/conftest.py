from __future__ import annotations

from collections.abc import Iterator

import pytest

from tests.integrations.slack.web import Web
from tests.integrations.slack.world import Slack, slack_world


@pytest.fixture
def slack() -> Iterator[Slack]:
    with slack_world() as world:
        yield world


@pytest.fixture
def web(slack: Slack) -> Web:
    return Web(slack)
