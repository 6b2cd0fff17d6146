"""What Intercom does in its own way: bounds, order, cut conversations, and windows of ten seconds."""

from __future__ import annotations

import json
from collections import Counter
from datetime import timedelta
from typing import Any

import pytest

from bot.domain.feedback import ReceivedConversation
from integrations.sandbox.intercom.stand_in import APP
from tests.contracts.feedback_sources import NOW, Intercom


def read(tool: Intercom, after: str | None = None) -> list[ReceivedConversation]:
    source = tool.source()
    pages = source.pages(after or source.start(NOW - timedelta(days=1)))
    return [found for page in pages for found in page.conversations]


@pytest.mark.parametrize("is_inclusive", [False, True])
def test_nothing_is_lost_however_intercom_reads_greater(tool: Intercom, is_inclusive: bool) -> None:
    tool.client.load("intercom", {"settings": [{"is_inclusive": is_inclusive}]})
    source = tool.source()
    cursor = source.start(NOW)
    written, found = [], []

    for _ in range(6):
        written += [tool.write("Words"), tool.write("More words")]
        tool.clock.advance(1)
        tool.clock.advance(120)
        for page in source.pages(cursor):
            found += [conversation.external_id for conversation in page.conversations]
            cursor = page.cursor
    tool.settle()
    found += [conversation.external_id for conversation in read(tool, cursor)]

    assert set(found) == set(written)


def test_a_listing_out_of_order_is_closed_only_as_a_whole(tool: Intercom) -> None:
    later, earlier = int(NOW.timestamp()) + 50, int(NOW.timestamp()) + 10
    rows = [{"id": tool.write("Words"), "updated_at": stamp} for stamp in (later, earlier)]
    tool.settle()
    first: dict[str, Any] = {"conversations": rows, "pages": {"next": {"starting_after": "x"}}}
    for body in (json.dumps(first), '{"conversations": []}'):
        tool.client.fault("status", path="/conversations/search", status=200, body=body)
    source = tool.source()
    start = source.start(NOW - timedelta(days=1))

    cursors = [page.cursor for page in source.pages(start)]

    assert cursors[0] == start
    assert json.loads(cursors[1])["updated_at"] > later


def test_a_cut_conversation_keeps_what_was_stored(tool: Intercom) -> None:
    parts = [{"body": f"<p>{n}</p>"} for n in range(501)]
    tool.client.load(
        "intercom",
        {"conversations": [{"id": 1, "contact_id": "c1", "source": {"body": "x"}, "parts": parts}]},
    )

    found = tool.source().fetch("1")

    assert found.keep_missing_turns
    assert found.turns[0].original == "x"
    assert ["<p>0</p>" in turn.original for turn in found.turns[:2]] == [False, False]
    assert len(found.turns) == 501


def test_people_and_companies_are_read_once_a_run(tool: Intercom) -> None:
    for n in range(7):
        tool.write(f"Words {n}")
    tool.settle()

    read(tool)

    asked = Counter(row["path"] for row in tool.client.requests("intercom"))
    assert (asked["/contacts/c1"], asked["/companies/co1"], asked["/me"]) == (1, 1, 1)


def test_waits_for_the_end_of_the_vendors_window(tool: Intercom) -> None:
    tool.write("Words")
    tool.settle()
    source = tool.source()
    limiter = tool.sandbox.stand_ins["intercom"].limiter
    while not limiter.take(APP):
        pass

    found = list(source.pages(source.start(NOW - timedelta(days=1))))

    assert len(found) == 1
    assert tool.slept == [10.0]


def test_a_contact_that_was_merged_away_leaves_the_words(tool: Intercom) -> None:
    external_id = tool.write("Words")
    tool.client.fault("status", path="/contacts/.*", status=404, body="{}", times=None)

    found = tool.source().fetch(external_id)

    assert (found.customer.external_id, found.customer.name) == ("c1", "Cleo")
    assert found.customer.company is None


def test_a_conversation_that_can_not_be_read_is_named(tool: Intercom) -> None:
    for n in range(3):
        tool.write(f"Words {n}")
    tool.settle()
    tool.client.fault("status", path="/conversations/2", status=422, body="{}")

    page = tool.read()[0]

    assert [found.external_id for found in page.unreadable] == ["2"]
    assert [found.external_id for found in page.conversations] == ["1", "3"]


def test_a_conversation_deleted_while_it_is_read_is_gone(tool: Intercom) -> None:
    tool.write("Words")
    tool.settle()
    tool.client.fault("status", path="/conversations/1", status=404, body="{}")

    assert tool.read()[0].gone == ("1",)


def test_the_unread_newest_changes_come_with_the_next_run(tool: Intercom) -> None:
    tool.write("Words")
    source = tool.source()
    start = source.start(NOW - timedelta(days=1))

    now: list[Any] = [page.conversations for page in source.pages(start)]
    tool.settle()

    assert now == [()]
    assert len(read(tool, start)) == 1
