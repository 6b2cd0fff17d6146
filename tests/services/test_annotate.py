"""Tickets show who asked: a link a piece, one living comment, nothing where writing was not asked for."""

from __future__ import annotations

from datetime import timedelta

import pytest

from bot.domain.ticket import TicketStage
from bot.errors import (
    TransientError,
    UncertainError,
)
from bot.services.annotate import annotate_marked
from bot.services.annotation import annotation_of
from bot.services.annotator import Annotator
from bot.services.ingest import mark_piece, withdraw
from bot.services.marks import ANNOTATION, mark
from bot.services.review import attach, undo
from tests.builders import BOLT, LAST_WEEK, conversation, person, ticket
from tests.fakes.tracker import FakeTracker
from tests.services.conftest import Store


@pytest.fixture
def tracker() -> FakeTracker:
    return FakeTracker(ticket())


@pytest.fixture
def annotator(store: Store, tracker: FakeTracker) -> Annotator:
    return Annotator(store.work, store.work, store.clock, {"jira": tracker})


def two_attached(store: Store) -> tuple[list[int], int]:
    """Attach two pieces to one ticket, marked."""
    ticket_id = store.ticket(ticket())
    pieces = store.add(
        conversation("The export fails on every page we print.", "1"),
        conversation("Exports stop half way through the month.", "2", customer=person("bo", BOLT)),
    )
    for piece in pieces:
        store.attach(piece, ticket_id)
    look_again(store, ticket_id)
    return pieces, ticket_id


def look_again(store: Store, ticket_id: int) -> None:
    with store.work() as unit:
        mark(unit, ANNOTATION, ticket_id, store.clock.now())
        unit.commit()


def test_writes_nothing_to_a_project_that_was_not_turned_on(
    store: Store, annotator: Annotator, tracker: FakeTracker
) -> None:
    two_attached(store)

    annotate_marked(annotator)

    assert tracker.writes == 0


def test_links_each_piece_and_keeps_one_comment(
    store: Store, annotator: Annotator, tracker: FakeTracker
) -> None:
    store.allow()
    two_attached(store)

    annotate_marked(annotator)

    links, [comment] = tracker.links["10001"], tracker.comments["10001"]
    assert set(links) == {"voc:zendesk:1:1", "voc:zendesk:2:1"}
    assert links["voc:zendesk:1:1"].title == "“The export fails on every page we print.”"
    assert (comment.reach.people, comment.reach.companies, comment.pieces) == (2, 2, 2)


def test_two_asks_of_one_conversation_are_two_links_and_an_edit_takes_only_the_one_that_went(
    store: Store, annotator: Annotator, tracker: FakeTracker
) -> None:
    store.allow()
    ticket_id = store.ticket(ticket())
    kept = "Another question: can exports be sorted?"
    for piece in store.add(conversation(f"The export fails on every page.\n\n{kept}", "1")):
        store.attach(piece, ticket_id)
    look_again(store, ticket_id)
    annotate_marked(annotator)
    before = set(tracker.links["10001"])

    store.add(conversation(kept, "1"))
    annotate_marked(annotator)

    assert before == {"voc:zendesk:1:1", "voc:zendesk:1:2"}
    assert set(tracker.links["10001"]) == {"voc:zendesk:1:2"}


def test_a_second_run_writes_nothing(store: Store, annotator: Annotator, tracker: FakeTracker) -> None:
    store.allow()
    _, ticket_id = two_attached(store)
    annotate_marked(annotator)
    written = tracker.writes

    look_again(store, ticket_id)
    annotate_marked(annotator)

    assert tracker.writes == written


def test_edits_the_comment_at_most_once_a_day(
    store: Store, annotator: Annotator, tracker: FakeTracker
) -> None:
    store.allow()
    _, ticket_id = two_attached(store)
    annotate_marked(annotator)
    [late] = store.add(conversation("Our exports break on the first of each month.", "3"))
    store.attach(late, ticket_id)
    look_again(store, ticket_id)

    annotate_marked(annotator)
    same_day = tracker.comments["10001"][0].pieces
    store.clock.advance(days=1, minutes=1)
    annotate_marked(annotator)

    assert same_day == 2
    assert "voc:zendesk:3:1" in tracker.links["10001"]
    assert [c.pieces for c in tracker.comments["10001"]] == [3]


