"""Customers' words are data all the way out: they ping nobody, break nothing, and privacy holds."""

from __future__ import annotations

import json
from collections.abc import Iterator
from typing import Any
from urllib.parse import unquote_plus

import pytest

from tests.journeys.company import DIGEST, REVIEW, Said
from tests.journeys.conftest import Stage
from tests.journeys.outside import Outside

PRIVATE = ("jane.planted@customer.example", "+49 30 90182099", "4111 1111 1111 1111", "4111111111111111")
WORDS = (
    "APP-1 <!channel> <!here> <!everyone> @here @channel <@U0ADA0001> <!subteam^S0123> wake up all of you",
    "APP-1 see <https://evil.example|https://bank.example> and [press](javascript:alert(1)) before tonight",
    "APP-1 {html}<script>alert(1)</script>{html} {include:X} [~admin] !http://evil.example/x.png! is shown",
    "APP-1 \u202esdrow eht esrever\u202c with \u2066hidden\u2069 marks turn my invoice around, look",
    "APP-1 " + "the export fails every single day of the week " * 900,
    "APP-1 has\x00a NUL\x00byte and a \x07 bell in the middle of what I write to you",
    "APP-1 "
    + "<div>" * 5_000
    + "deep down here are the words of a customer who pasted a page"
    + "</div>" * 5_000,
    "\N{GRINNING FACE}" * 60,
    f"APP-1 write to {PRIVATE[0]} or call {PRIVATE[1]}, the card is {PRIVATE[2]} ({PRIVATE[3]}), do it today",
)
SAID = tuple(
    Said(source, number, number % 6 + 1, 2.0 + number / 10, words)
    for number, (source, words) in enumerate(
        [(source, words) for source in ("zendesk", "intercom") for words in WORDS], start=1
    )
)
SPEAKING = [c for c in SAID if "APP-1" in c.words]
INERT = {"doc", "paragraph", "text", "hardBreak", "blockquote", "rule", "strong", "em", "link"}


@pytest.mark.slow
def test_hostile_words_ping_nobody_break_nothing_and_tell_nothing_private(stage: Stage) -> None:
    with stage.unread_lives(SAID) as lives:
        lives.prepare(with_feedback=False)
        lives.drain_through_deaths()
        world = lives.outside

        held = world.held()
        assert [key for key, _ in held.links["APP-1"]] == sorted(c.key for c in SPEAKING), lives.log
        assert len(held.comments["APP-1"]) == len(held.digests) == 1
        assert len(held.cards) == len(SPEAKING), lives.log
        assert [m["mentions"] for m in _messages(world) if m["mentions"]] == []
        assert _node_types(world) <= INERT
        assert all(
            url.startswith(tuple(world.sandbox.urls.values())) or "intercom.com" in url
            for url in _urls(world)
        )
        assert _leaks(world) == []


def _messages(world: Outside) -> list[dict[str, Any]]:
    return [*world.messages(REVIEW), *world.messages(DIGEST)]


def _node_types(world: Outside) -> set[str]:
    """Return the types of nodes and marks in all comments."""
    comments = [c for issue in world.state("jira")["issues"] for c in issue["comments"]]
    return {node["type"] for comment in comments for node in _nodes(comment["body"])}


def _urls(world: Outside) -> list[str]:
    """Return every address that a ticket or a message leads to."""
    issues = world.state("jira")["issues"]
    links = [link["object"]["url"] for issue in issues for link in issue["links"]]
    marked = [
        n["attrs"]["href"]
        for i in issues
        for c in i["comments"]
        for n in _nodes(c["body"])
        if n["type"] == "link"
    ]
    pressed = [n["url"] for m in _messages(world) for n in _nodes(m.get("blocks")) if "url" in n]
    return [*links, *marked, *pressed]


def _nodes(node: Any) -> Iterator[dict[str, Any]]:
    """Yield each object with a type."""
    if isinstance(node, list):
        for item in node:
            yield from _nodes(item)
    elif isinstance(node, dict):
        if "type" in node:
            yield node
        for value in node.values():
            yield from _nodes(value)


def _leaks(world: Outside) -> list[tuple[str, str]]:
    """Return (path, what) of each request to Jira or Slack that carries something private."""
    return [
        (row["path"], secret)
        for row in world.writes()
        for secret in PRIVATE
        if secret in _decoded(row["body"])
    ]


def _decoded(body: str) -> str:
    try:
        return json.dumps(json.loads(body), ensure_ascii=False)
    except ValueError:
        return unquote_plus(body)
