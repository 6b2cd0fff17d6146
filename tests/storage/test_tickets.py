"""What the repository of tickets promises, on both databases."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest
from sqlalchemy import select

from bot.domain.ticket import TicketRef, TicketStage
from bot.storage import tables
from bot.storage.database import Database
from tests.storage.rows import HOUR, NOON, received_ticket, ticket


def test_a_stored_ticket_reads_back_as_it_was_given(database: Database) -> None:
    given = received_ticket(
        labels=("ui",),
        components=("Editor",),
        resolved_at=NOON,
        stage=TicketStage.DONE,
        url="https://j.test/1",
    )
    with database.work() as unit:
        saved, changed = unit.tickets.save(given, NOON)
        unit.commit()
    with database.work() as unit:
        read = unit.tickets.get(saved.id)

    assert changed
    assert read == saved
    assert (read.ref, read.key, read.labels, read.components) == (given.ref, "APP-1", ("ui",), ("Editor",))
    assert (read.stage, read.resolved_at, read.url, read.body) == (given.stage, NOON, given.url, given.body)


@pytest.mark.parametrize(
    ("later", "told"),
    [
        ({}, False),
        ({"updated_at": NOON + HOUR}, False),
        ({"title": "Crash at start"}, True),
        ({"key": "WEB-7", "project": "WEB"}, True),
        ({"status": "Doing", "stage": TicketStage.STARTED}, True),
        ({"labels": ("ui",)}, True),
    ],
)
def test_only_what_matching_or_people_see_counts_as_a_change(
    database: Database, later: dict[str, Any], told: bool
) -> None:
    with database.work() as unit:
        ticket(unit)

        again, changed = unit.tickets.save(received_ticket(**later), NOON + HOUR)
        seen = unit.tickets.changed_after(NOON)

        assert changed is told
        assert [t.id for t in seen] == ([again.id] if told else [])
        assert unit.tickets.get(again.id) == again


def test_a_ticket_is_found_by_its_present_key_in_any_letter_case(database: Database) -> None:
    with database.work() as unit:
        moved = ticket(unit, key="APP-1")
        unit.tickets.save(received_ticket(key="WEB-7"), NOON)

        assert unit.tickets.by_key("web-7") == unit.tickets.by_ref(moved.ref)
        assert unit.tickets.by_key("APP-1") is None
        assert unit.tickets.by_ref(TicketRef("jira", "none")) is None


def test_of_two_tickets_with_one_key_the_one_that_is_there_is_found(database: Database) -> None:
    with database.work() as unit:
        gone = ticket(unit, "1", key="APP-1", updated_at=NOON + HOUR)
        there = ticket(unit, "2", key="APP-1")
        unit.tickets.mark_gone(gone.ref, NOON)

        found = unit.tickets.by_key("APP-1")

    assert found == there


def test_open_and_lately_resolved_tickets_are_matchable_in_pages(database: Database) -> None:
    done = {"stage": TicketStage.DONE}
    since = NOON - timedelta(days=30)
    with database.work() as unit:
        ticket(unit, "1")
        ticket(unit, "2", **done, resolved_at=since)
        ticket(unit, "3", **done, resolved_at=since - HOUR)
        ticket(unit, "4", **done, updated_at=since - HOUR)
        ticket(unit, "5", stage=TicketStage.STARTED)
        unit.tickets.mark_gone(ticket(unit, "6").ref, NOON)

        first = unit.tickets.matchable(closed_since=since, limit=2)
        rest = unit.tickets.matchable(closed_since=since, after=first[-1].id, limit=2)

    assert [t.key for t in first + rest] == ["APP-1", "APP-2", "APP-5"]


def test_a_ticket_that_is_gone_is_told_and_not_counted_and_may_come_back(database: Database) -> None:
    with database.work() as unit:
        stored = ticket(unit)
        unit.tickets.mark_gone(stored.ref, NOON + HOUR)
        gone = unit.tickets.get(stored.id), unit.tickets.count(), unit.tickets.changed_after(NOON)

        back, changed = unit.tickets.save(received_ticket(), NOON)

        assert (gone[0].gone, gone[1], [t.gone for t in gone[2]]) == (True, 0, [True])
        assert (back.gone, changed, unit.tickets.count()) == (False, True, 1)
        assert unit.tickets.get(stored.id) == back


def test_search_finds_keys_first_then_the_newest_titles(database: Database) -> None:
    with database.work() as unit:
        for number, title in enumerate(["Über 100% zoom", "ÜBER zoom", "see APP-1", "zoom only"], start=1):
            ticket(unit, str(number), title=title, updated_at=NOON + number * HOUR)

        def found(words: str) -> list[str]:
            return [t.ref.external_id for t in unit.tickets.search(words)]

        assert found("zoom über") == ["2", "1"]
        assert found("app-1") == ["1", "3"]
        assert found("100%") == ["1"]
        assert found("1_") == []


def test_many_tickets_come_in_the_order_of_their_ids(database: Database) -> None:
    with database.work() as unit:
        one, two = ticket(unit, "1"), ticket(unit, "2")

        assert unit.tickets.many([two.id, 4711, one.id]) == [two, one]
        with pytest.raises(KeyError):
            unit.tickets.get(4711)


def test_tickets_are_found_by_whom_they_are_assigned_to_without_the_address(database: Database) -> None:
    assignees = {"1": "Ada@acme.example", "2": "", "3": None, "4": "ada@acme.example", "5": "bo@acme.example"}
    with database.work() as unit:
        ids = {
            name: unit.tickets.save(received_ticket(name, assignee=assignee), NOON)[0].id
            for name, assignee in assignees.items()
        }
        unit.tickets.mark_gone(TicketRef("jira", "4"), NOON)
        unit.commit()

    with database.work() as unit:
        found = unit.tickets.assigned_to(" ADA@acme.example")
        nobodys = unit.tickets.unassigned([*ids.values()])
        without_address = unit.tickets.assigned_to("")
    with database.engine.connect() as connection:
        stored = [str(row) for row in connection.execute(select(tables.ticket))]

    assert (found, without_address) == ([ids["1"]], [])
    assert nobodys == {ids["2"]: True, ids["3"]: False}
    assert not any("@acme" in row.casefold() for row in stored)


def test_who_a_ticket_is_assigned_to_is_followed_and_is_no_news_to_matching(database: Database) -> None:
    with database.work() as unit:
        saved, _ = unit.tickets.save(received_ticket(assignee="ada@acme.example"), NOON)
        _, changed = unit.tickets.save(received_ticket(assignee=None), NOON + HOUR)
        found = unit.tickets.assigned_to("ada@acme.example")

    assert (changed, found) == (False, [])
    assert saved.key == "APP-1"


def test_a_mark_of_an_address_stands_whatever_becomes_of_the_keys_but_not_without_them(
    database: Database,
) -> None:
    one, both, none = (Database(database.engine, keys) for keys in (["old"], ["new", "old"], []))
    found = {}
    for at, name in ((database, "before"), (one, "under the old"), (both, "under the new")):
        with at.work() as unit:
            unit.tickets.save(received_ticket(name, assignee="ada@acme.example"), NOON)
            unit.commit()

    for name, at in (("both", both), ("none", none)):
        with at.reading() as unit:
            there = unit.tickets.many(unit.tickets.assigned_to("Ada@acme.example"))
            found[name] = [ticket.ref.external_id for ticket in there]
            strangers = unit.tickets.assigned_to("bo@acme.example")
            assert strangers == []

    assert found == {"both": ["before", "under the old", "under the new"], "none": ["before"]}
