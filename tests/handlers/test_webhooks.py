"""Trackers' webhooks: what is signed and fresh is a hint to read, once; everything else is refused."""

from __future__ import annotations

import json
import logging
import threading
from datetime import timedelta
from typing import Any

import pytest

from bot.storage.database import Database
from handlers.web import MOST_BYTES
from handlers.webhooks import GATHER
from tests.handlers.hooks import (
    JIRA,
    LINEAR,
    LINEAR_ID,
    NOW,
    SECRET,
    Listening,
    hexed,
    jira_event,
    jira_headers,
    linear_event,
)

MINUTE = timedelta(minutes=1)


@pytest.fixture
def voc(database: Database) -> Listening:
    return Listening(database)


def test_a_signed_delivery_has_the_tracker_read_soon(voc: Listening) -> None:
    answers = [voc.jira(jira_event()), voc.linear(linear_event())]

    assert answers == [200, 200]
    assert [(task.key, at) for task, at in voc.queue.submitted] == [
        ("tickets:jira", NOW + GATHER),
        ("tickets:linear", NOW + GATHER),
    ]


@pytest.mark.parametrize(
    ("age", "is_taken"),
    [
        (timedelta(), True),
        (90 * MINUTE, True),
        (91 * MINUTE, False),
        (-5 * MINUTE, True),
        (-6 * MINUTE, False),
    ],
    ids=str,
)
def test_jiras_last_repeat_is_young_enough(voc: Listening, age: timedelta, is_taken: bool) -> None:
    assert voc.jira(jira_event(NOW - age)) == (200 if is_taken else 401)
    assert bool(voc.queue.submitted) == is_taken


@pytest.mark.parametrize(
    ("age", "is_taken"),
    [
        (timedelta(), True),
        (MINUTE, True),
        (61 / 60 * MINUTE, False),
        (-MINUTE, True),
        (-61 / 60 * MINUTE, False),
    ],
    ids=str,
)
def test_linears_deliveries_are_good_for_a_minute(voc: Listening, age: timedelta, is_taken: bool) -> None:
    assert voc.linear(linear_event(NOW - age)) == (200 if is_taken else 401)
    assert bool(voc.queue.submitted) == is_taken


def test_a_delivery_counts_once_under_any_id_and_an_id_once_with_any_body(voc: Listening) -> None:
    body = jira_event()

    answers = [
        voc.jira(body, delivery="first"),
        voc.jira(body, delivery="first"),
        voc.jira(body, delivery="replayed"),
        voc.jira(jira_event(webhookEvent="comment_created"), delivery="first"),
    ]

    assert answers == [200] * 4
    assert len(voc.queue.submitted) == 1
    assert voc.counted() == {"jira taken": 1, "jira repeated": 3}


def test_deliveries_without_an_id_are_told_apart_by_their_bodies(voc: Listening) -> None:
    for at in (NOW, NOW, NOW - MINUTE):
        body = jira_event(at)
        assert voc.post(JIRA, body, {"X-Hub-Signature": f"sha256={hexed(body)}"}) == 200

    assert voc.counted() == {"jira taken": 2, "jira repeated": 1}


def test_both_trackers_may_use_one_id(voc: Listening) -> None:
    assert (voc.jira(jira_event(), delivery="1"), voc.linear(linear_event(), delivery="1")) == (200, 200)

    assert voc.queue.names() == ["tickets:jira", "tickets:linear"]


def test_of_the_same_delivery_many_times_at_once_one_counts(voc: Listening) -> None:
    body, answers = linear_event(), list[int]()
    threads = [
        threading.Thread(target=lambda: answers.append(voc.linear(body, delivery="same"))) for _ in range(8)
    ]

    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()

    assert answers == [200] * 8
    assert len(voc.queue.submitted) == 1


@pytest.mark.parametrize(
    "body",
    [
        b"",
        b"{",
        b"[]",
        b'"text"',
        b"\xff\xfe",
        b"[" * 200_000,
        b"{}",
        jira_event(timestamp="now"),
        jira_event(timestamp=True),
        jira_event(timestamp=None),
        jira_event(timestamp=10**30),
    ],
    ids=lambda body: repr(body[:12]),
)
def test_a_signed_body_that_can_not_be_read_is_refused(voc: Listening, body: bytes) -> None:
    assert voc.jira(body) == 400
    assert voc.queue.submitted == []


