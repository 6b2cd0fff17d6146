"""up, serve and work: what they answer, what they do, and how they end."""

from __future__ import annotations

import ctypes
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import closing, contextmanager
from pathlib import Path
from typing import Any
from urllib.parse import urlencode

import pytest
import requests
from slack_sdk.signature import SignatureVerifier

from bot.repositories import UnitOfWork
from bot.storage.database import Database
from bot.storage.engine import open_database
from integrations.sandbox.client import SandboxClient
from tests.commands.operator import Operator, asked, until
from tests.journeys.company import DIGEST, FEW, REVIEW, SECRET, USER

ROUTE = (
    '[[routes]]\nprojects = ["APP", "WEB"]\nowner_channel = "#voc-review"\ndigest_channels = ["#product"]\n'
)
SEARCH = "/rest/api/3/search/jql"
INFO = "/api/conversations.info"


@contextmanager
def living(operator: Operator, command: str, **more: str) -> Iterator[tuple[subprocess.Popen[str], str]]:
    """Run a command that stays; yield it with its address once it listens, "" where it only works."""
    with operator.running(command, **more) as process:
        assert process.stdout is not None
        line = process.stdout.readline()
        yield process, line.partition("http")[1] + line.partition("http")[2].strip()


def ended(
    process: subprocess.Popen[str], number: signal.Signals = signal.SIGTERM
) -> tuple[int | None, float, str]:
    """Send the signal; return the exit code, the seconds that it took, and standard error."""
    started = time.monotonic()
    process.send_signal(number)
    _, err = process.communicate(timeout=30)
    return process.returncode, time.monotonic() - started, err


def command(address: str, text: str, channel: str = DIGEST) -> requests.Response:
    """Send `/voc …` as Slack does."""
    form = {
        "command": "/voc",
        "text": text,
        "user_id": USER,
        "channel_id": channel,
        "channel_name": "product",
    }
    body = urlencode(form)
    stamp = str(int(time.time()))
    signature = SignatureVerifier(SECRET).generate_signature(timestamp=stamp, body=body)
    headers = {
        "Content-Type": "application/x-www-form-urlencoded",
        "X-Slack-Request-Timestamp": stamp,
        "X-Slack-Signature": str(signature),
    }
    return requests.post(f"{address}/slack/events", data=body, headers=headers, timeout=10)


def subscribed(operator: Operator) -> list[str]:
    """Return the channels that are subscribed, each as often as it is."""
    with read(operator) as unit:
        return [subscription.channel for subscription in unit.subscriptions.all()]


def has_read_all(operator: Operator) -> bool:
    """Return whether every conversation is stored."""
    with read(operator) as unit:
        return unit.conversations.count() == len(FEW)


def cards(sandbox: SandboxClient) -> list[dict[str, Any]]:
    """Return what was posted for review."""
    return next(c["messages"] for c in sandbox.state("slack")["channels"] if c["id"] == REVIEW)


def links(sandbox: SandboxClient, key: str) -> list[str]:
    """Return the globalIds of a ticket's links."""
    issue = next(i for i in sandbox.state("jira")["issues"] if i["key"] == key)
    return [link["globalId"] for link in issue["links"]]


@contextmanager
def read(operator: Operator) -> Iterator[UnitOfWork]:
    """Look into the database."""
    database = Database(open_database(operator.settings["DATABASE_URL"]))
    with closing(database), database.reading() as unit:
        yield unit


@pytest.mark.parametrize(("platform", "word"), [("PORT", "up"), ("VOC_WEB__PORT", "serve")])
def test_it_serves_on_the_port_that_was_named(operator: Operator, platform: str, word: str) -> None:
    port = operator.settings.pop("VOC_WEB__PORT")

    with living(operator, word, **{platform: port}) as (process, address):
        answers = [
            requests.get(f"http://127.0.0.1:{port}/{path}", timeout=5) for path in ("healthz", "readyz")
        ]
        unsigned = requests.post(f"http://127.0.0.1:{port}/slack/events", data="x=1", timeout=5)
        code, took, err = ended(process)

    assert address == f"http://{'0.0.0.0' if platform == 'PORT' else '127.0.0.1'}:{port}"
    assert [(answer.status_code, answer.json()) for answer in answers] == [(200, {"ok": True})] * 2
    assert unsigned.status_code == 401
    assert (code, took < 10) == (0, True)
    assert "Traceback" not in err


@pytest.mark.skipif(sys.platform != "linux", reason="threads are named to the system by Linux's means")
def test_a_signal_that_another_thread_is_handed_ends_it_too(operator: Operator) -> None:
    with living(operator, "serve") as (process, _):
        threads = sorted(int(folder.name) for folder in Path(f"/proc/{process.pid}/task").iterdir())
        ctypes.CDLL(None).tgkill(process.pid, threads[-1], signal.SIGTERM)
        process.communicate(timeout=30)

    assert len(threads) > 1
    assert process.returncode == 0


