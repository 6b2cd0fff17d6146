"""Audits on their cards, switches that turn and are told of once, and what the status says of it all."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta

import pytest

from bot.domain.precision import Share
from bot.domain.trust import Sampling, Trust
from bot.services.audit import sample
from bot.services.cards import show
from bot.services.review import attach, set_aside
from handlers.jobs import jobs
from integrations.slack.blocks import ids
from tests.handlers.shop import DAY, Shop
from tests.handlers.world import ANNA, BEN, NOW, OWNERS, World, shown

EVERY = Sampling(share=1.0)


@pytest.fixture
def shop(world: World) -> Shop:
    made = Shop(world)
    made.workshop = replace(made.workshop, sampling=EVERY)
    return made


def answered(world: World, right: int, wrong: int = 0, *, attached: bool = False) -> None:
    """Have Voc propose or attach that many pieces, put the links to people, and have all of them answered."""
    ticket = world.ticket("FLD-1", "Export all rows")
    with world.context.reading() as unit:
        first = unit.conversations.count()
    for number in range(right + wrong):
        piece = world.piece(f"The export drops row number {first + number}.", person=str(first + number))
        world.decide(piece, ticket, attached=attached)
        sample(world.context.work, world.clock, EVERY)
        (attach if number < right else set_aside)(world.context.work, world.clock, piece, ANNA)


def told(shop: Shop) -> list[str]:
    return [words for words in shop.told() if "by itself in FLD" in words]


def is_open(shop: Shop) -> bool:
    with shop.world.context.reading() as unit:
        return unit.projects.switches("FLD").attach


def test_a_sampled_link_asks_on_its_card_and_right_answers_it(world: World, shop: Shop) -> None:
    piece = world.piece("The export drops rows after page two.")
    world.suggest(piece, world.ticket("FLD-1", "Export all rows"), attached=True)
    jobs(shop.workshop)["match"]({})
    show(world.context.presenter, piece)
    (card,) = world.messages(OWNERS)
    asked = shown(card)

    answer = world.presses(ANNA, card, ids.ATTACH)

    (card,) = world.messages(OWNERS)
    assert "Voc attached this by itself. Right?" in asked
    assert answer == ""
    assert "Attached to" in shown(card)
    assert f"<@{ANNA}>" in shown(card)
    with world.context.reading() as unit:
        assert unit.answers.checked(200) == Share(1, 1)


def test_an_audit_that_is_wrong_can_be_undone_or_set_aside(world: World, shop: Shop) -> None:
    for number, act in enumerate((ids.UNDO, ids.NOT_FEEDBACK)):
        piece = world.piece("The export drops rows.", person=str(number))
        world.suggest(piece, world.ticket("FLD-1", "Export all rows"), attached=True)
        sample(world.context.work, world.clock, EVERY)
        show(world.context.presenter, piece)
        world.presses(BEN, world.messages(OWNERS)[-1], act)

    with world.context.reading() as unit:
        assert unit.answers.checked(200) == Share(0, 2)


def test_every_decision_has_the_switches_looked_at(world: World) -> None:
    card = world.suggest(world.piece("The export drops rows."), world.ticket("FLD-1", "Export"))

    world.presses(ANNA, card, ids.ATTACH)

    assert "trust" in world.queue.names()


def test_once_a_day_switches_are_looked_at_and_the_model_learns(shop: Shop) -> None:
    shop.tick()
    shop.tick(timedelta(hours=1))
    shop.tick(DAY)

    assert shop.learnt == [NOW, NOW + DAY + timedelta(hours=1)]


def test_a_switch_that_opens_is_told_of_once(world: World, shop: Shop) -> None:
    answered(world, 59)
    for _ in range(3):
        shop.tick(DAY)

    (words,) = told(shop)
    assert is_open(shop)
    assert "Voc now attaches feedback by itself in FLD: 59 of 59 answers" in words
    assert "python -m bot switch FLD --no-attach" in words


def open_and_fail(world: World, shop: Shop) -> None:
    answered(world, 59)
    shop.tick(DAY)
    answered(world, 5, 5, attached=True)


def test_a_switch_that_closes_says_so_once(world: World, shop: Shop) -> None:
    open_and_fail(world, shop)
    for _ in range(3):
        shop.tick(DAY)

    _, closed = told(shop)
    assert not is_open(shop)
    assert (
        "no longer attaches feedback by itself in FLD: of the last 10 links that people checked, 5" in closed
    )


def test_a_kill_between_the_telling_and_the_note_of_it_tells_nothing_twice(world: World, shop: Shop) -> None:
    open_and_fail(world, shop)
    shop.tick(DAY)
    with world.context.work() as unit:
        unit.trusts.save(replace(unit.trusts.of("FLD"), is_told=False))
        unit.commit()

    shop.tick(DAY)

    assert len(told(shop)) == 2
    with world.context.reading() as unit:
        assert unit.trusts.of("FLD").is_told


def test_a_kill_between_the_turn_and_its_telling_is_made_good(world: World, shop: Shop) -> None:
    turned = Trust(project="FLD", turned_at=NOW, turned_by=Share(180, 200), closed_at=NOW, is_told=False)
    with world.context.work() as unit:
        unit.trusts.save(turned)
        unit.commit()

    shop.tick()

    assert [("180 stood" in words) for words in told(shop)] == [True]


def test_a_turn_that_slack_did_not_take_is_told_once_it_does(world: World, shop: Shop) -> None:
    answered(world, 59)
    world.slack.space.app["scopes"].remove("chat:write")
    shop.tick(DAY)
    before = told(shop)
    world.slack.space.app["scopes"].append("chat:write")

    for _ in range(20):
        shop.tick(timedelta(minutes=1))

    assert before == []
    assert len(told(shop)) == 1


def test_without_a_chat_switches_turn_and_wait_to_be_told_of(world: World, shop: Shop) -> None:
    answered(world, 59)
    shop.workshop = replace(shop.workshop, presenter=None, publisher=None)

    shop.tick(DAY)

    assert is_open(shop)
    assert told(shop) == []
    with world.context.reading() as unit:
        assert not unit.trusts.of("FLD").is_told


def test_the_status_of_a_new_workspace_says_that_nothing_is_measured_yet(world: World) -> None:
    answer = world.says(ANNA, "status")

    assert "no automatic link was checked yet: precision not yet measured" in answer
    assert "no automatic links in the last 28 days" in answer
    assert "model: as shipped" in answer


def test_the_status_says_how_checked_links_did_what_was_undone_and_why_each_switch_stands(
    world: World, shop: Shop
) -> None:
    answered(world, 59)
    shop.tick(DAY)
    answered(world, 9, 1, attached=True)
    world.clock.advance(60)
    with world.context.work() as unit:
        unit.projects.set("APP", attach=True, write=True, by="U1", now=NOW)
        unit.projects.set("WEB", attach=False, write=False, by="U1", now=NOW)
        unit.trusts.save(Trust(project="OLD", turned_at=NOW, turned_by=Share(180, 200), closed_at=NOW))
        unit.commit()

    answer = world.says(ANNA, "status")

    assert (
        "of the last 10 automatic links that were checked, 90.0% stood (95 % interval 55.5%–99.7%)" in answer
    )
    assert "10 automatic links made and 1 undone in the last 28 days" in answer
    assert "Project FLD: attach on (opened by 59 of 59 answers, from a score of 0.80), write off" in answer
    assert "Project APP: attach on (set by U1: precision not yet measured), write on" in answer
    assert "Project WEB: attach off (set by U1), write off" in answer
    assert (
        "Project OLD: attach off (closed: 180 of 200 stood; since then no answers yet), write off" in answer
    )
    assert "precision not yet measured" not in answer.replace("set by U1: precision not yet measured", "")


def test_an_override_that_is_measured_by_now_shows_its_figure(world: World, shop: Shop) -> None:
    with world.context.work() as unit:
        unit.projects.set("FLD", attach=True, write=False, by="U1", now=NOW)
        unit.trusts.save(Trust(project="FLD", shown=Share(59, 60), is_measured=True))
        unit.commit()

    answer = world.says(ANNA, "status")

    assert "attach on (set by U1; 59 of 60 answers right, 95 % interval 91.1%–100.0%)" in answer