def test_a_body_over_a_megabyte_is_not_read(voc: Listening) -> None:
    body = jira_event()
    largest = body + b" " * (MOST_BYTES - len(body))

    assert voc.jira(largest + b" ") == 413
    assert voc.jira(largest) == 200


@pytest.mark.parametrize(
    "path", ["/webhooks/jira/none", LINEAR.replace("linear", "jira"), "/webhooks/slack/1"]
)
def test_an_unknown_connection_is_not_found(voc: Listening, path: str) -> None:
    body = jira_event()

    assert voc.post(path, body, jira_headers(body)) == 404


def test_the_endpoint_takes_posts_alone(voc: Listening) -> None:
    assert voc.app.test_client().get(JIRA).status_code == 405


@pytest.mark.parametrize(
    ("tracker", "post", "event", "external_id"),
    [
        ("jira", Listening.jira, jira_event(), "10002"),
        ("jira", Listening.jira, jira_event(issue=None, issueLink={"destinationIssueId": 10002}), "10002"),
        ("linear", Listening.linear, linear_event(), LINEAR_ID),
        ("linear", Listening.linear, linear_event(type="Comment", data={"issueId": LINEAR_ID}), LINEAR_ID),
        (
            "linear",
            Listening.linear,
            linear_event(type="CustomerNeed", data={"issue": {"id": LINEAR_ID}}),
            LINEAR_ID,
        ),
        (
            "linear",
            Listening.linear,
            linear_event(type="IssueRelation", data={"relatedIssueId": LINEAR_ID}),
            LINEAR_ID,
        ),
    ],
)
def test_a_ticket_that_carries_ours_is_looked_at_again(
    voc: Listening, tracker: str, post: Any, event: bytes, external_id: str
) -> None:
    ticket = voc.ticket(tracker, external_id, linked=True)

    assert post(voc, event) == 200

    assert voc.marked() == [ticket.id]


def test_a_ticket_without_ours_is_read_and_no_more(voc: Listening) -> None:
    voc.ticket("jira", "10002", linked=False)

    voc.jira(jira_event())

    assert voc.marked() == []
    assert voc.queue.names() == ["tickets:jira"]


def test_nothing_that_a_delivery_says_of_a_ticket_is_believed(voc: Listening) -> None:
    ticket = voc.ticket("jira", "10002", linked=True)

    voc.jira(jira_event(issue={"id": "10002", "key": "EVIL-1", "fields": {"summary": "changed"}}))

    with voc.database.reading() as unit:
        assert unit.tickets.get(ticket.id) == ticket


@pytest.mark.parametrize(
    "more",
    [
        {"issue": None, "webhookEvent": "user_created"},
        {"issue": {"id": "1' OR 1=1"}},
        {"issue": {"id": ["10002"]}},
        {"issue": {"id": True}},
        {"issue": "10002"},
    ],
)
def test_a_delivery_of_no_ticket_asks_for_nothing(voc: Listening, more: dict[str, Any]) -> None:
    assert voc.jira(jira_event(**more)) == 200

    assert voc.queue.submitted == []
    assert voc.counted() == {"jira of no ticket": 1}


def test_a_tracker_that_refused_us_is_not_asked_sooner_for_a_delivery(voc: Listening) -> None:
    with voc.database.work() as unit:
        unit.sources.failed("jira", "TransientError", NOW)
        unit.sources.schedule("jira", NOW + 30 * MINUTE)
        unit.commit()

    voc.jira(jira_event())

    assert [at for _, at in voc.queue.submitted] == [NOW + 30 * MINUTE]


def test_logs_and_metrics_hold_counts_and_ids_alone(voc: Listening, caplog: pytest.LogCaptureFixture) -> None:
    caplog.set_level(logging.INFO)

    voc.jira(jira_event())
    voc.jira(jira_event(), secret="another")
    voc.linear(linear_event(NOW - 3 * MINUTE))

    facts = [json.dumps(record.__dict__, default=str) for record in caplog.records]
    assert voc.counted() == {"jira taken": 1, "jira unsigned": 1, "linear out of time": 1}
    told = [record.getMessage() for record in caplog.records]
    assert told == ["webhook taken", "webhook refused", "webhook refused"]
    assert caplog.records[-1].__dict__["age_s"] == 180
    assert not [fact for fact in facts if "Cleo" in fact or SECRET in fact]
