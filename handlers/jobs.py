"""What the queue's tasks do, and which work is due."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import timedelta
from functools import partial
from typing import Any

from bot.domain.route import Rules
from bot.domain.trust import Sampling
from bot.errors import AccessError, IntegrationError, TransientError
from bot.i18n import speaking
from bot.ports import Clock, FeedbackSource, TicketTracker, WorkQueue
from bot.repositories import UnitOfWork, Work
from bot.services import sync as syncing
from bot.services.annotate import annotate_marked
from bot.services.annotator import Annotator
from bot.services.audit import sample
from bot.services.cards import Presenter, show_marked
from bot.services.inbox import show_inboxes
from bot.services.life import survey
from bot.services.marks import ANNOTATION, CARD, DIGEST, INBOX
from bot.services.outward import Outcome
from bot.services.publish import Publisher, publish
from bot.services.theme_tickets import KIND
from bot.services.trust import Aim
from handlers import digest_jobs, tasks
from handlers.channels import tell_of_channels
from handlers.event_jobs import HANDLED_WITHIN, handle_left
from handlers.news import tell_news
from handlers.outages import Watch, tell_of, tell_of_digest
from handlers.threads import THREAD_JOBS
from handlers.trust import look
from integrations.slack.gate import closed_by
from integrations.slack.threads import SlackThreads

BETWEEN_RECONCILES = timedelta(minutes=1)
LONGEST_PAUSE = timedelta(hours=1)
DELIVERIES_KEPT = timedelta(days=7)
AGAIN = timedelta(minutes=1)


@dataclass(frozen=True, slots=True, kw_only=True)
class Workshop:
    """What running work needs. sources, trackers: by name; match: matches all that is due.

    learn: refits the model if that is worth it; aim, sampling: when Voc may attach by itself. gather: keeps
    the themes. tidy: drops what is of no more use, once a day. presenter, publisher, threads: None where no
    chat is set up. happened: handles an event of the chat that another process left. sync_every: between two
    reads of a source or tracker.
    """

    work: Work
    clock: Clock
    rules: Rules
    queue: WorkQueue
    sources: Mapping[str, FeedbackSource]
    trackers: Mapping[str, TicketTracker]
    match: Callable[[], int]
    learn: Callable[[], object]
    aim: Aim
    sampling: Sampling
    gather: Callable[[], None]
    annotator: Annotator
    presenter: Presenter | None = None
    publisher: Publisher | None = None
    sync_every: timedelta = timedelta(minutes=5)
    tidy: Callable[[], object] = lambda: None
    threads: SlackThreads | None = None
    happened: Callable[[Mapping[str, Any]], None] = lambda body: None


Job = Callable[[Workshop, Mapping[str, str]], None]


def jobs(shop: Workshop) -> Mapping[str, Callable[[Mapping[str, str]], None]]:
    """Return what the queue runs, by the task's name; each takes the task's arguments."""
    return {name: partial(_speaking, job, shop) for name, job in JOBS.items()}


def _speaking(job: Job, shop: Workshop, arguments: Mapping[str, str]) -> None:
    with speaking(shop.rules.language):
        job(shop, arguments)


def submit_due(shop: Workshop) -> None:
    """Submit all work whose time has come. The queue merges what is submitted twice."""
    now = shop.clock.now()
    with shop.work() as unit:
        readers = {name: tasks.sync(name) for name in shop.sources}
        readers |= {name: tasks.tickets(name) for name in shop.trackers}
        due = {n: t for n, t in readers.items() if (unit.sources.get(n).next_at or now) <= now}
        subscriptions = unit.subscriptions.due(now) if shop.publisher else []
        cards = unit.effects.due(now, [CARD, INBOX], limit=1) if shop.presenter else []
        annotations = unit.effects.due(now, [ANNOTATION], limit=1)
        unmatched = unit.pieces.due_for_matching(limit=1)
        wanted = unit.effects.due(now, [KIND], limit=1)
        digests = unit.effects.due(now, [DIGEST], limit=1) if shop.publisher else []
        channels = unit.channels.untold() if shop.presenter else []
        kept = unit.deliveries.unfinished(now - HANDLED_WITHIN, limit=1)
    submitted = [*due.values(), *map(tasks.digest, subscriptions)]
    submitted += [tasks.CARDS] * bool(cards) + [tasks.ANNOTATE] * bool(annotations)
    submitted += [tasks.CHANNELS] * bool(channels)
    submitted += [tasks.MATCH] * bool(unmatched) + [tasks.THEMES] * bool(wanted)
    submitted += [tasks.CORRECT] * bool(digests) + [tasks.EVENTS] * bool(kept)
    for task in submitted:
        shop.queue.submit(task)
    # After the submissions: a kill between the two reads a source twice, never not at all.
    with shop.work() as unit:
        for name in due:
            unit.sources.schedule(name, now + shop.sync_every)
        unit.commit()
    _daily(shop)


def _daily(shop: Workshop) -> None:
    """Once a day learn from answers, cluster anew, tidy up and begin another round of reconciling.

    Deliveries that nobody will repeat are dropped.
    """
    now = shop.clock.now()
    with shop.work() as unit:
        is_new_day = unit.deliveries.is_new("voc", f"day {now:%Y-%m-%d}", now)
        unit.deliveries.forget_before(now - DELIVERIES_KEPT)
        unit.commit()
    if not is_new_day:
        return
    for task in (tasks.TRUST, tasks.LEARN, tasks.THEMES):
        shop.queue.submit(task)
    rounds = [*map(tasks.reconcile, shop.sources), *map(tasks.survey, shop.trackers)]
    for task in (tasks.TIDY, *rounds):
        shop.queue.submit(task, not_before=now + BETWEEN_RECONCILES)


def _sync(shop: Workshop, arguments: Mapping[str, str]) -> None:
    source = shop.sources[arguments["source"]]
    _read(shop, source.name, lambda: syncing.sync(shop.work, shop.clock, shop.rules, source))


def _tickets(shop: Workshop, arguments: Mapping[str, str]) -> None:
    tracker = shop.trackers[arguments["tracker"]]
    _read(shop, tracker.name, lambda: syncing.sync_tickets(shop.work, shop.clock, tracker))
    tell_news(_watch(shop))


def _read(shop: Workshop, name: str, read: Callable[[], syncing.Synced]) -> None:
    """Read, then tell of an outage or its end. A vendor's fault is waited out here, not by the queue."""
    watch = _watch(shop)
    try:
        read()
    except IntegrationError as exc:
        with shop.work() as unit:
            unit.sources.schedule(name, shop.clock.now() + _pause(exc, unit, name))
            unit.commit()
        tell_of(watch, name, exc)
        return
    tell_of(watch, name, None)
    shop.queue.submit(tasks.MATCH)
    shop.queue.submit(tasks.ANNOTATE)


