"""HTTP: Slack's requests, trackers' webhooks, the probes, and the metrics."""

from __future__ import annotations

import logging

from flask import Flask, Response, abort, jsonify, request
from prometheus_client import CONTENT_TYPE_LATEST, CollectorRegistry, generate_latest
from slack_bolt import App
from slack_bolt.adapter.flask import SlackRequestHandler
from slack_sdk.signature import SignatureVerifier

from bot.errors import VocError
from handlers.context import Health
from handlers.install import Installing, add_pages
from handlers.metrics import StatusCollector
from handlers.webhooks import Door, Webhooks

log = logging.getLogger(__name__)

MOST_BYTES = 1_000_000


def web_app(
    health: Health,
    slack: App | None = None,
    signing_secret: str = "",
    webhooks: Webhooks | None = None,
    installing: Installing | None = None,
) -> Flask:
    """Return the application. slack: the Bolt app; signing_secret: what signs its requests."""
    app = Flask("voc")
    app.config["MAX_CONTENT_LENGTH"] = MOST_BYTES
    app.add_url_rule("/healthz", "healthz", _healthz)
    app.add_url_rule("/readyz", "readyz", lambda: _readyz(health))
    registry = CollectorRegistry()
    registry.register(StatusCollector(health.reading, health.clock))
    app.add_url_rule("/metrics", "metrics", lambda: _metrics(registry))
    if webhooks is not None:
        take = Door(webhooks, registry).take
        app.add_url_rule("/webhooks/<tracker>/<connection>", "webhooks", take, methods=["POST"])
    if slack is not None:
        door = SignatureVerifier(signing_secret)  # by the machine's time, as Slack signs by its own
        handler = SlackRequestHandler(slack)
        app.add_url_rule("/slack/events", "slack", lambda: _slack(door, handler), methods=["POST"])
    if installing is not None:
        add_pages(app, installing)
    return app


def _slack(door: SignatureVerifier, handler: SlackRequestHandler) -> Response:
    """Answer Slack; 401 for whatever it did not sign within the last five minutes."""
    body = request.get_data(cache=True, parse_form_data=False)
    try:
        is_signed = door.is_valid_request(body, dict(request.headers))
    except (ValueError, TypeError):  # a time that is no number, a body or signature in no known letters
        is_signed = False
    if not is_signed:
        log.warning("unsigned request refused")
        abort(401)
    return handler.handle(request)


def _healthz() -> Response:
    """Answer that the process lives."""
    return jsonify(ok=True)


def _readyz(health: Health) -> tuple[Response, int]:
    """Answer whether requests can be served: 503 with what is missing otherwise."""
    try:
        health.ready()
    except VocError as exc:
        return jsonify(ok=False, problem=str(exc)), 503
    except Exception as exc:  # noqa: BLE001 - the database's driver raises what it likes, and may show the address
        log.warning("not ready", extra={"error": type(exc).__name__})
        return jsonify(ok=False, problem=f"the database does not answer ({type(exc).__name__})"), 503
    return jsonify(ok=True), 200


def _metrics(registry: CollectorRegistry) -> Response:
    return Response(generate_latest(registry), content_type=CONTENT_TYPE_LATEST)
