"""The dialogs in which somebody passes on what a customer said."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from bot.i18n import t
from integrations.slack.blocks import ids
from integrations.slack.blocks.elements import Json, context, plain, showable

TEXT_MOST, FIELD_MOST = 3_000, 150


@dataclass(frozen=True, slots=True, kw_only=True)
class Passed:
    """What the dialog holds. channel, ts, root, author: of the message, "" where none was chosen.

    shown: the words as they stood in the dialog at first; said: as they were sent.
    """

    channel: str = ""
    ts: str = ""
    root: str = ""
    author: str = ""
    shown: str = ""
    said: str = ""
    customer: str = ""
    area: str = ""

    @property
    def part(self) -> str:
        """Return what was picked of the message, "" for all of it."""
        return "" if self.said == self.shown else self.said


def message_view(passed: Passed, areas: Sequence[str]) -> Json:
    """Return the dialog for a message. areas: product areas to name as examples."""
    hint = t("Shorten them if you like, but change nothing: they are quoted.")
    who = t("Their e-mail address or company. Empty: whoever wrote the message.")
    about = {"channel": passed.channel, "ts": passed.ts, "root": passed.root, "author": passed.author}
    blocks = [_words(t("The customer’s words"), passed.shown, hint), _customer(who), _area(areas)]
    return _view(ids.ADD_MESSAGE_VIEW, {**about, "card": [passed.channel, passed.ts]}, blocks)


def by_hand_view(areas: Sequence[str]) -> Json:
    """Return the dialog for what was said elsewhere."""
    hint = t("In their own words, as exactly as you can: they are quoted.")
    who = t("Their e-mail address, name or company, if you know it.")
    blocks = [_words(t("What did the customer say?"), "", hint), _customer(who), _area(areas)]
    return _view(ids.ADD_VIEW, {}, blocks)


def short_view(callback_id: str, title: str, said: str = "") -> Json:
    """Return a dialog that says one thing: without any, that it is about to be filled in."""
    about = {"callback_id": callback_id, "title": plain(title), "close": plain(t("Close"))}
    return {"type": "modal", **about, "blocks": [context(said or t("One moment…"))]}


def read_passed(view: Mapping[str, Any]) -> Passed:
    """Return what the dialog holds, from the view that Slack sends with a submission."""
    about = json.loads(view["private_metadata"])
    values = view["state"]["values"]
    words = next(b["element"] for b in view["blocks"] if b.get("block_id") == ids.SAID_BLOCK)
    return Passed(
        **{name: about.get(name, "") for name in ("channel", "ts", "root", "author")},
        shown=words.get("initial_value") or "",
        said=_value(values, ids.SAID_BLOCK, ids.SAID),
        customer=_value(values, ids.CUSTOMER_BLOCK, ids.CUSTOMER),
        area=_value(values, ids.AREA_BLOCK, ids.AREA),
    )


def _value(values: Mapping[str, Any], block: str, action: str) -> str:
    return ((values.get(block) or {}).get(action) or {}).get("value") or ""


def _view(callback_id: str, about: Mapping[str, Any], blocks: Sequence[Json]) -> Json:
    return {
        "type": "modal",
        "callback_id": callback_id,
        "private_metadata": json.dumps(about),
        "title": plain(t("Add as feedback")),
        "submit": plain(t("Add")),
        "close": plain(t("Cancel")),
        "blocks": list(blocks),
    }


def _words(label: str, shown: str, hint: str) -> Json:
    field: Json = {
        "type": "plain_text_input",
        "action_id": ids.SAID,
        "multiline": True,
        "max_length": TEXT_MOST,
    }
    if shown:
        field["initial_value"] = fitting(shown)
    return {
        "type": "input",
        "block_id": ids.SAID_BLOCK,
        "label": plain(label),
        "hint": plain(hint),
        "element": field,
    }


def fitting(words: str) -> str:
    """Return as much of the words as the field takes; an emoji may count as two."""
    text = showable(words)
    wide = sum(character > "\uffff" for character in text[:TEXT_MOST])
    return text[: max(TEXT_MOST - wide, TEXT_MOST // 2)]


def _customer(hint: str) -> Json:
    return _field(ids.CUSTOMER_BLOCK, ids.CUSTOMER, t("Customer"), hint)


def _area(areas: Sequence[str]) -> Json:
    examples = t("For example {areas}.", areas=", ".join(areas[:3])) if areas else ""
    return _field(ids.AREA_BLOCK, ids.AREA, t("Product area"), examples)


def _field(block_id: str, action_id: str, label: str, hint: str) -> Json:
    field = {"type": "plain_text_input", "action_id": action_id, "max_length": FIELD_MOST}
    made: Json = {"type": "input", "block_id": block_id, "label": plain(label), "element": field}
    return {**made, "optional": True, **({"hint": plain(hint[:FIELD_MOST])} if hint else {})}
