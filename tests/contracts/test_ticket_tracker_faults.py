"""What every ticket tracker promises of faults: nothing doubled, nothing lost, the right error."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from functools import partial
from typing import Any

import pytest

from bot.domain.ticket import TicketRef
from bot.errors import AccessError, TransientError, UncertainError
from bot.ports import TicketTracker
from tests.contracts.ticket_trackers import ANNOTATION, DRAFT, EVIDENCE, TrackerUnderTest, ref_of, write_some

ACTS: dict[str, Callable[[TicketTracker, TicketRef], Any]] = {
    "add annotation": lambda tracker, ref: tracker.annotate(ref, ANNOTATION, None),
    "edit annotation": lambda tracker, ref: tracker.annotate(ref, ANNOTATION, tracker.find_annotation(ref)),
    "link": lambda tracker, ref: tracker.link(ref, EVIDENCE),
    "unlink": lambda tracker, ref: tracker.unlink(ref, EVIDENCE.key),
    "create": lambda tracker, _: tracker.create(DRAFT),
}


def prepare(site: TrackerUnderTest, act: str) -> TicketRef:
    """Return a ticket in the state that the act needs."""
    if "annotation" in act and not site.annotates:
        pytest.skip("shows each piece by itself, and writes no annotation")
    ref = ref_of(site)
    if act == "edit annotation":
        site.tracker().annotate(ref, replace(ANNOTATION, pieces=1), None)
    if act == "unlink":
        site.tracker().link(ref, EVIDENCE)
    site.clock.advance(60)
    return ref


def outcome(site: TrackerUnderTest, act: str) -> int:
    """Return how many traces the act has left."""
    if act == "create":
        return list(site.titles()).count(DRAFT.title)
    return len(site.links("FLD-1")) if "link" in act else len(site.annotations("FLD-1"))


@pytest.mark.parametrize("do", ["lost", "half"])
@pytest.mark.parametrize("act", ACTS)
def test_a_write_whose_answer_is_lost_is_never_doubled(site: TrackerUnderTest, act: str, do: str) -> None:
    ref = prepare(site, act)
    site.fails(act, do)

    if act in site.repeatable:
        ACTS[act](site.tracker(), ref)
    else:
        with pytest.raises(UncertainError):
            ACTS[act](site.tracker(), ref)

    site.settle()
    assert outcome(site, act) == (0 if act == "unlink" else 1)
    assert act != "add annotation" or site.tracker().find_annotation(ref)
    assert act != "create" or site.tracker().find_created(DRAFT.key)


@pytest.mark.parametrize("do", ["reset", "status"])
@pytest.mark.parametrize("act", ACTS)
def test_a_write_that_fails_before_any_work_is_done_once_or_told(
    site: TrackerUnderTest, act: str, do: str
) -> None:
    ref = prepare(site, act)
    site.fails(act, do)

    if act in site.repeatable:
        ACTS[act](site.tracker(), ref)
    else:
        with pytest.raises(UncertainError):
            ACTS[act](site.tracker(), ref)
        assert outcome(site, act) == 0
        ACTS[act](site.tracker(), ref)

    assert outcome(site, act) == (0 if act == "unlink" else 1)


@pytest.mark.parametrize("act", ACTS)
def test_waits_as_long_as_the_vendor_asks(site: TrackerUnderTest, act: str) -> None:
    ref = prepare(site, act)
    site.fails(act, "status", status=429, retry_after_s=7)

    ACTS[act](site.tracker(), ref)

    assert site.slept == [7]
    assert outcome(site, act) == (0 if act == "unlink" else 1)


def test_a_wait_longer_than_a_run_is_left_for_later(site: TrackerUnderTest) -> None:
    ref = ref_of(site)
    site.fails("link", "status", status=429, retry_after_s=3600)

    with pytest.raises(TransientError) as told:
        site.tracker().link(ref, EVIDENCE)

    assert (told.value.retry_after_s, site.slept, site.links("FLD-1")) == (3600, [], {})


def test_a_write_that_takes_too_long_is_uncertain(site: TrackerUnderTest) -> None:
    site.fails("create", "slow", delay_s=1, times=None)

    with pytest.raises(UncertainError):
        site.tracker(timeout_s=0.3).create(DRAFT)


@pytest.mark.parametrize("do", ["reset", "half", "status"])
def test_reading_goes_on_after_a_fault(site: TrackerUnderTest, do: str) -> None:
    written = write_some(site)
    site.fails_listing(do, skip=1)

    read = [t.key for page in site.tracker().changed_since(None) for t in page.tickets]

    assert read == written


def test_a_wrong_token_is_told_as_such_by_everything(site: TrackerUnderTest) -> None:
    ref = ref_of(site)
    tracker = site.tracker(token="expired")
    acts: tuple[Callable[[], Any], ...] = (
        lambda: list(tracker.changed_since(None)),
        lambda: tracker.get("FLD-1"),
        lambda: tracker.find_annotation(ref),
        lambda: tracker.find_created(DRAFT.key),
        *(partial(act, tracker, ref) for act in ACTS.values()),
    )

    for act in acts:
        with pytest.raises(AccessError):
            act()


def test_a_tracker_that_cannot_be_reached_fails_for_now(site: TrackerUnderTest) -> None:
    with pytest.raises(TransientError):
        site.tracker(url="http://127.0.0.1:9").get("FLD-1")
