"""Pairs of piece and ticket: at most one attached, people's decisions last, each step traced."""

from __future__ import annotations

import threading

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from sqlalchemy import select

from bot.domain.feedback import Exclusion
from bot.domain.match import AUTOMATIC, MatchState, Reason
from bot.storage import tables
from bot.storage.database import Database
from tests.storage.rows import HOUR, NOON, decide, piece, ticket

ATTACHED, SUGGESTED = MatchState.ATTACHED, MatchState.SUGGESTED
REJECTED, DETACHED = MatchState.REJECTED, MatchState.DETACHED


def trace(database: Database) -> list[tuple[str, str, str]]:
    steps = tables.match_trace.c
    with database.engine.connect() as connection:
        rows = connection.execute(select(steps.before, steps.after, steps.by).order_by(steps.id))
        return [tuple(row) for row in rows]


def test_a_decision_is_stored_with_its_reasons(database: Database) -> None:
    reasons = (Reason("words", "crash"), Reason("neighbour", "APP-2"))
    with database.work() as unit:
        one, about = piece(unit), ticket(unit)

        made = unit.matches.decide(
            one.id, about.id, SUGGESTED, score=0.75, reasons=reasons, by="voc", now=NOON
        )
        unit.commit()
    with database.work() as unit:
        read = unit.matches.of_feedback(one.id)

    assert read == [made]
    assert (made.score, made.reasons, made.decided_by, made.decided_at) == (0.75, reasons, "voc", NOON)


def test_attaching_detaches_the_other_ticket_and_drops_what_was_suggested(database: Database) -> None:
    with database.work() as unit:
        one = piece(unit)
        first, second, third = (ticket(unit, str(n)) for n in range(3))
        decide(unit, one.id, first.id, ATTACHED, AUTOMATIC)
        decide(unit, one.id, second.id, SUGGESTED, AUTOMATIC)

        decide(unit, one.id, third.id, ATTACHED, "U1", NOON + HOUR)

        pairs = [(m.ticket_id, m.state, m.decided_by) for m in unit.matches.of_feedback(one.id)]
        assert pairs == [(third.id, ATTACHED, "U1"), (first.id, DETACHED, "U1")]
        assert unit.matches.undone(NOON, NOON + 2 * HOUR) == 1
        unit.commit()
    assert trace(database) == [
        ("", "attached", "voc"),
        ("", "suggested", "voc"),
        ("attached", "detached", "U1"),
        ("suggested", "", "U1"),
        ("", "attached", "U1"),
    ]


def test_voc_never_overrules_a_person(database: Database) -> None:
    with database.work() as unit:
        refused, taken = piece(unit, "c1"), piece(unit, "c2")
        one, two = ticket(unit, "1"), ticket(unit, "2")
        decide(unit, refused.id, one.id, REJECTED, "U1")
        decide(unit, taken.id, one.id, ATTACHED, "U1")

        for state in (SUGGESTED, ATTACHED):
            decide(unit, refused.id, one.id, state, AUTOMATIC)
            decide(unit, taken.id, two.id, state, AUTOMATIC)

        assert [m.state for m in unit.matches.of_feedback(refused.id)] == [REJECTED]
        assert [(m.ticket_id, m.state) for m in unit.matches.of_feedback(taken.id)] == [(one.id, ATTACHED)]


def test_refused_pairs_are_those_that_a_person_turned_down(database: Database) -> None:
    with database.work() as unit:
        one, two = piece(unit, "c1"), piece(unit, "c2")
        tickets = [ticket(unit, str(n)).id for n in range(3)]
        decide(unit, one.id, tickets[0], REJECTED, "U1")
        decide(unit, one.id, tickets[1], DETACHED, "U1")
        decide(unit, two.id, tickets[2], ATTACHED, AUTOMATIC)
        decide(unit, two.id, tickets[0], ATTACHED, AUTOMATIC)

        assert unit.matches.refused_by([one.id, two.id]) == {one.id: frozenset(tickets[:2])}


def test_a_ticket_s_voices_come_newest_first_without_those_set_aside(database: Database) -> None:
    with database.work() as unit:
        about = ticket(unit)
        pieces = [piece(unit, f"c{n}", said_at=NOON + n * HOUR).id for n in range(4)]
        for feedback_id in pieces[:3]:
            decide(unit, feedback_id, about.id, ATTACHED, AUTOMATIC)
        decide(unit, pieces[3], about.id, SUGGESTED, AUTOMATIC)
        unit.pieces.exclude(pieces[1], Exclusion.GONE)

        assert [v.feedback_id for v in unit.matches.attached_to(about.id)] == [pieces[2], pieces[0]]
        assert unit.matches.tickets_of(pieces) == dict.fromkeys(pieces[:3], about.id)


def test_a_project_s_tickets_with_voices_are_those_with_an_attached_piece(database: Database) -> None:
    with database.work() as unit:
        heard, proposed = ticket(unit, "1"), ticket(unit, "2")
        elsewhere = ticket(unit, "3", project="WEB", key="WEB-3")
        for n, (about, state) in enumerate([(heard, ATTACHED), (heard, ATTACHED), (proposed, SUGGESTED)]):
            decide(unit, piece(unit, f"c{n}").id, about.id, state, AUTOMATIC)
        decide(unit, piece(unit, "c9").id, elsewhere.id, ATTACHED, AUTOMATIC)

        assert unit.matches.tickets_with_voices("APP") == [heard.id]


