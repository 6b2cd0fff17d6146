"""What is Jira's own about the tracker: quiet, internal, patient, and not deceived."""

from __future__ import annotations

import json
import subprocess
import sys
from dataclasses import replace
from typing import Any

import pytest

from bot.domain.annotation import TicketDraft
from bot.domain.ticket import TicketRef, TicketStage
from bot.errors import AnswerError, NotFoundError, TransientError
from integrations.jira.tracker import JiraTracker
from integrations.sandbox.jira.oauth import CLOUD_ID
from tests.integrations.jira.annotations import ANNOTATION, EVIDENCE
from tests.integrations.jira.conftest import NOW, Jira

DRAFT = TicketDraft(key="draft:9", project="FLD", title="White map", body="Words", labels=("from voc",))


def ref_of(jira: Jira, key: str = "FLD-1", **issue: Any) -> TicketRef:
    jira.load({"key": key, **issue})
    return TicketRef("jira", jira.issue(key)["id"])


def test_an_edit_mails_nobody_and_asks_for_one_request_only(jira: Jira) -> None:
    ref = ref_of(jira)
    tracker = jira.tracker()
    made = tracker.annotate(ref, ANNOTATION, None)
    before = len(jira.client.requests())

    tracker.annotate(ref, replace(ANNOTATION, pieces=99), made)

    [edit] = jira.client.requests()[before:]
    assert (edit["method"], edit["query"]) == ("PUT", "notifyUsers=false")
    assert jira.issue("FLD-1")["comments"][0]["edits"] == 1


def test_the_comment_stays_inside_on_a_service_desk_also_after_an_edit(jira: Jira) -> None:
    jira.client.load("jira", {"projects": [{"key": "FLD", "type": "service_desk"}]})
    ref = ref_of(jira)

    made = jira.tracker().annotate(ref, ANNOTATION, None)
    jira.tracker().annotate(ref, ANNOTATION, made)

    assert [comment["public"] for comment in jira.issue("FLD-1")["comments"]] == [False]


def test_a_comment_that_came_along_to_a_service_desk_is_inside_there(jira: Jira) -> None:
    jira.client.load("jira", {"projects": [{"key": "DESK", "type": "service_desk"}]})
    ref = ref_of(jira)
    jira.tracker().annotate(ref, ANNOTATION, None)

    jira.load({"id": ref.external_id, "key": "DESK-1"})

    assert [comment["public"] for comment in jira.issue("DESK-1")["comments"]] == [False]


def test_finds_its_comment_behind_more_than_a_page_of_others(jira: Jira) -> None:
    ref = ref_of(jira)
    made = jira.tracker().annotate(ref, ANNOTATION, None)
    jira.clock.advance(60)
    jira.load({"key": "FLD-1", "comments": [{"body": f"Comment {n}"} for n in range(230)]})

    assert jira.tracker().find_annotation(ref) == made


def test_the_link_says_what_it_is_and_whether_it_is_answered(jira: Jira) -> None:
    ref = ref_of(jira)
    long = replace(EVIDENCE, title="word " * 100, summary="said in chat", is_answered=True)

    jira.tracker().link(ref, long)

    [link] = jira.issue("FLD-1")["links"]
    assert link["relationship"] == "voice of the customer"
    assert link["object"]["status"] == {"resolved": True}
    assert link["object"]["summary"] == "said in chat"
    assert len(link["object"]["title"]) <= 255
    assert link["object"]["title"].endswith("word…")


@pytest.mark.parametrize("name", ["jira", "server"])
def test_links_of_others_are_told_without_a_key(request: pytest.FixtureRequest, name: str) -> None:
    site: Jira = request.getfixturevalue(name)
    ref = ref_of(site)
    site.tracker().link(ref, EVIDENCE)
    theirs = {"url": "https://acme.zendesk.com/agent/tickets/7", "title": "Ticket 7"}
    application = {"type": "com.zendesk.agent", "name": "Zendesk"}
    for link in ({"globalId": "zd=7", "application": application, "object": theirs}, {"object": theirs}):
        assert site.ask("POST", "issue/FLD-1/remotelink", link).status_code == 201

    linked = site.tracker().linked(ref)

    assert [(one.key, one.url) for one in linked] == [
        (EVIDENCE.key, EVIDENCE.url),
        ("", theirs["url"]),
        ("", theirs["url"]),
    ]


def test_a_created_ticket_carries_its_label_and_one_word_labels(jira: Jira) -> None:
    jira.load({"key": "FLD-1"})

    made = jira.tracker().create(DRAFT)

    marker, other = jira.issue(made.key)["labels"]
    assert marker.startswith("voc-")
    assert other == "from-voc"


def test_reads_stages_by_status_category(jira: Jira) -> None:
    for number, category in enumerate(("new", "indeterminate", "done"), start=1):
        jira.load({"key": f"FLD-{number}", "status": "Whatever", "statusCategory": category})

    stages = [jira.tracker().get(f"FLD-{n}").stage for n in (1, 2, 3)]

    assert stages == [TicketStage.OPEN, TicketStage.STARTED, TicketStage.DONE]


def test_people_are_sent_to_the_site_and_not_to_the_gateway(jira: Jira) -> None:
    ref = ref_of(jira)
    jira.load(scoped=True)
    tracker = jira.tracker(url=f"{jira.url}/ex/jira/{CLOUD_ID}", site_url="https://acme.atlassian.net/")

    tracker.link(ref, replace(EVIDENCE, url=""))

    assert tracker.get("FLD-1").url == "https://acme.atlassian.net/browse/FLD-1"
    [link] = jira.issue("FLD-1")["links"]
    assert link["object"]["url"] == f"https://acme.atlassian.net/issues/?jql=issue%3D{ref.external_id}"


