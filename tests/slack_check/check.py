"""The one check: what is wrong with anything that Slack is shown."""

from __future__ import annotations

from collections.abc import Collection, Iterator
from dataclasses import dataclass
from typing import Any

from tests.slack_check.limits import limit_faults, whole_faults
from tests.slack_check.nodes import Node, nodes
from tests.slack_check.published import Published
from tests.slack_check.surfaces import Surface, surfaces
from tests.slack_check.words import alone_faults, mention_faults, part_faults, says_something, unique_faults


@dataclass(frozen=True, slots=True)
class Fault:
    """A rule that is broken. where: the call and the JSON pointer in it; rule: its name and the facts."""

    where: str
    rule: str

    @property
    def name(self) -> str:
        """The rule's name."""
        return self.rule.partition(":")[0]

    def __str__(self) -> str:
        return f"{self.where}: {self.rule}"


class Check:
    """Judges by what Slack publishes and by our own rules."""

    def __init__(self, published: Published) -> None:
        self._published = published

    def faults(self, what: str, body: Any, known: Collection[str] = ()) -> list[Fault]:
        """Return what is wrong with a row of the journal. known: the ids of the workspace."""
        return [
            Fault(f"{what} {surface.pointer}{pointer}", rule)
            for surface in surfaces(what, body)
            for pointer, rule in self._of(surface, known)
        ]

    def _of(self, surface: Surface, known: Collection[str]) -> Iterator[tuple[str, str]]:
        body = surface.body
        match surface.kind:
            case "words":
                if not says_something(body):
                    yield "", "text.alone: it must say something"
                yield from mention_faults(body, "", known)
            case "options":
                yield from self._shape("message", body, "StaticSelect", "")
                yield from limit_faults(nodes(body), self._published.limits)
            case "modal" | "home":
                yield from self._view(surface.kind, body, known)
            case "message" | "update" | "blocks":
                yield from self._message(surface.kind, body, known)
            case _:
                yield "/type", f"shape: a view is a modal or a home, not {surface.kind!r}"

    def _message(self, kind: str, body: Any, known: Collection[str]) -> Iterator[tuple[str, str]]:
        blocks = body.get("blocks") or []
        whole = Node(frozenset({"message", kind}), {k: v for k, v in body.items() if k != "metadata"}, "")
        if kind != "blocks":
            yield from alone_faults(whole)
            yield from mention_faults(body.get("text"), "/text", known)
        if body.get("parse") not in (None, "none") or str(body.get("link_names")).lower() in ("1", "true"):
            yield "", "mention.many: parse and link_names make mentions of bare names"
        yield from limit_faults([whole], self._published.limits)
        parts = list(nodes(blocks, "/blocks", "blocks"))
        yield from (("/blocks", rule) for rule in whole_faults(blocks, parts, self._published.limits))
        yield from self._blocks("message", blocks, parts, known)
        for number, inner in enumerate(body.get("attachments") or []):
            found = self._message("blocks", inner, known)
            yield from ((f"/attachments/{number}{pointer}", rule) for pointer, rule in found)

    def _view(self, kind: str, view: Any, known: Collection[str]) -> Iterator[tuple[str, str]]:
        outer = {name: value for name, value in view.items() if name != "blocks"}
        yield from self._shape(kind, {**outer, "blocks": []}, f"{kind.title()}View", "")
        frame = [Node(frozenset({"view"}), view, ""), *nodes(outer)]
        yield from limit_faults(frame, self._published.limits)
        blocks = view["blocks"]
        yield from self._blocks(kind, blocks, list(nodes(blocks, "/blocks", "blocks")), known)
        if kind == "modal" and any(b.get("type") == "input" for b in blocks) and "submit" not in view:
            yield "/submit", "shape: a modal with inputs needs a button to submit them"

    def _blocks(
        self, surface: str, blocks: list[Any], parts: list[Node], known: Collection[str]
    ) -> Iterator[tuple[str, str]]:
        for number, block in enumerate(blocks):
            yield from self._shape(surface, block, "KnownBlock", f"/blocks/{number}")
        yield from unique_faults(blocks, "/blocks")
        yield from limit_faults(parts, self._published.limits)
        for part in parts:
            yield from part_faults(part, known)

    def _shape(self, surface: str, value: Any, definition: str, at: str) -> Iterator[tuple[str, str]]:
        found = self._published.shapes[surface].faults(value, definition)
        yield from ((at + pointer, f"shape: {what}") for pointer, what in found)
