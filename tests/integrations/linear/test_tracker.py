"""Reading Linear: how many requests, what a ticket becomes, and what its errors mean."""

from __future__ import annotations

import json
from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest

from bot.domain.annotation import TicketDraft
from bot.domain.ticket import TicketStage
from bot.errors import AccessError, AnswerError, NotFoundError, TransientError
from integrations.linear import documents
from integrations.linear.cost import largest_page
from tests.contracts.ticket_trackers import NOW
from tests.integrations.linear.conftest import Linear

DRAFT = TicketDraft(
    key="draft:9", project="ENG", title="White map", body="# Two\nlines", labels=("voc", "no")
)


def sync(linear: Linear, cursor: str | None = None, **options: Any) -> tuple[list[str], str | None]:
    """Return the keys read, and the last cursor."""
    pages = list(linear.tracker(**options).changed_since(cursor))
    return [t.key for page in pages for t in page.tickets], pages[-1].cursor if pages else cursor


@pytest.mark.slow
def test_a_first_sync_of_ten_thousand_takes_at_most_five_percent_more_requests_than_full_pages(
    linear: Linear,
) -> None:
    number = 10_000
    made = [
        {"identifier": f"ENG-{n}", "updated": (NOW - timedelta(days=40, seconds=-n)).isoformat()}
        for n in range(number)
    ]
    linear.load(*made)
    page = largest_page(documents.CHANGED_TICKETS)

    keys, cursor = sync(linear)
    first = len(linear.asked())
    again, _ = sync(linear, cursor)

    assert (page, len(keys), len(set(keys))) == (250, number, number)
    assert first <= 1.05 * number / page
    assert len(linear.asked()) - first <= 3
    assert len(again) <= 1


def test_tickets_of_one_moment_are_all_read(linear: Linear) -> None:
    linear.load(*({"identifier": f"ENG-{n}"} for n in range(1, 12)))

    keys, _ = sync(linear, per_page=3)

    assert sorted(keys) == sorted(f"ENG-{n}" for n in range(1, 12))


def test_a_ticket_that_is_changed_while_pages_are_read_hides_no_other(linear: Linear) -> None:
    for number in range(1, 10):
        linear.load({"identifier": f"ENG-{number}"})
        linear.clock.advance(5)
    pages = linear.tracker(per_page=3).changed_since(None)
    read = [t.key for t in next(pages).tickets]

    linear.load({"identifier": "ENG-3", "title": "Changed, and the newest now"})
    read += [t.key for page in pages for t in page.tickets]

    assert set(read) == {f"ENG-{n}" for n in range(1, 10)}
    assert read[-1] == "ENG-3"


def test_archived_tickets_are_read_and_those_in_the_trash_are_gone(linear: Linear) -> None:
    linear.load({"identifier": "ENG-1", "archived": True}, {"identifier": "ENG-2", "trashed": True})
    tracker = linear.tracker()

    [page] = tracker.changed_since(None)

    assert [t.key for t in page.tickets] == ["ENG-1"]
    assert page.gone == (linear.issue("ENG-2")["id"],)
    assert tracker.many(page.gone) == []
    with pytest.raises(NotFoundError):
        tracker.get("ENG-2")


@pytest.mark.parametrize(
    ("state", "stage"),
    [
        ("triage", TicketStage.OPEN),
        ("backlog", TicketStage.OPEN),
        ("unstarted", TicketStage.OPEN),
        ("started", TicketStage.STARTED),
        ("completed", TicketStage.DONE),
        ("canceled", TicketStage.DONE),
    ],
)
def test_states_become_stages(linear: Linear, state: str, stage: TicketStage) -> None:
    linear.load({"identifier": "ENG-1", "state": state, "labels": ["map", "sync"]})

    ticket = linear.tracker().get("ENG-1")

    assert (ticket.stage, bool(ticket.resolved_at)) == (stage, stage is TicketStage.DONE)
    assert sorted(ticket.labels) == ["map", "sync"]


