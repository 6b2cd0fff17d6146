"""Comments in bulk: from the event stream where it tells a ticket whole, else one by one."""

from __future__ import annotations

from collections import Counter
from datetime import timedelta
from typing import Any

import pytest

from bot.domain.feedback import ReceivedConversation
from integrations.credentials import StaticCredentials
from integrations.sandbox.zendesk.access import ADMIN_TOKEN
from integrations.zendesk.source import ZendeskSource
from tests.contracts.feedback_sources import NOW, Zendesk

DAY_S = 86_400


def load(tool: Zendesk, *tickets: dict[str, Any]) -> None:
    tool.client.load("zendesk", {"tickets": list(tickets)})


def ticket(number: int, made_s: float, *later_s: float) -> dict[str, Any]:
    """Return a ticket made so many seconds before NOW, with one comment then and one at each later moment."""
    times = [(NOW - timedelta(seconds=s)).isoformat() for s in (made_s, *later_s)]
    comments = [{"body": f"Ticket {number}, comment {n}", "created_at": time} for n, time in enumerate(times)]
    return {"id": number, "requester_id": 10, "created_at": times[0], "comments": comments}


def read(tool: Zendesk) -> dict[str, ReceivedConversation]:
    tool.settle()
    source = ZendeskSource(tool.url, StaticCredentials.bearer(ADMIN_TOKEN), tool.clock, sleep=tool.sleep)
    pages = source.pages(source.start(NOW - timedelta(days=365)))
    return {found.external_id: found for page in pages for found in page.conversations}


def routes(tool: Zendesk) -> Counter[str]:
    return Counter(row["route"].rpartition("/")[2] for row in tool.client.requests("zendesk"))


def test_young_tickets_come_with_a_few_requests(tool: Zendesk) -> None:
    load(tool, *(ticket(n, 3 * DAY_S - 60 * n, 3 * DAY_S - 60 * n - 600) for n in range(1, 401)))

    found = read(tool)

    assert len(found) == 400
    assert all(len(conversation.turns) == 2 for conversation in found.values())
    assert routes(tool)["comments"] == 0
    assert routes(tool)["ticket_events"] <= 2


def test_tickets_that_ai_agents_handled_come_with_the_others(tool: Zendesk) -> None:
    load(tool, *(ticket(n, 3 * DAY_S - n) | {"support_type": "ai_agent"} for n in range(1, 301)))

    found = read(tool)

    assert len(found) == 300
    assert routes(tool)["comments"] == 0


def test_older_tickets_among_them_are_read_one_by_one(tool: Zendesk) -> None:
    load(tool, *(ticket(n, 3 * DAY_S - n) for n in range(1, 301)))
    load(tool, *(ticket(n, 200 * DAY_S, 3 * DAY_S - 200 - n) for n in range(301, 311)))

    found = read(tool)

    assert all(len(found[str(n)].turns) == 2 for n in range(301, 311))
    assert routes(tool)["comments"] == 10


def test_few_tickets_are_read_one_by_one(tool: Zendesk) -> None:
    load(tool, *(ticket(n, 3 * DAY_S - n) for n in range(1, 6)))

    read(tool)

    assert routes(tool)["comments"] == 5
    assert routes(tool)["ticket_events"] == 0


def test_a_comment_made_private_since_is_nobodys_public_word(tool: Zendesk) -> None:
    load(tool, *(ticket(n, 3 * DAY_S - n) for n in range(1, 301)))
    comment = tool.client.state("zendesk")["tickets"][0]["comments"][0]
    tool.client.load("zendesk", {"make_private": [{"ticket_id": 1, "comment_id": comment["id"]}]})

    found = read(tool)

    assert [turn.public for turn in found["1"].turns] == [False]


def test_comments_redacted_since_come_redacted(tool: Zendesk) -> None:
    load(tool, *(ticket(n, 3 * DAY_S - n) for n in range(1, 301)))
    tool.client.load("zendesk", {"redact": [{"ticket_id": 1, "text": "comment"}]})

    found = read(tool)

    assert [turn.redacted for turn in found["1"].turns] == [True]


def test_events_and_comments_tell_the_same(tool: Zendesk) -> None:
    load(tool, *(ticket(n, 3 * DAY_S - 60 * n, 3 * DAY_S - 60 * n - 600) for n in range(1, 251)))

    found = read(tool)
    fetched = tool.source().fetch("7")

    assert found["7"] == fetched


def test_a_busy_stream_of_events_is_left_for_the_tickets_themselves(tool: Zendesk) -> None:
    load(
        tool,
        *(ticket(n, 3 * DAY_S - n, *(3 * DAY_S - 500 - n - k for k in range(40))) for n in range(1, 251)),
    )

    found = read(tool)

    assert all(len(conversation.turns) == 41 for conversation in found.values())
    assert routes(tool)["ticket_events"] <= 250 // 40


def test_a_ticket_whose_comments_can_not_be_read_is_named(tool: Zendesk) -> None:
    load(tool, *(ticket(n, 3 * DAY_S - n) for n in range(1, 4)))
    tool.client.fault("status", path=r"/api/v2/tickets/2/comments", status=422, body="{}")
    tool.settle()

    page = tool.read(tool.source().start(NOW - timedelta(days=365)))[0]

    assert [found.external_id for found in page.unreadable] == ["2"]
    assert [found.external_id for found in page.conversations] == ["1", "3"]


@pytest.mark.parametrize(
    "body", ['{"end_of_stream": false}', '{"ticket_events": [], "end_of_stream": false}']
)
def test_events_that_can_not_be_read_are_left_for_the_tickets(tool: Zendesk, body: str) -> None:
    load(tool, *(ticket(n, 3 * DAY_S - n) for n in range(1, 211)))
    tool.client.fault("status", path=r"/api/v2/incremental/ticket_events", status=200, body=body, times=None)

    found = read(tool)

    assert len(found) == 210
    assert routes(tool)["comments"] == 210


def test_a_ticket_deleted_while_its_comments_are_read_is_gone(tool: Zendesk) -> None:
    load(tool, *(ticket(n, 3 * DAY_S - n) for n in range(1, 4)))
    tool.client.fault(
        "status", path=r"/api/v2/tickets/2/comments", status=404, body='{"error": "RecordNotFound"}'
    )
    tool.settle()
    source = tool.source()

    page = next(source.pages(source.start(NOW - timedelta(days=365))))

    assert page.gone == ("2",)
    assert [found.external_id for found in page.conversations] == ["1", "3"]
