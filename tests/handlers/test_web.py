"""What is answered over HTTP: Slack's signed requests alone, the probes, the metrics."""

from __future__ import annotations

import hashlib
import hmac
import time
from typing import Any

import pytest
import requests
from sqlalchemy.exc import OperationalError

from bot.engine.clock import SystemClock
from bot.errors import VocError
from handlers.context import Health
from handlers.web import MOST_BYTES, web_app
from tests.handlers.world import NOW, SECRET, World

FORM = "command=/voc&text=help&user_id=U1&team_id=T1&channel_id=C1"


def signed(body: bytes, *, at: float | None = None, secret: str = SECRET) -> dict[str, str]:
    """Return the headers of a request signed at that moment, by default now."""
    stamp = str(int(time.time() if at is None else at))
    digest = hmac.new(secret.encode(), f"v0:{stamp}:".encode() + body, hashlib.sha256).hexdigest()
    return {
        "Content-Type": "application/x-www-form-urlencoded",
        "X-Slack-Request-Timestamp": stamp,
        "X-Slack-Signature": f"v0={digest}",
    }


def post(world: World, body: bytes, headers: dict[str, str]) -> int:
    return requests.post(f"{world.url}/slack/events", data=body, headers=headers, timeout=5).status_code


@pytest.mark.parametrize(
    "headers",
    [
        {},
        signed(FORM.encode(), secret="another"),
        signed(b"another body"),
        signed(FORM.encode(), at=time.time() - 400),
        signed(FORM.encode(), at=time.time() + 4_000),
        signed(FORM.encode()) | {"X-Slack-Request-Timestamp": "soon"},
        signed(FORM.encode()) | {"X-Slack-Request-Timestamp": ""},
        signed(FORM.encode()) | {"X-Slack-Signature": "v0="},
        signed(FORM.encode()) | {"X-Slack-Signature": "é".encode("latin-1").decode("latin-1")},
    ],
    ids="unsigned other-secret other-body stale future no-number empty-time empty-signature no-ascii".split(),
)
def test_what_slack_did_not_just_sign_is_refused(world: World, headers: dict[str, str]) -> None:
    assert post(world, FORM.encode(), headers) == 401
    assert world.slack.space.ephemerals == []


def test_asking_for_a_certificate_check_is_no_way_around_the_signature(world: World) -> None:
    assert (
        post(world, f"ssl_check=1&{FORM}".encode(), {"Content-Type": "application/x-www-form-urlencoded"})
        == 401
    )


def test_an_empty_unsigned_body_is_refused(world: World) -> None:
    assert post(world, b"", {}) == 401


def test_a_body_that_is_no_text_is_refused(world: World) -> None:
    assert post(world, b"\xff\xfe", signed(b"\xff\xfe")) == 401


def test_a_body_over_a_megabyte_is_not_read(world: World) -> None:
    body = b"x" * (MOST_BYTES + 1)

    assert post(world, body, signed(body)) == 413


def test_a_signed_request_that_nobody_listens_to_is_not_found(world: World) -> None:
    body = b"command=/other&text=x&user_id=U1&team_id=T1&channel_id=C1"

    assert post(world, body, signed(body)) == 404


def test_the_endpoint_takes_posts_alone(world: World) -> None:
    assert requests.get(f"{world.url}/slack/events", timeout=5).status_code == 405


def test_a_process_without_slack_has_no_endpoint_for_it(world: World) -> None:
    app = web_app(Health(reading=world.database.reading, clock=world.clock, ready=lambda: None))

    assert app.test_client().post("/slack/events").status_code == 404


def test_the_probes_answer_that_it_lives_and_is_ready(world: World) -> None:
    assert requests.get(f"{world.url}/healthz", timeout=5).status_code == 200
    assert requests.get(f"{world.url}/readyz", timeout=5).json() == {"ok": True}


@pytest.mark.parametrize(
    ("problem", "told"),
    [
        (VocError("the schema is old: run python -m bot migrate"), "run python -m bot migrate"),
        (OperationalError("SELECT 1", {}, Exception("password=secret")), "OperationalError"),
    ],
)
def test_not_being_ready_is_told_without_secrets(world: World, problem: Exception, told: str) -> None:
    def ready() -> None:
        raise problem

    client = web_app(Health(reading=world.database.reading, clock=SystemClock(), ready=ready)).test_client()

    answer = client.get("/readyz")

    assert answer.status_code == 503
    assert told in answer.get_data(as_text=True)
    assert "secret" not in answer.get_data(as_text=True)


def test_the_metrics_tell_of_sources_pieces_and_outward_acts(world: World) -> None:
    ticket = world.ticket("FLD-1", "Export")
    world.suggest(world.piece("The export drops rows."), ticket)
    with world.context.work() as unit:
        unit.sources.succeeded("zendesk", NOW)
        unit.commit()

    lines = requests.get(f"{world.url}/metrics", timeout=5).text.splitlines()

    assert 'voc_source_failures{source="zendesk"} 0.0' in lines
    assert (
        f'voc_source_last_success_timestamp_seconds{{source="zendesk"}} {_number(NOW.timestamp())}' in lines
    )
    assert 'voc_pieces{standing="suggested"} 1.0' in lines
    assert 'voc_outward_acts{kind="card",state="done"} 1.0' in lines
    assert "voc_tickets 1.0" in lines


def _number(value: float) -> Any:
    mantissa, exponent = f"{value:e}".split("e")
    return f"{float(value / 10 ** int(exponent))}e+{int(exponent):02}" if value > 1e9 else mantissa
