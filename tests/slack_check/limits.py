"""Each of Slack's limits, and where it holds."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from typing import Any

from tests.slack_check.nodes import Node, size, strings, units

# The limit's name: the kind of part that it holds for, and the field; "[]" at its end is each of a list.
MOST: Mapping[str, tuple[str, str]] = {
    "message.blocks_max": ("message", "blocks"),
    "message.text_recommended": ("message", "text"),
    "message.text_truncated_over": ("message", "text"),
    "message.chat_update_text_max": ("update", "text"),
    "message.attachments_max": ("message", "attachments"),
    "message.markdown_text_max": ("message", "markdown_text"),
    "view.blocks_max": ("view", "blocks"),
    "view.title_max": ("view", "title"),
    "view.submit_max": ("view", "submit"),
    "view.close_max": ("view", "close"),
    "view.private_metadata_max": ("view", "private_metadata"),
    "view.callback_id_max": ("view", "callback_id"),
    "block.block_id_max": ("block", "block_id"),
    "text_object.max": ("text_object", "text"),
    "section.text_max": ("section", "text"),
    "section.fields_max_items": ("section", "fields"),
    "section.field_max": ("section", "fields[]"),
    "header.text_max": ("header", "text"),
    "context.elements_max": ("context", "elements"),
    "context_actions.elements_max": ("context_actions", "elements"),
    "actions.elements_max": ("actions", "elements"),
    "input.label_max": ("input", "label"),
    "input.hint_max": ("input", "hint"),
    "image.url_max": ("image", "image_url"),
    "image.alt_text_max": ("image", "alt_text"),
    "image.title_max": ("image", "title"),
    "markdown.text_max": ("markdown", "text"),
    "table.rows_max": ("table", "rows"),
    "table.cells_per_row_max": ("table", "rows[]"),
    "table.column_settings_max": ("table", "column_settings"),
    "data_table.rows_max_incl_header": ("data_table", "rows"),
    "data_table.columns_max": ("data_table", "rows[]"),
    "container.title_max": ("container", "title"),
    "container.subtitle_max": ("container", "subtitle"),
    "container.child_blocks_max": ("container", "child_blocks"),
    "card.title_max": ("card", "title"),
    "card.subtitle_max": ("card", "subtitle"),
    "card.body_max": ("card", "body"),
    "carousel.cards_max": ("carousel", "elements"),
    "video.title_max": ("video", "title"),
    "video.author_name_max": ("video", "author_name"),
    "button.text_max": ("button", "text"),
    "button.value_max": ("button", "value"),
    "button.url_max": ("button", "url"),
    "button.accessibility_label_max": ("button", "accessibility_label"),
    "element.action_id_max": ("element", "action_id"),
    "element.placeholder_max": ("element", "placeholder"),
    "option.text_max": ("option", "text"),
    "option.value_max": ("option", "value"),
    "option.description_max": ("option", "description"),
    "option.url_max": ("option", "url"),
    "option_group.label_max": ("option_group", "label"),
    "option_group.options_max": ("option_group", "options"),
    "select.options_max": ("select", "options"),
    "select.option_groups_max": ("select", "option_groups"),
    "overflow.options_max": ("overflow", "options"),
    "radio_buttons.options_max": ("radio_buttons", "options"),
    "checkboxes.options_max": ("checkboxes", "options"),
    "plain_text_input.min_length_max": ("plain_text_input", "min_length"),
    "confirm.title_max": ("confirm", "title"),
    "confirm.text_max": ("confirm", "text"),
    "confirm.confirm_max": ("confirm", "confirm"),
    "confirm.deny_max": ("confirm", "deny"),
}
LEAST: Mapping[str, tuple[str, str]] = {
    "text_object.min": ("text_object", "text"),
    "data_table.rows_min_incl_header": ("data_table", "rows"),
}
# Of all of a message's blocks together, or otherwise than by a number.
OF_THE_WHOLE = (
    "message.total_blocks_payload_observed_max",
    "message.table_blocks_max",
    "message.table_cells_aggregate_max",
    "message.data_visualization_blocks_max",
    "message.markdown_blocks_cumulative_max",
    "data_table.chars_all_cells_max",
)
OTHERWISE = ("header.text_type", "data_table.caption", "data_table.page_size")
# Slack's schema knows no such block, so that one is refused whatever its lengths.
UNKNOWN_KIND = "data_visualization"
HEADER_COST = 100  # observed with the total


def limit_faults(parts: Iterable[Node], limits: Mapping[str, Any]) -> Iterator[tuple[str, str]]:
    """Yield (pointer, rule broken) of a message's or a view's parts."""
    rows = [
        *((name, row, 1) for name, row in MOST.items()),
        *((name, row, -1) for name, row in LEAST.items()),
    ]
    for part in parts:
        for name, (kind, field), sign in rows:
            if kind in part.kinds:
                for pointer, value in _values(part, field):
                    if sign * size(value) > sign * limits[name]:
                        yield pointer, f"{name}: {size(value):g} against {limits[name]}"
        yield from _otherwise(part, limits)


def whole_faults(blocks: list[Any], parts: Iterable[Node], limits: Mapping[str, Any]) -> Iterator[str]:
    """Yield the rules that a message's blocks break together."""
    by_kind: dict[str, list[Node]] = {}
    for part in parts:
        by_kind.setdefault(str(part.get("type")), []).append(part)
    tables, data_tables = by_kind.get("table", []), by_kind.get("data_table", [])
    cells = sum(units(text) for t in (*tables, *data_tables) for text in strings(t.get("rows")))
    found = {
        "message.total_blocks_payload_observed_max": _counted(blocks),
        "message.table_blocks_max": len(tables),
        "message.table_cells_aggregate_max": cells,
        "data_table.chars_all_cells_max": cells if data_tables else 0,
        "message.data_visualization_blocks_max": len(by_kind.get("data_visualization", [])),
        "message.markdown_blocks_cumulative_max": sum(size(m.value) for m in by_kind.get("markdown", [])),
    }
    yield from (f"{name}: {n:g} against {limits[name]}" for name, n in found.items() if n > limits[name])


def _values(part: Node, field: str) -> Iterator[tuple[str, Any]]:
    name = field.removesuffix("[]")
    value = part.get(name)
    if value is None:
        return
    if not field.endswith("[]"):
        yield f"{part.pointer}/{name}", value
        return
    for number, item in enumerate(value):
        yield f"{part.pointer}/{name}/{number}", item


def _otherwise(part: Node, limits: Mapping[str, Any]) -> Iterator[tuple[str, str]]:
    if "header" in part.kinds and part.value["text"].get("type") != limits["header.text_type"]:
        yield f"{part.pointer}/text/type", f"header.text_type: {limits['header.text_type']}"
    if "data_table" in part.kinds:
        least, most, _ = limits["data_table.page_size"]
        if not str(part.get("caption") or "").strip():
            yield f"{part.pointer}/caption", "data_table.caption: required"
        if not least <= float(part.get("page_size") or least) <= most:
            yield f"{part.pointer}/page_size", f"data_table.page_size: {least} to {most}"


def _counted(blocks: list[Any]) -> int:
    """Return Slack's own count as far as it was observed: & < > as entities, a toll for each header."""
    toll: int = HEADER_COST * sum(block.get("type") == "header" for block in blocks)
    said = [t.replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;") for t in strings(blocks)]
    return toll + sum(map(units, said))
