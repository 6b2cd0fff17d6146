"""Sources and trackers are read page by page; each page and the cursor that closes it are one transaction."""

from __future__ import annotations

import logging
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime, timedelta

from bot.domain.route import Rules
from bot.domain.ticket import TicketRef
from bot.errors import AnswerError, IntegrationError, NotFoundError
from bot.ports import Clock, FeedbackPage, FeedbackSource, TicketPage, TicketTracker
from bot.repositories import Work
from bot.services.ingest import ingest, prepare, store, withdraw
from bot.services.life import lose, store_ticket

log = logging.getLogger(__name__)

FIRST_IMPORT = timedelta(weeks=9)  # eight weeks of trend and the week that is told about
RECONCILE_A_RUN = 50


@dataclass(frozen=True, slots=True)
class Synced:
    """What one run read. set_aside: items of unexpected shape, kept by id."""

    read: int = 0
    new: int = 0
    changed: int = 0
    gone: int = 0
    set_aside: int = 0

    def plus(self, other: Synced) -> Synced:
        """Return both added up."""
        return Synced(
            self.read + other.read,
            self.new + other.new,
            self.changed + other.changed,
            self.gone + other.gone,
            self.set_aside + other.set_aside,
        )


Progress = Callable[[Synced], None]


def sync(
    work: Work,
    clock: Clock,
    rules: Rules,
    source: FeedbackSource,
    *,
    since: datetime | None = None,
    progress: Progress = lambda _: None,
) -> Synced:
    """Read what changed at the source and store it; a later run goes on after the last stored page.

    since: where a first run starts (default: nine weeks ago). Raises what the source raises, after noting it
    as failed.
    """
    with work() as unit:
        cursor = unit.sources.get(source.name).cursor
    start = cursor or source.start(since or clock.now() - FIRST_IMPORT)
    total = Synced()
    with _noted(work, clock, source.name):
        for page in source.pages(start):
            total = total.plus(_store_page(work, clock, rules, source.name, page))
            progress(total)
    log.info(
        "source synced",
        extra={"source": source.name, "read": total.read, "new": total.new, "gone": total.gone},
    )
    return total


def sync_tickets(
    work: Work, clock: Clock, tracker: TicketTracker, progress: Progress = lambda _: None
) -> Synced:
    """Read the tickets that changed in the tracker and store them.

    A ticket that shows voices is looked at again.
    """
    with work() as unit:
        cursor = unit.sources.get(tracker.name).cursor
    total = Synced()
    with _noted(work, clock, tracker.name):
        for page in tracker.changed_since(cursor or None):
            total = total.plus(_store_tickets(work, clock, tracker.name, page))
            progress(total)
    log.info("tickets synced", extra={"tracker": tracker.name, "read": total.read, "new": total.new})
    return total


def reconcile(work: Work, clock: Clock, rules: Rules, source: FeedbackSource, *, after: str = "") -> str:
    """Ask for some stored conversations by id, since no change feed tells of every deletion.

    Return the id to go on after, "" at the end.

    A conversation that is there is stored as it is now, unless a newer state of it was stored meanwhile; one
    that is not is withdrawn.
    """
    with work() as unit:
        ids = unit.conversations.external_ids(source.name, after=after, limit=RECONCILE_A_RUN)
    for external_id in ids:
        try:
            received = source.fetch(external_id)
        except NotFoundError:
            with work() as unit:
                withdraw(unit, source.name, [external_id], clock.now())
                unit.commit()
        except AnswerError as exc:
            with work() as unit:
                unit.sources.set_aside(source.name, external_id, exc.detail, clock.now())
                unit.commit()
        else:
            with work() as unit:
                unit.take_turn()
                known = unit.conversations.find(source.name, external_id)
                if known is None or known.updated_at <= received.updated_at:
                    ingest(unit, rules, source.name, received, clock.now())
                unit.commit()
    return ids[-1] if len(ids) == RECONCILE_A_RUN else ""


def _store_page(work: Work, clock: Clock, rules: Rules, name: str, page: FeedbackPage) -> Synced:
    now = clock.now()
    # Cleaning takes most of the time, and on SQLite a writing unit keeps all other writers waiting.
    prepared = [prepare(rules, received) for received in page.conversations]
    with work() as unit:
        stored = [store(unit, rules, name, one, now) for one in prepared]
        gone = withdraw(unit, name, page.gone, now) if page.gone else 0
        for item in page.unreadable:
            unit.sources.set_aside(name, item.external_id, item.why, now)
        latest = max((c.updated_at for c in page.conversations), default=None)
        unit.sources.save_cursor(name, page.cursor, now, last_change_at=latest)
        unit.commit()
    new = sum(1 for s in stored if s.is_new)
    changed = sum(1 for s in stored if s.is_changed and not s.is_new)
    return Synced(len(stored), new, changed, gone, len(page.unreadable))


def _store_tickets(work: Work, clock: Clock, name: str, page: TicketPage) -> Synced:
    now = clock.now()
    new = changed_count = 0
    with work() as unit:
        unit.take_turn()
        for received in page.tickets:
            known, changed = store_ticket(unit, received, now)
            new += known is None
            changed_count += changed and known is not None
        gone = sum(lose(unit, TicketRef(name, external_id), now) for external_id in page.gone)
        for item in page.unreadable:
            unit.sources.set_aside(name, item.external_id, item.why, now)
        latest = max((t.updated_at for t in page.tickets), default=None)
        unit.sources.save_cursor(name, page.cursor, now, last_change_at=latest)
        unit.commit()
    return Synced(len(page.tickets), new, changed_count, gone, len(page.unreadable))


@contextmanager
def _noted(work: Work, clock: Clock, name: str) -> Iterator[None]:
    """Note how a run ended; the error goes on to whoever handles it."""
    try:
        yield
    except IntegrationError as exc:
        with work() as unit:
            unit.sources.failed(name, str(exc), clock.now())
            unit.commit()
        raise
    with work() as unit:
        unit.sources.succeeded(name, clock.now())
        unit.commit()
