"""What the queue's tasks do, which work is due, and who is told when a source fails."""

from __future__ import annotations

import json
from dataclasses import replace
from datetime import datetime

import pytest

from bot.domain.period import week_period
from bot.domain.route import Route, Routes
from bot.domain.week import week_of
from bot.errors import TransientError
from bot.i18n import speaking, t
from handlers import tasks
from handlers.jobs import JOBS, jobs
from integrations.slack.client import REMEDIES
from tests.handlers.shop import BLIP, DAY, HOUR, MINUTE, REFUSED, Shop
from tests.handlers.world import NOW, OWNERS, PRODUCT, RULES, World, shown

FIELD = "C0FIELD001"


@pytest.fixture
def shop(world: World) -> Shop:
    return Shop(world)


def test_a_source_is_read_when_due_and_then_what_it_brought_is_matched_and_shown(shop: Shop) -> None:
    shop.tick()

    assert shop.source.reads == shop.matched == [NOW]
    assert shop.queue.counts()["parked"] == 0


def test_it_is_tidied_up_once_a_day(shop: Shop) -> None:
    for _ in range(20):
        shop.tick(3 * HOUR)

    days = [moment.date() for moment in shop.tidied]
    assert len(days) == len(set(days)) == 3


def test_a_source_is_not_read_again_before_its_time(shop: Shop) -> None:
    shop.tick()
    shop.tick(MINUTE)
    shop.tick(5 * MINUTE)

    assert shop.source.reads == [NOW, NOW + 6 * MINUTE]


def test_marked_cards_and_due_pieces_are_worked_on_without_a_sync(shop: Shop) -> None:
    shop.tick()
    piece = shop.world.piece("The export drops rows.")
    shop.world.suggest(piece, shop.world.ticket("FLD-1", "Export"))
    shop.world.piece("Where is the dark mode?", person="2")

    shop.tick(MINUTE)

    assert shop.matched == [NOW, NOW + MINUTE]


def test_an_outage_is_told_once_and_its_end_once(shop: Shop) -> None:
    shop.source.fault = REFUSED
    for _ in range(4):
        shop.tick(2 * HOUR)
    shop.source.fault = None
    for _ in range(3):
        shop.tick(2 * HOUR)

    failed, recovered = shop.told()
    assert "Zendesk could not be read" in failed
    assert "make a new token" in failed
    assert "Zendesk answers again" in recovered


def test_a_second_outage_is_told_too(shop: Shop) -> None:
    for fault in (REFUSED, None, REFUSED, None):
        shop.source.fault = fault
        shop.tick(2 * HOUR)

    assert [("answers again" in words) for words in shop.told()] == [False, True, False, True]


def test_a_fault_that_passes_by_itself_is_told_only_when_it_stays(shop: Shop) -> None:
    shop.source.fault = BLIP
    shop.tick(2 * HOUR)
    shop.tick(2 * HOUR)
    quiet = shop.told()

    shop.tick(2 * HOUR)

    assert quiet == []
    assert len(shop.told()) == 1


def test_a_notice_whose_telling_was_cut_off_is_not_posted_again(shop: Shop) -> None:
    shop.source.fault = REFUSED
    shop.tick()
    with shop.world.context.work() as unit:
        unit.sources.told("zendesk", None)  # as after a kill between the post and the note that it is out
        unit.commit()

    shop.tick(2 * HOUR)

    assert len(shop.told()) == 1


