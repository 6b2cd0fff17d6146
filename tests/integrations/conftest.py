from __future__ import annotations

from collections.abc import Iterator

import pytest

from integrations.sandbox.clock import SandboxClock
from integrations.sandbox.serving import Sandbox
from tests.integrations.tally import NOW, Running, Tally


@pytest.fixture
def running() -> Iterator[Running]:
    """Return a sandbox that serves the tally."""
    sandbox = Sandbox([Tally], clock=SandboxClock(NOW, frozen=True), profile="vendor")
    yield Running(sandbox)
    sandbox.stop()
