"""Customers' words found by the words and by their meaning, in one order."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.domain.feedback import Exclusion
from bot.domain.ranking import fused
from bot.domain.search import Among
from bot.services.matching import StoredVectors
from bot.services.meanings import LOOK_EVERY, Meanings
from bot.services.search import ByMeaning, Found, Searcher, search
from bot.storage.database import Database
from tests.fakes.clock import StillClock
from tests.fakes.embedder import FakeEmbedder
from tests.storage.rows import NOON, piece

ANYTHING = Among()


def said(database: Database, *words: str) -> list[int]:
    with database.work() as unit:
        ids = [piece(unit, one, one).id for one in words]
        unit.commit()
    return ids


def at_once(load: Callable[[], None]) -> None:
    load()


def searcher(
    database: Database, embedder: FakeEmbedder | None = None, clock: StillClock | None = None
) -> Searcher:
    made = embedder or FakeEmbedder()
    cache = StoredVectors(database.work, database.reading)
    held = Meanings(database.reading, clock or StillClock(NOON), lambda: made, cache, at_once)
    return Searcher(database.reading, lambda: held)


def ids(found: Found) -> list[int]:
    return list(found.feedback_ids)


def test_words_and_meaning_are_joined_and_what_both_find_comes_first(database: Database) -> None:
    both, by_words, by_meaning = said(database, "zzzz", "zzzz aaaaaaaaaaaaaaaa", "zz zzz")

    found = search(searcher(database), ["zzzz"], ANYTHING)

    assert ids(found)[0] == both
    assert set(ids(found)) == {both, by_words, by_meaning}
    assert found.by_meaning is ByMeaning.YES


def test_where_no_piece_holds_all_words_those_with_some_are_told_as_such(database: Database) -> None:
    [dark] = said(database, "dark colours")

    found = search(Searcher(database.reading), ["dark", "mode"], ANYTHING)
    nothing = search(Searcher(database.reading), ["bright", "mode"], ANYTHING)

    assert (ids(found), found.is_any, found.by_meaning) == ([dark], True, ByMeaning.OFF)
    assert (ids(nothing), nothing.is_any) == ([], False)


def test_while_meanings_load_and_where_they_fail_words_still_find(database: Database) -> None:
    [one] = said(database, "dark mode")
    cache = StoredVectors(database.work, database.reading)
    waiting = Meanings(database.reading, StillClock(NOON), FakeEmbedder, cache, lambda load: None)
    broken = searcher(database, FakeEmbedder(fails_after=41))

    loading = search(Searcher(database.reading, lambda: waiting), ["dark"], ANYTHING)
    first, failed = (search(broken, ["dark"], ANYTHING) for _ in range(2))

    assert (ids(loading), loading.by_meaning) == ([one], ByMeaning.LOADING)
    assert (ids(first), first.by_meaning, failed.by_meaning) == ([one], ByMeaning.FAILED, ByMeaning.FAILED)


def test_meanings_that_could_not_be_made_are_tried_again(database: Database) -> None:
    [one] = said(database, "zzzz")
    embedder, clock = FakeEmbedder(fails_after=0), StillClock(NOON)
    looking = searcher(database, embedder, clock)
    before = search(looking, ["zzzz"], ANYTHING)

    embedder.fails_after = None
    clock.advance(seconds=LOOK_EVERY.total_seconds())

    assert before.by_meaning is ByMeaning.LOADING
    assert ids(search(looking, ["zz"], ANYTHING)) == [one]


def test_new_edited_and_excluded_pieces_are_followed(database: Database) -> None:
    clock = StillClock(NOON)
    first, second = said(database, "zzzz", "qqqq")
    looking = searcher(database, clock=clock)
    before = ids(search(looking, ["zz"], ANYTHING))
    with database.work() as unit:
        unit.pieces.exclude(first, Exclusion.WITHDRAWN)
        unit.commit()
    at_once_hidden = ids(search(looking, ["zz"], ANYTHING))
    [third] = said(database, "zzz zzz")
    clock.advance(seconds=LOOK_EVERY.total_seconds())

    assert (before, at_once_hidden) == ([first], [])
    assert ids(search(looking, ["zz"], ANYTHING)) == [third]
    assert ids(search(looking, ["qq"], ANYTHING)) == [second]


def test_only_new_words_are_embedded(database: Database) -> None:
    said(database, "zzzz")
    embedder, clock = FakeEmbedder(), StillClock(NOON)
    looking = searcher(database, embedder, clock)
    search(looking, ["zz"], ANYTHING)
    said(database, "qqqq")
    clock.advance(seconds=LOOK_EVERY.total_seconds())

    search(looking, ["qq"], ANYTHING)
    search(searcher(database, embedder), ["zz"], ANYTHING)

    assert [embedder.embedded.count(words) for words in ("zzzz", "qqqq")] == [1, 1]


@pytest.mark.parametrize("among", [Among(source="zendesk"), Among(since=NOON, source="ZENDESK")])
def test_filters_hold_for_meaning_as_well(database: Database, among: Among) -> None:
    [one] = said(database, "zzzz")

    assert ids(search(searcher(database), ["zz"], among)) == [one]
    assert ids(search(searcher(database), ["zz"], Among(source="intercom"))) == []


RANKING = st.lists(st.integers(1, 30), unique=True, max_size=12)


@given(st.lists(RANKING, max_size=4), st.integers(0, 40))
def test_fused_holds_each_once_and_a_better_place_everywhere_wins(
    rankings: list[list[int]], most: int
) -> None:
    found = fused(rankings, most)

    every = {one for ranking in rankings for one in ranking}
    assert len(found) == len(set(found)) == min(most, len(every))
    for at, one in enumerate(found):
        for other in found[:at]:
            assert not all(
                one in ranking and (other not in ranking or ranking.index(one) < ranking.index(other))
                for ranking in rankings
            )
