"""What is heard within a scope, counted alike on both databases."""

from __future__ import annotations

import json
from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta

import pytest

from bot.domain.annotation import NOBODY, Reach
from bot.domain.digest import Counts
from bot.domain.feedback import AuthorRole
from bot.domain.match import AUTOMATIC, MatchState
from bot.domain.period import Period
from bot.domain.route import Route, Routes
from bot.domain.scope import Listening, Scope
from bot.domain.ticket import TicketStage
from bot.repositories import Packed, Said, UnitOfWork
from bot.services.ingest import ingest
from bot.storage.database import Database
from tests.builders import ACME, BOLT, conversation, person, ticket, turn
from tests.services.conftest import RULES

WEEK = Period(date(2026, 11, 16), date(2026, 11, 22), "UTC")
WITHIN = datetime(2026, 11, 18, 10, tzinfo=UTC)
DONE_AT = datetime(2026, 11, 20, 10, tzinfo=UTC)
ROUTES = Routes((Route(tag="Money", projects=("PAY",)), Route(inbox="Sales", projects=("CRM",))))


@pytest.fixture
def unit(database: Database) -> Iterator[UnitOfWork]:
    """Return a unit over five pieces: on a ticket of APP, on one of PAY, tagged, in an inbox, and alone."""
    with database.work() as opened:
        app, _ = opened.tickets.save(ticket(1, components=("Exports",), labels=("csv", "Überall")), WITHIN)
        pay, _ = opened.tickets.save(
            ticket(2, key="PAY-2", project="PAY", labels=("invoices",), components=("Billing",)), WITHIN
        )
        told = [
            conversation("The export fails.", "1"),
            conversation("My bill is wrong.", "2", customer=person("bo", BOLT)),
            conversation("I was charged twice.", "3", customer=person("bo", BOLT), tags=("money", "csv")),
            conversation("Please call me back.", "4", customer=person("cy", None), inbox="sales"),
            conversation("Where is the dark mode?", "5", customer=person("abe"), inbox="Exports"),
        ]
        ids = {}
        for received in told:
            source = "intercom" if received.external_id == "5" else "zendesk"
            ingest(opened, RULES, source, received, WITHIN)
            stored = opened.conversations.find(source, received.external_id)
            assert stored is not None
            ids[received.external_id] = opened.pieces.of_conversation(stored.id)[0].id
        for name, where in (("1", app), ("2", pay)):
            attach(opened, ids[name], where.id)
        yield opened


def attach(unit: UnitOfWork, piece: int, ticket_id: int, by: str = AUTOMATIC) -> None:
    state = MatchState.ATTACHED if by == AUTOMATIC else MatchState.DETACHED
    unit.matches.decide(piece, ticket_id, state, score=0.9, reasons=(), by=by, now=WITHIN)


def heard(unit: UnitOfWork, scope: Scope) -> list[str]:
    """Return which conversations are heard."""
    said = unit.hearing.said(Listening(scope=scope, routes=ROUTES), WEEK)
    return [v.external_id for v in unit.pieces.voices([one.feedback_id for one in said])]


def _ids(unit: UnitOfWork, within: Listening) -> list[int]:
    return [one.feedback_id for one in unit.hearing.said(within, WEEK)]


@pytest.mark.parametrize(
    ("scope", "expected"),
    [
        (Scope(), ["1", "2", "3", "4", "5"]),
        (Scope(projects=("PAY",)), ["2", "3", "5"]),  # 5 is routed nowhere, so it may be anybody's
        (Scope(projects=("APP", "CRM")), ["1", "4", "5"]),
        (Scope(areas=("Exports",)), ["1", "5"]),
        (Scope(areas=("billing",)), ["2"]),
        (Scope(labels=("csv",)), ["1", "3"]),
        (Scope(labels=("Überall", "invoices")), ["1", "2"]),
        (Scope(sources=("intercom",)), ["5"]),
        (Scope(sources=("zendesk",), labels=("csv",), projects=("PAY",)), ["3"]),
        (Scope(segments=("Enterprise",)), []),
    ],
)
def test_a_scope_holds_where_all_that_it_names_holds(
    unit: UnitOfWork, scope: Scope, expected: list[str]
) -> None:
    assert heard(unit, scope) == expected
    [counted] = unit.telling.counts(Listening(scope=scope, routes=ROUTES), [WEEK])
    assert counted.conversations == counted.pieces == len(expected)
    packed = unit.telling.heard(Listening(scope=scope, routes=ROUTES), WEEK)
    assert packed.counts == counted
    assert [Said(*row) for row in json.loads(packed.rows)] == unit.hearing.said(
        Listening(scope=scope, routes=ROUTES), WEEK
    )


