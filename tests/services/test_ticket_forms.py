"""What a new ticket needs is asked of the tracker once while somebody fills it in."""

from __future__ import annotations

from bot.domain.asking import TicketForm
from bot.services.creating import FORMS_LAST, Ticketing
from tests.fakes.tracker import FakeTracker
from tests.services.conftest import Store

TASK = TicketForm(kinds=(("10", "Task"), ("11", "Bug")), kind="10")
BUG = TicketForm(kinds=TASK.kinds, kind="11")
OTHER = TicketForm(kinds=TASK.kinds, kind="10", fields=())


def test_a_form_is_known_by_its_kind_and_as_the_usual_one(store: Store) -> None:
    tracker = FakeTracker()
    ticketing = Ticketing(store.work, store.clock, lambda: {"jira": tracker}, {"APP": "jira"})
    tracker.forms = {"": TASK, "11": BUG}

    usual = ticketing.form("APP", "")
    tracker.forms = {"10": OTHER, "11": BUG}

    assert usual is ticketing.form("APP", "") is ticketing.form("APP", "10") is TASK
    assert ticketing.form("APP", "11") is BUG
    assert ticketing.form("APP", "10", is_fresh=True) is ticketing.form("APP", "10") is OTHER


def test_a_form_is_asked_for_anew_after_a_while(store: Store) -> None:
    tracker = FakeTracker()
    ticketing = Ticketing(store.work, store.clock, lambda: {"jira": tracker}, {"APP": "jira"})
    tracker.forms = {"10": TASK}
    ticketing.form("APP", "10")
    tracker.forms = {"10": OTHER}

    store.clock.advance(seconds=FORMS_LAST.total_seconds())

    assert ticketing.form("APP", "10") is OTHER
