"""What Jira's stand-in takes for content: comments that say something, addresses, storable texts."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import pytest

from bot.domain.annotation import TicketDraft
from bot.domain.ticket import TicketRef
from integrations.sandbox.jira.adf import document_of
from tests.integrations.jira.annotations import ANNOTATION, EVIDENCE, QUOTE
from tests.integrations.jira.conftest import Jira

TARGET: dict[str, Any] = {"url": "https://voc.example/1", "title": "A title"}
NO_ADDRESSES = [
    "https://voc.example/a b",
    "https://voc.example/<script>",
    "https://voc.example/\\",
    "https://voc.example/\u0000",
    "https://voc.example/\ud800",
    "https://",
]


def _ref(jira: Jira) -> TicketRef:
    jira.load({"key": "FLD-1"})
    return TicketRef("jira", jira.issue("FLD-1")["id"])


def _linked(text: str, url: str) -> dict[str, Any]:
    mark = {"type": "link", "attrs": {"href": url}}
    content = [{"type": "text", "text": text, "marks": [mark]}]
    return {"type": "doc", "version": 1, "content": [{"type": "paragraph", "content": content}]}


@pytest.mark.parametrize("body", [document_of(""), document_of(" \n "), "Words", None], ids=str)
def test_a_comment_that_says_nothing_is_refused(jira: Jira, body: Any) -> None:
    jira.load({"key": "FLD-1"})
    made = jira.ask("POST", "issue/FLD-1/comment", {"body": document_of("Words")}).json()["id"]

    added = jira.ask("POST", "issue/FLD-1/comment", {"body": body})
    edited = jira.ask("PUT", f"issue/FLD-1/comment/{made}", {"body": body})

    assert [(answer.status_code, list(answer.json()["errors"])) for answer in (added, edited)] == [
        (400, ["comment"])
    ] * 2


@pytest.mark.parametrize("ids", [[], ["10000"], [1, 1], list(range(1_001)), None], ids=lambda i: str(i)[:20])
def test_comments_are_listed_by_one_to_a_thousand_distinct_ids(jira: Jira, ids: Any) -> None:
    assert jira.ask("POST", "comment/list", {"ids": ids}).status_code == 400


@pytest.mark.parametrize("text", ["a\u0000b", "a\ud800b", "a\u001fb"], ids=ascii)
def test_a_text_that_can_not_be_stored_is_refused(jira: Jira, text: str) -> None:
    jira.load({"key": "FLD-1"})

    comment = jira.ask("POST", "issue/FLD-1/comment", {"body": document_of(text)})
    link = jira.ask("POST", "issue/FLD-1/remotelink", {"object": TARGET | {"title": text}})

    assert (comment.status_code, link.status_code) == (400, 400)


@pytest.mark.parametrize("url", [*NO_ADDRESSES, "mailto:ada@voc.example", "voc.example"], ids=ascii)
def test_a_link_needs_an_address(jira: Jira, url: str) -> None:
    jira.load({"key": "FLD-1"})

    link = jira.ask("POST", "issue/FLD-1/remotelink", {"object": TARGET | {"url": url}})

    assert link.status_code == 400
    if not url.startswith("mailto:"):
        assert jira.ask("POST", "issue/FLD-1/comment", {"body": _linked("x", url)}).status_code == 400


@pytest.mark.parametrize(
    "change",
    [
        {"application": {"type": "voc", "name": "x" * 256}},
        {"application": "voc"},
        {"object": TARGET | {"status": {"resolved": "no"}}},
        {"object": TARGET | {"summary": {"text": "x"}}},
    ],
    ids=str,
)
def test_a_link_with_a_member_of_another_type_is_refused(jira: Jira, change: dict[str, Any]) -> None:
    jira.load({"key": "FLD-1"})

    assert jira.ask("POST", "issue/FLD-1/remotelink", {"object": TARGET} | change).status_code == 400


@pytest.mark.parametrize("method", ["POST", "PUT"])
def test_a_body_is_json_by_its_content_type(jira: Jira, method: str) -> None:
    jira.load({"key": "FLD-1"})
    made = jira.ask("POST", "issue/FLD-1/comment", {"body": document_of("Words")})
    path = "issue/FLD-1/comment" + (f"/{made.json()['id']}" if method == "PUT" else "")

    assert jira.send_text(method, path, '{"body": {}}').status_code == 415


@pytest.mark.parametrize("url", NO_ADDRESSES, ids=ascii)
def test_the_tracker_writes_no_address_that_is_none(jira: Jira, url: str) -> None:
    ref = _ref(jira)

    jira.tracker().link(ref, replace(EVIDENCE, url=url))
    jira.tracker().annotate(ref, replace(ANNOTATION, quotes=(replace(QUOTE, url=url),), all_url=url), None)

    assert jira.issue("FLD-1")["links"][0]["object"]["url"].startswith(jira.url)


def test_the_tracker_cleans_what_it_makes_labels_of(jira: Jira) -> None:
    jira.load({"key": "FLD-1"})
    labels = ("from\u0000 voc", "\ud800", "🙂" * 200)

    made = jira.tracker().create(TicketDraft(key="k", project="FLD", title="T", body="B", labels=labels))

    assert made.labels[1] == "from-voc"
    assert made.labels[2].rstrip("…") in "🙂" * 127
    assert len(made.labels) == 3
