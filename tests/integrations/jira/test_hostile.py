"""A customer's text of 40,000 characters that tries every markup: inert, and within the limit."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import pytest

from bot.domain.annotation import TicketDraft
from bot.domain.ticket import TicketRef
from integrations.sandbox.jira import adf, wiki
from tests.integrations.jira.annotations import ANNOTATION, EVIDENCE, QUOTE
from tests.integrations.jira.conftest import Jira

TRIES = (
    '{"type":"doc","version":1,"content":[{"type":"mention","attrs":{"id":"1:ada"}}]} {code:java}x{code} '
    "[~accountid:712020:ada] [~ada] @ada @here ![pixel](https://evil.example/p.png) !https://evil.example/p! "
    "<img src=x onerror=alert(1)> <script>alert(1)</script> [click|https://evil.example] h1. *bold* _em_ "
    "[click](https://evil.example) https://evil.example/?a=1 {color:red}red{color} ---- ||a||b|| \\\\ "
    "{panel}{panel} FLD-1 :) "
)
TEXT = (TRIES * (40_000 // len(TRIES) + 1))[:40_000]


@pytest.fixture(params=["jira", "server"])
def site(request: pytest.FixtureRequest) -> Jira:
    found: Jira = request.getfixturevalue(request.param)
    found.load({"key": "FLD-1"})
    return found


def written(site: Jira) -> tuple[Any, Any]:
    """Let the text be quoted in a comment and fill a new ticket; return both as the site keeps them."""
    ref = TicketRef("jira", site.issue("FLD-1")["id"])
    quote = replace(QUOTE, words=TEXT, role=TEXT, company=TEXT, plan=TEXT)
    hostile = replace(ANNOTATION, quotes=(quote,) * 3, workaround=quote, context=((TEXT, ((TEXT, 1),)),))
    site.tracker().annotate(ref, hostile, None)
    site.tracker().link(ref, replace(EVIDENCE, title=TEXT, summary=TEXT, words=TEXT))
    made = site.tracker().create(TicketDraft(key="k", project="FLD", title=TEXT, body=TEXT, labels=(TEXT,)))
    return site.issue("FLD-1")["comments"][0]["body"], site.issue(made.key)["description"]


def nodes(node: dict[str, Any]) -> set[str]:
    marks = {mark["type"] for mark in node.get("marks", [])}
    return {node["type"], *marks}.union(*(nodes(child) for child in node.get("content", [])))


def test_it_is_inert_in_documents(jira: Jira) -> None:
    jira.load({"key": "FLD-1"})

    comment, description = written(jira)

    assert nodes(comment) == {"doc", "paragraph", "blockquote", "text", "hardBreak", "strong", "link"}
    assert nodes(description) == {"doc", "paragraph", "text"}


def test_it_is_inert_in_wiki_text(server: Jira) -> None:
    server.load({"key": "FLD-1"})

    comment, description = written(server)

    assert wiki.live(description) == []
    assert {one.kind for one in wiki.live(comment)} == {"macro", "link", "strong"}
    assert {one.text for one in wiki.live(comment) if one.kind == "macro"} == {"quote"}
    assert not any("evil" in one.text for one in wiki.live(comment))


def test_it_fits_and_ends_with_a_word(site: Jira) -> None:
    comment, description = written(site)

    markup = adf.plain if site.api.endswith("3") else wiki.plain
    lengths = [len(body) if isinstance(body, str) else adf.length(body) for body in (comment, description)]
    assert max(lengths) <= 32_767
    assert lengths[1] > 32_000
    kept = markup(description).removesuffix("…")
    assert markup(description).endswith("…")
    assert TEXT.startswith(kept)
    assert TEXT[len(kept)].isspace()
