"""News, the stop, what was read of links, and which tickets carry voices, on both databases."""

from __future__ import annotations

from datetime import timedelta

import pytest

from bot.domain.match import AUTOMATIC, BY_MERGE, MatchState
from bot.domain.news import News, NewsKind
from bot.repositories import LinksRead, Stop, UnitOfWork
from bot.storage.database import Database
from tests.storage.rows import HOUR, NOON, decide, piece, ticket


def news(kind: NewsKind = NewsKind.GONE, project: str = "APP", number: int = 1) -> News:
    return News(kind=kind, tracker="jira", project=project, at=NOON, subject="APP-1", number=number)


def test_news_are_told_once_by_the_notice_that_gathered_them(database: Database) -> None:
    with database.work() as unit:
        unit.news.add(news(number=1))
        unit.news.add(news(number=2))
        first, second = unit.news.untold()
        unit.news.gather([first.id], "a")
        unit.news.gather([first.id, second.id], "b")
        gathered = [(one.news, one.batch) for one in unit.news.untold()]
        unit.news.told("a", NOON)
        left = [(one.news, one.batch) for one in unit.news.untold()]
        unit.commit()

    assert gathered == [(news(number=1), "a"), (news(number=2), "b")]
    assert left == [(news(number=2), "b")]


def test_the_last_news_of_some_kinds_is_known_for_each_project(database: Database) -> None:
    turns = [NewsKind.REFUSED, NewsKind.RESUMED]
    with database.work() as unit:
        for one in (news(NewsKind.REFUSED), news(NewsKind.RESUMED), news(NewsKind.GONE)):
            unit.news.add(one)
        unit.news.add(news(NewsKind.REFUSED, "WEB"))

        last = [unit.news.last_of(project, turns) for project in ("APP", "WEB", "OPS")]

    assert last == [NewsKind.RESUMED, NewsKind.REFUSED, None]


def test_a_stop_holds_for_every_unit_until_it_is_taken_back(database: Database) -> None:
    with database.work() as unit:
        unit.writes.stop("ann", NOON)
        unit.commit()
    with database.work() as unit:
        again = unit.writes.stop("bo", NOON + HOUR)
        unit.commit()
    with database.reading() as unit:
        stopped = unit.writes.stopped()
    with database.work() as unit:
        unit.writes.resume()
        unit.commit()
    with database.reading() as unit:
        resumed = unit.writes.stopped()

    assert again == stopped == Stop("ann", NOON)
    assert resumed is None


def test_what_was_read_of_a_tickets_links_is_kept_and_replaced(database: Database) -> None:
    with database.work() as unit:
        stored = ticket(unit)
        before = unit.tickets.links_read(stored.id)
        unit.tickets.save_links(stored.id, NOON, frozenset({"zendesk acme.zendesk.com 1", "a/ü"}))
        first = unit.tickets.links_read(stored.id)
        unit.tickets.save_links(stored.id, None, frozenset())
        second = unit.tickets.links_read(stored.id)

    assert before == second == LinksRead()
    assert first == LinksRead(NOON, frozenset({"zendesk acme.zendesk.com 1", "a/ü"}))


def with_voices(unit: UnitOfWork) -> list[int]:
    """Store four tickets; the first and the third have an attached piece, the second a suggested one."""
    ids = [ticket(unit, str(n), key=f"APP-{n}").id for n in range(1, 5)]
    states = [MatchState.ATTACHED, MatchState.SUGGESTED, MatchState.ATTACHED]
    for number, (id_, state) in enumerate(zip(ids[:3], states, strict=True)):
        decide(unit, piece(unit, f"c{number}").id, id_, state, AUTOMATIC)
    return ids


def test_tickets_with_voices_come_by_id_and_page(database: Database) -> None:
    with database.work() as unit:
        first, _, third, _ = with_voices(unit)

        pages = [
            [t.id for t in unit.tickets.with_voices(**given)]
            for given in ({}, {"limit": 1}, {"after": first}, {"tracker": "jira"}, {"tracker": "linear"})
        ]
        among = unit.matches.attached_among([third, first, 999])

    assert pages == [[first, third], [first], [third], [first, third], []]
    assert among == [first, third]


@pytest.mark.parametrize(("from_h", "until_h", "is_heard"), [(0, 1, True), (1, 2, False), (-1, 0, False)])
def test_tickets_are_found_by_when_their_voices_were_said(
    database: Database, from_h: int, until_h: int, is_heard: bool
) -> None:
    with database.work() as unit:
        first, _, third, _ = with_voices(unit)

        found = unit.matches.attached_among(
            [first, third], said=(NOON + from_h * HOUR, NOON + until_h * HOUR)
        )

    assert found == ([first, third] if is_heard else [])


def test_moved_pieces_are_counted_where_they_are_now_and_their_pairs_are_no_refusal(
    database: Database,
) -> None:
    with database.work() as unit:
        old, new, other = (ticket(unit, str(n), key=f"APP-{n}").id for n in (1, 2, 3))
        moved = [piece(unit, f"c{n}").id for n in range(3)]
        for one in moved:
            decide(unit, one, old, MatchState.ATTACHED, AUTOMATIC)
            decide(unit, one, new, MatchState.ATTACHED, BY_MERGE)
        decide(unit, moved[2], other, MatchState.ATTACHED, "ann")

        went = unit.matches.moved_from(old)
        refused = unit.matches.refused_by(moved)
        undone = unit.matches.undone(NOON - timedelta(days=1), NOON + timedelta(days=1))

    assert went == {new: 2, other: 1}
    assert refused == {moved[2]: frozenset({new})}
    assert undone == 0


def test_conversations_are_found_by_their_ids_at_any_source(database: Database) -> None:
    with database.work() as unit:
        piece(unit, "c1")
        piece(unit, "c2")

        found = unit.conversations.addresses(["c2", "none"])
        nothing = unit.conversations.addresses([])

    assert list(found.values()) == [""]
    assert nothing == {}
