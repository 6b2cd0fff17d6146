"""What an annotation says: figures in fields, quotes that differ, and what customers do meanwhile."""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from decimal import Decimal

import pytest

from bot.domain.annotation import Annotation, Figures, Reach
from bot.domain.customer import Revenue
from bot.domain.feedback import ReceivedCompany
from bot.domain.quote import words_of
from bot.services.annotation import annotation_of, figures_of
from bot.services.review import undo
from bot.storage.database import Database
from tests.builders import ACME, BOLT, conversation, person, turn
from tests.fakes.clock import StillClock
from tests.services.conftest import Store
from tests.services.tickets import Tracked

EUR, USD = Revenue(Decimal(1200), "EUR"), Revenue(Decimal(7), "USD")


@pytest.fixture
def store(database: Database, clock: StillClock) -> Store:
    return Store(database.work, clock)


def annotated(tracked: Tracked) -> Annotation:
    stored = tracked.ticket(1)
    with tracked.store.work() as unit:
        return annotation_of(stored, unit.matches.attached_to(stored.id), tracked.store.clock.now())


def test_figures_are_kept_where_there_are_fields_and_written_once_a_day(store: Store) -> None:
    tracked = Tracked(store)
    tracked.tracker.figures = {}
    tracked.say(1, "1")
    tracked.annotate()
    first = dict(tracked.tracker.figures)
    tracked.say(1, "2")
    tracked.annotate()
    same_day, writes = dict(tracked.tracker.figures), tracked.tracker.writes

    tracked.settle()

    assert first["10001"] == Figures(people=1, companies=1, revenue=None, last_heard=date(2026, 11, 18))
    assert same_day == first
    assert tracked.tracker.writes == writes + 1  # the comment; the figures are the same


def test_figures_follow_words_that_were_taken_back_at_once(store: Store) -> None:
    tracked = Tracked(store)
    tracked.tracker.figures = {}
    [piece] = tracked.say(1, "1")
    tracked.annotate()

    undo(store.work, store.clock, piece, "U1")
    tracked.annotate()

    assert tracked.tracker.figures["10001"].people == 0


@pytest.mark.parametrize(
    ("revenue", "kept"), [((), None), ((EUR,), Decimal(1200)), ((EUR, USD), None)], ids=str
)
def test_revenue_is_a_figure_in_one_currency_alone(
    store: Store, revenue: tuple[Revenue, ...], kept: Decimal | None
) -> None:
    tracked = Tracked(store)
    tracked.say(1, "1")

    annotation = replace(annotated(tracked), reach=Reach(1, 1, revenue))

    assert figures_of(annotation).revenue == kept


def test_a_tracker_that_sums_up_by_itself_gets_the_links_alone(store: Store) -> None:
    tracked = Tracked(store)
    tracked.tracker.shows_itself = True
    tracked.say(1, "1")

    written = tracked.annotate()
    for _ in range(3):
        tracked.look(1)
        tracked.settle()

    assert (written.tickets, written.links, written.comments) == (1, 1, 0)
    assert (tracked.links(1), tracked.tracker.comments, tracked.tracker.writes) == (["1"], {}, 1)


def test_an_undo_while_the_comment_waits_for_tomorrow_is_followed_at_once(store: Store) -> None:
    tracked = Tracked(store)
    [piece, _] = tracked.say(1, "1", "2")
    tracked.annotate()
    tracked.say(1, "3")
    tracked.annotate()

    undo(store.work, store.clock, piece, "U1")
    tracked.annotate()

    assert tracked.links(1) == ["2", "3"]
    assert [c.pieces for c in tracked.tracker.comments["10001"]] == [2]


def test_quotes_are_of_companies_and_segments_that_differ_and_say_nothing_twice(store: Store) -> None:
    tracked = Tracked(store)
    acme, bolt = replace(ACME, fields={}), replace(BOLT, fields={})
    cask = ReceivedCompany(external_id="cask", name="Cask", domains=("cask.example",))
    said = [
        ("I print 20 pages each Monday and the export stops half way through.", acme, "1"),
        ("I print 30 pages each Friday and the export stops half way through.", acme, "2"),
        ("I print 20 pages each Monday and the export stops half way through.", bolt, "3"),
        ("Broken.", cask, "4"),
    ]
    pieces = store.add(
        *(conversation(words, name, customer=person(f"p{name}", company)) for words, company, name in said)
    )
    for piece in pieces:
        store.attach(piece, tracked.ticket(1).id)

    quotes = annotated(tracked).quotes

    assert len({quote.words for quote in quotes}) == len(quotes) == 3
    assert {quote.company for quote in quotes} == {"Acme", "Cask"}


def test_what_a_customer_does_meanwhile_is_quoted_as_they_said_it(store: Store) -> None:
    tracked = Tracked(store)
    words = (
        "The sync drops files. Every week I have to upload them by hand from a@b.example. It takes an hour."
    )
    text = turn(words, "9-t1")
    [piece] = store.add(replace(conversation("", "9"), turns=(text,)))
    store.attach(piece, tracked.ticket(1).id)

    found = annotated(tracked).workaround

    assert found is not None
    assert found.words == "Every week I have to upload them by hand from [e-mail]."
    with store.work() as unit:
        voice = unit.pieces.voice(piece)
    assert voice.text[found.spans[0].start : found.spans[0].end] in words_of(voice.quote, voice.text)
