"""The digest goes out: once per channel and week, whatever restarts.

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
from bot.domain.route import Rules
from bot.domain.week import Week, week_of
from bot.errors import AlreadyExists, AnswerError, IntegrationError
from bot.ports import Clock, Messenger
from bot.repositories import UnitOfWork, Work
from bot.services.digest import build
from bot.services.outward import LEASE, Act, Done, Outcome, perform

log = logging.getLogger(__name__)

OUT = "out"


@dataclass(frozen=True, slots=True)
class Publisher:
    """What publishing needs. reading: units that only read, since building a digest takes its time.

    chart: a snapshot to (PNG, alt text), None when there is nothing to draw.
    next_time: (cron, zone, after) to the schedule's next moment.
    """

    work: Work
    reading: Work
    clock: Clock
    messenger: Messenger
    rules: Rules
    chart: Callable[[DigestSnapshot], tuple[bytes, str] | None]
    next_time: Callable[[str, str, datetime], datetime]
    lease: timedelta = LEASE


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
    """Publish the digest of the week before it fell due; what is already out stays as it is.

    After weeks of standing still that is one digest, of the week that people would ask about.
    """
    week = week_of(_due_at(publisher, subscription), subscription.zone).after(-1)
    snapshot = snapshot_of(publisher, subscription, week)
    published = _send(publisher, subscription, snapshot)
    if published.outcome in (Outcome.DONE, Outcome.PARKED):
        _move_on(publisher, subscription)
    log.info(
        "digest published",
        extra={
            "subscription": subscription.id,
            "week": week.monday.isoformat(),
            "outcome": published.outcome.value,
        },
    )
    return published


def publish_now(publisher: Publisher, subscription: Subscription) -> Published:
    """Publish the last whole week's digest at once, unless it is out already; the schedule stays as it is.

    What was parked for a person is tried again: one is asking.
    """
    with publisher.work() as unit:
        unit.effects.reopen(subscription.channel, publisher.clock.now())
        unit.commit()
    week = week_of(publisher.clock.now(), subscription.zone).after(-1)
    return _send(publisher, subscription, snapshot_of(publisher, subscription, week))


def preview(publisher: Publisher, subscription: Subscription) -> DigestSnapshot:
    """Return the digest that the last whole week would have now; nothing is stored or sent."""
    now = publisher.clock.now()
    with publisher.reading() as unit:
        return build(
            unit,
            publisher.rules,
            subscription,
            week_of(now, subscription.zone).after(-1),
            now,
        )


def snapshot_of(publisher: Publisher, subscription: Subscription, week: Week) -> DigestSnapshot:
    """Return the week's snapshot, built and stored at the first call; the same ever after."""
    with publisher.reading() as unit:
        if (known := unit.subscriptions.snapshot(subscription.id, week.start)) is not None:
            return known
        fresh = build(unit, publisher.rules, subscription, week, publisher.clock.now())
    with publisher.work() as unit:
        try:
            _remember(unit, subscription, week, fresh)
        except AlreadyExists:
            log.info("digest was built elsewhere", extra={"subscription": subscription.id})
        else:
            return fresh
    with publisher.reading() as unit:
        stored = unit.subscriptions.snapshot(subscription.id, week.start)
    return stored or fresh


def _remember(unit: UnitOfWork, subscription: Subscription, week: Week, snapshot: DigestSnapshot) -> None:
    unit.subscriptions.save_snapshot(subscription.id, week.start, 1, snapshot)
    quoted = [q.feedback_id for t in snapshot.top for q in t.quotes]
    quoted += [snapshot.voice.feedback_id] if snapshot.voice else []
    unit.subscriptions.remember_quotes(subscription.id, week.start, quoted)
    unit.commit()


