"""What every ticket tracker promises of reading, on the tracker's stand-in over real HTTP."""

from __future__ import annotations

import json
from collections.abc import Callable, Sequence
from datetime import UTC
from typing import Any

import pytest

from bot.domain.ticket import ReceivedTicket, TicketRef, TicketStage
from bot.errors import AnswerError, NotFoundError
from bot.ports import TicketPage
from tests.contracts.jira_sites import JiraCloud
from tests.contracts.ticket_trackers import ANNOTATION, EVIDENCE, NOW, TrackerUnderTest, ref_of, write_some


def tickets(pages: Sequence[TicketPage]) -> list[ReceivedTicket]:
    return [ticket for page in pages for ticket in page.tickets]


def keys(pages: Sequence[TicketPage]) -> list[str]:
    return [ticket.key for ticket in tickets(pages)]


def test_reads_all_mapped_tickets_in_order_of_change(site: TrackerUnderTest) -> None:
    written = write_some(site)
    site.write("OPS-1")

    pages = list(site.tracker().changed_since(None))

    assert keys(pages) == written
    assert len(pages) > 2
    assert all(t.updated_at.tzinfo is UTC and t.project == "FLD" for t in tickets(pages))


def test_reads_a_ticket_whole(site: TrackerUnderTest) -> None:
    external_id = site.write("FLD-1", "White map", "First line\nsecond line\n\nnext block")

    ticket = site.tracker().get("FLD-1")

    assert ticket.ref == TicketRef(site.vendor, external_id)
    assert (ticket.title, ticket.body) == ("White map", "First line\nsecond line\n\nnext block")
    assert (ticket.stage, ticket.created_at) == (TicketStage.OPEN, NOW)
    assert ticket.url.endswith("FLD-1")
    assert site.tracker().get(external_id) == ticket


def test_asking_again_from_the_last_cursor_repeats_at_most_the_boundary(site: TrackerUnderTest) -> None:
    write_some(site)
    last = list(site.tracker().changed_since(None))[-1]

    again = list(site.tracker().changed_since(last.cursor))

    assert len(tickets(again)) <= 1


def test_going_on_from_any_page_loses_nothing(site: TrackerUnderTest) -> None:
    written = write_some(site)
    pages = list(site.tracker().changed_since(None))

    for number, page in enumerate(pages, start=1):
        rest = list(site.tracker().changed_since(page.cursor))

        assert {*keys(pages[:number]), *keys(rest)} == set(written)


def test_reads_a_changed_ticket_again(site: TrackerUnderTest) -> None:
    write_some(site)
    cursor = list(site.tracker().changed_since(None))[-1].cursor
    site.write("FLD-2", "Another title")
    site.settle()

    again = tickets(list(site.tracker().changed_since(cursor)))

    assert "Another title" in [ticket.title for ticket in again]


def test_a_write_that_search_shows_late_is_not_lost(site: TrackerUnderTest) -> None:
    write_some(site)
    site.write("FLD-3", "Written, but not yet to be found")
    site.clock.advance(30)
    site.write("FLD-4", "Written later")
    cursor = None
    seen = []

    for _ in range(6):
        pages = list(site.tracker().changed_since(cursor))
        seen += [ticket.title for ticket in tickets(pages)]
        cursor = pages[-1].cursor if pages else cursor
        site.clock.advance(30)

    assert {"Written, but not yet to be found", "Written later"} <= set(seen)


def test_a_ticket_of_unexpected_shape_is_named_and_the_others_are_read(site: TrackerUnderTest) -> None:
    written = write_some(site, 4)
    spoiled = site.write("FLD-2")
    site.spoil("FLD-2")
    site.settle()

    pages = list(site.tracker().changed_since(None))

    assert sorted(keys(pages)) == sorted(set(written) - {"FLD-2"})
    assert [unreadable.external_id for page in pages for unreadable in page.unreadable] == [spoiled]


def test_a_repeated_page_token_ends_with_an_error(site: TrackerUnderTest) -> None:
    page = json.dumps(site.endless)
    site.fails_listing("status", status=200, body=page, times=None)

    with pytest.raises(AnswerError, match="page token"):
        list(site.tracker().changed_since(None))


def test_a_finished_ticket_is_reported_as_done(site: TrackerUnderTest) -> None:
    site.write("FLD-1")
    site.finish("FLD-1")

    assert site.tracker().get("FLD-1").stage is TicketStage.DONE
    assert site.tracker().get("FLD-1").resolved_at


def test_a_moved_ticket_keeps_its_ref_and_is_found_by_either_key(site: TrackerUnderTest) -> None:
    ref = ref_of(site)
    site.move("FLD-1", "OPS-7")

    moved = site.tracker().get("FLD-1")

    assert (moved.ref, moved.key, moved.project) == (ref, "OPS-7", "OPS")
    assert site.tracker().get(ref.external_id) == moved


def test_a_deleted_ticket_is_reported_as_missing(site: TrackerUnderTest) -> None:
    ref = ref_of(site)
    site.delete("FLD-1")
    tracker = site.tracker()

    acts: list[Callable[[], Any]] = [
        lambda: tracker.get(ref.external_id),
        lambda: tracker.link(ref, EVIDENCE),
    ]
    if site.annotates:
        acts.append(lambda: tracker.annotate(ref, ANNOTATION, "10007"))
    for act in acts:
        with pytest.raises(NotFoundError):
            act()
    tracker.unlink(ref, EVIDENCE.key)


def test_a_key_that_looks_like_a_path_finds_nothing(site: TrackerUnderTest) -> None:
    for key in ("../myself", "FLD-1/comment", "FLD 1?x=1", ".."):
        with pytest.raises(NotFoundError):
            site.tracker().get(key)


def test_it_says_whether_tickets_get_a_living_annotation(site: TrackerUnderTest) -> None:
    assert site.tracker().keeps_annotation() is site.annotates


def test_a_check_tells_that_all_is_well(site: TrackerUnderTest) -> None:
    assert all(finding.is_ok for finding in site.tracker().check())


def test_a_check_names_what_is_wrong_and_what_to_do(site: TrackerUnderTest) -> None:
    for tracker in (site.tracker(token="expired"), site.tracker(url="http://127.0.0.1:9")):
        wrong = [finding for finding in tracker.check() if not finding.is_ok]

        assert wrong
        assert all(finding.what and finding.remedy for finding in wrong)


def test_who_has_a_ticket_is_told_by_address(site: TrackerUnderTest) -> None:
    write_some(site, 2)
    site.assign("FLD-1", "ada@acme.example")
    site.settle()

    found = {t.key: t.assignee for page in site.tracker().changed_since(None) for t in page.tickets}

    assert found == {"FLD-1": "ada@acme.example", "FLD-2": None}
    assert site.tracker().get("FLD-1").assignee == "ada@acme.example"


def test_a_hidden_address_is_told_as_such(jira_site: JiraCloud) -> None:
    write_some(jira_site, 1)

    jira_site.assign("FLD-1", "")

    assert jira_site.tracker().get("FLD-1").assignee == ""
