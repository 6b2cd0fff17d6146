"""Documents: valid, within the limits, inert; and read back as text whatever they hold."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.domain.annotation import Annotation
from bot.domain.inert import clean, cut
from integrations.jira.adf import annotation_document, document_of, to_text
from integrations.sandbox.jira import adf as judge
from tests.integrations.jira.annotations import ANNOTATION, ANNOTATIONS, TEXTS

JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.text(max_size=5),
    lambda inner: (
        st.lists(inner, max_size=3)
        | st.dictionaries(st.sampled_from(["type", "text", "content", "attrs", "marks"]), inner, max_size=5)
    ),
    max_leaves=20,
)


def lines(node: dict[str, Any]) -> int:
    """Return how many lines a reader sees."""
    is_line = node["type"] in ("paragraph", "hardBreak")
    return int(is_line) + sum(lines(child) for child in node.get("content", []))


def marks(node: dict[str, Any]) -> Iterator[dict[str, Any]]:
    yield from node.get("marks", [])
    for child in node.get("content", []):
        yield from marks(child)


def test_an_annotation_says_who_spoke_in_their_words_and_where_to_read_on() -> None:
    document = annotation_document(ANNOTATION)

    assert to_text(document) == (
        "7 people · 3 companies · EUR 42,000 a year | new in the last 30 days: 2 people · 1 company\n"
        "Reported again after it was closed\n\n"
        "“The map stays white after sync.…”\n"
        "— Dispatcher at Acme · Team plan · Utilities · customer since 2023-03"
        " · 2026-11-21 · conversation\n\n"
        "“The map stays white after sync.”\n"
        "— a customer · 2026-11-21\n\n"
        "As stated: device Pixel 8 (2), iPad (1) · app version 3.2 (4)\n\n"
        "First heard 2026-09-01, last heard 2026-11-21 | all of it | wrong match?"
    )
    links = [mark["attrs"]["href"] for mark in marks(document) if mark["type"] == "link"]
    assert links == [ANNOTATION.quotes[0].url, ANNOTATION.all_url, ANNOTATION.wrong_match_url]


@given(ANNOTATIONS)
def test_every_annotation_is_a_valid_document_of_at_most_twelve_lines(annotation: Annotation) -> None:
    document = annotation_document(annotation)

    assert judge.fault(document) == ""
    assert judge.length(document) <= judge.MOST_CHARACTERS
    assert lines(document) <= 12


@given(TEXTS)
def test_any_text_becomes_a_valid_document_and_back_its_own_words(text: str) -> None:
    document = document_of(text)

    assert judge.fault(document) == ""
    assert judge.length(document) <= judge.MOST_CHARACTERS
    if judge.utf16(clean(text)) <= judge.MOST_CHARACTERS:
        assert to_text(document).split() == clean(text).split()


@given(TEXTS, st.integers(2, 400))
def test_a_cut_text_fits_and_ends_where_a_word_does(text: str, most: int) -> None:
    short = cut(text, most)

    assert judge.utf16(short) <= most
    assert short == text or text.startswith(short.removesuffix("…"))


@pytest.mark.parametrize("timestamp", [None, "²", "9" * 30, "-1", {}])
def test_reading_survives_any_day(timestamp: Any) -> None:
    assert isinstance(to_text({"type": "date", "attrs": {"timestamp": timestamp}}), str)


@given(JSON)
def test_reading_survives_any_shape(document: Any) -> None:
    assert isinstance(to_text(document), str)


def test_reading_knows_the_nodes_that_people_use_and_keeps_the_words_of_others() -> None:
    document = {
        "type": "doc",
        "version": 1,
        "content": [
            {"type": "heading", "attrs": {"level": 2}, "content": [{"type": "text", "text": "Steps"}]},
            {
                "type": "bulletList",
                "content": [
                    {"type": "listItem", "content": [_paragraph({"type": "text", "text": word})]}
                    for word in ("open", "close")
                ],
            },
            {"type": "codeBlock", "content": [{"type": "text", "text": "a = 1\n  b = 2"}]},
            _paragraph(
                {"type": "mention", "attrs": {"id": "1", "text": "@Mia"}},
                {"type": "text", "text": " on "},
                {"type": "date", "attrs": {"timestamp": "1766448000000"}},
                {"type": "text", "text": " "},
                {"type": "emoji", "attrs": {"shortName": ":bug:", "text": "🐛"}},
                {"type": "inlineCard", "attrs": {"url": "https://acme.example"}},
                {"type": "status", "attrs": {"text": "WIP", "color": "blue"}},
                {"type": "hologram", "content": [{"type": "text", "text": "!"}]},
            ),
        ],
    }

    assert to_text(document) == (
        "Steps\n\n- open\n- close\n\na = 1\n  b = 2\n\n@Mia on 2025-12-23 🐛https://acme.exampleWIP!"
    )


def test_reading_ends_in_a_document_nested_without_end() -> None:
    document: dict[str, Any] = {"type": "text", "text": "deep"}
    for _ in range(400):
        document = {"type": "blockquote", "content": [document]}

    assert to_text(document) == ""


def _paragraph(*content: dict[str, Any]) -> dict[str, Any]:
    return {"type": "paragraph", "content": list(content)}


def _text(text: Any = "words", **more: Any) -> dict[str, Any]:
    return {"type": "text", "text": text, **more}


@pytest.mark.parametrize(
    "block",
    [
        _text(),
        _paragraph(_text("")),
        _paragraph(_text(None)),
        _paragraph(_text("two\nlines")),
        _paragraph(_paragraph(_text())),
        _paragraph(_text(marks=[{"type": "blink"}])),
        _paragraph(_text(marks=[{"type": "link"}])),
        _paragraph(_text(marks=[{"type": "link", "attrs": {"href": "javascript:alert(1)"}}])),
        _paragraph(_text(marks=[{"type": "code"}, {"type": "strong"}])),
        _paragraph(_text(marks=[{"type": "em"}, {"type": "em"}])),
        _paragraph(_text(color="red")),
        _paragraph({"type": "mention", "attrs": {}}),
        {"type": "heading", "content": [_text()]},
        {"type": "heading", "attrs": {"level": 7}, "content": [_text()]},
        {"type": "bulletList", "content": []},
        {"type": "bulletList", "content": [_paragraph(_text())]},
        {"type": "blockquote", "content": [{"type": "heading", "attrs": {"level": 1}}]},
        {"type": "codeBlock", "content": [_text(marks=[{"type": "em"}])]},
        {"type": "panel", "content": [_paragraph(_text())]},
        {"type": "wikiMarkup", "content": []},
        {"type": "rule", "content": []},
        "words",
    ],
    ids=str,
)
def test_the_stand_in_refuses_what_is_no_document(block: Any) -> None:
    assert judge.fault({"type": "doc", "version": 1, "content": [block]})


@pytest.mark.parametrize(
    "document",
    ["words", None, {}, {"type": "doc", "content": []}, {"type": "doc", "version": 2, "content": []}],
    ids=str,
)
def test_the_stand_in_refuses_what_has_no_frame(document: Any) -> None:
    assert judge.fault(document)
