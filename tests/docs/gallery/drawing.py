"""Slack's own elements as they look while nobody touches them."""

from __future__ import annotations

import base64
from collections.abc import Mapping
from datetime import UTC, datetime
from typing import Any

from markupsafe import Markup

from integrations.sandbox.viewer.block_kit import Painter
from tests.docs.gallery.studio import Studio

Json = Mapping[str, Any]
SELECTS = ("static_select", "external_select")
SEVERAL = ("multi_static_select", "multi_external_select")


class Drawing(Painter):
    """Draws blocks without what makes them work: a select is closed, and a menu three dots."""

    def _element(self, element: Json, block_id: str) -> Markup:
        if element["type"] == "overflow":
            return Markup('<span class="b dots">⋯</span>')
        return super()._element(element, block_id)

    def _control(self, element: Json, block_id: str) -> Markup:
        held = self.state.get(block_id, {}).get(element.get("action_id", ""), {})
        placeholder = element.get("placeholder", {}).get("text", "")
        if element["type"] == "plain_text_input":
            value = held.get("value") or element.get("initial_value", "")
            kind = "lines" if element.get("multiline") else "line"
            return _box(kind, value, placeholder)
        if element["type"] in SELECTS:
            chosen = held.get("selected_option") or element.get("initial_option")
            return _box("select", chosen["text"]["text"] if chosen else "", placeholder or "Choose an option")
        if element["type"] in SEVERAL:
            chosen = element.get("initial_options", [])
            tokens = (Markup('<span class="token">{} ×</span>').format(one["text"]["text"]) for one in chosen)
            return Markup('<div class="box select">{}</div>').format(
                Markup(" ").join(tokens) or Markup('<span class="faint">{}</span>').format(placeholder)
            )
        return super()._control(element, block_id)


def _box(kind: str, value: str, placeholder: str) -> Markup:
    shown = (
        Markup("{}").format(value) if value else Markup('<span class="faint">{}</span>').format(placeholder)
    )
    return Markup('<div class="box {}">{}</div>').format(kind, shown)


class Slate:
    """Draws what the workspace shows as pieces of HTML."""

    def __init__(self, studio: Studio) -> None:
        self._space = studio.slack.space

    def message(self, message: Json, *replies: Json) -> Markup:
        """Return the message, with its thread opened."""
        return self._bubble(message, replies, "message private" if "channel" in message else "message")

    def modal(self, view: Json) -> Markup:
        """Return the dialog with its frame."""
        submit = (
            Markup('<span class="b primary">{}</span>').format(view["submit"]["text"])
            if view["submit"]
            else ""
        )
        return Markup(
            '<div class="modal"><header><h2>{}</h2><span class="faint">×</span></header>'
            '<div class="fields-of-modal">{}</div><footer><span class="b">{}</span>{}</footer></div>'
        ).format(
            view["title"]["text"],
            Drawing(self._name, view["state"]["values"]).blocks(view["blocks"]),
            (view["close"] or {}).get("text", "Close"),
            submit,
        )

    def home(self, view: Json) -> Markup:
        """Return App Home."""
        return Markup('<div class="home">{}</div>').format(Drawing(self._name).blocks(view["blocks"]))

    def options(self, offered: list[Json]) -> Markup:
        """Return what a select offers as one types."""
        rows = (
            Markup("<div>{}<small>{}</small></div>").format(
                one["text"]["text"], one.get("description", {}).get("text", "")
            )
            for one in offered
        )
        return Markup('<div class="offered">{}</div>').format(Markup("").join(rows))

    def notification(self, message: Json) -> Markup:
        """Return what a phone's lock screen and a screen reader say of the message."""
        return Markup('<div class="lock"><b>Voc</b><br>{}</div>').format(message["text"])

    def _bubble(self, message: Json, replies: tuple[Json, ...], kind: str) -> Markup:
        is_apps = "bot_id" in message or "channel" in message
        author = "Voc" if is_apps else self._name(message["user"])
        at = datetime.fromtimestamp(float(message["ts"]), UTC)
        inner = [self._said(message), *(self._unfurled(one) for one in message.get("unfurls", {}).values())]
        inner += [self._image(one) for one in message.get("files", [])]
        if replies:
            under = Markup("").join(self._bubble(one, (), "message reply") for one in replies)
            inner.append(Markup('<div class="thread">{}</div>').format(under))
        return Markup(
            '<article class="{}"><div class="avatar">{}</div><div class="content">{}'
            '<p class="by"><b>{}</b>{} <time>{}</time></p>{}</div></article>'
        ).format(
            kind,
            author[:1],
            Markup('<p class="note">Only visible to you</p>') if "private" in kind else "",
            author,
            Markup(' <span class="app">APP</span>') if is_apps else "",
            f"{at:%H:%M}",
            Markup("").join(inner),
        )

    def _said(self, message: Json) -> Markup:
        drawing = Drawing(self._name)
        if message.get("blocks"):
            return drawing.blocks(message["blocks"])
        shown = {"type": "mrkdwn", "text": message["text"]}
        return (
            drawing.block({"type": "section", "text": shown, "block_id": ""}) if message["text"] else Markup()
        )

    def _unfurled(self, one: Json) -> Markup:
        return Markup('<div class="unfurled">{}</div>').format(Drawing(self._name).blocks(one["blocks"]))

    def _image(self, file: Json) -> Markup:
        data = base64.b64encode(self._space.files[file["id"]].content or b"").decode()
        return Markup(
            '<img class="shared" src="data:image/png;base64,{}" alt="{}"><p class="alt">{}</p>'
        ).format(data, file["alt_txt"], f"Alt text: {file['alt_txt']}")

    def _name(self, user: str) -> str:
        if (channel := self._space.channels.get(user)) is not None:
            return channel.name
        return str(self._space.users.get(user, {}).get("real_name") or user)