def test_what_came_in_later_is_not_heard_where_a_moment_is_given(unit: UnitOfWork) -> None:
    early = Listening(arrived_by=WITHIN - timedelta(seconds=1))

    assert unit.hearing.said(early, WEEK) == []
    assert unit.hearing.late(Listening(), WEEK, WITHIN) == []
    assert len(unit.hearing.late(Listening(), WEEK, WITHIN - timedelta(seconds=1))) == 5


def test_it_counts_conversations_pieces_people_and_companies(unit: UnitOfWork) -> None:
    both = unit.telling.counts(Listening(), [WEEK, WEEK.before()])
    assert both == [Counts(5, 5, 4, 2), Counts(0, 0, 0, 0)]
    assert unit.hearing.is_any_before(Listening(), WEEK.end)
    assert not unit.hearing.is_any_before(Listening(), WEEK.start)


def test_a_ticket_is_counted_by_week_and_by_who_spoke(unit: UnitOfWork) -> None:
    app = unit.tickets.by_key("APP-1")
    assert app is not None
    weeks = [WEEK.last_week.after(-1), WEEK.last_week]

    assert unit.telling.trends([app.id, 999], weeks) == {app.id: (0, 1), 999: (0, 0)}
    assert unit.telling.reach([app.id, 999], WEEK.end) == {app.id: Reach(1, 1), 999: NOBODY}
    assert unit.telling.reach([app.id], WEEK.end, WITHIN - timedelta(seconds=1)) == {app.id: NOBODY}
    assert unit.telling.conversations(Listening(), weeks) == [0, 5]


def test_the_loudest_tickets_come_first_with_all_their_pieces(unit: UnitOfWork) -> None:
    said = {v.external_id: v for v in unit.pieces.voices(_ids(unit, Listening()))}
    pay = unit.tickets.by_key("PAY-2")
    assert pay is not None
    attach(unit, said["4"].feedback_id, pay.id)

    loud = unit.telling.loudest(Listening(), WEEK, 2)

    assert [len(pieces) for pieces in loud.values()] == [2, 1]
    assert {one.ticket_id for one in loud[pay.id]} == {pay.id}
    assert list(unit.telling.loudest(Listening(), WEEK, 1)) == [pay.id]
    assert unit.telling.loudest(Listening(), WEEK.before(), 2) == {}


def test_the_busiest_people_spoke_of_most_tickets_then_most_often(unit: UnitOfWork) -> None:
    said = {v.external_id: v for v in unit.pieces.voices(_ids(unit, Listening()))}
    bo, cy = said["2"].person.id, said["4"].person.id

    busy = unit.telling.busiest(Listening(), WEEK, 9)

    assert next(iter(busy)) == bo
    assert [one.feedback_id for one in busy[bo]] == [said["2"].feedback_id, said["3"].feedback_id]
    assert cy in busy
    assert bo not in unit.telling.busiest(Listening(), WEEK, 9, but=[bo])
    assert len(unit.telling.busiest(Listening(), WEEK, 2)) == 2


def test_a_persons_past_ends_before_the_moment(unit: UnitOfWork) -> None:
    said = {v.external_id: v for v in unit.pieces.voices(_ids(unit, Listening()))}
    bo, first = said["2"].person.id, min(said["2"].said_at, said["3"].said_at)

    assert unit.telling.past(bo, WEEK.end) == (2, first)
    assert unit.telling.past(bo, first) == (0, None)
    assert unit.telling.past(bo, WEEK.end, WITHIN - timedelta(seconds=1)) == (0, None)


