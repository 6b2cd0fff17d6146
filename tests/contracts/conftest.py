"""Each adapter under its contract, started and stopped for one test."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from tests.contracts.jira_sites import JIRA_SITES
from tests.contracts.linear_sites import LINEAR_SITES
from tests.contracts.ticket_trackers import TrackerUnderTest

SITES = [*JIRA_SITES, *LINEAR_SITES]


@pytest.fixture(params=SITES, ids=lambda made: str(made.__name__))
def site(request: pytest.FixtureRequest) -> Iterator[TrackerUnderTest]:
    """Return a ticket tracker."""
    yield from _running(request.param)


@pytest.fixture(params=[one for one in SITES if one.annotates], ids=lambda made: str(made.__name__))
def annotated_site(request: pytest.FixtureRequest) -> Iterator[TrackerUnderTest]:
    """Return a ticket tracker with a living annotation."""
    yield from _running(request.param)


@pytest.fixture(params=[one for one in SITES if not one.annotates], ids=lambda made: str(made.__name__))
def self_explaining_site(request: pytest.FixtureRequest) -> Iterator[TrackerUnderTest]:
    """Return a ticket tracker that shows each piece by itself."""
    yield from _running(request.param)


def _running(make: type[TrackerUnderTest]) -> Iterator[TrackerUnderTest]:
    made = make()
    yield made
    made.sandbox.stop()
