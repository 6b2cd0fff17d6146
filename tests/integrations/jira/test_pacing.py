"""Jira's limits are kept before it refuses, and what it refuses is not asked again too soon."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.domain.ticket import TicketRef
from bot.errors import AnswerError, TransientError
from integrations.jira.pacing import LONGEST_WAIT_S, WRITES_ON_AN_ISSUE, Pace
from tests.integrations.jira.annotations import ANNOTATION, EVIDENCE
from tests.integrations.jira.conftest import Jira

LINK = "/rest/api/3/issue/{}/remotelink"


class Time:
    """A clock that moves by waiting."""

    def __init__(self) -> None:
        self.now = 1_000.0
        self.slept: list[float] = []

    def sleep(self, seconds: float) -> None:
        self.slept.append(seconds)
        self.now += seconds


@pytest.fixture
def time() -> Time:
    return Time()


@pytest.fixture
def pace(time: Time) -> Pace:
    return Pace("jira", lambda: time.now, time.sleep)


@given(st.lists(st.floats(0, 3, allow_nan=False), min_size=1, max_size=200))
def test_never_more_writes_on_an_issue_than_it_takes(between: list[float]) -> None:
    time = Time()
    pace, sent, told = Pace("jira", lambda: time.now, time.sleep), list[float](), list[float | None]()

    for seconds in between:
        time.now += seconds
        try:
            pace.wait("POST", LINK.format(1), "linking")
            sent.append(time.now)
        except TransientError as exc:
            told.append(exc.retry_after_s)

    for most, per_s in WRITES_ON_AN_ISSUE:
        assert all(later - first >= per_s - 1e-6 for first, later in zip(sent, sent[most:], strict=False))
    assert all(seconds <= LONGEST_WAIT_S for seconds in time.slept)
    assert all(seconds is not None and seconds > LONGEST_WAIT_S for seconds in told)


def test_a_wait_that_is_long_is_told_and_not_waited(pace: Pace, time: Time) -> None:
    for _ in range(100):
        pace.wait("POST", LINK.format(1), "linking")

    with pytest.raises(TransientError) as told:
        pace.wait("PUT", "/rest/api/3/issue/1/comment/7", "editing")

    assert told.value.retry_after_s == pytest.approx(30 - sum(time.slept))


def test_reads_and_other_issues_are_not_held_back(pace: Pace, time: Time) -> None:
    for number in range(300):
        pace.wait("POST", LINK.format(number), "linking")
        pace.wait("GET", LINK.format(1), "reading links")

    assert time.slept == []


@pytest.mark.parametrize(
    ("reason", "held"),
    [
        ("jira-quota-global-based", {"same", "other issue", "other call"}),
        ("jira-quota-tenant-based", {"same", "other issue", "other call"}),
        ("jira-burst-based", {"same", "other issue"}),
        ("jira-per-issue-on-write", {"same"}),
        ("", set()),
    ],
)
def test_a_refusal_holds_back_what_it_is_about(pace: Pace, reason: str, held: set[str]) -> None:
    calls = {
        "same": ("POST", LINK.format(1)),
        "other issue": ("POST", LINK.format(2)),
        "other call": ("GET", "/rest/api/3/issue/1"),
    }

    pace.refused(*calls["same"], reason, 60.0)

    assert {name for name, call in calls.items() if is_held(pace, *call)} == held


def is_held(pace: Pace, method: str, path: str) -> bool:
    try:
        pace.wait(method, path, "asking")
    except TransientError as exc:
        return exc.retry_after_s == 60.0
    return False


def test_what_was_held_back_goes_on_after_the_wait(pace: Pace, time: Time) -> None:
    pace.refused("GET", "/rest/api/3/field", "jira-burst-based", 5.0)

    pace.wait("GET", "/rest/api/3/field", "reading fields")
    pace.wait("GET", "/rest/api/3/field", "reading fields")

    assert time.slept == [5.0]


@pytest.fixture
def limited(jira: Jira) -> TicketRef:
    jira.load({"key": "FLD-1"})
    return TicketRef("jira", jira.issue("FLD-1")["id"])


def test_forty_five_links_on_one_ticket_meet_no_refusal(jira: Jira, limited: TicketRef) -> None:
    tracker = jira.tracker()

    for number in range(45):
        tracker.link(limited, replace(EVIDENCE, key=f"voc:{number}"))

    links = jira.asked("POST", "/remotelink")
    assert [row["status"] for row in links] == [201] * 45
    assert sum(jira.slept) == pytest.approx(4.0)


def test_a_used_up_quota_stops_every_request_until_it_is_back(jira: Jira, limited: TicketRef) -> None:
    jira.load(quota=2)
    tracker = jira.tracker(deployment="cloud")
    acts: list[Callable[[], object]] = [
        lambda: tracker.get("FLD-1"),
        lambda: tracker.linked(limited),
        lambda: tracker.link(limited, EVIDENCE),
    ]
    for act in acts[:2]:
        act()

    waits = [refused(act) for act in acts * 2]
    asked = [row["status"] for row in jira.client.requests("jira")]
    jira.clock.advance(3_601)

    assert asked == [200, 200, 429]
    assert all(3_500 < wait_s <= 3_601 for wait_s in waits)
    assert tracker.link(limited, EVIDENCE)


def refused(act: Callable[[], object]) -> float:
    with pytest.raises(TransientError) as told:
        act()
    return told.value.retry_after_s or 0.0


def test_a_request_that_jira_took_away_says_nothing_of_the_ticket(jira: Jira, limited: TicketRef) -> None:
    jira.client.fault("status", vendor="jira", path=".*/comment", status=410, body="{}", times=None)

    with pytest.raises(AnswerError, match="410"):
        jira.tracker().annotate(limited, ANNOTATION, None)
