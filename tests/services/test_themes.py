"""Themes are kept: found at once, the same over weeks, never of two people, never against a person's word."""

from __future__ import annotations

from datetime import timedelta
from itertools import permutations

import pytest

from bot.domain.theme import ThemeState
from bot.errors import RequestError
from bot.services.ingest import withdraw
from bot.services.review import into_theme
from bot.services.theme_decisions import dismiss, merge, restore
from bot.services.theme_splitting import split
from bot.services.themes import Gatherer, update_themes
from tests.builders import LAST_WEEK, conversation, person, ticket
from tests.services.conftest import Store
from tests.services.themes import DARK, PRINTER, gatherer_of, next_day, pieces_of, say, shown, themes


@pytest.fixture
def gatherer(store: Store) -> Gatherer:
    return gatherer_of(store)


def test_what_three_people_say_alike_is_a_theme_named_in_their_words(
    store: Store, gatherer: Gatherer
) -> None:
    pieces = say(store, *DARK[:3])

    update_themes(gatherer)

    [view] = shown(store)
    assert view.theme.name.startswith("Dark mode")
    assert (view.pieces, view.reach.people, sorted(view.feedback_ids)) == (3, 3, pieces)
    assert view.quote.words in DARK


def test_two_people_are_no_theme_however_often_they_say_it(store: Store, gatherer: Gatherer) -> None:
    for n, text in enumerate(DARK):
        store.add(conversation(text, str(n), customer=person(("ann", "abe")[n % 2])))

    update_themes(gatherer)
    next_day(store)
    update_themes(gatherer)

    assert (shown(store), themes(store)) == ([], [])


def test_a_theme_that_loses_its_third_person_is_not_shown(store: Store, gatherer: Gatherer) -> None:
    say(store, *DARK[:3])
    update_themes(gatherer)
    with store.work() as unit:
        withdraw(unit, "zendesk", ["0"], store.clock.now())
        unit.commit()

    at_once = shown(store)
    update_themes(gatherer)
    next_day(store)
    update_themes(gatherer)

    assert at_once == shown(store) == []


def test_what_is_new_joins_at_once_and_a_new_theme_need_not_wait_for_the_night(
    store: Store, gatherer: Gatherer
) -> None:
    say(store, *DARK[:3])
    update_themes(gatherer)
    [before] = shown(store)

    say(store, DARK[3], *PRINTER, first=10)
    update_themes(gatherer)

    first, second = shown(store)
    assert {first.pieces, second.pieces} == {4}
    assert before.theme.id in {first.theme.id, second.theme.id}
    assert "printer" in first.theme.name + second.theme.name


def test_a_name_that_a_person_gave_stays(store: Store, gatherer: Gatherer) -> None:
    pieces = say(store, *DARK[:3])
    into_theme(store.work, store.clock, pieces[0], "U1", name="The night look")

    update_themes(gatherer)
    say(store, DARK[3], first=10)
    next_day(store)
    update_themes(gatherer)

    [view] = shown(store)
    assert (view.theme.name, view.pieces) == ("The night look", 4)


def test_nothing_new_is_no_work(store: Store, gatherer: Gatherer) -> None:
    say(store, *DARK[:3])

    assert [update_themes(gatherer), update_themes(gatherer)] == [3, 0]


