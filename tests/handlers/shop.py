"""A workshop whose source can be made to fail."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta

from bot.domain.feedback import ReceivedConversation
from bot.domain.trust import Sampling
from bot.engine.queue import SqlQueue
from bot.errors import AccessError, IntegrationError, NotFoundError, TransientError
from bot.ports import FeedbackPage, FeedbackSource, Finding
from bot.services.annotator import Annotator
from bot.services.trust import Aim
from handlers.jobs import Workshop, jobs, submit_due
from handlers.slack_app import handle_kept
from tests.handlers.world import OWNERS, RULES, World, shown

REFUSED = AccessError("zendesk", "reading conversations", "401", remedy="make a new token")
BLIP = TransientError("zendesk", "reading conversations", "503")
MINUTE, HOUR, DAY = timedelta(minutes=1), timedelta(hours=1), timedelta(days=1)


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
            happened=lambda body: handle_kept(world.context, body),
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
