"""Whom a digest says to talk to, and why."""

from __future__ import annotations

from datetime import timedelta

import pytest

from bot.domain.digest import Interview, Subscription
from bot.domain.ticket import TicketStage
from tests.builders import LAST_WEEK, conversation, person, ticket
from tests.services.conftest import Store
from tests.services.digests import built, three_people


def talk(store: Store, subscription: Subscription) -> Interview:
    found = built(store, subscription).interview
    assert found is not None
    return found


def test_somebody_who_says_how_they_get_by_on_what_most_ask_for(
    store: Store, subscription: Subscription
) -> None:
    _, ticket_id = three_people(store)
    [piece] = store.add(
        conversation("We end up copying the 40 rows of each export by hand.", "4", customer=person("dee"))
    )
    store.attach(piece, ticket_id)

    found = talk(store, subscription)

    assert (found.has_workaround, found.is_awaited, found.tickets) == (True, True, ("APP-1",))
    assert (found.earlier, found.since) == (0, None)


def test_the_ticket_that_most_ask_for_is_named_first_of_several(
    store: Store, subscription: Subscription
) -> None:
    older = store.ticket(ticket(7, "Reports are slow"))
    _, ticket_id = three_people(store)
    for number, where in enumerate((older, ticket_id)):
        text = f"We wait {number + 2} hours for what the auditors need each month."
        store.attach(store.add(conversation(text, f"d{number}", customer=person("dee")))[0], where)

    found = talk(store, subscription)

    assert found.tickets == ("APP-1", "APP-7")
    assert found.is_awaited


@pytest.mark.parametrize(
    ("stage", "who"),
    [
        (TicketStage.DONE, {"abe": 1, "bo": 1}),
        (TicketStage.OPEN, {"abe": 1, "bo": 2}),
        (TicketStage.OPEN, {"abe": 1}),
    ],
    ids=["done", "tie", "alone"],
)
def test_nobody_waits_for_what_is_done_or_asked_for_no_more_than_others(
    store: Store, subscription: Subscription, stage: TicketStage, who: dict[str, int]
) -> None:
    tickets = {number: store.ticket(ticket(number, f"Reports {number}", stage=stage)) for number in (1, 2)}
    for name, number in who.items():
        said = conversation(f"The report takes {number + 1} hours on Mondays.", name, customer=person(name))
        store.attach(store.add(said)[0], tickets[number])

    found = talk(store, subscription)

    assert found.tickets
    assert not found.is_awaited


def test_what_they_said_before_is_counted_from_the_first_time(
    store: Store, subscription: Subscription
) -> None:
    first = LAST_WEEK - timedelta(weeks=7)
    store.add(
        conversation("We cannot import our 12 price lists since the update.", "1", said_at=first),
        conversation("The import of 12 price lists is still broken.", "2", said_at=first + timedelta(days=9)),
        conversation("I still type 12 price lists every Monday.", "3"),
    )

    found = talk(store, subscription)

    assert (found.pieces, found.earlier, found.since) == (1, 2, first)
