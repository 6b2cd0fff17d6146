"""The sandbox's core: faults on real sockets, the ledger, the control port and its client."""

from __future__ import annotations

import socket
import subprocess
import sys
from collections.abc import Iterator, Mapping
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime
from typing import Any, ClassVar

import pytest
import requests
from flask import Flask, jsonify, request

from integrations.sandbox.client import SandboxClient, running_sandbox
from integrations.sandbox.clock import SandboxClock
from integrations.sandbox.faults import Faults
from integrations.sandbox.ledger import Ledger
from integrations.sandbox.serving import Sandbox
from integrations.sandbox.stand_in import StandIn

NOW = datetime(2026, 11, 23, 9, tzinfo=UTC)
CUT = ("reset", "lost", "half")
PERFORMED = {"reset": 0, "lost": 1, "half": 1}


class Tally(StandIn):
    """A vendor that counts: POST /notes/<name> adds a note, GET /notes tells all."""

    name: ClassVar[str] = "tally"

    def make_app(self) -> Flask:
        self.notes: list[str] = []
        app = Flask("tally")
        app.add_url_rule("/notes", view_func=lambda: jsonify(self.notes))
        app.add_url_rule("/notes/<name>", view_func=self._add, methods=["POST"])
        return app

    def load(self, data: Mapping[str, Any]) -> dict[str, int]:
        self.notes += data["notes"]
        return {"notes": len(data["notes"])}

    def dump(self) -> dict[str, Any]:
        return {"notes": list(self.notes)}

    def _add(self, name: str) -> Any:
        with self.lock:
            self.notes.append(f"{name} {len(request.get_data())}")
            return jsonify(number=len(self.notes)), 201


class Running:
    """A sandbox with the tally, its client, and connections to it."""

    def __init__(self, sandbox: Sandbox) -> None:
        self.client = SandboxClient(sandbox.start())
        self.url = sandbox.urls["tally"]
        self.sandbox = sandbox

    def connect(self) -> socket.socket:
        """Return a connection of our own, so that a test sees what a client library would hide."""
        connection = socket.create_connection(("127.0.0.1", int(self.url.rpartition(":")[2])))
        connection.settimeout(10)
        return connection

    def add(self, name: str = "a", body: bytes = b"", timeout_s: float = 10) -> requests.Response:
        return requests.post(f"{self.url}/notes/{name}", data=body, timeout=timeout_s)

    @property
    def notes(self) -> list[str]:
        return list(self.client.state("tally")["notes"])


@pytest.fixture
def running() -> Iterator[Running]:
    sandbox = Sandbox([Tally], clock=SandboxClock(NOW, frozen=True), profile="vendor")
    yield Running(sandbox)
    sandbox.stop()


def ask(connection: socket.socket, body: bytes = b"", head: str = "") -> tuple[bytes, str]:
    """Send a POST and return (what came, how it ended: "whole", "closed" or "reset")."""
    head = head or f"Content-Length: {len(body)}\r\n"
    connection.sendall(f"POST /notes/a HTTP/1.1\r\nHost: x\r\n{head}\r\n".encode() + body)
    came = b""
    while True:
        try:
            more = connection.recv(65_536)
        except ConnectionResetError:
            return came, "reset"
        came += more
        if not more:
            return came, "closed"
        if is_whole(came):
            return came, "whole"


def is_whole(answer: bytes) -> bool:
    head, found, body = answer.partition(b"\r\n\r\n")
    length = next((line for line in head.split(b"\r\n") if line.startswith(b"Content-Length:")), b":0")
    return bool(found) and len(body) >= int(length.partition(b":")[2])


def test_a_connection_is_kept_from_request_to_request(running: Running) -> None:
    with running.connect() as connection:
        answers = [ask(connection, b"x" * size) for size in (0, 10, 2_000_000)]
        answers.append(ask(connection, b"5\r\nhello\r\n0\r\n\r\n", "Transfer-Encoding: chunked\r\n"))

    assert [end for _, end in answers] == ["whole"] * 4
    assert running.notes == ["a 0", "a 10", "a 2000000", "a 5"]


@pytest.mark.parametrize("is_kept", [False, True])
@pytest.mark.parametrize("body", [b"", b"x" * 2_000_000], ids=len)
@pytest.mark.parametrize("do", CUT)
def test_a_cut_comes_when_it_says_and_nothing_is_done_twice(
    running: Running, do: str, body: bytes, is_kept: bool
) -> None:
    running.client.fault(do, skip=int(is_kept))

    with running.connect() as connection:
        first = [ask(connection, body)] if is_kept else []
        came, end = ask(connection, body)

    assert [e for _, e in first] == ["whole"] * is_kept
    assert end == ("closed" if do == "half" else "reset")
    assert bool(came) == (do == "half")
    assert len(running.notes) == is_kept + PERFORMED[do]