def _watch(shop: Workshop) -> Watch:
    return Watch(shop.work, shop.clock, shop.rules, shop.presenter.messenger if shop.presenter else None)


def _pause(exc: IntegrationError, unit: UnitOfWork, name: str) -> timedelta:
    """Return how long to leave a failing source alone: as long as it asks, else twice as long each time."""
    if isinstance(exc, TransientError) and exc.retry_after_s is not None:
        return timedelta(seconds=exc.retry_after_s)
    failures = unit.sources.get(name).failures
    return min(timedelta(minutes=2 ** min(failures, 10)), LONGEST_PAUSE)


def _match(shop: Workshop, arguments: Mapping[str, str]) -> None:
    shop.match()
    sample(shop.work, shop.clock, shop.sampling)
    shop.queue.submit(tasks.THEMES)
    if shop.presenter:
        shop.queue.submit(tasks.CARDS)
    shop.queue.submit(tasks.ANNOTATE)


def _tidy(shop: Workshop, arguments: Mapping[str, str]) -> None:
    shop.tidy()


def _themes(shop: Workshop, arguments: Mapping[str, str]) -> None:
    shop.gather()
    shop.queue.submit(tasks.ALERTS)
    shop.queue.submit(tasks.ANNOTATE)


def _annotate(shop: Workshop, arguments: Mapping[str, str]) -> None:
    annotate_marked(shop.annotator)
    tell_news(_watch(shop))


def _cards(shop: Workshop, arguments: Mapping[str, str]) -> None:
    if shop.presenter:
        show_marked(shop.presenter)
        show_inboxes(shop.presenter)


def _trust(shop: Workshop, arguments: Mapping[str, str]) -> None:
    """Let switches turn; who could not be told of it yet is told soon."""
    if not look(_watch(shop), shop.aim):
        shop.queue.submit(tasks.TRUST, not_before=shop.clock.now() + AGAIN)


def _learn(shop: Workshop, arguments: Mapping[str, str]) -> None:
    shop.learn()


def _digest(shop: Workshop, arguments: Mapping[str, str]) -> None:
    """Publish if it is still due: a second run would tell of a week that is not over."""
    if shop.publisher is None:
        return
    with shop.work() as unit:
        due = {s.id: s for s in unit.subscriptions.due(shop.clock.now())}
    subscription = due.get(int(arguments["subscription"]))
    if subscription is None:
        return
    published = publish(shop.publisher, subscription)
    is_lasting = published.outcome is Outcome.PARKED or isinstance(published.problem, AccessError)
    if published.problem is not None and is_lasting and not closed_by(published.problem):
        tell_of_digest(_watch(shop), subscription, published.problem)


def _reconcile(shop: Workshop, arguments: Mapping[str, str]) -> None:
    """Look at some conversations and have the next ones looked at; without access the round ends."""
    source = shop.sources[arguments["source"]]
    try:
        after = syncing.reconcile(shop.work, shop.clock, shop.rules, source, after=arguments["after"])
    except AccessError:
        return  # the next read of the source tells its owner
    if after:
        not_before = shop.clock.now() + BETWEEN_RECONCILES
        shop.queue.submit(tasks.reconcile(source.name, after), not_before=not_before)


def _survey(shop: Workshop, arguments: Mapping[str, str]) -> None:
    """Look at some tickets and have the next ones looked at; without access the round ends."""
    tracker = shop.trackers[arguments["tracker"]]
    try:
        after = survey(shop.work, shop.clock, tracker, after=int(arguments["after"]))
    except AccessError:
        return  # the next read of the tracker tells its owner
    tell_news(_watch(shop))
    shop.queue.submit(tasks.ANNOTATE)
    if after:
        not_before = shop.clock.now() + BETWEEN_RECONCILES
        shop.queue.submit(tasks.survey(tracker.name, after), not_before=not_before)


JOBS: Mapping[str, Job] = {
    "sync": _sync,
    "events": handle_left,
    "tickets": _tickets,
    "match": _match,
    "themes": _themes,
    "annotate": _annotate,
    "cards": _cards,
    "trust": _trust,
    "channels": lambda shop, arguments: tell_of_channels(_watch(shop)),
    "learn": _learn,
    "digest": _digest,
    "digest now": digest_jobs.digest_now,
    "correct": digest_jobs.correct,
    "alerts": digest_jobs.alerts,
    "reconcile": _reconcile,
    "survey": _survey,
    "tidy": _tidy,
    **THREAD_JOBS,
}
