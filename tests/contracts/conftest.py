"""Each adapter under its contract, started and stopped for one test."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Any, TypeVar

import pytest

from tests.contracts.feedback_sources import Intercom, SourceUnderTest, Zendesk
from tests.contracts.jira_sites import JIRA_SITES, JiraGateway, JiraScoped
from tests.contracts.linear_sites import LINEAR_SITES
from tests.contracts.slack_channel import SlackChannel
from tests.contracts.ticket_trackers import TrackerUnderTest

SOURCES: list[type[SourceUnderTest]] = [Zendesk, Intercom, SlackChannel]
SITES = [*JIRA_SITES, *LINEAR_SITES]

T = TypeVar("T", TrackerUnderTest, SourceUnderTest)


def _params(sites: Sequence[type[TrackerUnderTest]]) -> list[Any]:
    """Return them; one that differs from another only in its sign-in is left to the slow ring."""
    slow = (JiraGateway, JiraScoped)
    return [pytest.param(one, marks=pytest.mark.slow) if one in slow else one for one in sites]


@pytest.fixture(params=_params(SITES), ids=lambda made: str(made.__name__))
def site(request: pytest.FixtureRequest) -> Iterator[TrackerUnderTest]:
    """Return a ticket tracker."""
    yield from _running(request.param)


@pytest.fixture(params=_params([one for one in SITES if one.annotates]), ids=lambda made: str(made.__name__))
def annotated_site(request: pytest.FixtureRequest) -> Iterator[TrackerUnderTest]:
    """Return a ticket tracker with a living annotation."""
    yield from _running(request.param)


@pytest.fixture(params=_params(JIRA_SITES), ids=lambda made: str(made.__name__))
def jira_site(request: pytest.FixtureRequest) -> Iterator[TrackerUnderTest]:
    """Return a tracker whose projects decide what a new ticket needs."""
    yield from _running(request.param)


@pytest.fixture(params=[one for one in SITES if not one.annotates], ids=lambda made: str(made.__name__))
def self_explaining_site(request: pytest.FixtureRequest) -> Iterator[TrackerUnderTest]:
    """Return a ticket tracker that shows each piece by itself."""
    yield from _running(request.param)


@pytest.fixture(params=SOURCES, ids=lambda made: str(made.vendor))
def tool(request: pytest.FixtureRequest) -> Iterator[SourceUnderTest]:
    """Return a source of feedback."""
    yield from _running(request.param)


@pytest.fixture(params=[one for one in SOURCES if one.redacts], ids=lambda made: str(made.vendor))
def redacting_tool(request: pytest.FixtureRequest) -> Iterator[SourceUnderTest]:
    """Return a source whose words can be blacked out."""
    yield from _running(request.param)


def _running(make: type[T]) -> Iterator[T]:
    made = make()
    yield made
    made.sandbox.stop()
