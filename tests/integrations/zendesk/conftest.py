"""A Zendesk account on its stand-in."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from tests.contracts.feedback_sources import Zendesk


@pytest.fixture
def tool() -> Iterator[Zendesk]:
    made = Zendesk()
    yield made
    made.sandbox.stop()
