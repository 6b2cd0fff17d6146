"""Slack's mrkdwn as HTML, with nothing of it taken on trust."""

from __future__ import annotations

import re
from collections.abc import Callable

from markupsafe import Markup, escape

TOKEN = re.compile(r"<([^<>\s|][^<>|]*)(?:\|([^<>]*))?>|```(.+?)```|`([^`\n]+)`", re.DOTALL)
STYLES = ((re.compile(r"(?<![\w*])\*(\S|\S[^*\n]*\S)\*(?![\w*])"), "b"),
          (re.compile(r"(?<![\w_])_(\S|\S[^_\n]*\S)_(?![\w_])"), "i"),
          (re.compile(r"(?<![\w~])~(\S|\S[^~\n]*\S)~(?![\w~])"), "s"))  # fmt: skip


def to_html(mrkdwn: str, name_of: Callable[[str], str]) -> Markup:
    """Return the text as Slack shows it. name_of: a user's or a channel's name by id."""
    out, at = Markup(), 0
    for token in TOKEN.finditer(mrkdwn):
        out += _styled(mrkdwn[at : token.start()]) + _token(token, name_of)
        at = token.end()
    return out + _styled(mrkdwn[at:])


def web_link(url: str, label: str) -> Markup:
    """Return a link that leaves the page, or the label alone for an address of another kind."""
    if not url.startswith(("https://", "http://")):
        return escape(label)
    return Markup('<a href="{}" target="_blank" rel="noreferrer noopener">{}</a>').format(url, label)


def lines(text: str) -> Markup:
    """Return text literally, its line breaks kept."""
    return Markup("<br>").join(text.split("\n"))


def _token(token: re.Match[str], name_of: Callable[[str], str]) -> Markup:
    target, label, block, code = token.groups()
    if block is not None:
        return Markup("<pre>{}</pre>").format(_plain(block))
    if code is not None:
        return Markup("<code>{}</code>").format(_plain(code))
    if target.startswith(("@", "#")):
        return Markup('<span class="mention">{}{}</span>').format(target[0], label or name_of(target[1:]))
    if target.startswith("!date^"):
        return escape(_plain(label or ""))
    if target.startswith("!"):
        return Markup('<span class="mention loud">@{}</span>').format(label or target[1:])
    return web_link(_plain(target), _plain(label or target))


def _styled(text: str) -> Markup:
    html = str(lines(_plain(text)))
    for pattern, tag in STYLES:
        html = pattern.sub(rf"<{tag}>\1</{tag}>", html)
    return Markup(html)  # noqa: S704 - escaped above; only the tags are added


def _plain(text: str) -> str:
    return text.replace("&lt;", "<").replace("&gt;", ">").replace("&amp;", "&")