@pytest.mark.parametrize("zone", ["Pacific/Kiritimati", "America/Los_Angeles", "Asia/Kolkata"])
def test_the_accounts_time_zone_changes_nothing(jira: Jira, zone: str) -> None:
    jira.load({"key": "FLD-1", "updated": "2026-11-23T11:00:00+00:00"}, time_zone=zone)
    [page] = jira.tracker().changed_since(None)
    jira.load(
        {"key": "FLD-2", "updated": "2026-11-23T11:00:30+00:00"},
        {"key": "FLD-3", "updated": "2026-11-23T10:59:00+00:00"},
    )

    [again] = jira.tracker().changed_since(page.cursor)

    assert [ticket.key for ticket in again.tickets] == ["FLD-1", "FLD-2"]


def test_asks_for_quoted_projects_a_relative_window_and_its_fields(jira: Jira) -> None:
    jira.client.load("jira", {"projects": [{"key": "DO"}]})
    jira.load({"key": "FLD-1", "updated": "2026-11-23T11:00:00+00:00"})
    tracker = jira.tracker("FLD", "DO")
    [page] = tracker.changed_since(None)

    list(tracker.changed_since(page.cursor))

    first, second = (json.loads(row["body"]) for row in jira.asked("POST", "search/jql"))
    assert first["jql"] == 'project in ("FLD", "DO") ORDER BY updated ASC, key ASC'
    assert second["jql"] == 'project in ("FLD", "DO") AND updated >= "-62m" ORDER BY updated ASC, key ASC'
    assert "description" in first["fields"]


def test_the_cursor_never_passes_what_search_may_still_show_late(jira: Jira) -> None:
    jira.load({"key": "FLD-1", "updated": NOW.isoformat()})

    [page] = jira.tracker().changed_since(None)

    assert page.cursor == "2026-11-23T11:58:00+00:00"


def test_an_empty_site_gives_no_page(jira: Jira) -> None:
    jira.client.load("jira", {"projects": [{"key": "FLD"}]})

    assert list(jira.tracker().changed_since(None)) == []


def test_a_project_that_is_hidden_stops_the_reading(jira: Jira) -> None:
    jira.load({"key": "FLD-1"})

    with pytest.raises(AnswerError, match="400"):
        list(jira.tracker("FLD", "GONE").changed_since(None))


def test_waits_out_the_limit_of_writes_on_one_issue(jira: Jira) -> None:
    ref = ref_of(jira)
    tracker = jira.tracker()

    for number in range(45):
        tracker.link(ref, replace(EVIDENCE, key=f"voc:{number}"))

    assert len(jira.issue("FLD-1")["links"]) == 45
    assert jira.slept
    assert len(jira.asked("POST", "/remotelink")) == 45


def answered_by(jira: Jira, path: str, **rule: Any) -> JiraTracker:
    jira.client.fault("status", vendor="jira", path=path, times=None, **rule)
    return jira.tracker()


def test_a_full_ticket_is_told_as_such(jira: Jira) -> None:
    ref = ref_of(jira)
    jira.load(most_comments=0)

    with pytest.raises(AnswerError, match="as many comments or links as Jira allows"):
        jira.tracker().annotate(ref, ANNOTATION, None)


def test_a_refused_field_is_named_without_its_words(jira: Jira) -> None:
    jira.load({"key": "FLD-1"})

    jira.load(fields=[{"id": "customfield_9", "name": "Size", "type": "number"}])

    with pytest.raises(AnswerError, match=r"\(400: customfield_9\)"):
        jira.tracker(create_fields={"customfield_9": "big"}).create(DRAFT)


def test_a_site_that_is_away_says_nothing_about_its_tickets(jira: Jira) -> None:
    gone = {"status": 404, "body": "<html>Your Atlassian site is unavailable</html>"}
    tracker = answered_by(jira, ".*/issue/.*", **gone)

    with pytest.raises(TransientError):
        tracker.get("FLD-1")


def test_a_wrong_cloud_id_says_nothing_about_the_tickets_of_the_site(jira: Jira) -> None:
    jira.load({"key": "FLD-1"}, scoped=True)
    tracker = jira.tracker(url=f"{jira.url}/ex/jira/another", deployment="cloud")

    with pytest.raises(TransientError, match="the site is not there"):
        tracker.get("FLD-1")


def test_a_missing_ticket_is_not_taken_for_a_site_that_is_away(jira: Jira) -> None:
    jira.load({"key": "FLD-1"})

    with pytest.raises(NotFoundError):
        jira.tracker().get("FLD-404")


@pytest.mark.parametrize("body", ["[]", "null", "{}", '{"issues": null}', '"words"'])
def test_an_answer_of_another_shape_is_no_quiet_week(jira: Jira, body: str) -> None:
    jira.load({"key": "FLD-1"})
    tracker = answered_by(jira, ".*/search/jql", status=200, body=body)

    with pytest.raises(AnswerError):
        list(tracker.changed_since(None))


@pytest.mark.parametrize("body", ['{"comments": [1]}', '{"comments": [{}]}', "[]"])
def test_comments_of_another_shape_are_told_as_such(jira: Jira, body: str) -> None:
    ref = ref_of(jira)
    tracker = answered_by(jira, ".*/comment", status=200, body=body)

    with pytest.raises(AnswerError):
        tracker.annotate(ref, ANNOTATION, None)


def test_the_slow_library_is_imported_with_the_first_request_only() -> None:
    code = (
        "import sys; from integrations.jira.tracker import JiraTracker;"
        "from integrations.credentials import StaticCredentials;"
        "JiraTracker('http://127.0.0.1:9', StaticCredentials.basic('a', 'b'), []);"
        "print('jira' in sys.modules)"
    )

    told = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)

    assert told.stdout.strip() == "False"