def test_undo_removes_the_link_and_the_words_at_once(
    store: Store, annotator: Annotator, tracker: FakeTracker
) -> None:
    store.allow()
    pieces, _ = two_attached(store)
    annotate_marked(annotator)

    undo(store.work, store.clock, pieces[0], "U1")
    annotate_marked(annotator)

    assert set(tracker.links["10001"]) == {"voc:zendesk:2:1"}
    assert [c.pieces for c in tracker.comments["10001"]] == [1]


def test_a_piece_that_moves_leaves_the_old_ticket(
    store: Store, annotator: Annotator, tracker: FakeTracker
) -> None:
    store.allow()
    pieces, _ = two_attached(store)
    store.ticket(ticket(2, "Reports are slow"))
    annotate_marked(annotator)

    attach(store.work, store.clock, pieces[0], "U1", ticket_key="app-2")
    annotate_marked(annotator)

    assert set(tracker.links["10001"]) == {"voc:zendesk:2:1"}
    assert set(tracker.links["10002"]) == {"voc:zendesk:1:1"}


def test_a_deletion_at_the_source_reaches_the_ticket(
    store: Store, annotator: Annotator, tracker: FakeTracker
) -> None:
    store.allow()
    two_attached(store)
    annotate_marked(annotator)
    with store.work() as unit:
        withdraw(unit, "zendesk", ["1", "2"], store.clock.now())
        unit.commit()

    annotate_marked(annotator)

    assert tracker.links["10001"] == {}
    [comment] = tracker.comments["10001"]
    assert (comment.pieces, comment.quotes) == (0, ())


def test_lost_answers_double_nothing(store: Store, annotator: Annotator, tracker: FakeTracker) -> None:
    store.allow()
    two_attached(store)
    tracker.after = [UncertainError("jira", "writing") for _ in range(3)]
    tracker.before = [TransientError("jira", "writing")]

    for _ in range(6):
        annotate_marked(annotator)
        store.clock.advance(hours=1)

    assert len(tracker.links["10001"]) == 2
    assert len(tracker.comments["10001"]) == 1


def test_new_words_reach_the_link_and_the_comment_at_once(
    store: Store, annotator: Annotator, tracker: FakeTracker
) -> None:
    store.allow()
    [piece, _], _ = two_attached(store)
    annotate_marked(annotator)
    store.add(conversation("The import fails on every page we print.", "1"))
    with store.work() as unit:
        mark_piece(unit, piece, store.clock.now())
        unit.commit()

    annotate_marked(annotator)

    assert "import" in tracker.links["10001"]["voc:zendesk:1:1"].title
    assert any("import" in quote.words for quote in tracker.comments["10001"][0].quotes)


def test_tells_what_the_last_month_added_and_that_a_done_ticket_is_heard_of_again(store: Store) -> None:
    resolved = LAST_WEEK - timedelta(days=20)
    done = ticket(stage=TicketStage.DONE, resolved_at=resolved, status="Done")
    ticket_id = store.ticket(done)
    old = conversation("The export failed already in summer.", "1", said_at=LAST_WEEK - timedelta(days=90))
    new = conversation("The export fails again this week.", "2", customer=person("bo", BOLT))
    for piece in store.add(old, new):
        store.attach(piece, ticket_id)
    with store.work() as unit:
        stored, voices = unit.tickets.get(ticket_id), unit.matches.attached_to(ticket_id)

    annotation = annotation_of(stored, voices, store.clock.now())

    assert (annotation.reach.people, annotation.new_this_month.people) == (2, 1)
    assert annotation.heard_after_done
    assert annotation.first_heard == old.created_at


def test_quotes_come_from_different_companies_first(store: Store) -> None:
    ticket_id = store.ticket(ticket())
    loud = [
        conversation(f"The export number {n} fails whenever we print more than {n} pages.", str(n))
        for n in range(1, 5)
    ]
    other = conversation("Printing fails.", "9", customer=person("bo", BOLT))
    for piece in store.add(*loud, other):
        store.attach(piece, ticket_id)
    with store.work() as unit:
        stored, voices = unit.tickets.get(ticket_id), unit.matches.attached_to(ticket_id)

    quotes = annotation_of(stored, voices, store.clock.now()).quotes

    assert len(quotes) == 3
    assert {q.company for q in quotes[:2]} == {"Acme", "Bolt"}
