"""Cards: what is asked about one piece, shown once, kept true, never more a day than the channel takes."""

from __future__ import annotations

from dataclasses import replace
from datetime import time

import pytest

from bot.domain.match import AUTOMATIC
from bot.domain.message import Card, CardState
from bot.domain.quiet import QuietHours
from bot.errors import RequestError, UncertainError
from bot.repositories import Link
from bot.services.cards import Presenter, put_to_channel, show_marked
from bot.services.ingest import withdraw
from bot.services.marks import CARD, INBOX, mark
from bot.services.outward import LEASE
from bot.services.review import attach, set_aside, undo
from tests.builders import conversation, ticket
from tests.fakes.messenger import FakeMessenger
from tests.services.conftest import RULES, Store


@pytest.fixture
def presenter(store: Store, messenger: FakeMessenger) -> Presenter:
    return Presenter(store.work, store.clock, messenger, RULES)


def sampled(store: Store, count: int) -> list[int]:
    """Store that many pieces, each attached to APP-1 by Voc itself and in the sample, their cards marked."""
    pieces = proposed(store, count)
    now = store.clock.now()
    for piece in pieces:
        with store.work() as unit:
            [pair] = unit.matches.of_feedback(piece)
        store.attach(piece, pair.ticket_id)
        with store.work() as unit:
            unit.audits.add(Link(piece, pair.ticket_id, now), now)
            unit.commit()
    return pieces


def asked(store: Store, presenter: Presenter) -> int:
    """Store a proposal that a person puts to the channel."""
    [piece] = proposed(store)
    put_to_channel(presenter, piece)
    return piece


def proposed(store: Store, count: int = 1) -> list[int]:
    """Store that many pieces, each suggested for APP-1, their cards marked."""
    ticket_id = store.ticket(ticket())
    pieces = store.add(*(conversation(f"The export fails on page {n}.", str(n)) for n in range(count)))
    for piece in pieces:
        store.attach(piece, ticket_id, state="suggested")
        with store.work() as unit:
            mark(unit, CARD, piece, store.clock.now())
            unit.commit()
    return pieces


def card(messenger: FakeMessenger, number: int = 1) -> Card:
    message = messenger.sent[str(number)].message
    assert isinstance(message, Card)
    return message


def test_a_proposal_has_no_card_of_its_own(
    store: Store, presenter: Presenter, messenger: FakeMessenger
) -> None:
    proposed(store, 2)

    show_marked(presenter)

    with store.work() as unit:
        assert unit.effects.due(store.clock.now(), [CARD]) == []
        assert [effect.key for effect in unit.effects.due(store.clock.now(), [INBOX])] == ["C0REVIEW"]
    assert messenger.sent == {}


def test_what_a_person_puts_to_the_channel_is_shown_there_once(
    store: Store, presenter: Presenter, messenger: FakeMessenger
) -> None:
    piece = asked(store, presenter)

    show_marked(presenter)
    show_marked(presenter)

    assert messenger.keys("C0REVIEW") == [f"feedback:{piece}"]
    shown = card(messenger)
    assert shown.state is CardState.SUGGESTED
    assert shown.ticket is not None
    assert shown.ticket.key == "APP-1"


def test_a_decision_changes_the_card_in_place(
    store: Store, presenter: Presenter, messenger: FakeMessenger
) -> None:
    piece = asked(store, presenter)
    show_marked(presenter)

    decided = attach(store.work, store.clock, piece, "U7").after
    show_marked(presenter)

    assert decided.state is CardState.ATTACHED
    assert len(messenger.sent) == 1
    assert (card(messenger).state, card(messenger).decided_by) == (CardState.ATTACHED, "U7")


def test_not_feedback_and_back(store: Store, presenter: Presenter, messenger: FakeMessenger) -> None:
    [piece] = proposed(store)
    show_marked(presenter)

    aside = set_aside(store.work, store.clock, piece, "U7").after
    back = undo(store.work, store.clock, piece, "U7").after

    assert (aside.state, back.state) == (CardState.NOT_FEEDBACK, CardState.UNMATCHED)
    with store.work() as unit:
        assert [v.feedback_id for v in unit.pieces.due_for_matching()] == [piece]


