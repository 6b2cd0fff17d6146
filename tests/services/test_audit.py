"""Audits: a sample of automatic links that anybody can draw again, asked about on the links' cards."""

from __future__ import annotations

import random

import pytest

from bot.domain.message import Card
from bot.domain.precision import Share
from bot.domain.trust import Sampling
from bot.services.audit import sample
from bot.services.cards import Presenter, card_of, show_marked
from bot.services.review import attach, undo
from tests.builders import ticket
from tests.fakes.messenger import FakeMessenger
from tests.services.conftest import RULES, Store
from tests.services.test_answers import decided, judge

EVERY = Sampling(share=1.0)


@pytest.fixture
def app_1(store: Store) -> int:
    return store.ticket(ticket())


def links(store: Store, ticket_id: int, count: int) -> list[int]:
    store.allow()
    return [decided(store, ticket_id) for _ in range(count)]


def asked(store: Store, pieces: list[int]) -> set[int]:
    with store.work() as unit:
        return set(unit.audits.asked(pieces))


def test_a_running_week_is_sampled_by_the_share_and_a_whole_one_up_to_its_least(
    store: Store, app_1: int
) -> None:
    pieces = links(store, app_1, 12)
    way = Sampling(share=0.1, a_week=5)

    sample(store.work, store.clock, way)
    early = asked(store, pieces)
    store.clock.advance(days=7)
    sample(store.work, store.clock, way)

    ranked = sorted(pieces, key=way.rank)
    assert early == {piece for piece in pieces if way.rank(piece) < 0.1}
    assert asked(store, pieces) == set(ranked[:5])


def test_sampling_in_many_steps_draws_what_one_step_draws(store: Store, app_1: int) -> None:
    way, draw = Sampling(share=0.5), random.Random(3)
    pieces = []
    for _ in range(30):
        pieces += links(store, app_1, 1)
        if draw.random() < 0.4:
            sample(store.work, store.clock, way)
    sample(store.work, store.clock, way)

    assert asked(store, pieces) == {piece for piece in pieces if way.rank(piece) < 0.5}
    assert sample(store.work, store.clock, way) == 0


def test_a_link_that_was_undone_is_drawn_like_any_other_and_its_answer_counts(
    store: Store, app_1: int
) -> None:
    [piece, _] = links(store, app_1, 2)
    undo(store.work, store.clock, piece, "U7")

    added = sample(store.work, store.clock, EVERY)

    with store.work() as unit:
        checked = unit.answers.checked(200)
    assert (added, checked) == (2, Share(0, 1))


def test_a_worker_that_was_down_fills_up_the_weeks_that_it_missed(store: Store, app_1: int) -> None:
    pieces = links(store, app_1, 6)
    store.clock.advance(weeks=2)

    sample(store.work, store.clock, Sampling(share=0.0, a_week=5))

    assert len(asked(store, pieces)) == 5


def card(store: Store, piece: int) -> Card:
    with store.work() as unit:
        return card_of(unit, piece)


def test_a_sampled_link_is_asked_about_on_its_card_until_somebody_answers(store: Store, app_1: int) -> None:
    [piece] = links(store, app_1, 1)
    before = card(store, piece)
    sample(store.work, store.clock, EVERY)
    during = card(store, piece)
    after = attach(store.work, store.clock, piece, "U7").after

    assert (before.is_audit, during.is_audit, after.is_audit) == (False, True, False)
    with store.work() as unit:
        assert unit.answers.checked(200) == Share(1, 1)


def test_a_link_that_voc_has_changed_is_no_audit_of_the_old_one(store: Store, app_1: int) -> None:
    [piece] = links(store, app_1, 1)
    sample(store.work, store.clock, EVERY)

    judge(store, piece, store.ticket(ticket(2, "Reports are slow")))

    assert not card(store, piece).is_audit


def test_links_of_the_sample_are_shown_and_proposals_are_not(
    store: Store, app_1: int, messenger: FakeMessenger
) -> None:
    [sampled] = links(store, app_1, 1)
    for _ in range(6):
        decided(store, app_1, score=0.5)
    store.clock.advance(minutes=1)
    sample(store.work, store.clock, EVERY)

    show_marked(Presenter(store.work, store.clock, messenger, RULES))

    assert messenger.keys("C0REVIEW") == [f"feedback:{sampled}"]


def test_links_of_long_ago_are_sampled_no_more(store: Store, app_1: int) -> None:
    pieces = links(store, app_1, 1)
    store.clock.advance(weeks=4)

    assert sample(store.work, store.clock, EVERY) == 0
    assert asked(store, pieces) == set()
