"""Faults on real sockets: each comes when it says, and nothing is done twice."""

from __future__ import annotations

import subprocess
import sys
from concurrent.futures import ThreadPoolExecutor
from typing import Any

import pytest
import requests

from integrations.sandbox.faults import Faults
from tests.integrations.tally import Running, ask

CUT = ("reset", "lost", "half")
PERFORMED = {"reset": 0, "lost": 1, "half": 1}


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
    running.client.fault("slow", delay_s=1.0)

    with pytest.raises(requests.exceptions.ReadTimeout):
        running.add("late", timeout_s=0.1)
    assert running.notes == []
    running.client.fault("slow", delay_s=1.0)
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
