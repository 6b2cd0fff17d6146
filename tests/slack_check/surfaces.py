"""What a call, an answer or an acknowledgement shows to people."""

from __future__ import annotations

import json
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

STRUCTURED = ("attachments", "blocks", "files", "metadata", "unfurls", "view")
MESSAGES = ("chat.postMessage", "chat.postEphemeral", "chat.scheduleMessage", "chat.update", "response_url")
IMAGES = (".png", ".jpg", ".jpeg", ".gif", ".webp")


@dataclass(frozen=True, slots=True)
class Surface:
    """One thing that is shown. kind: "message", "update", "blocks", "modal", "home", "options" or "words"."""

    kind: str
    body: Any
    pointer: str = ""


def surfaces(what: str, body: Any) -> Iterator[Surface]:
    """Yield what a row of the journal shows; nothing for what only reads."""
    body = _read(body) if isinstance(body, dict) else body
    if what in MESSAGES:
        if not body.get("delete_original"):
            yield Surface("update" if what == "chat.update" else "message", body)
    elif what == "chat.unfurl":
        for url, attachment in (body.get("unfurls") or {}).items():
            yield Surface("blocks", attachment, f"/unfurls/{url}")
    elif what.startswith("views."):
        yield _view(body["view"], "/view")
    elif what.startswith("files."):
        yield from _file(what, body)
    elif what.startswith("acknowledgement of "):
        yield from _acknowledgement(what.removeprefix("acknowledgement of "), body)


def _acknowledgement(of: str, body: Any) -> Iterator[Surface]:
    if of == "slash_commands":
        yield Surface("message", {"text": body} if isinstance(body, str) else body)
    elif isinstance(body, dict) and body.get("view"):
        yield _view(body["view"], "/view")
    elif isinstance(body, dict) and {"options", "option_groups"} & set(body):
        yield Surface("options", {"type": "static_select", **body})
    elif isinstance(body, dict):
        for name, said in (body.get("errors") or {}).items():
            yield Surface("words", said, f"/errors/{name}")


def _view(view: Any, pointer: str) -> Surface:
    return Surface(str(view.get("type")), view, pointer)


def _file(what: str, body: dict[str, Any]) -> Iterator[Surface]:
    if what == "files.getUploadURLExternal" and str(body.get("filename")).lower().endswith(IMAGES):
        yield Surface("words", body.get("alt_txt"), "/alt_txt")
    if what == "files.completeUploadExternal" and "initial_comment" in body:
        yield Surface("words", body["initial_comment"], "/initial_comment")


def _read(body: dict[str, Any]) -> dict[str, Any]:
    """Return the arguments with those read that a form carries as JSON."""
    return {
        name: json.loads(value) if name in STRUCTURED and isinstance(value, str) else value
        for name, value in body.items()
    }