def test_a_failing_source_is_left_alone_longer_each_time_but_never_over_an_hour(shop: Shop) -> None:
    shop.source.fault = BLIP
    for _ in range(240):
        shop.tick(MINUTE)

    waits = [(b - a) // MINUTE for a, b in zip(shop.source.reads, shop.source.reads[1:], strict=False)]
    assert waits == sorted(waits)
    assert (waits[0], waits[-1]) == (2, 60)


def test_a_source_that_says_how_long_to_wait_is_left_alone_that_long(shop: Shop) -> None:
    shop.source.fault = TransientError("zendesk", "reading", "429", retry_after_s=600)
    for _ in range(15):
        shop.tick(MINUTE)

    assert [(b - a) // MINUTE for a, b in zip(shop.source.reads, shop.source.reads[1:], strict=False)] == [10]


def test_a_due_digest_is_posted_once_and_its_next_time_is_set(shop: Shop) -> None:
    _subscribe(shop, next_at=NOW + HOUR)

    shop.tick()
    before = shop.world.messages(PRODUCT)
    shop.tick(HOUR)
    shop.tick(MINUTE)

    assert before == []
    assert len(shop.world.messages(PRODUCT)) == 1
    with shop.world.context.reading() as unit:
        assert [f"{s.next_at:%F %H:%M}" for s in unit.subscriptions.all()] == ["2026-11-23 09:00"]


def test_a_digest_that_can_not_be_posted_is_told_once_and_tried_now_and_then(shop: Shop) -> None:
    _subscribe(shop, next_at=NOW)
    shop.world.slack.space.channels[PRODUCT].is_archived = True
    for _ in range(30):
        shop.tick(MINUTE)

    (told,) = [words for words in shop.told() if "can’t post" in words]
    with shop.world.context.reading() as unit:
        [digest] = unit.effects.of("digest", PRODUCT)
    assert "#product: it is archived" in told
    assert digest.tries == 2


def test_a_digest_that_slack_refuses_is_told_to_the_owners_of_its_channel_by_name(shop: Shop) -> None:
    routes = (
        Route(projects=("APP",), owner_channel=OWNERS, digest_channels=("#voc",)),
        Route(projects=("FLD",), owner_channel="#field", digest_channels=("#product",)),
    )
    shop.world.slack.load({"channels": [{"id": FIELD, "name": "field"}]})
    shop.workshop = replace(shop.workshop, rules=replace(RULES, routes=Routes(routes)))
    _subscribe(shop, next_at=NOW)
    refusal = json.dumps({"ok": False, "error": "restricted_action"})
    rule = {"vendor": "slack", "path": "/api/chat.postMessage", "times": 1}
    shop.world.sandbox.faults.add({**rule, "do": "status", "status": 200, "body": refusal})

    shop.tick()

    (told,) = [shown(message) for message in shop.world.messages(FIELD)]
    assert "The digest for #product could not be posted" in told
    assert shop.told() == []


def test_what_helps_is_said_in_the_language_of_the_rest(shop: Shop) -> None:
    _subscribe(shop, next_at=NOW)
    refusal = json.dumps({"ok": False, "error": "restricted_action"})
    rule = {"vendor": "slack", "path": "/api/chat.postMessage", "times": 1}
    shop.world.sandbox.faults.add({**rule, "do": "status", "status": 200, "body": refusal})
    shop.workshop = replace(shop.workshop, rules=replace(RULES, language="de"))

    shop.tick()

    with speaking("de"):
        remedy = t(REMEDIES["restricted_action"])
    assert remedy != REMEDIES["restricted_action"]
    assert remedy in shop.told()[0]


def test_a_digest_task_that_comes_late_does_not_tell_of_a_week_that_is_not_over(shop: Shop) -> None:
    _subscribe(shop, next_at=NOW)
    shop.tick()

    jobs(shop.workshop)["digest"]({"subscription": "1"})

    assert len(shop.world.messages(PRODUCT)) == 1


def test_a_digest_asked_for_comes_out_later_unless_its_week_is_another_by_then(shop: Shop) -> None:
    _subscribe(shop, next_at=NOW + 3 * DAY)
    run = jobs(shop.workshop)["digest now"]

    run({"subscription": "1", "first": "2026-11-02"})
    stale = shop.world.messages(PRODUCT)
    run({"subscription": "1", "first": "2026-11-09"})

    assert stale == []
    assert len(shop.world.messages(PRODUCT)) == 1


def test_conversations_that_are_gone_at_the_source_are_withdrawn_within_a_day(shop: Shop) -> None:
    for number in range(60):
        shop.world.piece(f"The export drops row number {number}.", person=str(number))

    shop.tick()
    for _ in range(4):
        shop.tick(MINUTE)

    with shop.world.context.reading() as unit:
        assert unit.conversations.count() == 0


def test_without_a_chat_sources_are_read_and_nothing_is_posted(shop: Shop) -> None:
    shop.workshop = replace(shop.workshop, presenter=None, publisher=None)
    _subscribe(shop, next_at=NOW)
    shop.source.fault = REFUSED

    shop.tick()

    assert shop.source.reads == [NOW]
    assert not shop.told()
    assert not shop.world.messages(PRODUCT)


def test_every_task_that_handlers_submit_has_a_job(world: World) -> None:
    with world.context.work() as unit:
        subscription = unit.subscriptions.put(PRODUCT, "weekly", cron="0 9 * * mon", zone="UTC", next_at=None)
    made = [
        tasks.MATCH,
        tasks.ANNOTATE,
        tasks.CARDS,
        tasks.TIDY,
        tasks.TRUST,
        tasks.LEARN,
        tasks.THEMES,
        tasks.CORRECT,
        tasks.CHANNELS,
        tasks.ALERTS,
        tasks.EVENTS,
        tasks.sync("zendesk"),
        tasks.tickets("jira"),
        tasks.reconcile("zendesk"),
        tasks.survey("jira"),
        tasks.thread("C1", "1.0"),
        tasks.reaction("C1", "1.0", "U1", "ear"),
        tasks.digest(subscription),
        tasks.digest_now(subscription, week_period(week_of(NOW, "UTC"))),
    ]

    assert {task.name for task in made} == set(JOBS)


def _subscribe(shop: Shop, next_at: datetime) -> None:
    with shop.world.context.work() as unit:
        unit.subscriptions.put(PRODUCT, "weekly", cron="0 9 * * mon", zone="UTC", next_at=next_at)
        unit.commit()