def test_up_makes_the_database_reads_matches_and_proposes(
    operator: Operator, sandbox: SandboxClient, empty_url: str
) -> None:
    (operator.folder / "voc.toml").write_text(ROUTE)
    operator.settings |= {"DATABASE_URL": empty_url, "VOC_ENGINE__TICK_S": "1"}
    waiting = f"{len(FEW)} proposals wait for a decision"

    with living(operator, "up") as (process, _):
        until(lambda: any(waiting in message["text"] for message in cards(sandbox)))
        until(lambda: subscribed(operator) == [DIGEST])
        code, _, err = ended(process)

    assert code == 0
    assert "Traceback" not in err


@pytest.mark.slow
def test_turning_write_on_puts_the_voices_on_the_tickets(operator: Operator, sandbox: SandboxClient) -> None:
    operator.settings["VOC_ENGINE__TICK_S"] = "1"
    operator.run("switch", "WEB", "--attach")
    operator.run("sync")

    before = links(sandbox, "WEB-1")
    operator.run("switch", "WEB", "--write")
    with living(operator, "work") as (process, _):
        until(lambda: links(sandbox, "WEB-1"))
        code, _, _ = ended(process, signal.SIGINT)

    assert (before, links(sandbox, "WEB-1")) == ([], ["voc:zendesk:5:1"])
    assert code == 0


@pytest.mark.slow
def test_it_ends_in_time_while_a_task_and_a_listener_are_stuck_in_a_vendors_answer(
    operator: Operator, sandbox: SandboxClient
) -> None:
    sandbox.fault("slow", vendor="jira", path=SEARCH, delay_s=25)
    sandbox.fault("slow", vendor="slack", path=INFO, delay_s=14)
    seen = len(sandbox.requests("jira"))

    with living(operator, "up") as (process, address):
        answered = command(address, "digest schedule mon 9:00")
        time.sleep(2)
        code, took, err = ended(process)

    assert answered.status_code == 200
    assert not asked(sandbox, "jira", SEARCH, seen), "the task was not stuck"
    assert (code, took < 10) == (0, True)
    assert "given_back=" in err
    assert "Traceback" not in err


def test_what_a_person_asked_for_before_the_end_is_done(operator: Operator, sandbox: SandboxClient) -> None:
    sandbox.fault("slow", vendor="slack", path=INFO, delay_s=1)

    with living(operator, "serve") as (process, address):
        command(address, "digest schedule mon 9:00")
        code, _, _ = ended(process)

    assert code == 0
    assert subscribed(operator) == [DIGEST]


def test_a_channel_is_subscribed_once_however_it_is_named(operator: Operator) -> None:
    with living(operator, "serve") as (process, address):
        command(address, "digest schedule mon 9:00")
        until(lambda: subscribed(operator))
        ended(process)
    route = f'[[routes]]\ndigest_channels = ["#product", "product", "{DIGEST}"]\n'
    (operator.folder / "voc.toml").write_text(route)

    with living(operator, "work") as (process, _):
        time.sleep(2)
        ended(process)

    assert subscribed(operator) == [DIGEST]


@pytest.mark.slow
def test_while_slack_is_away_work_starts_and_nothing_is_subscribed_under_a_name(
    operator: Operator, sandbox: SandboxClient
) -> None:
    (operator.folder / "voc.toml").write_text(ROUTE)
    sandbox.fault("status", vendor="slack", status=503, times=None)

    with living(operator, "work") as (process, _):
        until(lambda: has_read_all(operator))
        time.sleep(1)
        code, _, err = ended(process)

    assert code == 0
    assert subscribed(operator) == []
    assert "Traceback" not in err


def test_a_taken_port_is_told_with_the_variable_to_set(operator: Operator) -> None:
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        taken.listen()
        port = str(taken.getsockname()[1])

        ran = operator.run("serve", VOC_WEB__PORT=port)

    assert ran.code == 2
    assert ran.err.startswith(
        f"VOC_WEB__PORT (needed for serving HTTP): 127.0.0.1:{port} can't be listened on"
    )
    assert "Traceback" not in ran.err


def test_a_socket_to_slack_does_not_delay_the_end(operator: Operator, sandbox: SandboxClient) -> None:
    sandbox.load("slack", {"app": {"app_token": "xapp-journey"}})

    with living(operator, "serve", VOC_SLACK__APP_TOKEN="xapp-journey") as (process, _):
        code, took, err = ended(process)

    assert (code, took < 10) == (0, True)
    assert "Traceback" not in err


def test_it_ends_on_its_way_up_too(operator: Operator, sandbox: SandboxClient) -> None:
    sandbox.load("slack", {"app": {"app_token": "xapp-journey"}})
    sandbox.fault("slow", vendor="slack", path="/api/apps.connections.open", delay_s=20)

    with operator.running("up", VOC_SLACK__APP_TOKEN="xapp-journey") as process:
        assert process.stderr is not None
        assert "database migrated" in process.stderr.readline()
        time.sleep(1)
        code, took, err = ended(process)

    assert (code, took < 10) == (0, True)
    assert "Traceback" not in err