def test_what_is_set_aside_is_packed_apart(unit: UnitOfWork) -> None:
    ingest(unit, RULES, "zendesk", conversation("Buy my watches.", "6", tags=("spam",)), WITHIN)

    aside = unit.telling.heard(Listening(), WEEK, aside=True)

    assert aside.counts.pieces == len(json.loads(aside.rows)) == 1
    assert unit.telling.heard(Listening(), WEEK).counts.pieces == 5
    assert unit.telling.heard(Listening(), WEEK.before()) == Packed(Counts(0, 0, 0, 0), "[]")


def test_whoever_waits_is_told_by_nobody_since_the_ticket_was_done(unit: UnitOfWork) -> None:
    done = ticket(1, stage=TicketStage.DONE, status="Done", resolved_at=DONE_AT)
    app, _ = unit.tickets.save(done, WITHIN)
    waiting = unit.hearing.untold(Listening(), WEEK)
    answer = turn("It is out now.", "1-t2", role=AuthorRole.AGENT, said_at=DONE_AT + timedelta(hours=1))
    known = conversation("The export fails.", "1")
    ingest(unit, RULES, "zendesk", conversation("", "1", turns=(*known.turns, answer)), DONE_AT)

    assert [one.ticket_id for one in waiting] == [app.id]
    assert unit.hearing.untold(Listening(), WEEK) == []
    assert unit.hearing.untold(Listening(), WEEK.before()) == []


def test_an_undone_link_is_listed_with_the_ticket_that_lost_it(unit: UnitOfWork) -> None:
    app = unit.tickets.by_key("APP-1")
    assert app is not None
    [piece] = [one.feedback_id for one in unit.hearing.said(Listening(), WEEK) if one.ticket_id == app.id]

    attach(unit, piece, app.id, by="U1")

    undone = unit.hearing.undone(Listening(), WEEK)
    assert [(one.feedback_id, one.ticket_id) for one in undone] == [(piece, app.id)]
    assert len(undone) == unit.matches.undone(WEEK.start, WEEK.end)


def test_a_sample_is_the_same_each_time_and_never_more_than_asked_for(unit: UnitOfWork) -> None:
    every = unit.telling.sample(Listening(), WEEK, 9)
    some = unit.telling.sample(Listening(), WEEK, 2)

    assert some == every[:2]
    assert len(every) == 5
    loose = unit.telling.sample(Listening(), WEEK, 9, is_loose=True)
    assert {v.external_id for v in loose} == {"3", "4", "5"}


def test_a_sample_can_be_of_what_was_said_after_the_ticket_was_done(unit: UnitOfWork) -> None:
    for number, moment in ((1, WITHIN - timedelta(days=1)), (2, WEEK.end)):
        known = ticket(number, stage=TicketStage.DONE, status="Done", resolved_at=moment)
        unit.tickets.save(replace(known, key="PAY-2", project="PAY") if number == 2 else known, WITHIN)

    some = unit.telling.sample(Listening(), WEEK, 9, is_after_done=True)

    assert [v.external_id for v in some] == ["1"]


def test_the_group_heard_least_is_the_one_of_fewest_people(unit: UnitOfWork) -> None:
    ingest(unit, RULES, "freshdesk", conversation("Where is it?", "6", customer=person("dee")), WITHIN)

    group = unit.telling.least(Listening(), WEEK, "source", 9)

    assert group is not None
    assert (group.name, group.people, [v.external_id for v in group.voices]) == ("intercom", 1, ["5"])


def test_no_group_is_heard_least_where_none_differs(unit: UnitOfWork) -> None:
    assert unit.telling.least(Listening(), WEEK, "segment", 9) is None


def test_a_scope_can_name_what_is_stored(unit: UnitOfWork) -> None:
    assert unit.hearing.values("projects") == ["APP", "PAY"]
    assert unit.hearing.values("areas") == ["Billing", "Exports"]
    assert unit.hearing.values("labels") == ["csv", "invoices", "Überall"]
    assert unit.hearing.values("sources") == ["intercom", "zendesk"]
    assert unit.hearing.values("segments") == []


def test_companies_are_named_with_what_they_pay(unit: UnitOfWork) -> None:
    ids = {one.company_id for one in unit.hearing.said(Listening(), WEEK) if one.company_id}

    assert sorted(unit.hearing.companies(ids).values()) == [(ACME.name, None), (BOLT.name, None)]
