"""Trackers' webhooks: signed hints to read again. Of what they hold, only tickets' ids are used."""

from __future__ import annotations

import hashlib
import json
import logging
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any, NoReturn

from flask import Response, abort, jsonify, request
from prometheus_client import CollectorRegistry, Counter

from bot.domain.ticket import TicketRef
from bot.ports import Clock, WorkQueue
from bot.repositories import UnitOfWork, Work
from bot.services.life import hint
from handlers import tasks
from handlers.signatures import Hook

log = logging.getLogger(__name__)

# A change often brings several deliveries, and a search may know it some seconds later.
GATHER = timedelta(seconds=5)
MOST_LETTERS = 200  # of a delivery's id


@dataclass(frozen=True, slots=True, kw_only=True)
class Webhooks:
    """What taking deliveries needs."""

    work: Work
    clock: Clock
    queue: WorkQueue
    hooks: Sequence[Hook]

    def of(self, tracker: str, connection: str) -> Hook | None:
        """Return the hook of that address."""
        return next((hook for hook in self.hooks if (hook.tracker, hook.id) == (tracker, connection)), None)


class Door:
    """The endpoint. Signature, then time, then whether it came before; the answer comes before any work."""

    def __init__(self, webhooks: Webhooks, registry: CollectorRegistry) -> None:
        self._webhooks = webhooks
        words = "Deliveries of trackers' webhooks"
        self._count = Counter("voc_webhook_deliveries", words, ["tracker", "outcome"], registry=registry)

    def take(self, tracker: str, connection: str) -> Response:
        """Answer one delivery: 404, 413, 401, 400, or 200."""
        hook = self._webhooks.of(tracker, connection)
        if hook is None:
            abort(404)
        body = request.get_data(cache=False, parse_form_data=False)
        now = self._webhooks.clock.now()
        if not hook.dialect.is_signed(body, _header, now):
            self._refuse(hook, 401, "unsigned")
        event = _event(body)
        sent_at = hook.dialect.sent_at(event) if event is not None else None
        if event is None or sent_at is None:
            self._refuse(hook, 400, "unreadable")
        if not -hook.dialect.early <= now - sent_at <= hook.dialect.late:
            self._refuse(hook, 401, "out of time", age_s=round((now - sent_at).total_seconds()))
        outcome = self._noted(hook, body, hook.dialect.ticket_ids(event), now)
        self._count.labels(hook.tracker, outcome).inc()
        return jsonify(ok=True)

    def _noted(self, hook: Hook, body: bytes, ticket_ids: Sequence[str], now: datetime) -> str:
        """Remember the delivery, mark its tickets and have the tracker read; return what was made of it."""
        webhooks, source = self._webhooks, f"webhook:{hook.tracker}:{hook.id}"
        # The id is not signed, the body is: neither counts twice.
        keys = [hook.dialect.delivery_id(_header)[:MOST_LETTERS], _digest(body)]
        with webhooks.work() as unit:
            news = [unit.deliveries.is_new(source, key, now) for key in keys if key]
            is_new = all(news)
            if is_new:
                for ticket_id in ticket_ids:
                    hint(unit, TicketRef(hook.tracker, ticket_id), now)
            not_before = _next_read(unit, hook.tracker, now)
            unit.commit()
        if not is_new:
            return "repeated"
        if not ticket_ids:
            return "of no ticket"
        webhooks.queue.submit(tasks.tickets(hook.tracker), not_before=not_before)
        log.info("webhook taken", extra={"tracker": hook.tracker, "tickets": len(ticket_ids)})
        return "taken"

    def _refuse(self, hook: Hook, status: int, why: str, **facts: Any) -> NoReturn:
        self._count.labels(hook.tracker, why).inc()
        log.warning("webhook refused", extra={"tracker": hook.tracker, "why": why, **facts})
        abort(status)


def _header(name: str) -> str:
    return request.headers.get(name, "")


def _event(body: bytes) -> Mapping[str, Any] | None:
    try:
        event = json.loads(body)
    except (ValueError, RecursionError):
        return None
    return event if isinstance(event, dict) else None


def _digest(body: bytes) -> str:
    return f"sha256:{hashlib.sha256(body).hexdigest()}"


def _next_read(unit: UnitOfWork, tracker: str, now: datetime) -> datetime:
    """Return when to read: soon, but no sooner than a tracker that refused us may be asked again."""
    health, soon = unit.sources.get(tracker), now + GATHER
    return max(soon, health.next_at) if health.failures and health.next_at else soon
