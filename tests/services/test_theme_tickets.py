"""A theme becomes a ticket in the Jira stand-in: once, whatever is lost, its pieces by the person."""

from __future__ import annotations

import pytest

from bot.domain.theme import ThemeState
from bot.errors import RequestError
from bot.services.creating import Details, NotCreated
from bot.services.review import undo
from bot.services.theme_tickets import attach_theme, create_ticket, finish_tickets
from bot.services.themes import update_themes
from tests.builders import ticket
from tests.services.conftest import Store
from tests.services.jira_site import CREATING, Site
from tests.services.themes import DARK, gatherer_of, next_day, say, shown, themes


@pytest.fixture
def theme(store: Store) -> int:
    """Return a theme of three people."""
    say(store, *DARK[:3])
    update_themes(gatherer_of(store))
    return shown(store)[0].theme.id


def attached(store: Store) -> dict[int, tuple[str, str]]:
    """Return each attached piece's ticket and who decided it."""
    with store.work() as unit:
        pairs = [pair for piece in (1, 2, 3) for pair in unit.matches.of_feedback(piece)]
        return {
            pair.feedback_id: (unit.tickets.get(pair.ticket_id).key, pair.decided_by)
            for pair in pairs
            if pair.state == "attached"
        }


def test_a_created_ticket_is_named_as_the_theme_quotes_it_and_has_its_pieces(
    store: Store, site: Site, theme: int
) -> None:
    done = create_ticket(site.ticketing, theme, "app", "U1")

    [issue] = site.issues()
    assert done.ticket is not None
    assert (done.ticket.key, done.pieces) == (issue["key"], 3)
    assert issue["summary"].startswith("Dark mode")
    assert DARK[0] in str(issue["description"])
    assert attached(store) == dict.fromkeys((1, 2, 3), (issue["key"], "U1"))
    assert [(t.state, t.ticket_id) for t in themes(store)] == [(ThemeState.TICKETED, done.ticket.id)]
    assert shown(store) == []


@pytest.mark.parametrize("fault", ["lost", "half"])
def test_a_lost_answer_creates_one_ticket(store: Store, site: Site, theme: int, fault: str) -> None:
    site.client.fault(fault, **CREATING)

    first = create_ticket(site.ticketing, theme, "APP", "U1")
    for seconds in (5, 30, 60, 120):
        site.later(store, seconds)
        finish_tickets(site.ticketing)

    assert first.ticket is None
    [issue] = site.issues()
    assert attached(store) == dict.fromkeys((1, 2, 3), (issue["key"], "U1"))


def test_a_kill_after_the_creation_creates_one_ticket(store: Store, site: Site, theme: int) -> None:
    create_ticket(site.ticketing, theme, "APP", "U1", "Night colours")
    with store.work() as unit:
        [effect] = unit.effects.of("theme ticket", "jira")
        unit.themes.change(theme, state=ThemeState.CREATING)
        unit.commit()

    finish_tickets(site.ticketing)

    assert effect.result
    assert [issue["summary"] for issue in site.issues()] == ["Night colours"]
    assert [t.state for t in themes(store)] == [ThemeState.TICKETED]


def test_what_may_have_been_created_is_looked_for_and_then_left_to_a_person(
    store: Store, site: Site, theme: int
) -> None:
    site.client.fault("reset", **CREATING)
    create_ticket(site.ticketing, theme, "APP", "U1")

    for _ in range(12):
        site.later(store, 60)
        finish_tickets(site.ticketing)

    assert site.issues() == []
    assert [t.state for t in themes(store)] == [ThemeState.LIVING]
    with pytest.raises(RequestError, match="Look for it there"):
        create_ticket(site.ticketing, theme, "APP", "U1")
    assert site.issues() == []


def test_a_refusal_is_told_and_can_be_tried_again(store: Store, site: Site, theme: int) -> None:
    site.client.fault("status", **CREATING, status=400)

    with pytest.raises(RequestError, match="The ticket was not created"):
        create_ticket(site.ticketing, theme, "APP", "U1")
    again = create_ticket(site.ticketing, theme, "APP", "U1")

    assert again.ticket is not None
    assert len(site.issues()) == 1


def test_a_second_press_creates_no_second_ticket(store: Store, site: Site, theme: int) -> None:
    create_ticket(site.ticketing, theme, "APP", "U1")

    with pytest.raises(RequestError, match="has a ticket"):
        create_ticket(site.ticketing, theme, "APP", "U2")

    assert len(site.issues()) == 1


def test_a_project_that_is_not_read_is_refused(site: Site, theme: int) -> None:
    with pytest.raises(RequestError, match="APP"):
        create_ticket(site.ticketing, theme, "PAY", "U1")


def test_a_theme_is_attached_to_a_ticket_that_is_there(store: Store, site: Site, theme: int) -> None:
    store.ticket(ticket())

    done = attach_theme(site.ticketing, theme, "app-1", "U1")

    assert done.pieces == 3
    assert attached(store) == dict.fromkeys((1, 2, 3), ("APP-1", "U1"))


def test_pieces_left_behind_by_a_kill_are_attached_later_and_what_was_undone_is_not(
    store: Store, site: Site, theme: int
) -> None:
    ticket_id = store.ticket(ticket())
    store.attach(1, ticket_id, by="U2", state="rejected")
    with store.work() as unit:
        unit.themes.decide(
            theme, "ticket", by="U1", now=store.clock.now(), state=ThemeState.TICKETED, ticket_id=ticket_id
        )
        unit.commit()

    finish_tickets(site.ticketing)

    assert attached(store) == {2: ("APP-1", "U1"), 3: ("APP-1", "U1")}


def test_what_is_undone_goes_through_matching_and_never_back_to_the_old_theme(
    store: Store, site: Site, theme: int
) -> None:
    store.ticket(ticket())
    attach_theme(site.ticketing, theme, "APP-1", "U1")

    for piece in (1, 2, 3):
        undo(store.work, store.clock, piece, "U1")
    finish_tickets(site.ticketing)
    next_day(store)
    update_themes(gatherer_of(store))

    assert attached(store) == {}
    [view] = shown(store)
    assert view.theme.id != theme


def test_what_the_tracker_asks_for_is_kept_over_a_lost_answer(store: Store, site: Site, theme: int) -> None:
    field = {"id": "customfield_10061", "name": "Impact", "required": True}
    site.client.load("jira", {"settings": {"fields": [field]}})
    with pytest.raises(NotCreated):
        create_ticket(site.ticketing, theme, "APP", "U1")
    site.client.fault("half", **CREATING)

    create_ticket(
        site.ticketing, theme, "APP", "U1", "", Details(kind="2", fields={"customfield_10061": "All wait"})
    )
    for seconds in (5, 30, 60, 120):
        site.later(store, seconds)
        finish_tickets(site.ticketing)

    [issue] = site.issues()
    assert (issue["issuetype"], issue["values"]) == ("Bug", {"customfield_10061": "All wait"})
