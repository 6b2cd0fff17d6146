"""What is Data Center's own about the tracker: wiki text, offsets under change, ids that are gone."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import pytest

from bot.domain.annotation import TicketDraft
from bot.domain.ticket import TicketRef
from bot.errors import AccessError, AnswerError
from integrations.credentials import StaticCredentials
from tests.integrations.jira.annotations import ANNOTATION, EVIDENCE, NOW
from tests.integrations.jira.conftest import Jira

DRAFT = TicketDraft(key="draft:9", project="FLD", title="White map", body="It *is* white\n{code}")


def ref_of(server: Jira, key: str = "FLD-1", **issue: Any) -> TicketRef:
    server.load({"key": key, **issue})
    return TicketRef("jira", server.issue(key)["id"])


def test_speaks_version_2_alone_and_finds_out_once_what_the_site_is(server: Jira) -> None:
    ref = ref_of(server)
    tracker = server.tracker()

    tracker.annotate(ref, ANNOTATION, tracker.annotate(ref, ANNOTATION, None))
    tracker.link(ref, EVIDENCE)
    tracker.get("FLD-1")

    paths = [row["path"] for row in server.client.requests("jira")]
    assert all(path.startswith("/rest/api/2/") for path in paths)
    assert paths.count("/rest/api/2/serverInfo") == 1


def test_a_deployment_that_is_set_is_not_asked_for(server: Jira) -> None:
    server.load({"key": "FLD-1"})

    server.tracker(deployment="server").get("FLD-1")

    assert [row["path"] for row in server.client.requests("jira")] == ["/rest/api/2/issue/FLD-1"]


def test_reads_descriptions_as_words_and_writes_drafts_as_they_are(server: Jira) -> None:
    server.load({"key": "FLD-1", "description": "h1. Steps\n# *open* [the map|https://e.example]"})

    made = server.tracker().create(DRAFT)

    assert server.tracker().get("FLD-1").body == "Steps\n- open the map"
    assert made.body == DRAFT.body
    assert server.issue(made.key)["description"] == "It &#42;is&#42; white\n&#123;code&#125;"


def test_the_comment_is_internal_on_a_service_desk(server: Jira) -> None:
    server.client.load("jira", {"projects": [{"key": "FLD", "type": "service_desk"}]})
    ref = ref_of(server)

    server.tracker().annotate(ref, ANNOTATION, None)

    assert [comment["public"] for comment in server.issue("FLD-1")["comments"]] == [False]


def test_finds_its_comment_behind_more_than_a_page_of_others(server: Jira) -> None:
    ref = ref_of(server)
    made = server.tracker().annotate(ref, ANNOTATION, None)
    server.clock.advance(60)
    server.load({"key": "FLD-1", "comments": [{"body": f"Comment {n}"} for n in range(230)]})

    before = len(server.asked("GET", "/comment"))
    found = server.tracker().find_annotation(ref)

    assert found == made
    assert len(server.asked("GET", "/comment")) - before == 3


@pytest.mark.parametrize("moved", [["FLD-1"], ["FLD-1", "FLD-2"], [f"FLD-{n}" for n in range(1, 9)]], ids=len)
def test_no_ticket_is_missed_that_moves_up_while_others_change(server: Jira, moved: list[str]) -> None:
    for n in range(1, 13):
        server.load({"key": f"FLD-{n}", "updated": f"2026-11-22T10:{n:02}:00+00:00"})
    pages = server.tracker(per_page=4).changed_since(None)

    read = [ticket.key for ticket in next(pages).tickets]
    server.load(*({"key": key, "updated": NOW.isoformat()} for key in moved))
    read += [ticket.key for page in pages for ticket in page.tickets]

    assert set(read) == {f"FLD-{n}" for n in range(1, 13)}


def test_no_ticket_is_missed_that_moves_up_because_others_are_deleted(server: Jira) -> None:
    for n in range(1, 8):
        server.load({"key": f"FLD-{n}", "updated": f"2026-11-22T10:{n:02}:00+00:00"})
    pages = server.tracker(per_page=3).changed_since(None)

    read = [ticket.key for ticket in next(pages).tickets]
    server.client.load("jira", {"deleted": ["FLD-1", "FLD-2", "FLD-5"]})
    read += [ticket.key for page in pages for ticket in page.tickets]

    assert set(read) == {"FLD-1", "FLD-2", "FLD-3", "FLD-4", "FLD-6", "FLD-7"}


def test_many_are_read_a_hundred_a_request(server: Jira) -> None:
    server.load(*({"key": f"FLD-{n}"} for n in range(1, 151)))
    ids = [server.issue(f"FLD-{n}")["id"] for n in range(1, 151)]
    server.client.load("jira", {"deleted": ["FLD-7"]})

    found = server.tracker().many([*ids, "999999", "no id"])

    assert len(found) == 149
    assert len(server.asked("POST", "/search")) == 2


def test_a_wrong_token_is_told_with_what_to_do(server: Jira) -> None:
    wrong = server.tracker(credentials=StaticCredentials.bearer("wrong"))

    with pytest.raises(AccessError) as told:
        wrong.get("FLD-1")

    assert "personal access token" in told.value.remedy


def test_many_are_read_whole_also_where_the_site_gives_small_pages(server: Jira) -> None:
    server.load(*({"key": f"FLD-{n}"} for n in range(1, 6)), most_on_a_page=2)
    ids = [server.issue(f"FLD-{n}")["id"] for n in range(1, 6)]

    assert sorted(one.ref.external_id for one in server.tracker().many(ids)) == ids


def test_a_refused_field_is_named(server: Jira) -> None:
    server.load({"key": "FLD-1"}, fields=[{"id": "customfield_9", "name": "Size", "type": "number"}])

    with pytest.raises(AnswerError, match="customfield_9"):
        server.tracker(create_fields={"Size": "big"}).create(replace(DRAFT, key="other"))