def test_only_what_people_attached_is_confirmed(database: Database) -> None:
    with database.work() as unit:
        about = ticket(unit)
        ids = [piece(unit, f"c{n}").id for n in range(4)]
        for feedback_id, by in zip(ids, [AUTOMATIC, "U1", "U2", "U1"], strict=True):
            decide(unit, feedback_id, about.id, ATTACHED, by)
        unit.pieces.exclude(ids[3], Exclusion.NOT_FEEDBACK)

        assert unit.matches.confirmed_pairs() == [(ids[1], about.id), (ids[2], about.id)]


def test_voc_withdraws_its_own_pairs_and_no_person_s(database: Database) -> None:
    with database.work() as unit:
        one = piece(unit)
        kept, attached, suggested, judged = (ticket(unit, str(n)).id for n in range(4))
        decide(unit, one.id, judged, REJECTED, "U1")
        decide(unit, one.id, attached, ATTACHED, AUTOMATIC)
        decide(unit, one.id, suggested, SUGGESTED, AUTOMATIC)
        decide(unit, one.id, kept, SUGGESTED, AUTOMATIC)

        lost = unit.matches.withdraw_automatic(one.id, keep=kept, now=NOON)

        states = {m.ticket_id: m.state for m in unit.matches.of_feedback(one.id)}
        assert lost == [attached]
        assert states == {kept: SUGGESTED, attached: DETACHED, judged: REJECTED}
        assert unit.matches.refused_by([one.id]) == {one.id: frozenset({judged})}
        assert unit.matches.undone(NOON - HOUR, NOON + HOUR) == 0


def test_undone_counts_what_people_took_back_of_what_voc_attached(database: Database) -> None:
    with database.work() as unit:
        about = ticket(unit)
        ids = [piece(unit, f"c{n}").id for n in range(4)]
        for feedback_id, by in zip(ids, [AUTOMATIC, AUTOMATIC, "U1", AUTOMATIC], strict=True):
            decide(unit, feedback_id, about.id, ATTACHED, by)
        decide(unit, ids[0], about.id, DETACHED, "U1", NOON)
        decide(unit, ids[1], about.id, DETACHED, "U1", NOON + HOUR)
        decide(unit, ids[2], about.id, DETACHED, "U1", NOON)
        decide(unit, ids[3], about.id, ATTACHED, "U1", NOON)

        assert unit.matches.undone(NOON, NOON + HOUR) == 1


@settings(suppress_health_check=[HealthCheck.function_scoped_fixture], max_examples=40)
@given(
    steps=st.lists(
        st.tuples(st.integers(0, 2), st.sampled_from(MatchState), st.sampled_from([AUTOMATIC, "U1"])),
        max_size=12,
    )
)
def test_a_piece_has_one_attached_ticket_at_most_and_a_trace_that_tells_its_pairs(
    database: Database, steps: list[tuple[int, MatchState, str]]
) -> None:
    with database.work() as unit:
        one = piece(unit)
        tickets = [ticket(unit, str(n)).id for n in range(3)]
        for at, state, by in steps:
            decide(unit, one.id, tickets[at], state, by)
        pairs = {m.ticket_id: m.state.value for m in unit.matches.of_feedback(one.id)}
        connection = database.engine.connect()
        unit.commit()
    replayed: dict[int, str] = {}
    with connection:
        for row in connection.execute(select(tables.match_trace).order_by(tables.match_trace.c.id)):
            if row.feedback_id == one.id:
                assert replayed.get(row.ticket_id, "") == row.before
                replayed[row.ticket_id] = row.after

    assert list(pairs.values()).count("attached") <= 1
    assert {ticket_id: state for ticket_id, state in replayed.items() if state} == pairs


def test_two_people_who_attach_at_once_leave_one_ticket_attached(database: Database) -> None:
    with database.work() as unit:
        one = piece(unit)
        tickets = [ticket(unit, str(n)).id for n in range(4)]
        unit.commit()
    gate = threading.Barrier(len(tickets))

    def attach(ticket_id: int) -> None:
        gate.wait()
        with database.work() as unit:
            decide(unit, one.id, ticket_id, ATTACHED, f"U{ticket_id}")
            unit.commit()

    threads = [threading.Thread(target=attach, args=(ticket_id,)) for ticket_id in tickets]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()

    with database.work() as unit:
        states = [m.state for m in unit.matches.of_feedback(one.id)]
    assert sorted(states) == [ATTACHED, DETACHED, DETACHED, DETACHED]


@pytest.mark.parametrize("limit", [1, 1001])
def test_look_ups_of_many_pieces_take_lists_of_any_length(database: Database, limit: int) -> None:
    with database.work() as unit:
        ids = list(range(1, limit + 1))

        assert unit.matches.refused_by(ids) == {}
        assert unit.matches.tickets_of(ids) == {}
        assert unit.pieces.voices(ids) == []
