"""Jira's wiki text as HTML, as far as an annotation uses it; other markup shows as it is written."""

from __future__ import annotations

import html
import re

from markupsafe import Markup

from integrations.sandbox.viewer.mrkdwn import lines, web_link

QUOTE = re.compile(r"\{quote\}\n?(.*?)\n?\{quote\}\n*", re.DOTALL)
SPAN = re.compile(r"\[([^\[\]|\n]+)\|([^\[\]|\n]+)\]|(?<!\w)\*(?=\S)([^*\n]+)(?<=\S)\*(?!\w)")


def to_html(text: str) -> Markup:
    """Return the text as HTML."""
    parts, end = Markup(""), 0
    for quote in QUOTE.finditer(text):
        parts += _paragraphs(text[end : quote.start()])
        parts += Markup("<blockquote dir=auto>{0}</blockquote>").format(_spans(quote[1]))
        end = quote.end()
    return parts + _paragraphs(text[end:])


def _paragraphs(text: str) -> Markup:
    blocks = [block.strip("\n") for block in text.split("\n\n")]
    return Markup("").join(Markup("<p dir=auto>{0}</p>").format(_spans(block)) for block in blocks if block)


def _spans(text: str) -> Markup:
    shown, end = Markup(""), 0
    for span in SPAN.finditer(text):
        shown += lines(html.unescape(text[end : span.start()]))
        words = html.unescape(span[1] or span[3])
        shown += web_link(span[2], words) if span[2] else Markup("<b>{0}</b>").format(lines(words))
        end = span.end()
    return shown + lines(html.unescape(text[end:]))
