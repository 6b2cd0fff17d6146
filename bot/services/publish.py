"""The digest goes out: once per channel and period, whatever restarts.

Its chart and each ticket's quotes in the thread.
"""

from __future__ import annotations

import logging
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime, timedelta

from bot.domain.digest import DigestSnapshot, Subscription, TopTicket
from bot.domain.effect import Effect
from bot.domain.message import DigestPost, Message, MessageRef, TicketVoices
from bot.domain.period import NextTime, Period, last_period, next_turn
from bot.domain.route import Rules
from bot.errors import AlreadyExists, IntegrationError
from bot.ports import Clock, Messenger
from bot.repositories import UnitOfWork, Work
from bot.services.digest import Built, build
from bot.services.digest_chart import show_chart
from bot.services.outward import LEASE, Act, Done, Outcome, perform

log = logging.getLogger(__name__)

OUT = "out"
DAYS_OF_A_WEEK = 7


@dataclass(frozen=True, slots=True)
class Publisher:
    """What publishing needs. reading: units that only read, since building a digest takes its time.

    chart: a snapshot to (PNG, alt text), None when there is nothing to draw.
    next_time: (cron, zone, after) to the schedule's next moment. language: of digests that name none.
    """

    work: Work
    reading: Work
    clock: Clock
    messenger: Messenger
    rules: Rules
    chart: Callable[[DigestSnapshot], tuple[bytes, str] | None]
    next_time: NextTime
    lease: timedelta = LEASE
    language: str = "en"


@dataclass(frozen=True, slots=True)
class Published:
    """What became of a digest.

    outcome of its main message; messages: how many of message, chart and replies are out. problem: what kept
    the main message back this time.
    """

    outcome: Outcome
    message: MessageRef | None
    messages: int
    problem: IntegrationError | None = None


def publish_due(publisher: Publisher) -> list[Published]:
    """Publish every digest whose time has come; the subscription moves on only when all of it is out."""
    with publisher.reading() as unit:
        due = unit.subscriptions.due(publisher.clock.now())
    return [publish(publisher, subscription) for subscription in due]


def publish(publisher: Publisher, subscription: Subscription) -> Published:
    """Publish the digest of the period before it fell due; what is already out stays as it is.

    After weeks of standing still that is one digest, of the period that people would ask about.
    """
    period = period_of(subscription, _due_at(publisher, subscription))
    snapshot = snapshot_of(publisher, subscription, period)
    published = send(publisher, subscription, snapshot)
    if published.outcome in (Outcome.DONE, Outcome.PARKED):
        _move_on(publisher, subscription)
    log.info(
        "digest published",
        extra={
            "subscription": subscription.id,
            "period": period.first.isoformat(),
            "outcome": published.outcome.value,
        },
    )
    return published


def publish_now(publisher: Publisher, subscription: Subscription) -> Published:
    """Publish the last whole period's digest at once, unless it is out already; the schedule stays as it is.

    What was parked for a person is tried again: one is asking.
    """
    with publisher.work() as unit:
        unit.effects.reopen(subscription.channel, publisher.clock.now())
        unit.commit()
    period = period_of(subscription, publisher.clock.now())
    return send(publisher, subscription, snapshot_of(publisher, subscription, period))


def period_of(subscription: Subscription, moment: datetime) -> Period:
    """Return what a digest at the moment tells of."""
    return last_period(subscription.rhythm, moment, subscription.zone, subscription.first_period)


def next_of(publisher: Publisher, subscription: Subscription, after: datetime) -> datetime:
    """Return when the subscription's next digest after the moment is due."""
    own = subscription
    return next_turn(publisher.next_time, own.cron, own.zone, own.rhythm, own.first_period, after)


def snapshot_of(publisher: Publisher, subscription: Subscription, period: Period) -> DigestSnapshot:
    """Return the period's snapshot, built and stored at the first call; its newest revision ever after."""
    with publisher.reading() as unit:
        if (known := unit.subscriptions.snapshot(subscription.id, period)) is not None:
            return known
        fresh = built_now(publisher, unit, subscription, period)
    with publisher.work() as unit:
        try:
            remember(unit, fresh)
            unit.commit()
        except AlreadyExists:
            log.info("digest was built elsewhere", extra={"subscription": subscription.id})
        else:
            return fresh.snapshot
    with publisher.reading() as unit:
        stored = unit.subscriptions.snapshot(subscription.id, period)
    return stored or fresh.snapshot