def test_a_duplicate_names_the_ticket_that_took_over(linear: Linear) -> None:
    linear.load({"identifier": "ENG-1"}, {"identifier": "ENG-2", "duplicate_of": "ENG-1"})

    ticket = linear.tracker().get("ENG-2")

    assert (ticket.stage, ticket.duplicate_of) == (TicketStage.DONE, linear.issue("ENG-1")["id"])
    assert linear.tracker().get("ENG-1").duplicate_of == ""


def test_a_duplicate_that_was_closed_as_canceled_names_it_and_one_that_is_open_again_does_not(
    linear: Linear,
) -> None:
    linear.load({"identifier": "ENG-1"}, {"identifier": "ENG-2", "duplicate_of": "ENG-1"})
    linear.load({"identifier": "ENG-2", "state": "canceled"})
    canceled = linear.tracker().get("ENG-2").duplicate_of

    linear.load({"identifier": "ENG-2", "state": "started"})

    assert canceled == linear.issue("ENG-1")["id"]
    assert linear.tracker().get("ENG-2").duplicate_of == ""


def test_a_duplicate_with_many_relations_names_it_too(linear: Linear) -> None:
    linear.load({"identifier": "ENG-1"}, {"identifier": "ENG-2", "duplicate_of": "ENG-1"})
    linear.load(*({"identifier": f"ENG-{n}"} for n in range(3, 15)))
    linear.load({"identifier": "ENG-2", "related_to": [f"ENG-{n}" for n in range(3, 15)]})

    assert linear.tracker().get("ENG-2").duplicate_of == linear.issue("ENG-1")["id"]


def test_many_tickets_are_read_in_as_few_requests_as_there_are_pages(linear: Linear) -> None:
    linear.load(*({"identifier": f"ENG-{n}"} for n in range(1, 302)))
    ids = [issue["id"] for issue in linear.client.state("linear")["issues"]]

    found = linear.tracker().many(ids)

    assert {ticket.ref.external_id for ticket in found} == set(ids)
    assert linear.asked() == ["Tickets", "Tickets"]


def test_a_created_ticket_has_the_labels_that_there_are(linear: Linear) -> None:
    labels = [{"name": "voc"}, {"name": "no", "is_group": True}]
    linear.client.load("linear", {"labels": labels})

    made = linear.tracker().create(DRAFT)
    again = linear.tracker().create(DRAFT)

    assert (made, made.labels, made.body) == (again, ("voc",), "# Two\nlines")
    assert len(linear.client.state("linear")["issues"]) == 1


def test_a_label_of_another_team_is_left_out(linear: Linear) -> None:
    linear.client.load("linear", {"labels": [{"name": "voc", "team": "OPS"}]})

    assert linear.tracker().create(DRAFT).labels == ()


def test_a_ticket_in_a_team_that_is_not_there_is_not_created(linear: Linear) -> None:
    with pytest.raises(NotFoundError):
        linear.tracker().create(replace(DRAFT, project="NONE"))


def refuse(linear: Linear, kind: str, message: str = "No", code: str = "X", status: int = 200) -> None:
    """Let the next request be refused as Linear would."""
    error = f'{{"message": "{message}", "extensions": {{"type": "{kind}", "code": "{code}"}}}}'
    linear.client.fault("status", vendor="linear", status=status, body=f'{{"errors": [{error}]}}', times=None)


@pytest.mark.parametrize(
    ("kind", "message", "error"),
    [
        ("authentication error", "No", AccessError),
        ("forbidden", "No", AccessError),
        ("lock timeout", "No", TransientError),
        ("internal error", "No", TransientError),
        ("invalid input", "Entity not found: Issue", NotFoundError),
        ("invalid input", "No", AnswerError),
        ("usage limit exceeded", "No", AnswerError),
    ],
)
@pytest.mark.parametrize("status", [200, 400])
def test_errors_are_classed_whatever_the_status(
    linear: Linear, kind: str, message: str, error: type[Exception], status: int
) -> None:
    refuse(linear, kind, message, status=status)

    with pytest.raises(error) as told:
        linear.tracker().get("ENG-1")

    assert type(told.value) is error