def test_the_order_of_arrival_within_a_day_changes_nothing_after_the_clustering(
    store: Store, gatherer: Gatherer
) -> None:
    seen = set()
    texts = [*DARK[:4], *PRINTER[:3]]
    for turn, order in enumerate(list(permutations(range(7)))[:: 5040 // 3]):
        with store.work() as unit:
            withdraw(unit, "zendesk", unit.conversations.external_ids("zendesk"), store.clock.now())
            unit.commit()
        update_themes(gatherer)
        for n in order:
            said_at = LAST_WEEK + timedelta(hours=n)
            store.add(conversation(texts[n], f"{turn}-{n}", said_at, customer=person(f"p{n}")))
            update_themes(gatherer)
        next_day(store)
        update_themes(gatherer)
        views = shown(store)
        seen.add(frozenset((v.theme.name, v.pieces, v.reach.people, v.quote.words) for v in views))

    assert len(seen) == 1
    assert len(next(iter(seen))) == 2


def test_a_theme_stays_the_same_when_a_fifth_of_it_is_new(store: Store, gatherer: Gatherer) -> None:
    say(store, *DARK[:5], *PRINTER)
    update_themes(gatherer)
    before = {v.theme.id: v.theme.name for v in shown(store)}

    next_day(store)
    say(store, DARK[5], first=20)
    update_themes(gatherer)

    assert {v.theme.id: v.theme.name for v in shown(store)} == before
    assert max(v.pieces for v in shown(store)) == 6


def test_what_gets_a_ticket_leaves_its_theme(store: Store, gatherer: Gatherer) -> None:
    pieces = say(store, *DARK[:4])
    update_themes(gatherer)

    store.attach(pieces[0], store.ticket(ticket()))

    assert shown(store)[0].pieces == 3
    update_themes(gatherer)
    assert pieces_of(store, shown(store)[0].theme.id) == pieces[1:]


def test_a_dismissed_theme_never_returns_and_counts_what_is_said_like_it(
    store: Store, gatherer: Gatherer
) -> None:
    say(store, *DARK[:3])
    update_themes(gatherer)
    theme = shown(store)[0].theme.id

    dismiss(store.work, store.clock, theme, "U1")
    for day, text in enumerate(DARK[3:]):
        say(store, text, first=10 + day)
        update_themes(gatherer)
        next_day(store)
        update_themes(gatherer)

    assert shown(store) == []
    assert [t.state for t in themes(store)] == [ThemeState.DISMISSED]
    assert len(pieces_of(store, theme)) == 6


def test_a_dismissed_theme_can_be_brought_back(store: Store, gatherer: Gatherer) -> None:
    say(store, *DARK[:3])
    update_themes(gatherer)
    theme = shown(store)[0].theme.id
    dismiss(store.work, store.clock, theme, "U1")

    again = dismiss(store.work, store.clock, theme, "U2")
    restore(store.work, store.clock, theme, "U1")

    assert not again.is_done
    assert [v.theme.id for v in shown(store)] == [theme]


def test_what_a_person_merged_stays_together(store: Store, gatherer: Gatherer) -> None:
    say(store, *DARK[:4], *PRINTER)
    update_themes(gatherer)
    one, other = (v.theme.id for v in shown(store))

    merge(store.work, store.clock, one, other, "U1")
    next_day(store)
    update_themes(gatherer)

    [view] = shown(store)
    assert (view.theme.id, view.pieces) == (one, 8)
    assert {t.id: t.into for t in themes(store, ThemeState.MERGED)} == {other: one}


def test_what_a_person_split_off_stays_apart_and_remembers_where_it_came_from(
    store: Store, gatherer: Gatherer
) -> None:
    pieces = say(store, *DARK)
    update_themes(gatherer)
    theme = shown(store)[0].theme.id

    made = split(store.work, store.clock, theme, pieces[3:], "U1")
    next_day(store)
    say(store, "Still no dark mode in the app, and my eyes hurt.", first=30)
    update_themes(gatherer)

    assert made.came_from == theme
    assert {v.theme.id for v in shown(store)} == {theme, made.id}
    assert set(pieces[:3]) <= set(pieces_of(store, theme))
    assert set(pieces[3:]) <= set(pieces_of(store, made.id))


def test_only_some_of_a_themes_own_pieces_can_be_split_off(store: Store, gatherer: Gatherer) -> None:
    pieces = say(store, *DARK[:3])
    update_themes(gatherer)
    theme = shown(store)[0].theme.id

    for wrong in ([], pieces, [999]):
        with pytest.raises(RequestError):
            split(store.work, store.clock, theme, wrong, "U1")


def test_a_theme_is_not_merged_with_itself_nor_an_unknown_one(store: Store, gatherer: Gatherer) -> None:
    say(store, *DARK[:3])
    update_themes(gatherer)
    theme = shown(store)[0].theme.id

    for other in (theme, 999):
        with pytest.raises(RequestError):
            merge(store.work, store.clock, theme, other, "U1")


def test_words_in_a_language_that_is_not_understood_wait(store: Store, gatherer: Gatherer) -> None:
    german = (
        "Bitte bauen Sie einen dunklen Modus ein, meine Augen tun abends weh.",
        "Ein dunkler Modus wäre gut für meine Augen am Abend.",
        "Wann kommt der dunkle Modus? Meine Augen tun mir jeden Abend weh.",
    )
    say(store, *german)

    update_themes(gatherer)

    assert shown(store) == []
