"""Payloads of every kind, as large as asked for."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

Json = dict[str, Any]


def plain(length: int) -> Json:
    return {"type": "plain_text", "text": "x" * length}


def mrkdwn(text: str) -> Json:
    return {"type": "mrkdwn", "text": text}


def section(words: Json, **more: Any) -> Json:
    return {"type": "section", "text": words, **more}


def button(words: str = "Yes", **more: Any) -> Json:
    return {"type": "button", "text": {"type": "plain_text", "text": words}, "action_id": words, **more}


def actions(*elements: Json) -> Json:
    return {"type": "actions", "elements": list(elements)}


def message(*blocks: Json, text: str = "Said", **more: Any) -> Json:
    return {"text": text, "blocks": list(blocks), **more}


def modal(*blocks: Json, **more: Any) -> Json:
    return {"view": {"type": "modal", "title": plain(5), "blocks": list(blocks), **more}}


def options(count: int, **more: Any) -> list[Json]:
    return [{"text": plain(1), "value": str(n), **more} for n in range(count)]


def chosen(kind: str, **fields: Any) -> Json:
    return message(actions({"type": kind, "action_id": "a", **fields}))


def field(**fields: Any) -> Json:
    return {
        "type": "input",
        "label": plain(1),
        "element": {"type": "plain_text_input", "action_id": "a"},
        **fields,
    }


def asked(**fields: Any) -> Json:
    return modal(field(**fields), submit=plain(4))


def table(kind: str, rows: int, cells: int, letters: int = 1, **more: Any) -> Json:
    cell = {"type": "raw_text", "text": "x" * letters}
    return message({"type": kind, "rows": [[cell] * cells] * rows, **more})


def confirmed(**fields: Any) -> Json:
    return message(actions(button(confirm={"text": mrkdwn("Sure?"), **fields})))


def picture(**fields: Any) -> Json:
    return message({"type": "image", "image_url": "https://x", "alt_text": "A chart", **fields})


# What a payload is with n of what the limit counts.
WITH: Mapping[str, Callable[[int], Json]] = {
    "message.blocks_max": lambda n: message(*[{"type": "divider"}] * n),
    "message.text_recommended": lambda n: message(text="x" * n),
    "message.text_truncated_over": lambda n: message(text="x" * n),
    "message.attachments_max": lambda n: message(attachments=[{}] * n),
    "message.markdown_text_max": lambda n: message(markdown_text="x" * n),
    "message.table_blocks_max": lambda n: message(*[{"type": "table", "rows": [[]]}] * n),
    "message.table_cells_aggregate_max": lambda n: table("table", 1, 1, n),
    "message.markdown_blocks_cumulative_max": lambda n: message(
        {"type": "markdown", "text": "x" * 5_000}, {"type": "markdown", "text": "x" * (n - 5_000)}
    ),
    "view.blocks_max": lambda n: modal(*[{"type": "divider"}] * n),
    "view.title_max": lambda n: modal(title=plain(n)),
    "view.submit_max": lambda n: modal(submit=plain(n)),
    "view.close_max": lambda n: modal(close=plain(n)),
    "view.private_metadata_max": lambda n: modal(private_metadata="x" * n),
    "view.callback_id_max": lambda n: modal(callback_id="x" * n),
    "block.block_id_max": lambda n: message({"type": "divider", "block_id": "x" * n}),
    "text_object.max": lambda n: message({"type": "context", "elements": [plain(n)]}),
    "section.text_max": lambda n: message(section(plain(n))),
    "section.fields_max_items": lambda n: message({"type": "section", "fields": [plain(1)] * n}),
    "section.field_max": lambda n: message({"type": "section", "fields": [plain(1), plain(n)]}),
    "header.text_max": lambda n: message({"type": "header", "text": plain(n)}),
    "context.elements_max": lambda n: message({"type": "context", "elements": [plain(1)] * n}),
    "context_actions.elements_max": lambda n: message(
        {
            "type": "context_actions",
            "elements": [{"type": "icon_button", "icon": "trash", "text": plain(1)}] * n,
        }
    ),
    "actions.elements_max": lambda n: message(actions(*[button(str(i)) for i in range(n)])),
    "input.label_max": lambda n: asked(label=plain(n)),
    "input.hint_max": lambda n: asked(hint=plain(n)),
    "image.url_max": lambda n: picture(image_url="x" * n),
    "image.alt_text_max": lambda n: picture(alt_text="x" * n),
    "image.title_max": lambda n: picture(title=plain(n)),
    "markdown.text_max": lambda n: message({"type": "markdown", "text": "x" * n}),
    "table.rows_max": lambda n: table("table", n, 1),
    "table.cells_per_row_max": lambda n: table("table", 1, n),
    "table.column_settings_max": lambda n: table("table", 1, 1, column_settings=[{}] * n),
    "data_table.rows_max_incl_header": lambda n: table("data_table", n, 1, caption="Counts"),
    "data_table.columns_max": lambda n: table("data_table", 2, n, caption="Counts"),
    "data_table.chars_all_cells_max": lambda n: table("data_table", 2, 1, n // 2 + n % 2, caption="Counts"),
    "container.title_max": lambda n: message({"type": "container", "title": plain(n), "child_blocks": []}),
    "container.subtitle_max": lambda n: message(
        {"type": "container", "subtitle": plain(n), "child_blocks": []}
    ),
    "container.child_blocks_max": lambda n: message(
        {"type": "container", "child_blocks": [{"type": "divider"}] * n}
    ),
    "card.title_max": lambda n: message({"type": "card", "title": mrkdwn("x" * n)}),
    "card.subtitle_max": lambda n: message({"type": "card", "subtitle": mrkdwn("x" * n)}),
    "card.body_max": lambda n: message({"type": "card", "body": mrkdwn("x" * n)}),
    "carousel.cards_max": lambda n: message({"type": "carousel", "elements": [{"type": "card"}] * n}),
    "video.title_max": lambda n: message(VIDEO | {"title": plain(n)}),
    "video.author_name_max": lambda n: message(VIDEO | {"author_name": "x" * n}),
    "button.text_max": lambda n: message(actions(button("x" * n))),
    "button.value_max": lambda n: message(actions(button(value="x" * n))),
    "button.url_max": lambda n: message(actions(button(url="x" * n))),
    "button.accessibility_label_max": lambda n: message(actions(button(accessibility_label="x" * n))),
    "element.action_id_max": lambda n: message(actions(button() | {"action_id": "x" * n})),
    "element.placeholder_max": lambda n: chosen("static_select", options=options(1), placeholder=plain(n)),
    "option.text_max": lambda n: chosen("static_select", options=[{"text": plain(n), "value": "v"}]),
    "option.value_max": lambda n: chosen("static_select", options=[{"text": plain(1), "value": "v" * n}]),
    "option.description_max": lambda n: chosen("static_select", options=options(1, description=plain(n))),
    "option.url_max": lambda n: chosen("overflow", options=options(1, url="x" * n)),
    "option_group.label_max": lambda n: chosen(
        "static_select", option_groups=[{"label": plain(n), "options": options(1)}]
    ),
    "option_group.options_max": lambda n: chosen(
        "static_select", option_groups=[{"label": plain(1), "options": options(n)}]
    ),
    "select.options_max": lambda n: chosen("static_select", options=options(n)),
    "select.option_groups_max": lambda n: chosen(
        "static_select", option_groups=[{"label": plain(1), "options": options(1)}] * n
    ),
    "overflow.options_max": lambda n: chosen("overflow", options=options(n)),
    "radio_buttons.options_max": lambda n: chosen("radio_buttons", options=options(n)),
    "checkboxes.options_max": lambda n: chosen("checkboxes", options=options(n)),
    "plain_text_input.min_length_max": lambda n: asked(
        element={"type": "plain_text_input", "action_id": "a", "min_length": n}
    ),
    "confirm.title_max": lambda n: confirmed(title=plain(n)),
    "confirm.text_max": lambda n: confirmed(text=plain(n)),
    "confirm.confirm_max": lambda n: confirmed(confirm=plain(n)),
    "confirm.deny_max": lambda n: confirmed(deny=plain(n)),
}
VIDEO: Json = {
    "type": "video",
    "title": plain(1),
    "alt_text": "A film",
    "thumbnail_url": "https://x",
    "video_url": "https://x",
}
