"""Markdown: whatever a customer writes shows as words, and nothing else."""

from __future__ import annotations

import re
from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.domain.inert import clean, one_line
from integrations.linear.markdown import MOST_WORDS, annotation_markdown, escaped, is_same, paragraphs, plain
from tests.contracts.ticket_trackers import ANNOTATION, QUOTE
from tests.integrations.linear.seeing import JOINER, kinds, visible

HOSTILE = [
    "# heading",
    "- item\n- [ ] task\n1. one\n+ two\n* three",
    "> quoted",
    "    indented code",
    "```\nfence\n```",
    "~~~js\nfence\n~~~",
    "`code` **bold** _it_ ~~gone~~ __b__",
    "![image](https://evil.example/x.png)",
    "[link](https://evil.example) [ref]: https://evil.example",
    "<https://evil.example> <img src=x onerror=alert(1)> <!-- hidden -->",
    "https://evil.example www.evil.example mail@evil.example",
    "@mia @here @channel",
    "ENG-12 and https://linear.app/acme/issue/ENG-12",
    "title\n=====\nother\n-----",
    "| a | b |\n|---|---|\n| 1 | 2 |",
    "***\n---\n___",
    "&lt;b&gt; &amp; &#35; &copy;",
    "\\# \\\\ \\",
    "+++\ntoggle\n+++",
    ':smile: $$x$$ {"type":"doc","content":[{"type":"mention"}]} {code} [~user]',
    "ends with a backslash\\\nnext",
    "two  \nspaces",
]
SIGNS = st.text(st.sampled_from("#*_-+>`~[]()!<>&|\\/:.@=1aA \n\t\u00a0\u2028wWhttps")) | st.text()


def words(text: str) -> str:
    """Return the text as it may be seen: its words, one space between."""
    return " ".join(clean(text).replace(JOINER, "").split())


@given(SIGNS)
def test_any_text_is_seen_as_its_words_and_nothing_else(text: str) -> None:
    markdown = paragraphs(text)

    assert kinds(markdown) == set()
    assert " ".join(visible(markdown).split()) == words(text)


@pytest.mark.parametrize("text", HOSTILE)
def test_hostile_text_is_seen_as_it_was_written(text: str) -> None:
    markdown = paragraphs(text)

    assert kinds(markdown) == set()
    assert [one_line(line) for line in visible(markdown).split("\n")] == [
        one_line(line) for line in text.split("\n")
    ]


@given(SIGNS)
def test_nothing_that_an_editor_links_by_itself_is_left_whole(text: str) -> None:
    markdown = re.sub(r"\\([!-/:-@\[-`{-~])", r"\1", escaped(text))  # a sign escapes one, no more

    assert not re.search(r"https?://|\w\.[A-Za-z]|@\w|[A-Z]-\d|\w@", markdown)


@given(SIGNS)
def test_what_we_wrote_is_known_again_with_or_without_needless_escapes(text: str) -> None:
    markdown = paragraphs(text)
    bare = re.sub(r"\\(?=[.:@/-])", "", markdown)

    assert is_same(markdown, markdown)
    assert is_same(markdown, bare)


@given(SIGNS)
def test_our_own_markdown_is_read_back_as_its_words(text: str) -> None:
    assert " ".join(plain(paragraphs(text)).split()) == words(text)


def test_somebodys_markdown_is_read_without_its_marks() -> None:
    markdown = (
        "## Steps\n\n1. Open **the** [map](https://x.example/a_b)\n> quoted `code`\n![shot](https://i.example)\n"
        "```js\nlet a_b = 1\n```\n~~old~~ 3 \\* 4, snake_case"
    )

    assert plain(markdown).split("\n") == [
        "Steps",
        "",
        "1. Open the map",
        "quoted code",
        "shot",
        "",
        "let a_b = 1",
        "",
        "old 3 * 4, snake_case",
    ]


@pytest.mark.parametrize("text", ["word " * 8_000, "x" * 40_000, "# " * 20_000, "🙂" * 20_000])
def test_long_text_is_cut_at_a_words_end(text: str) -> None:
    markdown = paragraphs(text)

    seen = visible(markdown)
    assert len(seen.encode("utf-16-le")) // 2 <= MOST_WORDS
    assert len(markdown) <= 2 * MOST_WORDS
    assert seen.endswith("…")
    assert " " not in text or seen[:-1].split()[-1] in ("word", "#")


@given(SIGNS)
def test_an_annotation_shows_hostile_words_as_words_beside_our_own_marks(text: str) -> None:
    quote = replace(QUOTE, words=text, role=text, company=text, plan=text)

    markdown = annotation_markdown(replace(ANNOTATION, quotes=(quote,), context=((text, ((text, 2),)),)))

    assert kinds(markdown) <= {
        "strong_open",
        "strong_close",
        "link_open",
        "link_close",
        "blockquote_open",
        "blockquote_close",
    }
    assert one_line(words(text))[:50].strip() in " ".join(visible(markdown).split())


def test_an_annotation_has_its_lines_its_quotes_and_its_links() -> None:
    linked = replace(ANNOTATION, all_url="https://voc.example/t?a=1&copy;=2", wrong_match_url="javascript:x")

    assert annotation_markdown(linked).replace(JOINER, "") == (
        "**3 people · 2 companies** \\| new in the last 30 days\\: 1 person · 1 company\n\n"
        "> “The map stays white after sync\\.”\\\n"
        "> — Dispatcher at Acme · Team plan · customer since 2025\\-10 · 2026\\-11\\-21 · "
        "[conversation](<https://help.acme.example/tickets/7>)\n\n"
        "As stated\\: device Pixel 8 \\(2\\)\n\n"
        "First heard 2026\\-10\\-14\\, last heard 2026\\-11\\-21 \\| "
        "[all of it](<https://voc.example/t?a=1\\&copy;=2>) \\| wrong match\\? Remove its link"
    )
