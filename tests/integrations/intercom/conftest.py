"""An Intercom workspace on its stand-in."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from tests.contracts.feedback_sources import Intercom


@pytest.fixture
def tool() -> Iterator[Intercom]:
    made = Intercom()
    yield made
    made.sandbox.stop()
