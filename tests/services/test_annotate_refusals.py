"""A tracker that refuses, forgets or is full: asked no more than is of use, and never forgotten."""

from __future__ import annotations

import pytest

from bot.domain.effect import EffectState
from bot.errors import AccessError, AnswerError, IntegrationError, NotFoundError, TransientError
from bot.services.annotate import annotate_marked
from bot.services.annotator import Annotator
from bot.services.marks import ANNOTATION, mark
from bot.services.review import undo
from bot.services.sync import sync_tickets
from tests.builders import conversation, ticket
from tests.fakes.tracker import FakeTracker
from tests.services.conftest import Store


@pytest.fixture
def tracker() -> FakeTracker:
    return FakeTracker(ticket())


@pytest.fixture
def annotator(store: Store, tracker: FakeTracker) -> Annotator:
    return Annotator(store.work, store.work, store.clock, {"jira": tracker})


def look_again(store: Store, ticket_id: int) -> None:
    with store.work() as unit:
        mark(unit, ANNOTATION, ticket_id, store.clock.now())
        unit.commit()


def many_attached(store: Store, count: int) -> tuple[list[int], int]:
    """Attach that many pieces to one ticket, marked."""
    ticket_id = store.ticket(ticket())
    pieces = store.add(*(conversation(f"The export fails on page {n}.", str(n)) for n in range(count)))
    for piece in pieces:
        store.attach(piece, ticket_id)
    look_again(store, ticket_id)
    return pieces, ticket_id


@pytest.mark.parametrize(
    "refusal", [AccessError("jira", "linking"), TransientError("jira", "linking", retry_after_s=600)]
)
def test_a_tracker_that_refuses_is_asked_once_for_all_tickets_of_a_project(
    store: Store, annotator: Annotator, tracker: FakeTracker, refusal: IntegrationError
) -> None:
    store.allow()
    many_attached(store, 10)
    others = [store.ticket(ticket(n, f"Ticket {n}")) for n in (2, 3)]
    for piece, other in zip(
        store.add(conversation("Slow.", "x"), conversation("Late.", "y")), others, strict=True
    ):
        store.attach(piece, other)
        look_again(store, other)
    tracker.before = [refusal] * 100

    annotate_marked(annotator)
    first = tracker.writes
    store.clock.advance(minutes=5)
    annotate_marked(annotator)
    soon = tracker.writes
    tracker.before = []
    store.clock.advance(minutes=20)
    annotate_marked(annotator)

    assert (first, soon) == (1, 1)
    assert [len(tracker.links[key]) for key in ("10001", "10002", "10003")] == [10, 1, 1]


def test_a_ticket_that_was_deleted_in_the_tracker_is_noted_as_gone_after_one_write(
    store: Store, annotator: Annotator, tracker: FakeTracker
) -> None:
    store.allow()
    _, ticket_id = many_attached(store, 10)
    deleted = tracker.tickets.pop("10001")
    tracker.before = [NotFoundError("jira", "linking")]

    annotate_marked(annotator)

    with store.work() as unit:
        assert unit.tickets.get(ticket_id).gone
    assert tracker.writes == 1
    tracker.tickets["10001"] = deleted  # it was only hidden from us
    sync_tickets(store.work, store.clock, tracker)
    annotate_marked(annotator)
    assert len(tracker.links["10001"]) == 10


def test_links_beyond_what_the_ticket_holds_are_parked_and_not_tried_for_ever(
    store: Store, annotator: Annotator, tracker: FakeTracker
) -> None:
    store.allow()
    _, ticket_id = many_attached(store, 5)
    tracker.before = [AnswerError("jira", "linking", "413") for _ in range(3)]

    for _ in range(3):
        annotate_marked(annotator)
        look_again(store, ticket_id)

    with store.work() as unit:
        assert unit.effects.counts()["link", EffectState.PARKED] == 3
    assert tracker.writes == 5 + 1
    assert len(tracker.comments["10001"]) == 1


def test_a_switch_turned_off_later_leaves_the_ticket_as_it_is(
    store: Store, annotator: Annotator, tracker: FakeTracker
) -> None:
    store.allow()
    pieces, _ = many_attached(store, 2)
    annotate_marked(annotator)
    written = tracker.writes
    store.allow(write=False)

    undo(store.work, store.clock, pieces[0], "U1")
    annotate_marked(annotator)

    assert tracker.writes == written


def test_a_pause_that_ends_during_a_long_run_is_over(
    store: Store, annotator: Annotator, tracker: FakeTracker
) -> None:
    store.allow()
    many_attached(store, 3)
    tracker.before = [TransientError("jira", "linking")]

    annotate_marked(annotator, lambda: store.clock.advance(minutes=2))

    assert len(tracker.links["10001"]) == 3
