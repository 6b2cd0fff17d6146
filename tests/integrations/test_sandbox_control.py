"""The ledger, the control port, its client, and a sandbox as a process of its own."""

from __future__ import annotations

import subprocess
import sys

import pytest
import requests

from integrations.sandbox.client import running_sandbox
from integrations.sandbox.ledger import Ledger
from tests.integrations.tally import NOW, Running, ask


def test_the_ledger_tells_what_came_and_what_became_of_it(running: Running) -> None:
    running.client.fault("lost", method="POST")
    with running.connect() as connection:
        ask(connection, b"words")
    requests.get(f"{running.url}/notes?a=1", timeout=10)
    requests.get(f"{running.url}/nothing", timeout=10)

    rows = running.client.requests("tally")

    told = [tuple(row[k] for k in ("method", "route", "query", "status", "body", "fault")) for row in rows]
    assert told == [
        ("POST", "/notes/<name>", "", 201, "words", "lost"),
        ("GET", "/notes", "a=1", 200, "", ""),
        ("GET", "", "", 404, "", ""),
    ]
    assert running.client.counts() == {"tally": 3}
    assert running.client.requests("other") == []


def test_the_ledger_keeps_the_newest_and_counts_all() -> None:
    ledger = Ledger(keep=2)

    for number in range(5):
        ledger.add(
            vendor="v", method="GET", path=f"/{number}", query="", route="", status=200, body="", fault=""
        )

    assert [(row["number"], row["path"]) for row in ledger.rows()] == [(4, "/3"), (5, "/4")]
    assert ledger.counts() == {"v": 5}


def test_the_control_port_loads_tells_and_moves_the_clock(running: Running) -> None:
    loaded = running.client.load("tally", {"notes": ["from before"]})
    running.client.advance(90)

    about = running.client.about()

    assert loaded == {"notes": 1}
    assert running.notes == ["from before"]
    assert (about["profile"], about["now"]) == ("vendor", "2026-11-23T09:01:30+00:00")
    assert about["urls"].keys() == {"tally", "control"}
    with pytest.raises(ValueError, match="no stand-in for nobody"):
        running.client.state("nobody")


def test_a_sandbox_of_its_own_process_ends_with_its_starter() -> None:
    with running_sandbox(profile="open", now=NOW, frozen=True) as client:
        about, answers = (
            client.about(),
            [client.state(name) for name in ("zendesk", "intercom", "jira", "slack")],
        )

    assert (about["profile"], about["now"]) == ("open", NOW.isoformat())
    assert all(answers)
    with pytest.raises(requests.exceptions.ConnectionError):
        client.about()


def test_the_process_ends_when_its_standard_input_closes() -> None:
    command = [sys.executable, "-m", "integrations.sandbox"]
    with subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True) as process:
        assert process.stdout is not None
        assert process.stdin is not None
        started = process.stdout.readline()
        process.stdin.close()
        code = process.wait(20)

    assert '"control"' in started
    assert code == 0