def remember(unit: UnitOfWork, built: Built) -> None:
    """Store a digest with its lists, and what it quotes. Raises AlreadyExists."""
    snapshot = built.snapshot
    unit.subscriptions.save_snapshot(snapshot, built.lists)
    quoted = [quote.feedback_id for quote in snapshot.quotes]
    unit.subscriptions.remember_quotes(snapshot.subscription_id, snapshot.period.start, quoted)


def key_of(subscription: Subscription, period: Period) -> str:
    """Return by which key the period's digest is found in its channel."""
    last = "" if period.days == DAYS_OF_A_WEEK else f"/{period.last.isoformat()}"
    return f"{subscription.name}:{period.first.isoformat()}{last}"


def send(publisher: Publisher, subscription: Subscription, snapshot: DigestSnapshot) -> Published:
    """Bring out the snapshot, or where an earlier revision of it is out, let that show this one."""
    key, wanted = key_of(subscription, snapshot.period), _wanted(snapshot)
    head = _post(publisher, subscription.channel, DigestPost(snapshot), key, wanted, snapshot.built_at)
    if head.outcome is not Outcome.DONE:
        return Published(head.outcome, _ref(head.result), 0, head.problem)
    message = MessageRef.at(head.result)
    thread = show_chart(publisher, snapshot, message, key)
    thread += [
        _post(
            publisher,
            message.channel,
            TicketVoices(ticket, snapshot.period.zone, snapshot.language),
            f"{key}:{ticket.ticket_id}",
            wanted,
            snapshot.built_at,
            message.id,
        )
        for ticket in snapshot.top
        if says_more(ticket)
    ]
    late = any(part.outcome in (Outcome.LATER, Outcome.BUSY) for part in thread)
    out = 1 + sum(part.outcome is Outcome.DONE and bool(part.result) for part in thread)
    return Published(Outcome.LATER if late else Outcome.DONE, message, out)


def built_now(publisher: Publisher, unit: UnitOfWork, subscription: Subscription, period: Period) -> Built:
    """Return the period's digest as the store has it now; nothing is stored."""
    now = publisher.clock.now()
    return build(unit, publisher.rules, subscription, period, now, language=publisher.language)


def _wanted(snapshot: DigestSnapshot) -> str:
    """Return what should be out: the message that once was, also when its zone or scope has changed since."""
    return OUT if snapshot.revision == 1 else f"revision {snapshot.revision}"


def says_more(ticket: TopTicket) -> bool:
    """Return whether the thread can add to the one quote that the message shows."""
    return len(ticket.quotes) > 1


def _post(
    publisher: Publisher,
    channel: str,
    message: Message,
    key: str,
    wanted: str,
    since: datetime,
    thread: str | None = None,
) -> Done:
    """Post once, and show another revision in place. since: no try was made before then."""
    messenger = publisher.messenger

    def do(effect: Effect) -> str:
        if effect.result and wanted == OUT:  # found after an uncertain try: it is out
            return effect.result
        if effect.result:
            messenger.update(MessageRef.at(effect.result), message, key=key)
            return effect.result
        ref = messenger.post(channel, message, key=key, thread=thread)
        return ref.address

    def find(effect: Effect) -> str | None:
        ref = messenger.find(channel, key, since=since, thread=thread)
        return ref.address if ref else None

    kind = "digest" if thread is None else "digest reply"
    act = Act(kind=kind, target=channel, key=key, wanted=wanted, do=do, find=find)
    return perform(publisher.work, publisher.clock, act, publisher.lease)


def _due_at(publisher: Publisher, subscription: Subscription) -> datetime:
    """Return when the digest fell due, or this moment where its next one has fallen due since."""
    now = publisher.clock.now()
    due_at = subscription.next_at or now
    return due_at if next_of(publisher, subscription, due_at) > now else now


def _move_on(publisher: Publisher, subscription: Subscription) -> None:
    """Set the next time after now, unless a person set another: missed weeks are not made up one by one.

    A clock that was set back brings no digest a second time.
    """
    if subscription.next_at is None:
        return
    next_at = next_of(publisher, subscription, max(publisher.clock.now(), subscription.next_at))
    with publisher.work() as unit:
        unit.subscriptions.set_next(subscription.id, next_at, was=subscription.next_at)
        unit.commit()


def _ref(result: str) -> MessageRef | None:
    return MessageRef.at(result) if result else None
