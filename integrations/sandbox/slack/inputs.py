"""The inputs of modals that hold more than text: their shapes, and how what was entered there reads."""

from __future__ import annotations

from collections.abc import Mapping

Fields = Mapping[str, tuple[str, str]]  # as in block_kit

INPUTS = tuple(
    "plain_text_input static_select external_select multi_static_select multi_external_select radio_buttons"
    " checkboxes number_input datepicker".split()
)
_PLACEHOLDER = {"placeholder": ("plain", "element.placeholder_max"), "focus_on_load": ("bool", "")}
SHAPES: Mapping[str, Fields] = {
    "number_input": {
        **_PLACEHOLDER,
        "is_decimal_allowed!": ("bool", ""),
        "action_id": ("str", "element.action_id_max"),
        "initial_value": ("str", "element.action_id_max"),
        "min_value": ("str", "element.action_id_max"),
        "max_value": ("str", "element.action_id_max"),
        "dispatch_action_config": ("dispatch", ""),
    },
    "datepicker": {
        **_PLACEHOLDER,
        "action_id": ("str", "element.action_id_max"),
        "initial_date": ("str", "element.action_id_max"),
        "confirm": ("confirm", ""),
    },
}
# By the element's type: what the state calls its entry, and what its entry is at first.
ENTRIES = {
    "plain_text_input": ("value", "initial_value"),
    "number_input": ("value", "initial_value"),
    "datepicker": ("selected_date", "initial_date"),
}