def _send(publisher: Publisher, subscription: Subscription, snapshot: DigestSnapshot) -> Published:
    key = f"{subscription.name}:{snapshot.week.monday.isoformat()}"
    head = _post(publisher, subscription.channel, DigestPost(snapshot), key, snapshot.built_at)
    if head.outcome is not Outcome.DONE:
        return Published(head.outcome, _ref(head.result), 0, head.problem)
    message = MessageRef.at(head.result)
    thread = [_chart(publisher, snapshot, message, key)]
    thread += [
        _post(
            publisher,
            message.channel,
            TicketVoices(ticket),
            f"{key}:{ticket.ticket_id}",
            snapshot.built_at,
            message.id,
        )
        for ticket in snapshot.top
        if _says_more(ticket)
    ]
    late = any(part.outcome in (Outcome.LATER, Outcome.BUSY) for part in thread)
    out = 1 + sum(part.outcome is Outcome.DONE and bool(part.result) for part in thread)
    return Published(Outcome.LATER if late else Outcome.DONE, message, out)


def _says_more(ticket: TopTicket) -> bool:
    """Return whether the thread can add to the one quote that the message shows."""
    return len(ticket.quotes) > 1


def _post(
    publisher: Publisher,
    channel: str,
    message: Message,
    key: str,
    since: datetime,
    thread: str | None = None,
) -> Done:
    """Post once. since: no try was made before then."""
    messenger = publisher.messenger

    def do(effect: Effect) -> str:
        if effect.result:  # found after an uncertain try: it is out
            return effect.result
        ref = messenger.post(channel, message, key=key, thread=thread)
        return ref.address

    def find(effect: Effect) -> str | None:
        ref = messenger.find(channel, key, since=since, thread=thread)
        return ref.address if ref else None

    kind = "digest" if thread is None else "digest reply"
    # A digest that is out stays as it is, also when its zone or scope has changed since.
    act = Act(kind=kind, target=channel, key=key, wanted=OUT, do=do, find=find)
    return perform(publisher.work, publisher.clock, act, publisher.lease)


def _chart(publisher: Publisher, snapshot: DigestSnapshot, message: MessageRef, key: str) -> Done:
    def do(effect: Effect) -> str:
        if effect.result:
            return effect.result
        drawn = _drawn(publisher, snapshot)
        if drawn is None:
            return ""
        image, alt_text = drawn
        return publisher.messenger.upload_image(
            message.channel, image, key=key, title="Voices per week", alt_text=alt_text, thread=message.id
        )

    def find(effect: Effect) -> str | None:
        since = snapshot.built_at
        return publisher.messenger.find_image(message.channel, key, since=since, thread=message.id)

    act = Act(kind="digest chart", target=message.channel, key=key, wanted=OUT, do=do, find=find)
    return perform(publisher.work, publisher.clock, act, publisher.lease)


def _drawn(publisher: Publisher, snapshot: DigestSnapshot) -> tuple[bytes, str] | None:
    """Return the chart. Raises AnswerError where it can't be drawn: that parks the picture, not the words."""
    try:
        return publisher.chart(snapshot)
    except Exception as exc:
        log.exception("chart not drawn")
        raise AnswerError("chart", "drawing", type(exc).__name__) from exc


def _due_at(publisher: Publisher, subscription: Subscription) -> datetime:
    """Return when the digest fell due, or this moment where its next one has fallen due since."""
    now = publisher.clock.now()
    due_at = subscription.next_at or now
    return due_at if publisher.next_time(subscription.cron, subscription.zone, due_at) > now else now


def _move_on(publisher: Publisher, subscription: Subscription) -> None:
    """Set the next time after now, unless a person set another: missed weeks are not made up one by one."""
    if subscription.next_at is None:
        return
    next_at = publisher.next_time(subscription.cron, subscription.zone, publisher.clock.now())
    with publisher.work() as unit:
        unit.subscriptions.set_next(subscription.id, next_at, was=subscription.next_at)
        unit.commit()


def _ref(result: str) -> MessageRef | None:
    return MessageRef.at(result) if result else None
