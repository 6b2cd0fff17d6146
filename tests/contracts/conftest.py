"""Each adapter under its contract, started and stopped for one test."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from tests.contracts.ticket_trackers import TRACKERS, TrackerUnderTest


@pytest.fixture(params=TRACKERS, ids=lambda site: str(site.vendor))
def site(request: pytest.FixtureRequest) -> Iterator[TrackerUnderTest]:
    """Return a ticket tracker."""
    made: TrackerUnderTest = request.param()
    yield made
    made.sandbox.stop()
