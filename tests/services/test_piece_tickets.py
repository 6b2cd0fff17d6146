"""A piece becomes a ticket in the Jira stand-in: once, whatever is lost."""

from __future__ import annotations

import pytest

from bot.domain.match import MatchState
from bot.errors import RequestError
from bot.services.creating import Details, NotCreated
from bot.services.marks import mark
from bot.services.piece_tickets import KIND, WANTED, create_ticket, finish_tickets
from tests.services.conftest import Store
from tests.services.jira_site import CREATING, Site
from tests.services.themes import say

WORDS = "The export stops after the first thousand rows and nobody is told"


@pytest.fixture
def piece(store: Store) -> int:
    [number] = say(store, WORDS)
    return number


def attached(store: Store, piece: int) -> list[tuple[str, str]]:
    with store.work() as unit:
        pairs = unit.matches.of_feedback(piece)
        return [
            (unit.tickets.get(p.ticket_id).key, p.decided_by) for p in pairs if p.state is MatchState.ATTACHED
        ]


def test_a_ticket_of_a_piece_quotes_it_and_has_it_attached(store: Store, site: Site, piece: int) -> None:
    made = create_ticket(site.ticketing, piece, "app", "U1")

    [issue] = site.issues()
    assert made is not None
    assert made.key == issue["key"]
    assert issue["summary"].startswith("The export stops after")
    assert WORDS in str(issue["description"])
    assert attached(store, piece) == [(issue["key"], "U1")]


@pytest.mark.parametrize("fault", ["lost", "half"])
def test_a_lost_answer_creates_one_ticket(store: Store, site: Site, piece: int, fault: str) -> None:
    site.client.fault(fault, **CREATING)

    first = create_ticket(site.ticketing, piece, "APP", "U1", "Export stops")
    for seconds in (5, 30, 60, 120):
        site.later(store, seconds)
        finish_tickets(site.ticketing)

    assert first is None
    [issue] = site.issues()
    assert issue["summary"] == "Export stops"
    assert attached(store, piece) == [(issue["key"], "U1")]


def test_a_wish_that_was_kept_before_a_kill_comes_true(store: Store, site: Site, piece: int) -> None:
    create_ticket(site.ticketing, piece, "APP", "U1")
    with store.work() as unit:
        [effect] = unit.effects.of(KIND, str(piece))
        mark(unit, WANTED, piece, store.clock.now())
        unit.matches.decide(
            piece, 1, MatchState.DETACHED, score=1.0, reasons=(), by="U1", now=store.clock.now()
        )
        unit.commit()

    finish_tickets(site.ticketing)

    assert effect.result
    assert len(site.issues()) == 1
    assert attached(store, piece) == [(site.issues()[0]["key"], "U1")]


def test_a_second_wish_waits_for_the_first_and_then_says_so(store: Store, site: Site, piece: int) -> None:
    site.client.fault("lost", **CREATING)
    create_ticket(site.ticketing, piece, "APP", "U1", "Export stops")

    again = create_ticket(site.ticketing, piece, "APP", "U2", "Another title")
    site.later(store, 120)
    finish_tickets(site.ticketing)

    assert again is None
    assert [issue["summary"] for issue in site.issues()] == ["Export stops"]
    with pytest.raises(RequestError, match="has a ticket of its own already"):
        create_ticket(site.ticketing, piece, "APP", "U2")


def test_what_may_have_been_created_is_looked_for_and_then_left_to_a_person(
    store: Store, site: Site, piece: int
) -> None:
    site.client.fault("reset", **CREATING)
    create_ticket(site.ticketing, piece, "APP", "U1")

    for _ in range(12):
        site.later(store, 60)
        finish_tickets(site.ticketing)

    assert site.issues() == []
    with pytest.raises(RequestError, match="attach the feedback to it"):
        create_ticket(site.ticketing, piece, "APP", "U1")
    assert site.issues() == []


def test_a_refusal_is_told_and_can_be_tried_again(store: Store, site: Site, piece: int) -> None:
    site.client.fault("status", **CREATING, status=400)

    with pytest.raises(RequestError, match="The ticket was not created"):
        create_ticket(site.ticketing, piece, "APP", "U1")
    again = create_ticket(site.ticketing, piece, "APP", "U1")

    assert again is not None
    assert len(site.issues()) == 1


@pytest.mark.parametrize(("number", "project"), [(99, "APP"), (1, "WEB")])
def test_what_is_not_known_is_refused_before_anything_is_kept(
    store: Store, site: Site, piece: int, number: int, project: str
) -> None:
    with pytest.raises(RequestError, match=r"no piece 99|WEB is not among the projects"):
        create_ticket(site.ticketing, number, project, "U1")

    with store.work() as unit:
        assert unit.effects.of(KIND, str(number)) == []


FIELD = {"id": "customfield_10061", "name": "Impact", "required": True}


def test_what_the_tracker_asks_for_is_kept_over_a_lost_answer(store: Store, site: Site, piece: int) -> None:
    site.client.load("jira", {"settings": {"fields": [FIELD]}})
    site.client.fault("half", **CREATING)
    details = Details(description="In our words", kind="2", fields={"customfield_10061": "Drivers wait"})

    first = create_ticket(site.ticketing, piece, "APP", "U1", "Export stops", details)
    for seconds in (5, 30, 60, 120):
        site.later(store, seconds)
        finish_tickets(site.ticketing)

    [issue] = site.issues()
    assert first is None
    assert (issue["issuetype"], issue["values"]) == ("Bug", {"customfield_10061": "Drivers wait"})
    assert "In our words" in str(issue["description"])


def test_what_is_missing_is_told_by_field_and_may_be_given_then(store: Store, site: Site, piece: int) -> None:
    site.client.load("jira", {"settings": {"fields": [FIELD]}})
    with pytest.raises(NotCreated) as told:
        create_ticket(site.ticketing, piece, "APP", "U1")

    made = create_ticket(
        site.ticketing, piece, "APP", "U1", "", Details(fields={"customfield_10061": "Drivers wait"})
    )

    assert told.value.fields == {"customfield_10061": ""}
    assert made is not None
    assert attached(store, piece) == [(made.key, "U1")]