def test_a_limit_that_is_used_up_is_waited_for_as_its_headers_say(linear: Linear) -> None:
    ref = linear.ref()
    query = "{ issues(first: 250) { nodes { labels(first: 34) { nodes { id } } } } }"
    used = 0
    while linear.ask(query).status_code == 200:
        used += 1
    linear.clock.advance(3590)

    found = linear.tracker().many([ref.external_id])

    assert len(found) == 1
    assert used == 304  # of 3,000,000 points, 9,851 each
    assert sum(linear.slept) == pytest.approx(10, abs=1)


def test_a_list_that_begins_with_the_oldest_is_told_instead_of_read_in_part(linear: Linear) -> None:
    linear.load({"identifier": "ENG-1"})
    linear.clock.advance(5)
    linear.load({"identifier": "ENG-2"})
    variables = {"teams": ["ENG"], "since": "2020-01-01", "last": 2}
    listed = linear.ask(documents.CHANGED_TICKETS, variables).json()
    listed["data"]["issues"]["nodes"].reverse()
    linear.client.fault("status", vendor="linear", status=200, body=json.dumps(listed))

    with pytest.raises(AnswerError, match="oldest"):
        list(linear.tracker().changed_since(None))


@pytest.mark.parametrize("status", [404, 410])
def test_an_api_that_is_not_there_says_nothing_of_its_tickets(linear: Linear, status: int) -> None:
    linear.client.fault("status", vendor="linear", status=status, body="<html>", times=None)

    with pytest.raises(TransientError):
        linear.tracker().get("ENG-1")


def test_a_limit_that_takes_longer_is_left_for_the_next_run(linear: Linear) -> None:
    refuse(linear, "ratelimited", code="RATELIMITED", status=400)

    with pytest.raises(TransientError):
        linear.tracker().get("ENG-1")


def test_a_check_tells_who_we_are_and_which_way_follows(linear: Linear) -> None:
    with_requests = [finding.what for finding in linear.tracker("ENG", "OPS").check()]
    linear.load(settings={"customers_enabled": False})
    without = [finding.what for finding in linear.tracker().check()]

    assert with_requests[0] == "signed in to the Linear workspace Acme as Voc, by an API key"
    assert with_requests[1:3] == ["team ENG can be read", "team OPS can be read"]
    assert "customer requests are on" in with_requests[3]
    assert "customer requests are off" in without[2]
    assert linear.client.state("linear")["issues"] == []


@pytest.mark.parametrize(
    ("scopes", "missing"),
    [
        (("read",), ["customer:read", "customer:write", "write"]),
        (("read", "customer:read", "customer:write"), ["write"]),
        (("read", "issues:create", "customer:read", "customer:write"), []),
        (("read", "write", "customer:read", "customer:write"), []),
    ],
)
def test_a_check_names_the_scopes_that_a_token_lacks(
    linear: Linear, scopes: tuple[str, ...], missing: list[str]
) -> None:
    found = linear.tracker(token=linear.give_token(*scopes)).check()

    wrong = [finding.what for finding in found if not finding.is_ok]
    assert "by an OAuth token" in found[0].what
    assert [what.split("the scope ")[1].split()[0] for what in wrong] == missing


def test_a_check_names_what_an_api_key_was_made_without(linear: Linear) -> None:
    linear.load(settings={"api_key_scopes": ["read", "customer:read"]})

    wrong = [finding.what for finding in linear.tracker().check() if not finding.is_ok]

    assert wrong == [
        "writing customer requests is not granted: the scope customer:write is missing",
        "creating tickets is not granted: the scope write is missing",
    ]


def test_a_check_names_a_team_that_is_not_there_for_us(linear: Linear) -> None:
    linear.load(teams=[{"key": "OPS", "hidden": True}])

    wrong = [finding for finding in linear.tracker("ENG", "OPS", "NONE").check() if not finding.is_ok]

    assert [finding.what.split()[1] for finding in wrong] == ["OPS", "NONE"]
    assert [f.what for f in linear.tracker().check() if not f.is_ok] == []