def test_half_an_answer_has_all_its_headers_and_half_its_body(running: Running) -> None:
    running.client.fault("half")

    with running.connect() as connection:
        came, _ = ask(connection)

    head, _, body = came.partition(b"\r\n\r\n")
    assert head.startswith(b"HTTP/1.1 201 CREATED\r\n")
    assert b"Content-Type: application/json" in head
    assert b"Content-Length: 13" in head
    assert body == b'{"number":1}\n'[:6]


@pytest.mark.parametrize("do", CUT)
def test_a_session_goes_on_after_a_cut(running: Running, do: str) -> None:
    running.client.fault(do, skip=1)

    with requests.Session() as session:
        before = session.post(f"{running.url}/notes/a", timeout=10).status_code
        with pytest.raises(requests.exceptions.RequestException):
            session.post(f"{running.url}/notes/b", data=b"x" * 100_000, timeout=10)
        after = session.post(f"{running.url}/notes/c", timeout=10).status_code

    assert (before, after) == (201, 201)
    assert [note[0] for note in running.notes] == (["a", "c"] if do == "reset" else ["a", "b", "c"])


def test_a_refusal_comes_before_the_work(running: Running) -> None:
    running.client.fault("status", status=429, retry_after_s=7, body="later")

    answer = running.add()

    assert (answer.status_code, answer.headers["Retry-After"], answer.text) == (429, "7", "later")
    assert running.notes == []


def test_a_slow_answer_that_nobody_waits_for_is_worked_on_once(running: Running) -> None:
    running.client.fault("slow", delay_s=0.3)

    with pytest.raises(requests.exceptions.ReadTimeout):
        running.add("late", timeout_s=0.1)
    assert running.notes == []
    running.client.fault("slow", delay_s=0.5)
    answer = running.add("waited for")

    assert answer.status_code == 201
    assert running.notes == ["late 0", "waited for 0"]


@pytest.mark.parametrize(("do", "performed"), [("kill_before", 0), ("kill_after", 1)])
def test_a_process_is_killed_before_or_after_the_work(running: Running, do: str, performed: int) -> None:
    with subprocess.Popen([sys.executable, "-c", "input()"], stdin=subprocess.PIPE) as victim:
        running.client.fault(do, pid=victim.pid, times=2)
        with running.connect() as connection:
            end = ask(connection)[1]
        killed_by = -victim.wait(10)
    with running.connect() as connection:
        end_without_victim = ask(connection)[1]

    assert (killed_by, end, end_without_victim) == (9, "reset", "reset")
    assert len(running.notes) == 2 * performed


def test_many_at_once_are_each_done_once_or_not_at_all(running: Running) -> None:
    running.client.fault("lost", times=None, share=0.4, seed=1)
    running.client.fault("reset", times=None, share=0.3, seed=2)

    def outcome(number: int) -> str:
        try:
            return str(running.add(f"n{number}").status_code)
        except requests.exceptions.ConnectionError:
            return "cut"

    with ThreadPoolExecutor(8) as pool:
        outcomes = list(pool.map(outcome, range(60)))

    rows = running.client.requests("tally")
    done = [row["path"].rpartition("/")[2] for row in rows if row["status"]]
    assert sorted(done) == sorted(note.split()[0] for note in running.notes)
    assert len(set(done)) == len(done)
    assert len(rows) == 60
    assert set(outcomes) == {"201", "cut"}
    assert {row["fault"] for row in rows} == {"", "lost", "reset"}


@pytest.mark.parametrize(
    ("rule", "named"),
    [
        ({"do": "explode"}, "explode"),
        ({"do": "reset", "colour": "red"}, "colour"),
        ({"do": "reset", "path": "("}, "path"),
        ({"do": "kill_after"}, "pid"),
        ({"do": "kill_before", "pid": 1}, "pid"),
    ],
)
def test_a_rule_that_makes_no_sense_is_refused(running: Running, rule: dict[str, Any], named: str) -> None:
    with pytest.raises(ValueError, match=named):
        running.client.fault(**rule)


def test_a_rule_strikes_what_it_names_as_often_as_it_says() -> None:
    faults = Faults()
    faults.add(
        {"do": "reset", "vendor": "tally", "method": "POST", "path": "/notes/.", "skip": 1, "times": 2}
    )
    asked = [
        ("other", "POST", "/notes/a"),
        ("tally", "GET", "/notes/a"),
        ("tally", "POST", "/notes/ab"),
        *[("tally", "POST", "/notes/a")] * 4,
    ]

    struck = [faults.strike(*one) is not None for one in asked]

    assert struck == [False, False, False, False, True, True, False]


def test_a_share_of_strikes_is_the_same_for_the_same_seed() -> None:
    def struck(seed: int) -> list[bool]:
        faults = Faults()
        faults.add({"do": "reset", "share": 0.5, "times": None, "seed": seed})
        return [faults.strike("tally", "GET", "/") is not None for _ in range(200)]

    assert struck(1) == struck(1) != struck(2)
    assert 60 < sum(struck(1)) < 140


def test_cleared_rules_strike_no_more(running: Running) -> None:
    running.client.fault("reset", times=None)

    running.client.clear_faults()

    assert running.add().status_code == 201


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
