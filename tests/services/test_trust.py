"""Switches open by what answers show and close by what audits show; an admin's choice stays."""

from __future__ import annotations

from datetime import datetime

import pytest

from bot.domain.message import Card
from bot.domain.precision import Share
from bot.domain.trust import Sampling, Trust
from bot.repositories import Switches
from bot.services.audit import sample
from bot.services.cards import card_of
from bot.services.review import attach, set_aside, undo
from bot.services.trust import Aim, review
from tests.builders import ticket
from tests.services.conftest import Store
from tests.services.test_answers import decided, judge_all, said

AIM, EVERY, NONE = Aim(), Sampling(share=1.0), Sampling(share=0.0, a_week=0)


@pytest.fixture
def app_1(store: Store) -> int:
    return store.ticket(ticket())


def answered(store: Store, ticket_id: int, right: int, wrong: int = 0, score: float = 0.93) -> None:
    """Have that many proposals, or links, answered."""
    pieces = said(store, right + wrong)
    judge_all(store, pieces, ticket_id, score=score)
    sample(store.work, store.clock, EVERY)
    for number, piece in enumerate(pieces):
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


class RunningClock:
    """A clock that moves on whenever it is looked at, as any does."""

    def __init__(self, store: Store) -> None:
        self._clock = store.clock

    def now(self) -> datetime:
        """Return the moment."""
        self._clock.advance(milliseconds=1)
        return self._clock.now()


def test_a_closing_closes_however_long_the_look_takes(store: Store, app_1: int) -> None:
    open_by_answers(store, app_1)
    answered(store, app_1, 20, 6)

    review(store.work, RunningClock(store), AIM)

    with store.work() as unit:
        assert not unit.projects.switches("APP").attach
        assert unit.trusts.of("APP").has_closed


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


@pytest.mark.slow
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


def card(store: Store, piece: int) -> Card:
    with store.work() as unit:
        return card_of(unit, piece)


def test_an_override_s_cards_say_that_precision_is_not_measured_until_it_is(store: Store, app_1: int) -> None:
    override(store, attach=True)
    piece = decided(store, app_1)
    before = card(store, piece)

    answered(store, app_1, 59)
    looked_at(store)

    assert (before.is_unmeasured, card(store, piece).is_unmeasured) == (True, False)
