"""The one HTTP client under every adapter: what is tried again, and what each outcome is called."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any, ClassVar

import pytest
from flask import Flask, Response, jsonify, redirect, request

from bot.errors import (
    AccessError,
    AnswerError,
    IntegrationError,
    NotFoundError,
    TransientError,
    UncertainError,
    VocError,
)
from integrations.http import TRIES, WRITE_TRIES, VendorHttp
from integrations.sandbox.client import SandboxClient
from integrations.sandbox.clock import SandboxClock
from integrations.sandbox.serving import Sandbox
from integrations.sandbox.stand_in import StandIn


class Counter(StandIn):
    """A vendor that counts: GET and POST /count; any other answer by faults."""

    name: ClassVar[str] = "counter"

    def make_app(self) -> Flask:
        """Return the application."""
        self.posts = 0
        app = Flask("counter")
        app.add_url_rule(
            "/count", view_func=lambda: jsonify(posts=self.posts, header=request.headers.get("X-Key"))
        )
        app.add_url_rule("/count", "post", self._post, methods=["POST"])
        app.add_url_rule("/moved", "moved", lambda: redirect("/count"))
        app.add_url_rule("/page", "page", lambda: Response("<html>", mimetype="text/html"))
        app.add_url_rule("/empty", "empty", lambda: Response(status=204), methods=["POST"])
        return app

    def load(self, data: Mapping[str, Any]) -> dict[str, int]:
        """Take nothing."""
        return {}

    def dump(self) -> dict[str, Any]:
        """Return how many POSTs were performed."""
        return {"posts": self.posts}

    def _post(self) -> Response:
        self.posts += 1
        return jsonify(posts=self.posts)


class Wire:
    """The counting vendor, its faults, and a client that sleeps into a list."""

    def __init__(self) -> None:
        self.sandbox = Sandbox([Counter], clock=SandboxClock(), profile="vendor")
        self.client = SandboxClient(self.sandbox.start())
        self.url = self.sandbox.urls["counter"]
        self.slept: list[float] = []

    def http(self, **more: Any) -> VendorHttp:
        """Return a client of the vendor."""
        return VendorHttp("counter", self.url, lambda: {"X-Key": "one"}, sleep=self.slept.append, **more)

    def posts(self) -> int:
        """Return how many POSTs were performed."""
        return int(self.client.state("counter")["posts"])

    def asked(self) -> int:
        """Return how many requests came."""
        return len(self.client.requests("counter"))


@pytest.fixture
def wire() -> Iterator[Wire]:
    made = Wire()
    yield made
    made.sandbox.stop()


def test_a_path_or_a_whole_address_answers_with_the_vendors_json(wire: Wire) -> None:
    assert wire.http().get("/count", "counting") == {"posts": 0, "header": "one"}
    assert wire.http().get(f"{wire.url}/count", "counting") == {"posts": 0, "header": "one"}


@pytest.mark.parametrize(
    "link", ["http://evil.example/count", "https://evil.example/", "{url}.evil.example/count"]
)
def test_a_link_to_another_host_never_gets_our_token(wire: Wire, link: str) -> None:
    with pytest.raises(AnswerError, match="another host"):
        wire.http().get(link.format(url=wire.url), "following")

    assert wire.asked() == 0


def test_an_answer_without_a_body_is_fine(wire: Wire) -> None:
    assert wire.http().call("POST", "/empty", "emptying").status_code == 204


@pytest.mark.parametrize(
    ("status", "error"),
    [
        (400, AnswerError),
        (401, AccessError),
        (403, AccessError),
        (404, NotFoundError),
        (409, AnswerError),
        (410, NotFoundError),
        (422, AnswerError),
    ],
)
@pytest.mark.parametrize("method", ["GET", "POST"])
def test_a_refusal_is_called_what_it_is_and_not_repeated(
    wire: Wire, method: str, status: int, error: type[IntegrationError]
) -> None:
    wire.client.fault("status", status=status, body="cleo@acme.example", times=None)

    with pytest.raises(error) as caught:
        wire.http(remedy="Connect again").call(method, "/count", "counting")

    assert type(caught.value) is error
    assert "cleo" not in str(caught.value)
    assert wire.asked() == 1
    if isinstance(caught.value, AccessError):
        assert caught.value.remedy == "Connect again"


@pytest.mark.parametrize("fault", ["reset", "lost", "half", "status"])
def test_a_read_is_tried_again(wire: Wire, fault: str) -> None:
    wire.client.fault(fault, times=TRIES - 1)

    assert wire.http().get("/count", "counting")["posts"] == 0
    assert len(wire.slept) == TRIES - 1
    assert wire.slept == sorted(wire.slept)


@pytest.mark.parametrize("fault", ["reset", "lost", "half", "status"])
def test_a_read_that_keeps_failing_is_left_for_later(wire: Wire, fault: str) -> None:
    wire.client.fault(fault, times=None)

    with pytest.raises(TransientError):
        wire.http().get("/count", "counting")

    assert wire.asked() == TRIES


@pytest.mark.parametrize("fault", ["lost", "half"])
def test_a_write_whose_answer_was_lost_is_never_repeated(wire: Wire, fault: str) -> None:
    wire.client.fault(fault)

    with pytest.raises(UncertainError):
        wire.http().call("POST", "/count", "counting")

    assert wire.posts() == 1


@pytest.mark.parametrize("fault", ["reset", "status"])
def test_a_write_that_may_have_happened_is_never_repeated(wire: Wire, fault: str) -> None:
    wire.client.fault(fault)

    with pytest.raises(UncertainError):
        wire.http().call("POST", "/count", "counting")

    assert wire.asked() == 1


@pytest.mark.parametrize("fault", ["reset", "lost", "half", "status"])
def test_an_upsert_is_repeated(wire: Wire, fault: str) -> None:
    wire.client.fault(fault)

    answer = wire.http().call("POST", "/count", "counting", is_repeatable=True)

    assert answer.ok
    assert wire.asked() == 2


@pytest.mark.parametrize("fault", ["reset", "lost", "half", "status"])
def test_a_post_that_only_reads_is_repeated(wire: Wire, fault: str) -> None:
    wire.client.fault(fault)

    assert wire.http().call("POST", "/count", "searching", is_read=True).ok


def test_a_write_refused_for_now_waits_and_is_sent_once(wire: Wire) -> None:
    wire.client.fault("status", status=429, retry_after_s=7)

    wire.http().call("POST", "/count", "counting")

    assert wire.slept == [7.0]
    assert wire.posts() == 1


def test_a_long_wait_is_left_for_the_next_run(wire: Wire) -> None:
    wire.client.fault("status", status=429, retry_after_s=3600)

    with pytest.raises(TransientError) as caught:
        wire.http().get("/count", "counting")

    assert caught.value.retry_after_s == 3600
    assert wire.slept == []


def test_a_slow_read_is_tried_again_and_a_slow_write_is_not(wire: Wire) -> None:
    http = wire.http(timeout_s=(2.0, 0.2))
    wire.client.fault("slow", delay_s=0.4, method="GET")
    wire.client.fault("slow", delay_s=0.4, method="POST")

    assert http.get("/count", "counting")["posts"] == 0
    with pytest.raises(UncertainError):
        http.call("POST", "/count", "counting")


def test_a_write_to_a_closed_port_was_never_sent(wire: Wire) -> None:
    http = VendorHttp("counter", "http://127.0.0.1:9", dict, sleep=wire.slept.append)

    with pytest.raises(TransientError):
        http.call("POST", "/count", "counting")

    assert len(wire.slept) == WRITE_TRIES - 1


def test_a_redirect_is_not_followed(wire: Wire) -> None:
    with pytest.raises(AnswerError):
        wire.http().get("/moved", "moving")

    assert wire.asked() == 1


def test_a_web_page_in_place_of_json_is_an_answer_error(wire: Wire) -> None:
    with pytest.raises(AnswerError):
        wire.http().get("/page", "reading")


def test_a_refused_token_is_renewed_once(wire: Wire) -> None:
    keys = iter(["stale", "fresh", "fresh"])
    refused: list[Mapping[str, str]] = []

    def renew(headers: Mapping[str, str]) -> bool:
        refused.append(headers)
        return True

    http = VendorHttp(
        "counter", wire.url, lambda: {"X-Key": next(keys)}, renew=renew, sleep=wire.slept.append
    )
    wire.client.fault("status", status=401)

    assert http.get("/count", "counting")["header"] == "fresh"
    assert refused == [{"X-Key": "stale"}]


def test_a_write_refused_for_its_token_is_sent_again_with_another(wire: Wire) -> None:
    wire.client.fault("status", status=401)

    wire.http(renew=lambda refused: True).call("POST", "/count", "counting")

    assert wire.posts() == 1


def test_a_forbidden_read_renews_nothing(wire: Wire) -> None:
    wire.client.fault("status", status=403)

    with pytest.raises(AccessError):
        wire.http(renew=lambda refused: pytest.fail("renewed")).get("/count", "counting")


@pytest.mark.parametrize("status", [300, 304, 308, 402, 418, 451, 499, 500, 502, 504, 529, 599])
def test_every_other_outcome_is_an_error_of_ours(wire: Wire, status: int) -> None:
    wire.client.fault("status", status=status, times=None)

    with pytest.raises(VocError):
        wire.http().call("POST", "/count", "counting")
