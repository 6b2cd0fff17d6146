"""Themes: places of what matches nothing, people's decisions kept with who and when."""

from __future__ import annotations

from datetime import timedelta

import pytest
from sqlalchemy import select

from bot.domain.annotation import Reach
from bot.domain.feedback import Exclusion
from bot.domain.match import AUTOMATIC, MatchState
from bot.domain.scope import Listening
from bot.domain.theme import Seat, Theme, ThemeState
from bot.repositories import Place, UnitOfWork
from bot.repositories.hearing import Stretch
from bot.repositories.themes import Voices
from bot.storage import tables
from bot.storage.database import Database
from tests.storage.rows import HOUR, NOON, decide, piece, ticket

LIVING = [ThemeState.LIVING]


def add(unit: UnitOfWork, name: str = "dark mode") -> Theme:
    return unit.themes.add(
        name=name, terms=("dark mode",), first_heard=NOON, last_heard=NOON + HOUR, now=NOON, central=(3, 1)
    )


def test_a_theme_comes_back_as_it_was_stored(database: Database) -> None:
    with database.work() as unit:
        made = add(unit)
        unit.commit()
    with database.reading() as unit:
        read, every = unit.themes.get(made.id), unit.themes.all(LIVING)

    assert read == made
    assert every == [made]
    assert (made.terms, made.central, made.last_heard) == (("dark mode",), (3, 1), NOON + HOUR)


def test_an_unknown_theme_is_a_key_error(database: Database) -> None:
    with database.work() as unit, pytest.raises(KeyError):
        unit.themes.get(1)


def test_changed_facts_are_stored_and_the_rest_stays(database: Database) -> None:
    with database.work() as unit:
        made = add(unit)

        changed = unit.themes.change(made.id, name="night colours", terms=("night",), is_settled=True)

        assert (changed.name, changed.terms, changed.is_settled) == ("night colours", ("night",), True)
        assert changed.first_heard == made.first_heard
        assert unit.themes.get(made.id) == changed


def test_a_decision_keeps_who_and_when_and_counts(database: Database) -> None:
    with database.work() as unit:
        one, other = add(unit), add(unit)
        before = unit.themes.decisions()

        gone = unit.themes.decide(
            other.id, "merged", by="U1", now=NOON, state=ThemeState.MERGED, other=one.id, into=one.id
        )
        after = unit.themes.decisions()
        unit.commit()

    with database.engine.connect() as connection:
        [row] = connection.execute(select(tables.theme_trace))
    assert (gone.state, gone.into, gone.decided_by) == (ThemeState.MERGED, one.id, "U1")
    assert (row.theme_id, row.what, row.by, row.at, row.other_id) == (other.id, "merged", "U1", NOON, one.id)
    assert before != after


def test_a_piece_has_one_place(database: Database) -> None:
    with database.work() as unit:
        said, first, second = piece(unit), add(unit), add(unit)
        unit.themes.place({said.id: first.id}, Seat.LIVE)
        unit.themes.place({said.id: second.id}, Seat.HELD)

        assert unit.themes.of([said.id]) == [Place(said.id, second.id, Seat.HELD)]
        assert unit.themes.members([first.id, second.id]) == {first.id: [], second.id: [said.id]}


def test_a_piece_that_was_never_looked_at_has_no_seat_and_one_alike_with_none_no_theme(
    database: Database,
) -> None:
    with database.work() as unit:
        new, alone = piece(unit, "c1"), piece(unit, "c2")
        unit.themes.place({alone.id: None}, Seat.CLUSTERED)

        assert unit.themes.of([alone.id, new.id, 999]) == [
            Place(alone.id, None, Seat.CLUSTERED),
            Place(new.id, None, None),
        ]


def test_what_matches_something_is_in_no_theme(database: Database) -> None:
    with database.work() as unit:
        about, theme = ticket(unit), add(unit)
        attached, proposed, unlikely, aside, loose = (piece(unit, f"c{n}").id for n in range(5))
        unit.themes.place(dict.fromkeys((attached, proposed, unlikely, aside, loose), theme.id), Seat.LIVE)
        decide(unit, attached, about.id, MatchState.ATTACHED, "U1")
        decide(unit, proposed, about.id, MatchState.SUGGESTED, AUTOMATIC)
        unit.matches.decide(
            unlikely, about.id, MatchState.SUGGESTED, score=0.4, reasons=(), by=AUTOMATIC, now=NOON
        )
        unit.pieces.exclude(aside, Exclusion.WITHDRAWN)

        before = unit.themes.members([theme.id])
        voices = unit.themes.voices([theme.id, 99], [(NOON, NOON + HOUR), (NOON - HOUR, NOON)])
        reach = unit.themes.reach([theme.id, 99])
        shrunk, again = unit.themes.leave_matched(), unit.themes.leave_matched()

        assert before == unit.themes.members([theme.id]) == {theme.id: [unlikely, loose]}
        assert (shrunk, again) == ([theme.id], [])
        assert voices == [Voices(theme.id, 2, 2, (2, 0))]
        assert reach == {theme.id: Reach(2, 0)}
        decide(unit, attached, about.id, MatchState.DETACHED, "U1")
        assert unit.themes.of([attached]) == [Place(attached, None, None)]


def test_what_matches_nothing_comes_oldest_first_from_a_moment_on_and_the_newest_of_many(
    database: Database,
) -> None:
    with database.work() as unit:
        pieces = [piece(unit, f"c{n}", said_at=NOON + n * HOUR).id for n in range(4)]

        assert [p.feedback_id for p in unit.themes.unmatched(NOON + HOUR, limit=10)] == pieces[1:]
        assert [p.feedback_id for p in unit.themes.unmatched(NOON, limit=2)] == pieces[2:]


def test_places_can_be_left(database: Database) -> None:
    with database.work() as unit:
        said, theme = piece(unit), add(unit)
        unit.themes.place({said.id: theme.id}, Seat.HELD)

        unit.themes.leave([said.id])

        assert unit.themes.of([said.id]) == [Place(said.id, None, None)]


def test_conversations_are_counted_by_when_they_spoke(database: Database) -> None:
    day = timedelta(days=1)
    with database.work() as unit:
        piece(unit, "c1", said_at=NOON)
        piece(unit, "c2", said_at=NOON + HOUR)
        unit.pieces.exclude(piece(unit, "c3", said_at=NOON).id, Exclusion.STAFF)

        times = [(NOON, NOON + day), (NOON + HOUR, NOON + day), (NOON + day, NOON + 2 * day)]
        periods = [Stretch(start, end) for start, end in times]
        assert unit.telling.conversations(Listening(), periods) == [2, 1, 0]


def test_a_theme_merged_away_never_gives_its_number_to_another(database: Database) -> None:
    with database.work() as unit:
        first = add(unit).id

        assert add(unit).id > first
