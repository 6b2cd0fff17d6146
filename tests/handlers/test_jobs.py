"""What the queue's tasks do, which work is due, and who is told when a source fails."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta

import pytest

from bot.domain.feedback import ReceivedConversation
from bot.domain.trust import Sampling
from bot.domain.week import week_of
from bot.engine.queue import SqlQueue
from bot.errors import AccessError, IntegrationError, NotFoundError, TransientError
from bot.ports import FeedbackPage, FeedbackSource, Finding
from bot.services.annotate import Annotator
from bot.services.trust import Aim
from handlers import tasks
from handlers.jobs import JOBS, Workshop, jobs, submit_due
from tests.handlers.world import NOW, OWNERS, PRODUCT, RULES, World, shown


@dataclass
class Source:
    """A support tool that has nothing new, or the fault that it is given."""

    name: str = "zendesk"
    fault: IntegrationError | None = None
    reads: list[datetime] = field(default_factory=list)
    world: World | None = None

    def start(self, since: datetime) -> str:
        """Return a cursor."""
        return "0"

    def pages(self, after: str) -> Iterator[FeedbackPage]:
        """Yield an empty page, or raise the fault."""
        assert self.world is not None
        self.reads.append(self.world.clock.now())
        if self.fault is not None:
            raise self.fault
        yield FeedbackPage(conversations=(), cursor="1")

    def fetch(self, external_id: str) -> ReceivedConversation:
        """Raise: everything was deleted."""
        raise NotFoundError(self.name, "reading a conversation")

    def estimate(self, since: datetime) -> int | None:
        """Return None."""
        return None

    def check(self) -> Sequence[Finding]:
        """Return nothing."""
        return ()


class Shop:
    """A workshop on the real queue, with a source that can be made to fail."""

    def __init__(self, world: World) -> None:
        self.world, self.source = world, Source(world=world)
        self.matched: list[datetime] = []
        self.tidied: list[datetime] = []
        self.learnt: list[datetime] = []
        self.gathered: list[datetime] = []
        self.queue = SqlQueue(world.database.engine, world.clock)
        sources: dict[str, FeedbackSource] = {"zendesk": self.source}
        self.workshop = Workshop(
            work=world.context.work,
            clock=world.clock,
            rules=RULES,
            queue=self.queue,
            sources=sources,
            trackers={},
            match=self._match,
            learn=lambda: self.learnt.append(world.clock.now()),
            aim=Aim(),
            sampling=Sampling(),
            gather=lambda: self.gathered.append(world.clock.now()),
            annotator=Annotator(world.context.work, world.context.reading, world.clock, {}),
            presenter=world.context.presenter,
            publisher=world.context.publisher,
            tidy=lambda: self.tidied.append(world.clock.now()),
        )

    def tick(self, after: timedelta = timedelta()) -> int:
        """Let time pass, submit what is due and run it; return how many runs that took."""
        self.world.clock.advance(after.total_seconds())
        submit_due(self.workshop)
        return self.queue.run_due(jobs(self.workshop))

    def told(self) -> list[str]:
        """Return what the owners' channel was told, oldest first."""
        return [shown(m) for m in self.world.messages(OWNERS)]

    def _match(self) -> int:
        self.matched.append(self.world.clock.now())
        return 0


@pytest.fixture
def shop(world: World) -> Shop:
    return Shop(world)


REFUSED = AccessError("zendesk", "reading conversations", "401", remedy="make a new token")
BLIP = TransientError("zendesk", "reading conversations", "503")
MINUTE, HOUR, DAY = timedelta(minutes=1), timedelta(hours=1), timedelta(days=1)


def test_a_source_is_read_when_due_and_then_what_it_brought_is_matched_and_shown(shop: Shop) -> None:
    shop.tick()

    assert shop.source.reads == shop.matched == [NOW]
    assert shop.queue.counts()["parked"] == 0


def test_it_is_tidied_up_once_a_day(shop: Shop) -> None:
    for _ in range(60):
        shop.tick(HOUR)

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
    assert "zendesk could not be read" in failed
    assert "make a new token" in failed
    assert "zendesk answers again" in recovered


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

    (told,) = [words for words in shop.told() if "digest" in words]
    with shop.world.context.reading() as unit:
        [digest] = unit.effects.of("digest", PRODUCT)
    assert "unarchive the channel" in told
    assert digest.tries == 2


def test_a_digest_task_that_comes_late_does_not_tell_of_a_week_that_is_not_over(shop: Shop) -> None:
    _subscribe(shop, next_at=NOW)
    shop.tick()

    jobs(shop.workshop)["digest"]({"subscription": "1"})

    assert len(shop.world.messages(PRODUCT)) == 1


def test_a_digest_asked_for_comes_out_later_unless_its_week_is_another_by_then(shop: Shop) -> None:
    _subscribe(shop, next_at=NOW + 3 * DAY)
    run = jobs(shop.workshop)["digest now"]

    run({"subscription": "1", "monday": "2026-11-02"})
    stale = shop.world.messages(PRODUCT)
    run({"subscription": "1", "monday": "2026-11-09"})

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
        subscription = unit.subscriptions.put(
            PRODUCT, "weekly", cron="0 9 * * mon", zone="UTC", projects=(), next_at=None
        )
    made = [
        tasks.MATCH,
        tasks.ANNOTATE,
        tasks.CARDS,
        tasks.TIDY,
        tasks.TRUST,
        tasks.LEARN,
        tasks.THEMES,
        tasks.sync("zendesk"),
        tasks.tickets("jira"),
        tasks.reconcile("zendesk"),
        tasks.digest(subscription),
        tasks.digest_now(subscription, week_of(NOW, "UTC")),
    ]

    assert {task.name for task in made} == set(JOBS)


def _subscribe(shop: Shop, next_at: datetime) -> None:
    with shop.world.context.work() as unit:
        unit.subscriptions.put(
            PRODUCT, "weekly", cron="0 9 * * mon", zone="UTC", projects=(), next_at=next_at
        )
        unit.commit()
