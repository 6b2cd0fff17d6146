"""Links of ours: one that a person removed is a correction, and links are read when they must be."""

from __future__ import annotations

import pytest

from bot.domain.news import NewsKind
from bot.domain.ticket import TicketRef
from bot.errors import AnswerError
from bot.services.life import hint
from bot.services.review import attach, undo
from bot.storage.database import Database
from tests.fakes.clock import StillClock
from tests.services.conftest import Store
from tests.services.tickets import Tracked


@pytest.fixture
def store(database: Database, clock: StillClock) -> Store:
    return Store(database.work, clock)


def test_a_link_that_a_person_removed_detaches_the_piece_teaches_and_never_returns(store: Store) -> None:
    tracked = Tracked(store)
    [first, second] = tracked.say(1, "1", "2")
    tracked.annotate()

    tracked.drop(1, "1")
    tracked.annotate()
    tracked.settle()
    tracked.settle()

    assert tracked.pairs(first) == {"APP-1": ("detached", "tracker link")}
    assert tracked.pairs(second) == {"APP-1": ("attached", "voc")}
    assert tracked.answers() == [(first, "wrong", "tracker link")]
    assert tracked.links(1) == ["2"]
    assert [c.pieces for c in tracked.tracker.comments["10001"]] == [1]
    card = tracked.card(first)
    assert "its link was removed" in card.note
    assert card.note_key == "APP-1"
    assert tracked.news() == []


def test_a_link_that_a_person_removed_is_written_again_when_a_person_attaches_the_piece(store: Store) -> None:
    tracked = Tracked(store)
    [piece] = tracked.say(1, "1")
    tracked.annotate()
    tracked.drop(1, "1")
    tracked.annotate()

    attach(store.work, store.clock, piece, "U1", ticket_key="APP-1")
    tracked.annotate()

    assert tracked.links(1) == ["1"]
    assert tracked.card(piece).note == ""


def test_links_that_vanish_all_at_once_from_a_ticket_are_let_go_and_teach_nothing(store: Store) -> None:
    tracked = Tracked(store)
    names = [str(n) for n in range(1, 8)]
    pieces = tracked.say(1, *names)
    tracked.annotate()

    tracked.drop(1, *names[:6])
    tracked.annotate()

    assert [tracked.pairs(piece)["APP-1"][0] for piece in pieces] == ["detached"] * 6 + ["attached"]
    assert tracked.answers() == []
    [news] = tracked.news()
    assert (news.kind, news.subject, news.number) == (NewsKind.UNLINKED, "APP-1", 6)


def test_tickets_that_lose_all_of_ours_in_one_run_teach_nothing(store: Store) -> None:
    tracked = Tracked(store, 4)
    pieces = [tracked.say(n, str(n))[0] for n in range(1, 5)]
    tracked.annotate()
    for number in (1, 2, 3):
        del tracked.tracker.links[str(10_000 + number)][f"voc:zendesk:{number}:1"]
        tracked.change(number)

    tracked.annotate()

    assert [tracked.pairs(p)[f"APP-{n}"][0] for n, p in enumerate(pieces, 1)] == ["detached"] * 3 + [
        "attached"
    ]
    assert tracked.answers() == []
    assert sorted(one.subject for one in tracked.news()) == ["APP-1", "APP-2", "APP-3"]


def test_links_are_read_before_a_first_writing_and_when_a_ticket_of_ours_changed_and_never_else(
    store: Store,
) -> None:
    tracked = Tracked(store, 3)
    tracked.say(1, "1")
    tracked.annotate()
    first = list(tracked.tracker.links_read)

    tracked.say(1, "2")
    tracked.annotate()
    tracked.sync()
    tracked.annotate()
    unchanged = list(tracked.tracker.links_read)
    tracked.change(1)
    tracked.change(2)
    tracked.annotate()

    assert (first, unchanged, tracked.tracker.links_read) == (["10001"], ["10001"], ["10001"] * 2)


def test_an_undo_of_ours_is_not_taken_for_a_persons(store: Store) -> None:
    tracked = Tracked(store)
    [piece] = tracked.say(1, "1")
    tracked.annotate()
    undo(store.work, store.clock, piece, "U1")
    tracked.annotate()

    tracked.change(1)
    tracked.look(1)
    tracked.annotate()

    assert tracked.pairs(piece) == {"APP-1": ("detached", "U1")}
    assert tracked.answers() == [(piece, "wrong", "U1")]


def test_links_that_can_not_be_read_keep_no_words_from_the_ticket(store: Store) -> None:
    tracked = Tracked(store)
    tracked.say(1, "1")
    tracked.tracker.unreadable_links = AnswerError("jira", "reading links")

    tracked.annotate()

    assert tracked.links(1) == ["1"]


def test_a_link_that_is_written_while_links_are_read_is_not_taken_for_removed(store: Store) -> None:
    tracked = Tracked(store)
    [piece] = tracked.say(1, "1")
    tracked.annotate()
    tracked.drop(1, "1")

    def write_anew() -> None:
        """Let another worker write the link anew before the answer is judged."""
        with store.work() as unit:
            [link] = unit.effects.of("link", "jira:10001")
            unit.effects.want("link", "jira:10001", link.key, "anew", store.clock.now())
            unit.effects.settle(link.id, link.state, store.clock.now(), done="anew")
            unit.commit()

    tracked.tracker.once_read = write_anew
    tracked.annotate()

    assert tracked.pairs(piece) == {"APP-1": ("attached", "voc")}


def test_a_hint_has_links_read_though_the_ticket_itself_did_not_change(store: Store) -> None:
    tracked = Tracked(store)
    [piece] = tracked.say(1, "1")
    tracked.annotate()
    tracked.tracker.links["10001"].clear()

    with store.work() as unit:
        for external_id in ("10001", "10099"):
            hint(unit, TicketRef("jira", external_id), store.clock.now())
        unit.commit()
    tracked.annotate()

    assert tracked.pairs(piece) == {"APP-1": ("detached", "tracker link")}
