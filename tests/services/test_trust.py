"""Switches open by what answers show and close by what audits show; anybody can redraw the sample."""

from __future__ import annotations

import random

import pytest

from bot.domain.message import Card
from bot.domain.precision import Share
from bot.domain.trust import Sampling, Trust
from bot.repositories import Switches
from bot.services.audit import sample
from bot.services.cards import Presenter, card_of, show_marked
from bot.services.review import attach, set_aside, undo
from bot.services.trust import Aim, review
from tests.builders import ticket
from tests.fakes.messenger import FakeMessenger
from tests.services.conftest import RULES, Store
from tests.services.test_answers import decided, judge

AIM, EVERY, NONE = Aim(), Sampling(share=1.0), Sampling(share=0.0, a_week=0)


@pytest.fixture
def app_1(store: Store) -> int:
    return store.ticket(ticket())


def answered(store: Store, ticket_id: int, right: int, wrong: int = 0, score: float = 0.93) -> None:
    """Have that many proposals, or links, answered."""
    for number in range(right + wrong):
        piece = decided(store, ticket_id, score=score)
        sample(store.work, store.clock, EVERY)
        (attach if number < right else set_aside)(store.work, store.clock, piece, "U7")


def looked_at(store: Store, aim: Aim = AIM) -> tuple[Switches, Trust]:
    """Let the answers be looked at; return the project's switches and what it has shown."""
    review(store.work, store.clock, aim)
    with store.work() as unit:
        return unit.projects.switches("APP"), unit.trusts.of("APP")


def override(store: Store, *, attach: bool, by: str = "U1") -> None:
    with store.work() as unit:
        unit.projects.set("APP", attach=attach, write=True, by=by, now=store.clock.now())
        unit.commit()


def test_the_switch_opens_at_59_right_of_59_and_not_at_58(store: Store, app_1: int) -> None:
    answered(store, app_1, 58)
    before, so_far = looked_at(store)

    answered(store, app_1, 1)
    after, shown = looked_at(store)

    assert (before.attach, str(so_far.shown)) == (False, "58 of 58")
    assert (after.attach, after.by, str(shown.turned_by)) == (True, "", "59 of 59")
    assert (shown.threshold, shown.is_measured, shown.is_told) == (0.93, True, False)


def test_opening_leaves_writing_as_it_was(store: Store, app_1: int) -> None:
    override(store, attach=False, by="")
    answered(store, app_1, 59)

    switches, _ = looked_at(store)

    assert switches == Switches(project="APP", attach=True, write=True)


def test_another_wanted_precision_opens_it_earlier(store: Store, app_1: int) -> None:
    answered(store, app_1, 29)

    assert looked_at(store, Aim(precision=0.9))[0].attach


def test_too_many_wrong_answers_keep_it_closed(store: Store, app_1: int) -> None:
    answered(store, app_1, 80, 3)

    switches, shown = looked_at(store)

    assert not switches.attach
    assert (shown.threshold, str(shown.shown)) == (None, "80 of 83")


def test_a_corrected_answer_takes_the_place_of_the_first(store: Store, app_1: int) -> None:
    answered(store, app_1, 58)
    piece = decided(store, app_1)
    set_aside(store.work, store.clock, piece, "U7")
    before, _ = looked_at(store)

    attach(store.work, store.clock, piece, "U8", ticket_key="APP-1")

    assert (before.attach, looked_at(store)[0].attach) == (False, True)


def test_nobody_s_answers_change_nothing(store: Store, app_1: int) -> None:
    decided(store, app_1)

    switches, shown = looked_at(store)

    assert (switches, shown) == (Switches(project="APP"), Trust(project="APP"))


def test_an_override_stays_on_or_off_whatever_answers_say(store: Store, app_1: int) -> None:
    override(store, attach=False)
    answered(store, app_1, 60)
    off, shown = looked_at(store)
    override(store, attach=True)
    answered(store, app_1, 0, 30)
    on, after = looked_at(store)

    assert (off.attach, off.by, str(shown.shown), shown.is_measured) == (False, "U1", "60 of 60", True)
    assert (on.attach, on.by, str(after.shown)) == (True, "U1", "60 of 90")


