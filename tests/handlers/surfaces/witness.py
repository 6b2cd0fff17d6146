"""A witness of all that Slack is sent: every quote is somebody's words, and nothing redacted is among it."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Any
from urllib.parse import parse_qs

from tests.handlers.world import World

GAP = re.compile(r"\[[^\]]*\]|…")  # what was left out, or stands for what was redacted


@dataclass(slots=True)
class Witness:
    """said: what customers said, in every revision that may be quoted; secrets: what must never leave."""

    world: World
    said: dict[str, list[str]] = field(default_factory=dict)
    secrets: set[str] = field(default_factory=set)
    quotes: int = 0
    _seen: int = 0

    def look(self) -> None:
        """Judge everything that was sent since the last look."""
        rows = self.world.sandbox.ledger.rows("slack")
        known = [_plain(words) for revisions in self.said.values() for words in revisions]
        for row in rows[self._seen :]:
            body = row["body"]
            text = _unescaped(body)
            assert [s for s in self.secrets if s in text] == [], row["path"]
            for quote in _quotes(_read(body)):
                self.quotes += 1
                for part in map(_plain, GAP.split(quote)):
                    assert any(part in words for words in known), f"nobody said {part!r}"
        self._seen = len(rows)

    def shown(self) -> str:
        """Return all that channels show now."""
        return json.dumps([c.messages for c in self.world.slack.space.channels.values()], ensure_ascii=False)


def _quotes(node: Any) -> Iterator[str]:
    if isinstance(node, list):
        for item in node:
            yield from _quotes(item)
    elif isinstance(node, dict):
        if node.get("type") == "rich_text_quote":
            yield "".join(str(leaf.get("text", "")) for leaf in node["elements"])
        else:
            for item in node.values():
                yield from _quotes(item)


def _read(body: str) -> Any:
    """Return a request's arguments, from JSON or from a form."""
    if body.startswith("{"):
        return json.loads(body)
    form = {name: values[-1] for name, values in parse_qs(body).items()}
    return {name: json.loads(value) if value[:1] in "[{" else value for name, value in form.items()}


def _unescaped(body: str) -> str:
    return json.dumps(_read(body), ensure_ascii=False) if body.startswith("{") else body


def _plain(words: str) -> str:
    return " ".join(words.split())
