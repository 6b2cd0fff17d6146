"""Blocks as HTML, as Slack's client shows them."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any

from markupsafe import Markup, escape

from integrations.sandbox.viewer.mrkdwn import lines, to_html, web_link

Json = Mapping[str, Any]
STYLE_TAGS = {"bold": "b", "italic": "i", "strike": "s", "code": "code", "underline": "u"}


@dataclass(frozen=True, slots=True)
class Painter:
    """Paints blocks. state: what a modal's inputs hold, by block and action; offered: what selects offer."""

    name_of: Callable[[str], str]
    state: Json = field(default_factory=dict)
    offered: Mapping[tuple[str, str], list[Json]] = field(default_factory=dict)

    def blocks(self, blocks: list[Json]) -> Markup:
        """Return the blocks, one below the other."""
        return Markup("").join(self.block(block) for block in blocks)

    def block(self, block: Json) -> Markup:
        """Return one block; a kind not known is named, never dropped."""
        paint: Mapping[str, Callable[[Json], Markup]] = {
            "section": self._section,
            "header": lambda b: Markup('<h3 class="header">{}</h3>').format(self._text(b["text"])),
            "divider": lambda _: Markup('<hr class="divider">'),
            "context": self._context,
            "actions": self._actions,
            "image": self._image,
            "input": self._input,
            "rich_text": lambda b: Markup('<div class="rich">{}</div>').format(self._all(b["elements"])),
        }
        kind = str(block["type"])
        return paint[kind](block) if kind in paint else Markup("<p>[{}]</p>").format(kind)

    def _all(self, elements: list[Json]) -> Markup:
        return Markup("").join(self._rich(e) for e in elements)

    def _rich(self, element: Json) -> Markup:
        match element["type"]:
            case "rich_text_section":
                return Markup("<div>{}</div>").format(self._all(element["elements"]))
            case "rich_text_quote":
                return Markup("<blockquote dir=auto>{}</blockquote>").format(self._all(element["elements"]))
            case "rich_text_preformatted":
                return Markup("<pre>{}</pre>").format(self._all(element["elements"]))
            case "rich_text_list":
                items = (Markup("<li>{}</li>").format(self._all(e["elements"])) for e in element["elements"])
                ordered, bullet = Markup("<ol>{}</ol>"), Markup("<ul>{}</ul>")
                shape = ordered if element["style"] == "ordered" else bullet
                return shape.format(Markup("").join(items))
            case _:
                return self._leaf(element)

    def _leaf(self, leaf: Json) -> Markup:
        match leaf["type"]:
            case "text":
                shown = lines(leaf["text"])
            case "link":
                shown = web_link(leaf["url"], leaf.get("text") or leaf["url"])
            case "user":
                shown = Markup('<span class="mention">@{}</span>').format(self.name_of(leaf["user_id"]))
            case "broadcast":
                shown = Markup('<span class="mention loud">@{}</span>').format(leaf["range"])
            case _:
                shown = escape(f"[{leaf['type']}]")
        for style, wanted in leaf.get("style", {}).items():
            if wanted and style in STYLE_TAGS:
                shown = Markup("<{0}>{1}</{0}>").format(Markup(STYLE_TAGS[style]), shown)  # noqa: S704 - our own tags
        return shown

    def _text(self, text: Json) -> Markup:
        return to_html(text["text"], self.name_of) if text["type"] == "mrkdwn" else lines(text["text"])

    def _section(self, block: Json) -> Markup:
        body = Markup("<p>{}</p>").format(self._text(block["text"])) if "text" in block else Markup()
        if "fields" in block:
            cells = Markup("").join(Markup("<div>{}</div>").format(self._text(f)) for f in block["fields"])
            body += Markup('<div class="fields">{}</div>').format(cells)
        if "accessory" in block:
            body += self._element(block["accessory"], block["block_id"])
        return Markup('<div class="section">{}</div>').format(body)

    def _context(self, block: Json) -> Markup:
        parts = [self._image(e) if e["type"] == "image" else self._text(e) for e in block["elements"]]
        return Markup('<div class="context">{}</div>').format(Markup(" ").join(parts))

    def _image(self, block: Json) -> Markup:
        return Markup('<span class="image">{}</span>').format(f"[image: {block['alt_text']}]")

    def _actions(self, block: Json) -> Markup:
        made = (self._element(e, block["block_id"]) for e in block["elements"])
        return Markup('<div class="actions">{}</div>').format(Markup("").join(made))

    def _element(self, element: Json, block_id: str) -> Markup:
        if element["type"] != "button":
            return self._control(element, block_id)
        if "url" in element:
            return web_link(element["url"], element["text"]["text"])
        return Markup(
            '<button class="b {}" data-do="press" data-block="{}" data-action="{}" data-confirm="{}">'
            "{}</button>"
        ).format(
            element.get("style", ""),
            block_id,
            element.get("action_id", ""),
            element.get("confirm", {}).get("text", {}).get("text", ""),
            element["text"]["text"],
        )

    def _input(self, block: Json) -> Markup:
        dispatches = "1" if block.get("dispatch_action") else ""
        hint = Markup('<p class="hint">{}</p>').format(block["hint"]["text"]) if "hint" in block else Markup()
        optional = Markup(' <span class="hint">(optional)</span>') if block.get("optional") else Markup()
        label = Markup('<div class="label">{}{}</div>').format(block["label"]["text"], optional)
        return Markup(
            '<div class="input" data-block="{}" data-dispatch="{}">{}{}{}'
            '<p class="error" role="alert"></p></div>'
        ).format(
            block["block_id"], dispatches, label, self._control(block["element"], block["block_id"]), hint
        )

    def _control(self, element: Json, block_id: str) -> Markup:
        action = element.get("action_id", "")
        held = self.state.get(block_id, {}).get(action, {})
        if element["type"] == "plain_text_input":
            value = held["value"] or "" if "value" in held else element.get("initial_value", "")
            placeholder = element.get("placeholder", {}).get("text", "")
            if element.get("multiline"):
                return Markup('<textarea name="{}" rows="6">{}</textarea>').format(action, value)
            return Markup(
                '<input type="text" name="{}" value="{}" placeholder="{}" autocomplete="off">'
            ).format(action, value, placeholder)
        if element["type"] in ("external_select", "multi_external_select"):
            return self._search(element, block_id)
        chosen = (held.get("selected_option") or element.get("initial_option") or {}).get("value")
        kind = "checkbox" if element["type"] == "checkboxes" else "radio"
        return Markup("").join(
            _option(option, kind, f"{block_id}/{action}", chosen) for option in element["options"]
        )

    def _search(self, element: Json, block_id: str) -> Markup:
        """Return a field to search with, and below what the app offers."""
        action = element.get("action_id", "")
        field = Markup(
            '<div class="search" data-block="{}" data-action="{}">'
            '<input type="text" class="ask" name="{}?" placeholder="{}" autocomplete="off">'
        ).format(block_id, action, action, element.get("placeholder", {}).get("text", ""))
        options = self.offered.get((block_id, action), [])
        shown = (_option(option, "radio", f"{block_id}/{action}", None) for option in options)
        return field + Markup("").join(shown) + Markup("</div>")


def _option(option: Json, kind: str, name: str, chosen: str | None) -> Markup:
    mark = Markup(" checked") if option["value"] == chosen else Markup()
    about = (
        Markup("<small>{}</small>").format(option["description"]["text"])
        if "description" in option
        else Markup()
    )
    return Markup(
        '<label class="option"><input type="{}" name="{}" value="{}"{}> <span>{}{}</span></label>'
    ).format(kind, name, option["value"], mark, option["text"]["text"], about)
