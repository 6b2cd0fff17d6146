"""Block Kit's building blocks, and text made safe for each of them."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import Any

from bot.domain.inert import cut_at_word, one_line

Json = dict[str, Any]

PARAGRAPH_MOST = 3_000
LEAF_MOST = 2_000  # characters of one piece of text, well under a text object's 3,000
NOTIFICATION_MOST = 600  # of a message's top-level text; as entities at most five times that
URL_MOST = 3_000
OPTION_MOST = 75

# Control characters and unpaired surrogates, which Slack refuses or drops, and the marks that turn the
# direction of what stands around them; right-to-left words need none of these.
_UNSHOWABLE = re.compile("[\x00-\x08\x0b-\x1f\x7f-\x9f\ud800-\udfff\u202a-\u202e\u2066-\u2069\ufeff]")


@dataclass(frozen=True, slots=True)
class Post:
    """One Slack message. text: notification and screen-reader text, escaped; blocks: what is seen."""

    text: str
    blocks: list[Json]


def showable(text: str) -> str:
    """Return text without what Slack refuses or what would turn the text around it; lines stay."""
    return _UNSHOWABLE.sub(" ", text)


def literal(text: str, most: int = LEAF_MOST) -> str:
    """Return text on one line for a place that Slack shows as it is, cut at a word's end; never empty.

    most: characters, an emoji counted as two, as it may be at Slack's end.
    """
    words = one_line(showable(text))
    wide = sum(character > "\uffff" for character in words[:most])
    return cut_at_word(words, max(most - wide, most // 2)) or "[no words]"


def escape(text: str) -> str:
    """Return text for mrkdwn or a message's text, in which no mention or link survives."""
    return text.replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;")


def escaped(text: str) -> str:
    """Return text for a paragraph's mrkdwn, escaped; too long for one, it is cut at a word's end."""
    whole = escape(text)
    is_long = len(whole) + sum(character > "\uffff" for character in whole) > PARAGRAPH_MOST
    # Each character of what is left may be five as an entity.
    return escape(cut_at_word(text, PARAGRAPH_MOST // 5)) if is_long else whole


def notification(*parts: str) -> str:
    """Return the top-level text of a message, of parts that may hold anybody's words."""
    return escape(literal(" ".join(part for part in parts if part), NOTIFICATION_MOST))


def is_link(url: str) -> bool:
    """Return whether Slack takes the address as a link."""
    return url.startswith(("https://", "http://")) and len(url) <= URL_MOST and not re.search(r"[\s<>|]", url)


def text(words: str, *, bold: bool = False, italic: bool = False) -> Json:
    """Return a leaf that shows the words literally. words: not empty."""
    style = {name: True for name, wanted in (("bold", bold), ("italic", italic)) if wanted}
    return {"type": "text", "text": words, **({"style": style} if style else {})}


def link(words: str, url: str, *, bold: bool = False) -> Json:
    """Return a leaf that links the words, or just shows them where the address is no link."""
    if not is_link(url):
        return text(words, bold=bold)
    return {"type": "link", "url": url, "text": words, **({"style": {"bold": True}} if bold else {})}


def line(*leaves: Json) -> Json:
    """Return one line of rich text."""
    return {"type": "rich_text_section", "elements": list(leaves)}


def quote(words: str) -> Json:
    """Return the words as a quotation of rich text."""
    return {"type": "rich_text_quote", "elements": [text(words)]}


def rich_text(*elements: Json) -> Json:
    """Return a block of rich text."""
    return {"type": "rich_text", "elements": list(elements)}


def plain(words: str) -> Json:
    """Return a plain_text object; `:shortcodes:` stay as written."""
    return {"type": "plain_text", "text": words, "emoji": False}


def header(words: str) -> Json:
    """Return a heading."""
    return {"type": "header", "text": plain(literal(words, 150))}


def section(mrkdwn: str) -> Json:
    """Return a paragraph of Voc's own words."""
    return {"type": "section", "text": {"type": "mrkdwn", "text": mrkdwn}}


def plain_section(words: str, accessory: Json | None = None, block_id: str = "") -> Json:
    """Return a paragraph shown literally, with a button or menu beside it."""
    made: Json = {"type": "section", "text": plain(literal(words))}
    made |= {"accessory": accessory} if accessory else {}
    return {**made, "block_id": block_id} if block_id else made


def context(words: str) -> Json:
    """Return small print, shown literally."""
    return {"type": "context", "elements": [plain(literal(words))]}


def divider() -> Json:
    """Return a rule."""
    return {"type": "divider"}


def button(words: str, action_id: str, value: str, *, style: str = "") -> Json:
    """Return a button. style: "primary", "danger" or "" for none."""
    made = {"type": "button", "text": plain(words), "action_id": action_id, "value": value}
    return {**made, "style": style} if style else made


def asking_select(action_id: str, words: str, *, several: bool = False) -> Json:
    """Return a select that asks Voc for its choices as the person types, and before."""
    return {
        "type": "multi_external_select" if several else "external_select",
        "action_id": action_id,
        "placeholder": plain(words),
        "min_query_length": 0,
    }


def option(words: str, value: str, about: str = "") -> Json:
    """Return one choice. about: a second line, "" for none."""
    made = {"text": plain(literal(words, OPTION_MOST)), "value": value}
    return {**made, "description": plain(literal(about, OPTION_MOST))} if about else made


def select(action_id: str, options: list[Json], *, initial: str = "") -> Json:
    """Return a select. initial: the value chosen at first, "" for none."""
    made: Json = {"type": "static_select", "action_id": action_id, "options": options}
    chosen = next((one for one in options if initial and one["value"] == initial), None)
    return {**made, "initial_option": chosen} if chosen else made


def field(action_id: str, *, value: str = "", most: int, lines: bool = False) -> Json:
    """Return a field to type into. lines: whether it takes several."""
    made: Json = {"type": "plain_text_input", "action_id": action_id, "max_length": most}
    made |= {"multiline": True} if lines else {}
    wide = sum(character > "\uffff" for character in value[:most])  # counted as two, as by `literal`
    return (
        {**made, "initial_value": showable(value[: max(most - wide, most // 2)])} if value.strip() else made
    )


def labelled(words: str, element: Json, *, optional: bool = False, hint: str = "") -> Json:
    """Return an element with its label, under the block id that is its action id."""
    made: Json = {
        "type": "input",
        "block_id": element["action_id"],
        "label": plain(words),
        "element": element,
    }
    made |= {"optional": True} if optional else {}
    return {**made, "hint": plain(hint)} if hint else made


def actions(block_id: str, *buttons: Json) -> Json:
    """Return a row of buttons. block_id: new whenever its message changes, as Slack advises."""
    return {"type": "actions", "block_id": block_id, "elements": list(buttons)}
