"""Markdown as a reader sees it: parsed as CommonMark with tables and strikethrough, words alone."""

from __future__ import annotations

from collections.abc import Iterator

from markdown_it import MarkdownIt
from markdown_it.token import Token

JOINER = "\u2060"
PLAIN = frozenset({"paragraph_open", "paragraph_close", "inline", "text", "softbreak", "hardbreak"})


def tokens(markdown: str) -> Iterator[Token]:
    """Yield all tokens, those within lines too."""
    for token in MarkdownIt("commonmark").enable(["table", "strikethrough"]).parse(markdown):
        yield token
        yield from token.children or ()


def kinds(markdown: str) -> set[str]:
    """Return what there is beside plain paragraphs."""
    return {token.type for token in tokens(markdown)} - PLAIN


def visible(markdown: str) -> str:
    """Return the words."""
    parts = []
    for token in tokens(markdown):
        if token.type in ("text", "code_inline", "html_inline", "html_block", "fence", "code_block"):
            parts.append(token.content)
        elif token.type in ("softbreak", "hardbreak", "paragraph_close"):
            parts.append("\n")
    return "".join(parts).replace(JOINER, "").strip()
