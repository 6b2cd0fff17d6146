"""Deliveries as Jira and Linear send them, signed by means of our own."""

from __future__ import annotations

import base64
import hashlib
import hmac
import itertools
import json
from collections.abc import Callable, Mapping
from datetime import UTC, datetime, timedelta
from typing import Any

from flask import Flask
from werkzeug.test import TestResponse

from bot.domain.effect import EffectState
from bot.domain.ticket import ReceivedTicket, Ticket, TicketRef, TicketStage
from bot.services.marks import ANNOTATION
from bot.storage.database import Database
from handlers.context import Health
from handlers.signatures import Hook, JiraHooks, LinearHooks
from handlers.web import web_app
from handlers.webhooks import Webhooks
from integrations.sandbox.clock import SandboxClock
from tests.handlers.running import Queue

NOW = datetime(2026, 11, 18, 10, 0, tzinfo=UTC)
SECRET, CLIENT_SECRET = "hook-secret", "client-secret"
JIRA, LINEAR = "/webhooks/jira/0a1b2c3d4e5f", "/webhooks/linear/5f4e3d2c1b0a"
LINEAR_ID = "2174add1-f7c8-44e3-bbf3-2d60b5ea8bc9"
_numbers = itertools.count(1)


def milliseconds(moment: datetime) -> int:
    return round(moment.timestamp() * 1000)


def jira_event(at: datetime = NOW, **more: Any) -> bytes:
    """Return an issue's change as Jira tells it."""
    issue = {"id": "10002", "key": "FLD-1", "fields": {"summary": "Grüße 🙂 from Cleo"}}
    event = {"timestamp": milliseconds(at), "webhookEvent": "jira:issue_updated", "issue": issue}
    return json.dumps({**event, **more}, ensure_ascii=False).encode()


def linear_event(at: datetime = NOW, **more: Any) -> bytes:
    """Return an issue's change as Linear tells it."""
    data = {"id": LINEAR_ID, "identifier": "APP-1", "title": "Grüße 🙂 from Cleo"}
    event = {"action": "update", "type": "Issue", "data": data, "webhookTimestamp": milliseconds(at)}
    return json.dumps({**event, **more}, ensure_ascii=False).encode()


def hexed(body: bytes, secret: str = SECRET, method: Callable[..., Any] = hashlib.sha256) -> str:
    return hmac.new(secret.encode(), body, method).hexdigest()


def jira_headers(body: bytes, *, delivery: str = "", secret: str = SECRET) -> dict[str, str]:
    """Return what an admin's webhook sends beside the body."""
    id_ = delivery or f"jira-{next(_numbers)}"
    return {"X-Hub-Signature": f"sha256={hexed(body, secret)}", "X-Atlassian-Webhook-Identifier": id_}


def linear_headers(body: bytes, *, delivery: str = "", secret: str = SECRET) -> dict[str, str]:
    id_ = delivery or f"linear-{next(_numbers)}"
    return {"Linear-Signature": hexed(body, secret), "Linear-Delivery": id_, "Linear-Event": "Issue"}


def jwt(
    claims: Mapping[str, Any] | None = None,
    *,
    secret: str = CLIENT_SECRET,
    alg: str = "HS256",
    sign: str = "",
) -> str:
    """Return a token as a dynamic webhook bears. sign: what to put for the signature."""
    lives = {"iat": NOW.timestamp(), "exp": (NOW + timedelta(minutes=3)).timestamp()}
    parts = [{"typ": "JWT", "alg": alg}, lives if claims is None else claims]
    signed = ".".join(_b64(json.dumps(part).encode()) for part in parts)
    return f"{signed}.{sign or _b64(hmac.new(secret.encode(), signed.encode(), hashlib.sha256).digest())}"


def _b64(data: bytes) -> str:
    return base64.urlsafe_b64encode(data).rstrip(b"=").decode()


class Listening:
    """Voc's HTTP with both trackers' webhooks over a database."""

    def __init__(self, database: Database, jira: JiraHooks | None = None) -> None:
        self.database, self.clock, self.queue = database, SandboxClock(NOW, frozen=True), Queue()
        self.app = self._app(jira or JiraHooks(SECRET, CLIENT_SECRET))

    def _app(self, jira: JiraHooks) -> Flask:
        hooks = [Hook("jira", "0a1b2c3d4e5f", jira), Hook("linear", "5f4e3d2c1b0a", LinearHooks(SECRET))]
        webhooks = Webhooks(work=self.database.work, clock=self.clock, queue=self.queue, hooks=hooks)
        health = Health(reading=self.database.reading, clock=self.clock, ready=lambda: None)
        return web_app(health, webhooks=webhooks)

    def post(self, path: str, body: bytes, headers: Mapping[str, str]) -> int:
        return self.answer(path, body, headers).status_code

    def answer(self, path: str, body: bytes, headers: Mapping[str, str]) -> TestResponse:
        return self.app.test_client().post(
            path, data=body, headers=dict(headers), content_type="application/json"
        )

    def jira(self, body: bytes, **signed: str) -> int:
        return self.post(JIRA, body, jira_headers(body, **signed))

    def linear(self, body: bytes, **signed: str) -> int:
        return self.post(LINEAR, body, linear_headers(body, **signed))

    def ticket(self, tracker: str, external_id: str, *, linked: bool) -> Ticket:
        """Store a ticket, with or without a link of ours on it."""
        received = ReceivedTicket(
            ref=TicketRef(tracker, external_id),
            key="FLD-1",
            project="FLD",
            title="Export",
            body="",
            stage=TicketStage.OPEN,
            status="To do",
            created_at=NOW,
            updated_at=NOW,
            url="https://acme.example/FLD-1",
        )
        with self.database.work() as unit:
            ticket, _ = unit.tickets.save(received, NOW)
            if linked:
                link = unit.effects.want("link", f"{tracker}:{external_id}", "piece", "hash", NOW)
                unit.effects.claim(link.id, until=NOW + timedelta(minutes=1), now=NOW)
                unit.effects.settle(link.id, EffectState.DONE, NOW, result="1", done="hash")
            unit.commit()
        return ticket

    def marked(self) -> list[int]:
        with self.database.reading() as unit:
            return [int(mark.key) for mark in unit.effects.due(self.clock.now(), [ANNOTATION])]

    def counted(self) -> dict[str, float]:
        """Return the deliveries counted, by "tracker outcome"."""
        lines = self.app.test_client().get("/metrics").get_data(as_text=True).splitlines()
        rows = [line for line in lines if line.startswith("voc_webhook_deliveries_total{")]
        return {" ".join(row.split('"')[3::-2]): float(row.rpartition(" ")[2]) for row in rows}
