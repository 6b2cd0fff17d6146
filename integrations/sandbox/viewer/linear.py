"""Linear's issues as their readers see them: requests with their customers, or attachments and a comment."""

from __future__ import annotations

import copy
from typing import Any

from markdown_it import MarkdownIt
from markupsafe import Markup

from integrations.sandbox.serving import Sandbox

Json = dict[str, Any]
MOST_TICKETS = 60


def linear_issues(sandbox: Sandbox) -> list[Json]:
    """Return copies of the issues that carry something; none when there is no Linear."""
    stand_in = sandbox.stand_ins.get("linear")
    if stand_in is None:
        return []
    with stand_in.lock:
        issues = [_without_archived(issue) for issue in stand_in.dump()["issues"]]
    return copy.deepcopy([one for one in issues if one["needs"] or one["comments"] or one["attachments"]])


def to_html(markdown: str | None) -> Markup:
    """Return Markdown as HTML: tags in it are words, images are left out, links leave the page."""
    reader = MarkdownIt("commonmark", {"html": False}).enable(["table", "strikethrough"]).disable("image")
    reader.add_render_rule("link_open", _link_open)
    return Markup(reader.render(markdown or ""))  # noqa: S704 - escaped by the renderer


class LinearPage:
    """Linear's annotated tickets."""

    def __init__(self, issues: list[Json]) -> None:
        self._issues = sorted(issues, key=lambda one: (-_pieces(one), str(one["identifier"])))

    @property
    def total(self) -> int:
        """How many are annotated."""
        return len(self._issues)

    def tickets(self) -> list[Json]:
        """Return the annotated tickets, those with most pieces first, at most MOST_TICKETS."""
        return [{**issue, "pieces": _pieces(issue)} for issue in self._issues[:MOST_TICKETS]]

    def ticket(self, identifier: str) -> Json | None:
        """Return one ticket with its Markdown as HTML."""
        found = next((one for one in self._issues if one["identifier"] == identifier), None)
        if found is None:
            return None
        sources = {need["url"] for need in found["needs"]}
        return {
            **found,
            "html": to_html(found["description"]),
            "needs": [{**need, "html": to_html(need["body"])} for need in found["needs"]],
            "comments": [{**one, "html": to_html(one["body"])} for one in found["comments"]],
            "attachments": [one for one in found["attachments"] if one["url"] not in sources],
        }


def _without_archived(issue: Json) -> Json:
    """Return the issue as it is shown: an archived request and its source are not."""
    gone = {need["url"] for need in issue["needs"] if need["archived"]}
    return {
        **issue,
        "needs": [need for need in issue["needs"] if not need["archived"]],
        "attachments": [one for one in issue["attachments"] if one["url"] not in gone],
    }


def _pieces(issue: Json) -> int:
    return len(issue["needs"]) or len(issue["attachments"])


def _link_open(self: Any, tokens: Any, at: int, options: Any, env: Any) -> str:
    """Return a link's start. Its signature is the renderer's."""
    tokens[at].attrSet("target", "_blank")
    tokens[at].attrSet("rel", "noreferrer noopener")
    return str(self.renderToken(tokens, at, options, env))