def open_by_answers(store: Store, ticket_id: int) -> None:
    answered(store, ticket_id, 60)
    assert looked_at(store)[0].attach
    store.clock.advance(days=1)


def test_the_switch_closes_when_audits_fail_and_begins_anew(store: Store, app_1: int) -> None:
    open_by_answers(store, app_1)
    answered(store, app_1, 20, 6)

    switches, trust = looked_at(store)
    store.clock.advance(days=1)
    again, later = looked_at(store)

    assert (switches.attach, str(trust.turned_by), trust.closed_at) == (False, "20 of 26", trust.turned_at)
    assert (trust.threshold, trust.is_told) == (None, False)
    assert (again.attach, later) == (False, trust)


def test_after_closing_fresh_answers_open_it_and_old_audits_do_not_close_it_again(
    store: Store, app_1: int
) -> None:
    open_by_answers(store, app_1)
    answered(store, app_1, 20, 6)
    looked_at(store)
    store.clock.advance(days=1)

    answered(store, app_1, 59)
    opened, trust = looked_at(store)
    store.clock.advance(days=1)

    assert (opened.attach, str(trust.turned_by)) == (True, "59 of 59")
    assert looked_at(store)[0].attach


def test_a_few_wrong_audits_do_not_close_it(store: Store, app_1: int) -> None:
    open_by_answers(store, app_1)
    answered(store, app_1, 18, 2)

    assert looked_at(store)[0].attach


def test_links_that_nobody_was_asked_about_close_nothing(store: Store, app_1: int) -> None:
    open_by_answers(store, app_1)
    for _ in range(20):
        undo(store.work, store.clock, decided(store, app_1), "U7")

    switches, trust = looked_at(store)

    assert switches.attach
    assert str(trust.shown) == "60 of 60"


def test_only_the_last_200_audits_count(store: Store, app_1: int) -> None:
    open_by_answers(store, app_1)
    answered(store, app_1, 0, 1)
    store.clock.advance(minutes=1)
    answered(store, app_1, 200)

    with store.work() as unit:
        assert unit.answers.checked(200, project="APP") == Share(200, 200)
        assert unit.answers.checked(201, project="APP") == Share(200, 201)


def test_an_earned_threshold_stays_until_another_is_earned(store: Store, app_1: int) -> None:
    open_by_answers(store, app_1)
    answered(store, app_1, 0, 1, score=0.95)

    switches, trust = looked_at(store)

    assert (switches.attach, trust.threshold, str(trust.shown)) == (True, 0.93, "60 of 61")


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


def test_audits_are_shown_before_proposals_where_the_day_s_number_is_short(
    store: Store, app_1: int, messenger: FakeMessenger
) -> None:
    [sampled] = links(store, app_1, 1)
    for _ in range(6):
        decided(store, app_1, score=0.5)
    store.clock.advance(minutes=1)
    sample(store.work, store.clock, EVERY)

    show_marked(Presenter(store.work, store.clock, messenger, RULES))

    assert len(messenger.sent) == RULES.cards_a_day
    assert messenger.keys("C0REVIEW")[0] == f"feedback:{sampled}"


def test_an_override_s_cards_say_that_precision_is_not_measured_until_it_is(store: Store, app_1: int) -> None:
    override(store, attach=True)
    piece = decided(store, app_1)
    before = card(store, piece)

    answered(store, app_1, 59)
    looked_at(store)

    assert (before.is_unmeasured, card(store, piece).is_unmeasured) == (True, False)


def test_links_of_long_ago_are_sampled_no_more(store: Store, app_1: int) -> None:
    pieces = links(store, app_1, 1)
    store.clock.advance(weeks=4)

    assert sample(store.work, store.clock, EVERY) == 0
    assert asked(store, pieces) == set()