def test_a_refused_pair_is_remembered(store: Store) -> None:
    [piece] = proposed(store)
    attach(store.work, store.clock, piece, "U7")

    undo(store.work, store.clock, piece, "U7")

    with store.work() as unit:
        refused = unit.matches.refused_by([piece])[piece]
        app_1 = unit.tickets.by_key("APP-1")
    assert app_1 is not None
    assert refused == {app_1.id}


def test_takes_no_more_a_day_than_the_channel_allows_and_goes_on_tomorrow(
    store: Store, presenter: Presenter, messenger: FakeMessenger
) -> None:
    pieces = sampled(store, 8)

    show_marked(presenter)
    today = len(messenger.sent)
    attach(store.work, store.clock, pieces[0], "U7")
    show_marked(presenter)
    decided = card(messenger).state
    store.clock.advance(days=1)
    show_marked(presenter)

    assert today == RULES.cards_a_day == 3
    assert decided is CardState.ATTACHED
    assert len(messenger.sent) == 6


def test_a_mark_that_a_killed_worker_held_waits_for_tomorrow_too(
    store: Store, presenter: Presenter, messenger: FakeMessenger
) -> None:
    pieces = sampled(store, 4)
    with store.work() as unit:
        held = unit.effects.find(CARD, "", str(pieces[0]))
        assert held
        unit.effects.claim(held.id, until=store.clock.now() + LEASE, now=store.clock.now())
        unit.commit()
    show_marked(presenter)
    store.clock.advance(seconds=LEASE.total_seconds() + 1)

    show_marked(presenter)
    today = len(messenger.sent)
    store.clock.advance(days=1)
    show_marked(presenter)

    assert (today, len(messenger.sent)) == (RULES.cards_a_day, 4)


def test_a_lost_answer_shows_no_second_card(
    store: Store, presenter: Presenter, messenger: FakeMessenger
) -> None:
    asked(store, presenter)
    messenger.after = [UncertainError("slack", "posting")]

    for _ in range(3):
        show_marked(presenter)
        store.clock.advance(minutes=5)

    assert len(messenger.sent) == 1


def test_words_deleted_at_their_source_leave_the_card(
    store: Store, presenter: Presenter, messenger: FakeMessenger
) -> None:
    asked(store, presenter)
    show_marked(presenter)
    with store.work() as unit:
        withdraw(unit, "zendesk", ["0"], store.clock.now())
        unit.commit()

    show_marked(presenter)

    assert card(messenger).state is CardState.WITHDRAWN


@pytest.mark.parametrize("words", ["nothing known", "APP-99"])
def test_an_unknown_ticket_is_told_to_the_person(store: Store, words: str) -> None:
    [piece] = proposed(store)

    with pytest.raises(RequestError, match="No ticket"):
        attach(store.work, store.clock, piece, "U7", ticket_key=words)


def test_a_piece_that_is_gone_can_not_be_decided(store: Store) -> None:
    [piece] = proposed(store)
    with store.work() as unit:
        withdraw(unit, "zendesk", ["0"], store.clock.now())
        unit.commit()

    with pytest.raises(RequestError, match="removed at their source"):
        attach(store.work, store.clock, piece, "U7")
    with pytest.raises(RequestError, match="no longer known"):
        attach(store.work, store.clock, 12345, "U7")


def test_in_quiet_hours_no_card_is_posted_and_those_that_are_out_stay_true(
    store: Store, messenger: FakeMessenger
) -> None:
    quiet = QuietHours(time(18), time(8))
    presenter = Presenter(store.work, store.clock, messenger, replace(RULES, quiet=quiet))
    [piece, *_] = sampled(store, 2)
    store.clock.moment = store.clock.now().replace(hour=23)

    show_marked(presenter)
    at_night = len(messenger.sent)
    store.clock.advance(hours=9)
    show_marked(presenter)
    store.clock.advance(hours=12)
    attach(store.work, store.clock, piece, "U7")
    show_marked(presenter)

    assert (at_night, len(messenger.sent)) == (0, 2)
    assert {card(messenger, n).decided_by for n in (1, 2)} == {"U7", AUTOMATIC}
