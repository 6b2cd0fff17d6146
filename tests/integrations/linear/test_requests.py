"""Customer requests: one a piece, its customer, and what a repeat, a move and an unlink do."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime, timedelta
from decimal import Decimal
from typing import Any
from uuid import UUID

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.domain.annotation import Account, Evidence
from bot.domain.customer import Revenue
from bot.domain.ticket import TicketRef
from integrations.linear.mapping import ISSUE_URL, address, need_id, unmarked
from tests.contracts.ticket_trackers import ANNOTATION, NOW
from tests.integrations.linear.conftest import Linear

ACME = Account(
    key="acme.example",
    name="Acme",
    domains=("acme.example",),
    revenue=Revenue(Decimal("48000.40"), "USD"),
)
PIECE = Evidence(
    key="voc:zendesk:7:0",
    title="The map stays white",
    url="https://help.acme.example/tickets/7",
    words="The *map* stays white.",
    said_at=NOW - timedelta(days=3),
    account=ACME,
)


def needs(linear: Linear, identifier: str = "ENG-1") -> list[dict[str, Any]]:
    return [need for need in linear.issue(identifier)["needs"] if not need["archived"]]


def test_a_piece_becomes_a_request_of_its_customer(linear: Linear) -> None:
    made = linear.tracker().link(linear.ref(), replace(PIECE, is_important=True))

    [need] = needs(linear)
    assert (need["id"], UUID(made).version) == (made, 4)
    assert need["body"] == r"The \*map\* stays white\."
    assert (need["customer"], need["priority"]) == ("Acme", 1.0)
    assert datetime.fromisoformat(need["created"]) == NOW.astimezone(UTC) - timedelta(days=3)
    assert need["url"] == "https://help.acme.example/tickets/7#voc=voc:zendesk:7:0"
    [customer] = linear.client.state("linear")["customers"]
    assert (customer["external_ids"], customer["domains"]) == (["acme.example"], ["acme.example"])
    assert customer["revenue"] == 48_000


def test_a_piece_of_nobody_known_becomes_a_request_without_a_customer_until_there_is_one(
    linear: Linear,
) -> None:
    ref, tracker = linear.ref(), linear.tracker()
    tracker.link(ref, replace(PIECE, account=None))
    before = needs(linear)[0]["customer"]

    tracker.link(ref, PIECE)

    assert (before, needs(linear)[0]["customer"]) == (None, "Acme")


def test_writes_are_one_a_piece_and_one_a_customer_and_none_when_nothing_changed(linear: Linear) -> None:
    ref, tracker = linear.ref(), linear.tracker()
    other = replace(ACME, key="other.example", name="Other", domains=("other.example",))
    pieces = [
        replace(PIECE, key=f"voc:zendesk:{n}:0", account=other if n % 3 == 0 else ACME) for n in range(10)
    ]

    for round_number in range(2):
        for piece in pieces:
            tracker.link(ref, piece)
        tracker.annotate(ref, ANNOTATION, None)
        writes = linear.asked("mutation")
        assert (writes.count("CreateNeed"), writes.count("UpsertCustomer"), len(writes)) == (10, 2, 12)
        assert round_number == 0 or len(needs(linear)) == 10


@pytest.mark.parametrize(
    ("change", "field", "shown"),
    [
        ({"words": "Other words"}, "body", "Other words"),
        ({"is_important": True}, "priority", 1.0),
        ({"url": "https://x.example/1"}, "url", "https://x.example/1#voc=voc:zendesk:7:0"),
        ({"account": replace(ACME, key="b.example", name="B", domains=())}, "customer", "B"),
    ],
)
def test_what_has_changed_is_written_in_one_request(
    linear: Linear, change: dict[str, Any], field: str, shown: Any
) -> None:
    ref, tracker = linear.ref(), linear.tracker()
    tracker.link(ref, PIECE)
    before = needs(linear)[0]

    tracker.link(ref, replace(PIECE, **change))

    after = needs(linear)[0]
    assert {name: after[name] for name in after if after[name] != before[name]} == {field: shown}
    assert linear.asked("mutation").count("UpdateNeed") == 1
    assert len(linear.issue("ENG-1")["attachments"]) == 1


def test_a_customer_that_was_deleted_meanwhile_is_written_again(linear: Linear) -> None:
    ref, tracker = linear.ref(), linear.tracker()
    tracker.link(ref, PIECE)
    linear.load(deleted_customers=["Acme"])

    tracker.link(ref, replace(PIECE, key="voc:zendesk:8:0"))

    assert [need["customer"] for need in needs(linear)] == [None, "Acme"]


def test_a_customer_with_new_facts_is_written_once_more(linear: Linear) -> None:
    ref, tracker = linear.ref(), linear.tracker()
    tracker.link(ref, PIECE)

    for number in range(3):
        richer = replace(ACME, revenue=Revenue(Decimal(60_000), "USD"))
        tracker.link(ref, replace(PIECE, key=f"voc:zendesk:{number}:1", account=richer))

    assert linear.asked("mutation").count("UpsertCustomer") == 2
    assert [one["revenue"] for one in linear.client.state("linear")["customers"]] == [60_000]


@pytest.mark.parametrize("revenue", [Revenue(Decimal(5), "EUR"), Revenue(Decimal(2**31), "USD"), None])
def test_revenue_that_linear_cannot_hold_as_dollars_is_not_written(
    linear: Linear, revenue: Revenue | None
) -> None:
    linear.tracker().link(linear.ref(), replace(PIECE, account=replace(ACME, revenue=revenue)))

    assert [one["revenue"] for one in linear.client.state("linear")["customers"]] == [None]


def test_a_domain_that_linear_refuses_does_not_lose_the_piece(linear: Linear) -> None:
    public = replace(ACME, domains=("acme.example", "gmail.com"))

    linear.tracker().link(linear.ref(), replace(PIECE, account=public))

    assert needs(linear)[0]["customer"] == "Acme"
    assert [one["domains"] for one in linear.client.state("linear")["customers"]] == [[]]


def test_a_customer_that_another_integration_made_is_found_by_its_domain(linear: Linear) -> None:
    linear.load(customers=[{"name": "ACME Inc.", "domains": ["acme.example"], "external_ids": ["crm-7"]}])

    linear.tracker().link(linear.ref(), PIECE)

    [customer] = linear.client.state("linear")["customers"]
    assert customer["external_ids"] == ["crm-7", "acme.example"]


def test_a_request_that_hangs_elsewhere_is_moved_with_its_source(linear: Linear) -> None:
    first, second, tracker = linear.ref("ENG-1"), linear.ref("OPS-1"), linear.tracker()
    tracker.link(first, PIECE)

    tracker.link(second, PIECE)

    assert (needs(linear), len(needs(linear, "OPS-1"))) == ([], 1)
    assert [one["url"] for one in linear.issue("OPS-1")["attachments"]] == [needs(linear, "OPS-1")[0]["url"]]
    assert linear.issue("ENG-1")["attachments"] == []
    assert linear.asked("mutation").count("UpdateNeed") == 1


def test_unlinking_leaves_alone_what_hangs_elsewhere_by_now(linear: Linear) -> None:
    first, second, tracker = linear.ref("ENG-1"), linear.ref("ENG-2"), linear.tracker()
    tracker.link(second, PIECE)

    tracker.unlink(first, PIECE.key)

    assert len(needs(linear, "ENG-2")) == 1
    assert "ArchiveNeed" not in linear.asked()


def test_an_archived_request_is_brought_back(linear: Linear) -> None:
    ref, tracker = linear.ref(), linear.tracker()
    tracker.link(ref, PIECE)
    tracker.unlink(ref, PIECE.key)
    archived = needs(linear)

    tracker.link(ref, replace(PIECE, words="Again"))

    assert (archived, [need["body"] for need in needs(linear)]) == ([], ["Again"])


def test_what_an_unlinked_request_left_behind_is_nobodys_link(linear: Linear) -> None:
    ref, tracker = linear.ref(), linear.tracker()
    tracker.link(ref, PIECE)
    tracker.unlink(ref, PIECE.key)

    assert len(linear.issue("ENG-1")["attachments"]) == 1
    assert tracker.linked(ref) == []


def test_links_of_other_integrations_are_told_without_a_key(linear: Linear) -> None:
    zendesk = "https://acme.zendesk.com/agent/tickets/7#note"
    linear.load({"identifier": "ENG-1", "attachments": [{"url": zendesk, "title": "Ticket 7"}]})
    ref = TicketRef("linear", linear.issue("ENG-1")["id"])
    tracker = linear.tracker()
    tracker.link(ref, PIECE)

    linked = {(one.key, one.url) for one in tracker.linked(ref)}

    assert linked == {(PIECE.key, PIECE.url), ("", zendesk)}


def test_two_pieces_of_one_conversation_are_two_requests_with_a_source_each(linear: Linear) -> None:
    ref, tracker = linear.ref(), linear.tracker()

    tracker.link(ref, PIECE)
    tracker.link(ref, replace(PIECE, key="voc:zendesk:7:1"))

    assert len(needs(linear)) == len(linear.issue("ENG-1")["attachments"]) == 2


def test_our_requests_are_known_by_their_ids_where_an_address_has_lost_the_key(linear: Linear) -> None:
    ref, tracker = linear.ref(), linear.tracker()
    tracker.link(ref, PIECE)
    with linear.stand_in.lock:
        for need in linear.stand_in.workspace.needs.values():
            assert need.attachment
            need.attachment.url = PIECE.url

    linked = tracker.linked(ref, [PIECE.key, "voc:zendesk:8:0"])

    assert [(one.key, one.url) for one in linked] == [(PIECE.key, PIECE.url)]


def test_more_requests_than_a_page_holds_are_all_told(linear: Linear) -> None:
    ref, tracker = linear.ref(), linear.tracker()
    keys = [f"voc:zendesk:{n}:0" for n in range(260)]
    for key in keys:
        tracker.link(ref, replace(PIECE, key=key))

    assert {one.key for one in tracker.linked(ref)} == set(keys)


def test_words_of_tomorrow_are_dated_by_linears_own_clock(linear: Linear) -> None:
    linear.tracker().link(linear.ref(), replace(PIECE, said_at=NOW + timedelta(minutes=5)))

    made = datetime.fromisoformat(needs(linear)[0]["created"])
    assert timedelta() <= made - NOW < timedelta(seconds=1)


def test_a_request_whose_answer_was_lost_is_not_written_again(linear: Linear) -> None:
    linear.client.fault("lost", vendor="linear", containing="customerNeedCreate")

    linear.tracker().link(linear.ref(), PIECE)

    assert len(needs(linear)) == 1
    assert "UpdateNeed" not in linear.asked()


@given(st.text(), st.sampled_from(["https://x.example/a", "https://x.example/a#part=1&b=2", "", "mailto:x"]))
def test_a_pieces_address_gives_back_its_url_and_key(key: str, url: str) -> None:
    key = key.encode("utf-8", "replace").decode()
    marked = address(replace(PIECE, key=key, url=url), "an-id")

    assert unmarked(marked) == (url if url.startswith("https") else ISSUE_URL + "an-id", key)


@given(st.text())
def test_an_address_of_somebody_else_is_left_as_it_is(fragment: str) -> None:
    url = f"https://x.example/a#{fragment}"

    assert unmarked(url) == (url, "") or "voc=" in fragment


@given(st.lists(st.text(), unique=True))
def test_each_piece_has_an_id_of_its_own_that_linear_takes(keys: list[str]) -> None:
    ids = {need_id(key) for key in (key.encode("utf-8", "replace").decode() for key in keys)}

    assert all(UUID(one).version == 4 and str(UUID(one)) == one for one in ids)
    assert len(ids) == len({key.encode("utf-8", "replace") for key in keys})
